import type { Emulator } from "../../../emulator/index.js";
import type { Runtime } from "../../../runtime/runtime.js";
import { below, pick, type Random } from "./chance.js";

export type OutageKind = "kill" | "freeze";

/** Nodes that can be taken away one at a time. */
export interface Nodes {
  readonly count: number;
  /** Resolves once the node is gone. */
  leave(node: number, kind: OutageKind): Promise<void>;
  /** Resolves once the node is back and every record is where it belongs. */
  comeBack(node: number, kind: OutageKind): Promise<void>;
}

export function nodesOf(emulator: Emulator): Nodes {
  const of = (place: number) => {
    const node = emulator.nodes[place];
    if (node === undefined) throw new RangeError(`There is no node ${place}`);
    return node;
  };
  return {
    count: emulator.nodes.length,
    leave: async (place, kind) => (kind === "freeze" ? of(place).freeze() : of(place).stop()),
    comeBack: async (place, kind) => {
      if (kind === "freeze") of(place).thaw();
      else await of(place).start();
      await emulator.whenStable();
    },
  };
}

export interface OutagesOptions {
  readonly kinds: readonly OutageKind[];
  /** How long a node is away at most. */
  readonly longestMs: number;
  /** How long all is well between two outages, at least. */
  readonly restMs: number;
}

/** A node that was away, by the runtime's clock. */
export interface Outage {
  readonly node: number;
  readonly kind: OutageKind;
  readonly leftAt: number;
  readonly wholeAt: number;
}

/** Nodes go and come back, one at a time, drawn by chance. */
export class Outages {
  readonly #nodes: Nodes;
  readonly #runtime: Runtime;
  readonly #random: Random;
  readonly #options: OutagesOptions;
  readonly #past: Outage[] = [];
  #isOver = false;
  #running: Promise<void> | undefined;

  constructor(nodes: Nodes, runtime: Runtime, random: Random, options: OutagesOptions) {
    this.#nodes = nodes;
    this.#runtime = runtime;
    this.#random = random;
    this.#options = options;
  }

  get past(): readonly Outage[] {
    return this.#past;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Resolves once the cluster is whole. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    const random = this.#random;
    const { kinds, longestMs, restMs } = this.#options;
    for (;;) {
      await this.#sleep(restMs + below(random, restMs));
      if (this.#isOver) return;
      const node = below(random, this.#nodes.count);
      const kind = pick(random, kinds);
      const leftAt = this.#runtime.now();
      await this.#nodes.leave(node, kind);
      await this.#sleep(below(random, random() < 0.4 ? Math.min(longestMs, 200) : longestMs));
      await this.#nodes.comeBack(node, kind);
      this.#past.push({ node, kind, leftAt, wholeAt: this.#runtime.now() });
    }
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#runtime.setTimer(ms, resolve, true));
  }
}
