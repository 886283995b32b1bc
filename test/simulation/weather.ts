import { type EmulatorNode, MemoryNetwork } from "../../emulator/index.js";
import type { VirtualRuntime } from "../../runtime/virtual-runtime.js";
import { below, pick, type Random } from "../support/faults/chance.js";
import type { Lab } from "../support/faults/lab.js";
import { Storm } from "../support/faults/storm.js";
import { chanceOf, type FaultKind, type Knobs } from "./knobs.js";

/** Ports that nodes come back on: few, so that one finds another's. */
const PORTS = [4000, 4001, 4002, 4003, 4004, 4005];
const HOUR_MS = 3_600_000;

/** A network as the schedule wants it; calm until it is told that the weather has begun. */
export function drawNetwork(
  knobs: Knobs,
  runtime: VirtualRuntime,
): { network: MemoryNetwork; begin(isOn: boolean): void } {
  let isOn = false;
  const has = (kind: FaultKind): boolean => isOn && knobs.faults.includes(kind);
  const delays = chanceOf(knobs.seed, "delays");
  const cuts = chanceOf(knobs.seed, "pieces");
  const joins = chanceOf(knobs.seed, "joins");
  const network = new MemoryNetwork(runtime, {
    latencyMs: () => (!isOn ? 0 : has("delay") && delays() < 0.05 ? below(delays, 250) : delays()),
    pieces: (size) => (has("split") && cuts() < 0.3 ? drawPieces(size, cuts) : [size]),
    joins: () => has("merge") && joins() < 0.5,
  });
  return {
    network,
    begin: (on) => {
      isOn = on;
    },
  };
}

function drawPieces(size: number, random: Random): number[] {
  const pieces: number[] = [];
  for (let left = size; left > 0; ) {
    const piece = pieces.length === 8 ? left : Math.min(left, 1 + below(random, Math.max(1, size / 2)));
    pieces.push(piece);
    left -= piece;
  }
  return pieces;
}

/** All that goes wrong around the clients, each kind with chance of its own. */
export class Weather {
  readonly #lab: Lab;
  readonly #knobs: Knobs;
  readonly #storm: Storm;
  readonly #loops: Promise<void>[] = [];
  /** Nodes that are away or were until a moment ago: as many as there are copies must never be. */
  readonly #away = new Set<EmulatorNode>();
  readonly #returns: Promise<void>[] = [];
  #isOver = false;
  /** The latest time of day that there was before the clock was set anew. */
  #furthestClock = 0;
  /** Grows whenever nodes come, go or stand still. */
  changes = 0;
  /** Milliseconds that the program has not served its sockets. */
  stalledMs = 0;

  constructor(lab: Lab, knobs: Knobs) {
    this.#lab = lab;
    this.#knobs = knobs;
    const random = chanceOf(knobs.seed, "replies");
    this.#storm = new Storm(lab.emulator, lab.runtime, random, { longestMs: 150, stopsNodes: false });
  }

  /** Whether every node is there and has what it should have. */
  get isSettled(): boolean {
    return this.#away.size === 0;
  }

  begin(): void {
    const { runtime, transport } = this.#lab;
    this.#repeat("replies", 60, () => this.#storm.strike());
    this.#repeat("cut", 150, (random) => {
      const { open } = transport;
      if (open.length > 0) pick(random, open).destroy();
    });
    this.#repeat("crash", 900, (random) => this.#leave(random, "crash"));
    this.#repeat("freeze", 900, (random) => this.#leave(random, "freeze"));
    this.#repeat("stall", 500, (random) => {
      const ms = 1 + below(random, random() < 0.2 ? 3_000 : 200);
      this.stalledMs += ms;
      runtime.stall(ms);
    });
    this.#repeat("clock", 400, (random) => {
      this.#furthestClock = Math.max(this.#furthestClock, runtime.wallClock());
      runtime.shiftWallClock(Math.floor((random() - 0.5) * 2 * HOUR_MS));
    });
  }

  /** Ends everything; resolves once the cluster is whole again. */
  async calm(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#loops);
    await Promise.all(this.#returns);
    await this.#storm.calm();
    // What was written by a clock that was fast counts from then: a lease outlasts its holder by as much. So in the end
    // the time of day is none that was passed already.
    const { runtime } = this.#lab;
    if (this.#furthestClock > runtime.wallClock()) runtime.shiftWallClock(this.#furthestClock - runtime.wallClock());
  }

  #repeat(kind: FaultKind, everyMs: number, act: (random: Random) => void): void {
    if (!this.#knobs.faults.includes(kind)) return;
    const random = chanceOf(this.#knobs.seed, kind);
    const loop = async (): Promise<void> => {
      for (;;) {
        await this.#sleep(below(random, 2 * everyMs));
        if (this.#isOver) return;
        act(random);
      }
    };
    this.#loops.push(loop());
  }

  #leave(random: Random, how: "crash" | "freeze"): void {
    const node = pick(random, this.#lab.emulator.nodes);
    const ms = below(random, random() < 0.5 ? 150 : 3_000);
    // One stays where it is, or no client could find those that all moved while it heard of none.
    const isFixed = node === this.#lab.emulator.nodes[0];
    const moves = how === "crash" && this.#knobs.nodes > 1 && random() < 0.4;
    const port = moves && !isFixed ? this.#freePort(random) : undefined;
    const { nodes, copies } = this.#knobs;
    // A cluster of one has nobody else; what it has it brings back.
    const mostAway = nodes === 1 ? 1 : this.#knobs.isStrong ? 1 : copies - 1;
    if (this.#away.has(node) || this.#away.size >= mostAway) return;
    this.#away.add(node);
    this.#returns.push(this.#goAndReturn(node, how, ms, port));
  }

  async #goAndReturn(node: EmulatorNode, how: "crash" | "freeze", ms: number, port: number | undefined): Promise<void> {
    this.changes++;
    if (how === "freeze") node.freeze();
    else await node.stop();
    await this.#sleep(ms);
    if (how === "freeze") node.thaw();
    // Another node may have come back there meanwhile.
    else await node.start(port !== undefined && this.#isTaken(port) ? undefined : port);
    await this.#lab.emulator.whenStable();
    this.changes++;
    this.#away.delete(node);
  }

  #freePort(random: Random): number | undefined {
    const port = pick(random, PORTS);
    return this.#isTaken(port) ? undefined : port;
  }

  #isTaken(port: number): boolean {
    return this.#lab.emulator.nodes.some((node) => node.port === port);
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#lab.runtime.setTimer(ms, resolve, true));
  }
}
