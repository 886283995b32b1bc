import type { Writer } from "../bytes/writer.js";
import { checkOps } from "../check/check-ops.js";
import type { RecordKey } from "../key/record-key.js";
import { Info1, Info2 } from "../message/flags.js";
import type { MessageReader } from "../message/message-reader.js";
import type { MessageWriter } from "../message/message-writer.js";
import { isReadAll, isReadOp, type Op } from "../message/op.js";
import { setMember } from "../value/unpack.js";
import { beginRead } from "./begin-read.js";
import { beginWrite } from "./begin-write.js";
import type { RecordCommand } from "./command.js";
import { type ReadPolicy, readInfo1 } from "./read-policy.js";
import { expectOk, type OpResult, type RecordData, readOpResults } from "./record-reply.js";
import type { WritePolicy } from "./write-policy.js";

// Several ops on one record, done in order and all or none:
//   info1 READ when an op reads, GET_ALL when one reads all · info2 WRITE when an op writes, RESPOND_ALL_OPS
//   otherwise header and fields as in begin-read.ts or begin-write.ts, then the ops

export interface OperatePolicy extends ReadPolicy, WritePolicy {
  /**
   * A result row for every op, TOUCH aside, so that results line up with ops. Default true; a read-all switches it off,
   * as servers refuse both together.
   */
  readonly respondAllOps?: boolean | undefined;
}

/** A record's reply with the result of each op. */
export interface OperateData extends RecordData {
  /** In the order of the ops. */
  readonly results: readonly OpResult[];
}

const NO_POLICY: OperatePolicy = {};

/**
 * Reads and writes one record in one go.
 * @example new OperateCommand(key, [{ code: OpCode.INCR, bin: "hits", value: 1 }, { code: OpCode.READ, bin: "hits" }])
 */
export class OperateCommand implements RecordCommand<OperateData> {
  readonly name = "operate";
  readonly isWrite: boolean;
  readonly key: RecordKey;
  readonly #ops: readonly Op[];
  readonly #policy: OperatePolicy;

  /** Throws TypeError or RangeError when the ops are none, too many, badly named or can't be combined. */
  constructor(key: RecordKey, ops: readonly Op[], policy: OperatePolicy = NO_POLICY) {
    checkOps(ops);
    this.key = key;
    this.isWrite = !ops.every(isReadOp);
    this.#ops = ops;
    this.#policy = policy;
  }

  encode(w: Writer, timeoutMs: number): void {
    const m = this.#begin(w, timeoutMs);
    for (const op of this.#ops) m.op(op);
    m.finish();
  }

  decode(message: MessageReader): OperateData {
    expectOk(message);
    message.skipFields();
    const results = readOpResults(message, this.#policy.decode);
    const bins: Record<string, unknown> = {};
    // An op without a value, say the write before a read, must not hide the value of another op on its bin.
    for (const { bin, value } of results) if (value !== null) setMember(bins, bin, value);
    return { generation: message.generation, voidTime: message.recordTtl, bins, results };
  }

  #begin(w: Writer, timeoutMs: number): MessageWriter {
    const policy = this.#policy;
    const readsAll = this.#ops.some(isReadAll);
    const info2 = readsAll || policy.respondAllOps === false ? 0 : Info2.RESPOND_ALL_OPS;
    const info1 = readsAll ? Info1.GET_ALL : 0;
    if (!this.isWrite) return beginRead(w, this.key, policy, timeoutMs, { info1, info2 });
    const reads = this.#ops.some(isReadOp) ? Info1.READ | readInfo1(policy) : 0;
    return beginWrite(w, this.key, policy, timeoutMs, { info1: info1 | reads, info2 });
  }
}
