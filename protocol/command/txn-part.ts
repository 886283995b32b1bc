import { FieldType } from "../message/field-type.js";
import type { MessageWriter } from "../message/message-writer.js";

// What an operation on one record says of its transaction, all little-endian:
//   MRT_ID: u64 · [RECORD_VERSION: 7 bytes, of a record that was read before] · [MRT_DEADLINE: u32, of writes]

const VERSION_BYTES = 7;

/** What an operation has of the transaction that it is part of; asked for when the operation is encoded. */
export interface TxnPart {
  /** Any 64 bits but 0. Undefined for the check of a version, which names no transaction. */
  readonly id: bigint | undefined;
  /** The version of the record that the transaction has seen: what differs by now is refused. */
  readonly version: bigint | undefined;
  /** When the transaction ends by itself, seconds since 2010-01-01 on the cluster's clock; 0 as long as it is not known. */
  readonly deadline: number;
  /** Called with every reply to the operation, refusals included. @param version of the record, where the reply has one */
  onReply(resultCode: number, version: bigint | undefined): void;
}

export function writeTxnFields(m: MessageWriter, { id, version, deadline }: TxnPart, isWrite: boolean): void {
  const w = m.writer;
  if (id !== undefined) {
    const at = m.beginField(FieldType.MRT_ID);
    w.u64le(id);
    m.endField(at);
  }
  if (version !== undefined) {
    const at = m.beginField(FieldType.RECORD_VERSION);
    for (let byte = 0; byte < VERSION_BYTES; byte++) w.u8(Number((version >> BigInt(8 * byte)) & 0xffn));
    m.endField(at);
  }
  if (isWrite && deadline !== 0) {
    const at = m.beginField(FieldType.MRT_DEADLINE);
    for (let byte = 0; byte < 4; byte++) w.u8((deadline >>> (8 * byte)) & 0xff);
    m.endField(at);
  }
}

/** Whether two operations of one batch say the same of their transactions. */
export function isSameTxnPart(a: TxnPart | undefined, b: TxnPart | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a === b || (a.id === b.id && a.version === b.version && a.deadline === b.deadline);
}
