import type { Writer } from "../bytes/writer.js";
import { callOp } from "../cdt/call.js";
import { ListOrderType, ListWriteFlags } from "../cdt/flags.js";
import { listAppendItems } from "../cdt/list.js";
import { makeKey } from "../key/make-key.js";
import type { RecordKey } from "../key/record-key.js";
import { FieldType } from "../message/field-type.js";
import { Info1, Info2, Info3, Info4 } from "../message/flags.js";
import type { MessageReader } from "../message/message-reader.js";
import { OpCode } from "../message/op.js";
import { ProtocolError } from "../protocol-error.js";
import { ResultCode } from "../result-code.js";
import type { RecordCommand } from "./command.js";
import { writeCommand } from "./record-command.js";
import { operate, type RecordOperation, readHeader, remove, write } from "./record-operation.js";
import { expectOk } from "./record-reply.js";
import type { TxnPart } from "./txn-part.js";

// What a transaction sends besides the commands of its user. It has a monitor: a record that the server keeps an eye on,
// and that lists the records to be written, so that the server can end what its client does not.
//   add keys      write to the monitor: [id, when the monitor is created] · append digests to `keyds`; its time to live is
//                 the transaction's, in seconds, 0 for the server's default. The reply to the creation has MRT_DEADLINE.
//   verify        read of a header, info3 SC_READ_TYPE, info4 MRT_VERIFY_READ, with the version that was read
//   mark          write of `fwd` to the monitor: from here on the transaction is committed
//   roll          write without ops, info2 DURABLE_DELETE, info4 MRT_ROLL_FORWARD or MRT_ROLL_BACK
//   close         durable delete of the monitor

const MONITOR_SET = "<ERO~MRT";
const ID_BIN = "id";
const KEYS_BIN = "keyds";
const MARK_BIN = "fwd";

const DIGESTS = {
  order: ListOrderType.ORDERED,
  flags: ListWriteFlags.ADD_UNIQUE | ListWriteFlags.NO_FAIL | ListWriteFlags.PARTIAL,
};

/** Records that a transaction may write, as servers have it. */
export const MAX_TXN_WRITES = 4096;

/** Seconds that a transaction may be given. */
export const TXN_SECONDS = { least: 1, most: 120 } as const;

/** The record that the server watches a transaction by. */
export function monitorKey(namespace: string, id: bigint): RecordKey {
  return makeKey(namespace, MONITOR_SET, BigInt.asIntN(64, id));
}

/** Tells a transaction's monitor which records will be written, and creates it with the first. */
export class AddTxnKeys implements RecordCommand<number | undefined> {
  readonly name = "transaction: add keys";
  readonly isWrite = true;
  /** Keys that the monitor has are not added again; a monitor that exists is not created again, though. */
  readonly isRepeatable: boolean;
  readonly key: RecordKey;
  readonly #operation: RecordOperation;

  /**
   * @param create the transaction's id where this is to create the monitor: MRT_MONITOR_EXISTS (127) when there is one
   * @param seconds what the transaction is given; 0 for what the server is set to. Later ones are not looked at
   */
  constructor(monitor: RecordKey, digests: readonly Uint8Array[], create: bigint | undefined, seconds: number) {
    this.key = monitor;
    this.isRepeatable = create === undefined;
    const keys = callOp(KEYS_BIN, listAppendItems([...digests], DIGESTS));
    const ops =
      create === undefined
        ? [keys]
        : [{ code: OpCode.WRITE, bin: ID_BIN, value: BigInt.asIntN(64, create) } as const, keys];
    this.#operation = operate(ops, {}, { ttl: seconds });
  }

  encode(w: Writer, timeoutMs: number): void {
    writeCommand(w, this.key, this.#operation, timeoutMs);
  }

  /** When the transaction ends by itself, seconds since 2010-01-01; undefined where the server does not say. */
  decode(message: MessageReader): number | undefined {
    let deadline: number | undefined;
    message.fields((type, data, size) => {
      if (type !== FieldType.MRT_DEADLINE) return;
      if (size !== 4) throw new ProtocolError(`a transaction's deadline of ${size} bytes`);
      deadline = data.u16le() + data.u16le() * 0x1_0000;
    });
    expectOk(message);
    message.skipOps();
    return deadline;
  }
}

/** Asks whether a record has still the version that was read. */
export function verifyRead(version: bigint): RecordOperation {
  const txn: TxnPart = { id: undefined, version, deadline: 0, onReply: () => undefined };
  return {
    ...readHeader({}, { name: "transaction: verify" }),
    info1: Info1.READ | Info1.GET_NO_BINS,
    info3: Info3.SC_READ_TYPE,
    info4: Info4.MRT_VERIFY_READ,
    txn,
  };
}

/** Says that the transaction is committed. One that is already, says so with a code that counts as done. */
export function markForward(): RecordOperation {
  const accepts = [ResultCode.MRT_COMMITTED];
  const operation = write({ [MARK_BIN]: true }, {}, { name: "transaction: mark", accepts });
  return { ...operation, isRepeatable: true };
}

/** Makes what a transaction wrote to a record the record, or what was before. Nothing to do is done. */
export function roll(direction: "forward" | "back", id: bigint): RecordOperation {
  const txn: TxnPart = { id, version: undefined, deadline: 0, onReply: () => undefined };
  return {
    ...write({}, {}, { name: `transaction: roll ${direction}`, durableDelete: true }),
    bins: undefined,
    info2: Info2.WRITE | Info2.DURABLE_DELETE,
    info4: direction === "forward" ? Info4.MRT_ROLL_FORWARD : Info4.MRT_ROLL_BACK,
    txn,
    isRepeatable: true,
  };
}

/** Removes a monitor that is not needed any more. */
export function closeMonitor(): RecordOperation {
  return { ...remove({}, { name: "transaction: close", durableDelete: true }), isRepeatable: true };
}
