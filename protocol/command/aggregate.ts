import type { Writer } from "../bytes/writer.js";
import { FieldType } from "../message/field-type.js";
import { Info1, Info3 } from "../message/flags.js";
import type { MessageReader } from "../message/message-reader.js";
import { beginMessage } from "../message/message-writer.js";
import { ProtocolError } from "../protocol-error.js";
import { ResultCode } from "../result-code.js";
import { ResultError } from "../result-error.js";
import { ParticleType } from "../value/particle-type.js";
import { type RawValue, takeRawValue } from "../value/raw-value.js";
import type { StreamCommand } from "./command.js";
import { type IndexFilter, writeIndexFields } from "./index-range.js";
import { refuse, skipRest } from "./record-reply.js";
import { type UdfCall, UdfOp, writeUdfFields } from "./udf-call.js";

// An aggregation: a Lua function on the stream of records of one node, which are those of the partitions that it is
// master of. Servers take neither partitions nor a filter expression with it:
//   info1 READ · info3 PARTITION_DONE · record ttl -1
//   fields: NAMESPACE · [SET] · [RECORDS_PER_SECOND] · SOCKET_TIMEOUT · TASK_ID · [index fields] · UDF_OP = 1 · the rest
//           of udf-call.ts
// The reply is a stream of messages:
//   a value     one op, bin SUCCESS: what the function has made of some of the records, so several for each node
//   an error    one op, bin FAILURE, its text; result 0 all the same; the end follows, with result 1
//   the end     info3 LAST and how it went
//   a refusal   the first message, with a result code and without LAST; code 2: the node has no record of the set

/** What one node is asked for. */
export interface AggregateRequest {
  readonly namespace: string;
  /** Empty for the whole namespace. */
  readonly setName: string;
  /** 1 to 2^64-1; a node refuses an id that it still lists. */
  readonly taskId: bigint;
  readonly call: UdfCall;
  readonly index?: IndexFilter | undefined;
  /** Records a second, at least 1; undefined for no limit. */
  readonly recordsPerSecond?: number | undefined;
  /** How long the server waits for a reader that does not read, in ms; 0 for ever. Default 30000. */
  readonly socketTimeoutMs?: number | undefined;
}

const DEFAULT_SOCKET_TIMEOUT_MS = 30_000;
/** Reading never renews a record. */
const NO_READ_TOUCH = -1;
const SUCCESS = "SUCCESS";
const FAILURE = "FAILURE";

/**
 * Aggregates the records of one node.
 * @example new AggregateCommand({ namespace: "test", setName: "users", taskId: 7n, call }, (value) => values.push(value))
 */
export class AggregateCommand implements StreamCommand {
  readonly name = "aggregate";
  readonly request: AggregateRequest;
  readonly #onValue: (value: RawValue, bytes: number) => void;
  #hasBegun = false;
  /** What the function failed with first. */
  #failure: string | undefined;

  /** @param onValue called with each value, and the bytes that it took on the wire */
  constructor(request: AggregateRequest, onValue: (value: RawValue, bytes: number) => void) {
    this.request = request;
    this.#onValue = onValue;
  }

  get namespace(): string {
    return this.request.namespace;
  }

  get setName(): string {
    return this.request.setName;
  }

  encode(w: Writer, timeoutMs: number): void {
    const { namespace, setName, taskId, call, index, recordsPerSecond, socketTimeoutMs } = this.request;
    const m = beginMessage(w, {
      info1: Info1.READ,
      info3: Info3.PARTITION_DONE,
      recordTtl: NO_READ_TOUCH,
      transactionTtl: timeoutMs,
    });
    m.textField(FieldType.NAMESPACE, namespace);
    if (setName !== "") m.textField(FieldType.SET, setName);
    if (recordsPerSecond !== undefined) m.u32Field(FieldType.RECORDS_PER_SECOND, recordsPerSecond);
    m.u32Field(FieldType.SOCKET_TIMEOUT, socketTimeoutMs ?? DEFAULT_SOCKET_TIMEOUT_MS);
    m.u64Field(FieldType.TASK_ID, taskId);
    if (index !== undefined) writeIndexFields(m, index);
    writeUdfFields(m, call, UdfOp.AGGREGATE);
    m.finish();
  }

  take(message: MessageReader): boolean {
    const { info3, resultCode } = message;
    const isFirst = !this.#hasBegun;
    this.#hasBegun = true;
    if ((info3 & Info3.LAST) !== 0) {
      this.#end(message);
      return true;
    }
    if (resultCode !== ResultCode.OK) {
      // Only before its start does a server refuse with a message that is not marked as the last.
      if (!isFirst) throw new ProtocolError(`the ${this.name} goes on after result code ${resultCode}`);
      if (resultCode !== ResultCode.KEY_NOT_FOUND) refuse(message);
      skipRest(message);
      return true;
    }
    this.#takeRow(message);
    return false;
  }

  #end(message: MessageReader): void {
    if (this.#failure !== undefined) {
      skipRest(message);
      throw new ResultError(ResultCode.UDF_EXECUTION, this.#failure);
    }
    if (message.resultCode !== ResultCode.OK) refuse(message);
    skipRest(message);
  }

  #takeRow(message: MessageReader): void {
    message.skipFields();
    if (message.opCount !== 1) throw new ProtocolError(`a row of an aggregation has ${message.opCount} values`);
    message.ops((_code, bin, type, value, size) => {
      const raw = takeRawValue(value, type, size);
      if (bin === SUCCESS) this.#onValue(raw, size);
      else if (bin === FAILURE) this.#failure ??= textOf(raw);
      else throw new ProtocolError("a row of an aggregation has neither SUCCESS nor FAILURE");
    });
  }
}

/** The text of a failure, without the number that servers put before it. */
function textOf({ type, bytes }: RawValue): string {
  const text = type === ParticleType.STRING ? new TextDecoder().decode(bytes) : "";
  return text.replace(/^UDF: Execution Error \d+ : /, "");
}
