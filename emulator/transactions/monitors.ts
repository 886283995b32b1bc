import { Info2 } from "../../protocol/message/flags.js";
import { ResultCode } from "../../protocol/result-code.js";
import type { Runtime, Timer } from "../../runtime/runtime.js";
import { readList } from "../cdt/packed-list.js";
import { type Outcome, outcome } from "../command/outcome.js";
import type { Request } from "../command/request.js";
import { setOf } from "../command/request-set.js";
import { digestKey } from "../record/digest.js";
import type { Partition } from "../record/partition.js";
import type { Partitions } from "../record/partitions.js";
import { Ttl, voidTimeNow } from "../record/void-time.js";
import { PlainRequest } from "./plain-request.js";

const MONITOR_SET = "<ERO~MRT";
const ID_BIN = "id";
const KEYS_BIN = "keyds";
const MARK_BIN = "fwd";

const MAX_SECONDS = 120;
const MAX_KEYS = 4096;

/** How a transaction ended. */
type End = "committed" | "aborted" | "expired";

interface Monitor {
  readonly id: bigint;
  readonly timer: Timer;
  /** Whether it is committed: from here on it can only be rolled forward. */
  isMarked: boolean;
}

/** What monitors know of the place of a write. */
interface MonitorContext {
  readonly namespace: { readonly settings: { readonly mrtDuration: number } };
  readonly partition: Partition;
  readonly digest: Uint8Array;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A write carried out as on any record. */
export type CarryOut<C> = (ctx: C, request: Request) => Outcome;

/** Whether a request is about the monitor of a transaction. */
export function isMonitorWrite(request: Request): boolean {
  return (request.info2 & Info2.WRITE) !== 0 && setOf(request) === MONITOR_SET;
}

/**
 * The transactions of a namespace. Each has a monitor: a record that its client creates before the first write, adds the
 * digests of its records to, marks to commit, and deletes at the end. What a client leaves behind ends when the time of
 * the transaction is over: forward where it is marked, back where it is not.
 */
export class Monitors {
  readonly #runtime: Runtime;
  readonly #partitions: Partitions;
  readonly #monitors = new Map<string, Monitor>();
  /** Those that are over, by what became of them, as a server knows it from the tombstones of their monitors. */
  readonly #ended = new Map<string, End>();

  constructor(runtime: Runtime, partitions: Partitions) {
    this.#runtime = runtime;
    this.#partitions = partitions;
  }

  get size(): number {
    return this.#monitors.size;
  }

  stop(): void {
    for (const { timer } of this.#monitors.values()) timer.cancel();
  }

  /** As if there had never been a transaction. */
  clear(): void {
    this.stop();
    this.#monitors.clear();
    this.#ended.clear();
  }

  /** Carries out a write to a monitor. */
  write<C extends MonitorContext>(ctx: C, request: Request, carryOut: CarryOut<C>): Outcome {
    const name = digestKey(ctx.digest);
    const monitor = this.#monitors.get(name);
    if (request.info2 & Info2.DELETE) return this.#close(ctx, name, monitor);
    const creates = request.ops.find((op) => op.name === ID_BIN);
    const marks = request.ops.some((op) => op.name === MARK_BIN);
    if (monitor === undefined) {
      const id = creates?.value;
      return id?.length === 8 && !this.#ended.has(name)
        ? this.#create(ctx, request, carryOut, new DataView(id.buffer, id.byteOffset).getBigUint64(0))
        : outcome(this.#codeOfEnded(name, marks));
    }
    if (creates !== undefined) return outcome(ResultCode.MRT_MONITOR_EXISTS);
    if (monitor.isMarked) return outcome(ResultCode.MRT_COMMITTED);
    if (!marks) return addKeys(ctx, request, carryOut);
    const result = carryOut(ctx, new PlainRequest(request, Ttl.NEVER));
    monitor.isMarked = result.code === ResultCode.OK;
    return result;
  }

  #create<C extends MonitorContext>(ctx: C, request: Request, carryOut: CarryOut<C>, id: bigint): Outcome {
    if (request.ttl > MAX_SECONDS) return outcome(ResultCode.PARAMETER_ERROR);
    const result = addKeys(ctx, request, carryOut);
    if (result.code !== ResultCode.OK) return result;
    const seconds = request.ttl === Ttl.DEFAULT ? ctx.namespace.settings.mrtDuration : request.ttl;
    const name = digestKey(ctx.digest);
    const digest = ctx.digest.slice();
    const timer = this.#runtime.setTimer(seconds * 1_000, () => this.#expire(name, digest, ctx.partition.id), false);
    this.#monitors.set(name, { id, timer, isMarked: false });
    return { ...result, deadline: voidTimeNow(ctx.now) + seconds };
  }

  #close(ctx: MonitorContext, name: string, monitor: Monitor | undefined): Outcome {
    if (monitor === undefined) return outcome(ResultCode.KEY_NOT_FOUND);
    monitor.timer.cancel();
    this.#end(name, monitor.isMarked ? "committed" : "aborted");
    ctx.partition.delete(ctx.digest);
    return outcome(ResultCode.OK);
  }

  /** The server ends what its client has left. */
  #expire(name: string, digest: Uint8Array, pid: number): void {
    const monitor = this.#monitors.get(name);
    if (monitor === undefined) return;
    const direction = monitor.isMarked ? "forward" : "back";
    for (const partition of this.#partitions.made) partition.rollAll(monitor.id, direction);
    this.#partitions.find(pid)?.delete(digest);
    this.#end(name, monitor.isMarked ? "committed" : "expired");
  }

  #end(name: string, end: End): void {
    this.#monitors.delete(name);
    this.#ended.set(name, end);
  }

  #codeOfEnded(name: string, marks: boolean): number {
    switch (this.#ended.get(name)) {
      case "committed":
        return ResultCode.MRT_COMMITTED;
      case "aborted":
        return ResultCode.MRT_ABORTED;
      case "expired":
        return marks ? ResultCode.MRT_ABORTED : ResultCode.MRT_EXPIRED;
      default:
        return ResultCode.MRT_EXPIRED;
    }
  }
}

/** A server takes so many records for a transaction, and none of a request that would make them more. */
function addKeys<C extends MonitorContext>(ctx: C, request: Request, carryOut: CarryOut<C>): Outcome {
  const before = ctx.partition.get(ctx.digest)?.copy();
  const result = carryOut(ctx, new PlainRequest(request, Ttl.NEVER));
  const keys = ctx.partition.get(ctx.digest)?.bins.get(KEYS_BIN);
  const count = keys === undefined ? 0 : (readList(keys.bytes)?.elements.length ?? 0);
  if (result.code !== ResultCode.OK || count <= MAX_KEYS) return result;
  if (before === undefined) ctx.partition.delete(ctx.digest);
  else ctx.partition.put(before);
  return outcome(ResultCode.MRT_TOO_MANY_WRITES);
}
