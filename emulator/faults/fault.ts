import type { CommandKind } from "./command-kind.js";

/** Which requests a fault affects. */
export interface FaultScope {
  /** The node's place in the cluster; absent: every node. */
  readonly node?: number;
  /** Absent: every command but info and security, so that clients go on to know their cluster. */
  readonly command?: CommandKind | readonly CommandKind[];
  /** Requests that pass before the first that fails. Default 0. */
  readonly skip?: number;
  /** Requests that fail before the fault is over. Default: all, until it is lifted. */
  readonly times?: number;
}

/** What goes wrong. Where `execute` is false the request is not carried out; by default it is and only its reply suffers. */
export type FaultAction =
  /** The reply is sent `ms` later. */
  | { readonly do: "delay"; readonly ms: number }
  /** The reply is held until the fault is lifted. */
  | { readonly do: "stall" }
  /** Nothing is answered on that socket any more, and it stays open. */
  | { readonly do: "silence"; readonly execute?: boolean }
  /** The socket is closed after the first `bytes` of the reply. Default 0. */
  | { readonly do: "cut"; readonly bytes?: number; readonly execute?: boolean }
  /** Only the first `bytes` of the reply come, then nothing more; the socket stays open. */
  | { readonly do: "truncate"; readonly bytes: number; readonly execute?: boolean }
  /** Other bytes come in place of the reply: default 64 that start no message. */
  | { readonly do: "garbage"; readonly bytes?: Uint8Array; readonly execute?: boolean }
  /** The request is not carried out and answered with this result code. */
  | { readonly do: "answer"; readonly resultCode: number };

/** Something that goes wrong on purpose. */
export type FaultSpec = FaultScope & FaultAction;

/** A fault that was set. `using` lifts it at the end of the block. */
export class Fault {
  /** Requests that it has affected so far. */
  hits = 0;
  /** @internal */
  readonly spec: FaultSpec;
  readonly #onLift: (fault: Fault) => void;
  #held: (() => void)[] = [];
  #seen = 0;
  #isLifted = false;

  /** @internal */
  constructor(spec: FaultSpec, onLift: (fault: Fault) => void) {
    this.spec = spec;
    this.#onLift = onLift;
  }

  /** Whether it is over. */
  get isLifted(): boolean {
    return this.#isLifted;
  }

  /** Ends the fault; replies that it holds leave now. */
  lift(): void {
    if (this.#isLifted) return;
    this.#isLifted = true;
    this.#onLift(this);
    const held = this.#held;
    this.#held = [];
    for (const release of held) release();
  }

  [Symbol.dispose](): void {
    this.lift();
  }

  /** @internal Whether it affects this request; counts it if so. */
  affects(node: number, kind: CommandKind): boolean {
    if (this.#isLifted || !this.#isMeant(node, kind)) return false;
    this.#seen++;
    if (this.#seen <= (this.spec.skip ?? 0)) return false;
    if (this.hits >= (this.spec.times ?? Number.POSITIVE_INFINITY)) return false;
    this.hits++;
    return true;
  }

  /** @internal Keeps a reply back until the fault is lifted. */
  hold(release: () => void): void {
    if (this.#isLifted) release();
    else this.#held.push(release);
  }

  #isMeant(node: number, kind: CommandKind): boolean {
    const { spec } = this;
    if (spec.node !== undefined && spec.node !== node) return false;
    if (spec.command === undefined) return kind !== "info" && kind !== "security";
    return typeof spec.command === "string" ? spec.command === kind : spec.command.includes(kind);
  }
}
