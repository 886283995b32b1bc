import type { CommandKind, Emulator, FaultAction } from "../../../emulator/index.js";
import type { Runtime } from "../../../runtime/runtime.js";
import { below, pick, type Random } from "./chance.js";

const KINDS: readonly CommandKind[] = [
  "info",
  "read",
  "write",
  "delete",
  "touch",
  "operate",
  "udf",
  "query",
  "background",
];
/** Result codes that say "not just now". */
const REFUSALS = [9, 11, 14, 18];

export interface StormOptions {
  /** Longest that one piece of mischief lasts, in ms. */
  readonly longestMs: number;
  /** Whether nodes are taken away and brought back. */
  readonly stopsNodes: boolean;
}

/** Whatever an emulated cluster can do wrong, drawn by chance. */
export class Storm {
  readonly #emulator: Emulator;
  readonly #runtime: Runtime;
  readonly #random: Random;
  readonly #options: StormOptions;
  readonly #ending = new Set<Promise<void>>();

  constructor(emulator: Emulator, runtime: Runtime, random: Random, options: StormOptions) {
    this.#emulator = emulator;
    this.#runtime = runtime;
    this.#random = random;
    this.#options = options;
  }

  /** One more thing goes wrong, now or with one of the next requests, and ends by itself. */
  strike(): void {
    const dice = this.#random();
    const node = below(this.#random, this.#emulator.nodes.length);
    if (dice < 0.04) this.#endLater(this.#emulator.faults.refuseSockets(node));
    else if (dice < 0.08) this.#endLater(this.#emulator.faults.cutSocketsAfter(node, below(this.#random, 3_000)));
    else if (dice < 0.12 && this.#options.stopsNodes) this.#takeAway(node);
    else this.#addFault(node);
  }

  /** Ends everything; resolves once the cluster is whole again. */
  async calm(): Promise<void> {
    this.#emulator.faults.liftAll();
    await Promise.all(this.#ending);
    await Promise.all(this.#emulator.nodes.map((node) => (node.running ? undefined : node.start())));
    await this.#emulator.whenStable();
  }

  #addFault(node: number): void {
    const random = this.#random;
    const fault = this.#emulator.faults.add({
      ...(random() < 0.7 && { node }),
      ...(random() < 0.8 && {
        command: random() < 0.5 ? pick(random, KINDS) : [pick(random, KINDS), pick(random, KINDS)],
      }),
      skip: below(random, 4),
      times: 1 + below(random, 3),
      ...this.#drawAction(),
    });
    this.#endLater(fault);
  }

  #drawAction(): FaultAction {
    const random = this.#random;
    const execute = random() < 0.6;
    switch (below(random, 8)) {
      case 0:
      case 1:
        return { do: "delay", ms: below(random, this.#options.longestMs) };
      case 2:
        return { do: "stall" };
      case 3:
        return { do: "silence", execute };
      case 4:
        return { do: "cut", bytes: below(random, 60), execute };
      case 5:
        return { do: "truncate", bytes: 1 + below(random, 60), execute };
      case 6:
        return { do: "garbage", execute };
      default:
        return { do: "answer", resultCode: pick(random, REFUSALS) };
    }
  }

  #takeAway(index: number): void {
    const node = this.#emulator.nodes[index];
    if (node === undefined || !node.running) return;
    const gone = node.stop().then(() => this.#pause());
    this.#track(gone.then(() => node.start()));
  }

  #endLater(fault: { lift(): void }): void {
    this.#track(this.#pause().then(() => fault.lift()));
  }

  #pause(): Promise<void> {
    const ms = below(this.#random, this.#options.longestMs);
    return new Promise((resolve) => {
      this.#runtime.setTimer(ms, resolve, true);
    });
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => this.#ending.delete(tracked));
    this.#ending.add(tracked);
  }
}
