import { checkOptions } from "../../protocol/check/check-options.js";
import { AnswerOrder } from "./answer-order.js";
import { type CommandKind, checkCommandKind } from "./command-kind.js";
import { Fault, type FaultSpec } from "./fault.js";
import { checkCount, checkFault, checkNode } from "./fault-check.js";
import { JOB_GATE_OPTIONS, JobGate, type JobGateOptions } from "./job-gate.js";

/** What can go wrong in a cluster on purpose: `emulator.faults`. */
export class Faults {
  readonly #nodes: number;
  readonly #faults = new Set<Fault>();
  readonly #refusing = new Map<number, number>();
  readonly #byteLimits = new Map<number, number>();
  readonly #gates = new Set<JobGate>();
  readonly #orders = new Set<AnswerOrder>();

  /** @internal */
  constructor(nodes: number) {
    this.#nodes = nodes;
  }

  /**
   * Lets something go wrong with requests to a node.
   * @returns the fault, to count it and to lift it
   * @throws TypeError for an action, an option or a kind of command that does not exist
   * @throws RangeError for a node that there isn't or a number out of range
   * @example
   * using fault = emulator.faults.add({ node: 1, command: "write", do: "cut", bytes: 10, times: 1 });
   */
  add(spec: FaultSpec): Fault {
    checkFault(spec, this.#nodes);
    const fault = new Fault(spec, (lifted) => this.#faults.delete(lifted));
    this.#faults.add(fault);
    return fault;
  }

  /**
   * Turns new sockets away: they open and are closed at once, as a server at its limit of sockets does it.
   * @returns what ends it
   */
  refuseSockets(node: number): Disposable & { lift(): void } {
    checkNode("refuseSockets(node)", node, this.#nodes);
    this.#refusing.set(node, (this.#refusing.get(node) ?? 0) + 1);
    return liftable(() => this.#refusing.set(node, (this.#refusing.get(node) ?? 1) - 1));
  }

  /**
   * Closes every socket that is opened from now on once the node has sent so many bytes on it, wherever in a reply
   * that is.
   * @returns what ends it
   */
  cutSocketsAfter(node: number, bytes: number): Disposable & { lift(): void } {
    checkNode("cutSocketsAfter(node, bytes): node", node, this.#nodes);
    checkCount("cutSocketsAfter(node, bytes): bytes", bytes, 0);
    this.#byteLimits.set(node, bytes);
    return liftable(() => this.#byteLimits.delete(node));
  }

  /**
   * Makes the nodes answer the next command of a kind in this order, whichever got it first: a reply waits for the
   * node before its own. Over once all have answered.
   * @example emulator.faults.answerInOrder([2, 0, 1], "background");
   */
  answerInOrder(nodes: readonly number[], command: CommandKind): Disposable & { lift(): void } {
    for (const node of nodes) checkNode("answerInOrder(nodes, command): nodes", node, this.#nodes);
    checkCommandKind("answerInOrder(nodes, command): command", command);
    const order = new AnswerOrder(nodes, command, (done) => this.#orders.delete(done));
    this.#orders.add(order);
    return liftable(() => order.lift());
  }

  /**
   * Stops background jobs after so many records until they are let on, so that a test can look at a job that is half
   * done.
   * @example
   * using gate = emulator.faults.holdJobs({ afterRecords: 100 });
   * const task = await session.backgroundTask().update(users).bin("n").add(1).execute();
   * await gate.whenHeld(3);
   * gate.release();
   */
  holdJobs(options: JobGateOptions = {}): JobGate {
    checkOptions("holdJobs(options)", options, JOB_GATE_OPTIONS);
    checkNode("holdJobs(options): node", options.node, this.#nodes);
    const gate = new JobGate(options, (released) => this.#gates.delete(released));
    this.#gates.add(gate);
    return gate;
  }

  /** Ends everything that goes wrong. */
  liftAll(): void {
    for (const fault of [...this.#faults]) fault.lift();
    for (const order of [...this.#orders]) order.lift();
    for (const gate of [...this.#gates]) gate.release();
    this.#refusing.clear();
    this.#byteLimits.clear();
  }

  /** @internal Whether anything may affect a request. */
  get isAny(): boolean {
    return this.#faults.size > 0 || this.#orders.size > 0;
  }

  /** @internal */
  refuses(node: number): boolean {
    return (this.#refusing.get(node) ?? 0) > 0;
  }

  /** @internal Bytes that a new socket of the node may carry. */
  byteLimit(node: number): number {
    return this.#byteLimits.get(node) ?? Number.POSITIVE_INFINITY;
  }

  /** @internal The fault that affects a request, if any. */
  affecting(node: number, kind: CommandKind): Fault | undefined {
    for (const fault of this.#faults) if (fault.affects(node, kind)) return fault;
    return undefined;
  }

  /** @internal The order that a reply has to keep, if any. */
  orderOf(node: number, kind: CommandKind): AnswerOrder | undefined {
    for (const order of this.#orders) if (order.isMeant(node, kind)) return order;
    return undefined;
  }

  /** @internal */
  get gates(): Iterable<JobGate> {
    return this.#gates;
  }
}

function liftable(lift: () => void): Disposable & { lift(): void } {
  let isLifted = false;
  const once = (): void => {
    if (isLifted) return;
    isLifted = true;
    lift();
  };
  return { lift: once, [Symbol.dispose]: once };
}
