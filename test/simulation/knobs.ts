import { below, type Random } from "../support/faults/chance.js";

/** What may go wrong; each kind can be switched off without changing what the others draw. */
export const FAULTS = [
  /** Bytes take long now and then. */
  "delay",
  /** Bytes come in pieces. */
  "split",
  /** Bytes that were written apart come together. */
  "merge",
  /** Sockets are lost at any byte. */
  "cut",
  /** Replies are held, cut, silenced, garbled, or are refusals. */
  "replies",
  /** Nodes are killed and come back, some at another address. */
  "crash",
  /** Nodes stand still for a while. */
  "freeze",
  /** What nodes that come and go leave behind takes time to move. */
  "move",
  /** The client's program computes and serves no socket. */
  "stall",
  /** The time of day is set anew. */
  "clock",
  /** Callers give up. */
  "abort",
] as const;
export type FaultKind = (typeof FAULTS)[number];

/** What clients do. */
export const WORK = ["single", "batch", "query", "task", "campaign", "transaction"] as const;
export type WorkKind = (typeof WORK)[number];

/** A schedule: all else follows from it. */
export interface Knobs {
  readonly seed: number;
  readonly nodes: number;
  readonly copies: number;
  /** Whether the namespace is one of strong consistency. */
  readonly isStrong: boolean;
  readonly clients: number;
  /** Commands that each client sends. */
  readonly steps: number;
  readonly faults: readonly FaultKind[];
  readonly work: readonly WorkKind[];
}

/** The schedule of a seed. */
export function drawKnobs(seed: number): Knobs {
  const random = chanceOf(seed, "knobs");
  const nodes = 1 + below(random, 4);
  const isStrong = random() < 0.35;
  const copies = Math.min(nodes, nodes >= 3 && random() < 0.3 ? 3 : 2);
  const some = <T>(kinds: readonly T[], share: number): T[] => kinds.filter(() => random() < share);
  const clients = 1 + below(random, 2);
  const steps = 15 + below(random, 30);
  const faults = some(FAULTS, random() < 0.5 ? 0.3 : 0.6);
  const work = WORK.filter((kind) => {
    const dice = random();
    if (kind === "campaign") return dice < 0.12;
    if (kind === "transaction") return isStrong && dice < 0.7;
    return dice < 0.75;
  });
  return { seed, nodes, copies, isStrong, clients, steps, faults, work: work.length === 0 ? ["single"] : work };
}

/** Chance of its own for each purpose, so that more of one thing leaves the others as they are. */
export function chanceOf(seed: number, purpose: string): Random {
  let state = Math.imul(seed ^ 0x9e37_79b9, 0x85eb_ca6b);
  for (let i = 0; i < purpose.length; i++) state = Math.imul(state ^ purpose.charCodeAt(i), 0x0100_0193);
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
