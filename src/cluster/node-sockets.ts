import type { ConnectionError } from "../errors/errors.js";
import { DedicatedLane } from "./dedicated-lane.js";
import type { Dialer } from "./dialer.js";
import type { Lane } from "./lane.js";
import type { ResolvedOptions } from "./options.js";
import { PipelinedLane } from "./pipelined-lane.js";
import type { SharedSockets } from "./shared-sockets.js";
import { SocketBudget, type SocketReserve } from "./socket-budget.js";

/** What is under way with a node. */
export interface NodeLoad {
  /** Sockets for commands, streams and info requests, open or opening. */
  readonly sockets: number;
  /** Requests that wait for their replies, those included that nobody waits for any more. */
  readonly pending: number;
  /** Requests that wait for a socket. */
  readonly waiting: number;
}

/** No more is kept for info requests: each takes a moment. */
const INFO_RESERVE = 4;

/**
 * The sockets of one I/O context to one node, in lanes by how long a request takes: a get must not wait for a scan, nor
 * the poll of a task for either.
 */
export class NodeSockets {
  /** Single commands that take a moment. */
  readonly short: Lane;
  /** Streams, and commands that may take long: each has a socket of its own. */
  readonly streams: Lane;
  /** Requests of the info protocol. */
  readonly info: Lane;

  /** @param shared where the sockets to all nodes come out of one budget */
  constructor(dialer: Dialer, options: ResolvedOptions, shared: SharedSockets | undefined) {
    const { maxConnectionsPerNode: most, pipelinedSockets, pipelineDepth: depth } = options;
    const usesTls = options.tls && !options.tlsForLoginOnly;
    const budget = shared?.budget ?? new SocketBudget(most);
    const dedicated = (reserve: SocketReserve, isKept = false): Lane =>
      new DedicatedLane(dialer, budget, { reserve, limits: options, isKept });
    // Over TLS one request at a time per socket.
    const short = (reserve: SocketReserve, sockets: number): Lane =>
      usesTls
        ? dedicated(reserve, true)
        : new PipelinedLane(dialer, budget, { reserve, sockets, depth, limits: options });
    if (shared !== undefined) {
      this.short = short(shared.moments, 1);
      // Each takes a moment: too little to spend a socket on.
      this.info = this.short;
      this.streams = dedicated(shared.streams);
      return;
    }
    const quarter = Math.max(1, most >> 2);
    this.short = short({ sockets: usesTls ? quarter : Math.min(pipelinedSockets, quarter) }, pipelinedSockets);
    this.streams = dedicated({ sockets: Math.max(1, most >> 3) });
    this.info = dedicated({ sockets: Math.max(1, Math.min(INFO_RESERVE, most >> 4)) });
  }

  get load(): NodeLoad {
    const load = { sockets: 0, pending: 0, waiting: 0 };
    for (const { size, pending, waiting } of this.#lanes) {
      load.sockets += size;
      load.pending += pending;
      load.waiting += waiting;
    }
    return load;
  }

  /** Closes what has been idle for too long. */
  reap(now: number): void {
    for (const lane of this.#lanes) lane.reap(now);
  }

  /** Closes every socket; further requests get new ones. */
  recycle(reason: ConnectionError): void {
    for (const lane of this.#lanes) lane.recycle(reason);
  }

  /** Closes every socket and fails every request, those to come included. */
  close(reason: ConnectionError): void {
    for (const lane of this.#lanes) lane.close(reason);
  }

  get #lanes(): readonly Lane[] {
    return this.info === this.short ? [this.short, this.streams] : [this.short, this.streams, this.info];
  }
}
