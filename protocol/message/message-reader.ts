import { Reader } from "../bytes/reader.js";
import { ProtocolError } from "../protocol-error.js";

// An as_msg, the body (or one of several in the body) of a proto message of type 3:
//   u8 header size = 22 · u8 info1 · u8 info2 · u8 info3 · u8 info4 · u8 result code · u32 generation
//   u32 record ttl · u32 transaction ttl · u16 fields · u16 ops · fields · ops
//   field: u32 size (1 + data) · u8 type · data
//   op:    u32 size (4 + name + value) · u8 op code · u8 particle type · u8 flags · u8 name length · name · value

export const MESSAGE_HEADER_SIZE = 22;

/** The header of a message and where its fields start. One object is used for every reply of a socket. */
export class MessageReader {
  info1 = 0;
  info2 = 0;
  info3 = 0;
  info4 = 0;
  resultCode = 0;
  generation = 0;
  /** Requests: TTL. Replies: void-time, seconds since 2010-01-01, 0 for never. */
  recordTtl = 0;
  /** Requests: the server's time limit in ms. Rows of a batch: the row's index. */
  transactionTtl = 0;
  /** Fields that have not been read yet. */
  fieldCount = 0;
  /** Operations that have not been read yet. */
  opCount = 0;
  /** Stands at the first field after {@link next}. */
  reader: Reader = new Reader(new Uint8Array(0));

  /** Takes the bytes of one proto body. */
  load(reader: Reader): void {
    this.reader = reader;
  }

  /** Reads the next header of the body; false at its end. The fields and ops of the one before must have been read. */
  next(): boolean {
    const r = this.reader;
    if (r.left === 0) return false;
    const headerSize = r.u8();
    if (headerSize !== MESSAGE_HEADER_SIZE) throw new ProtocolError(`a message header of ${headerSize} bytes`);
    this.info1 = r.u8();
    this.info2 = r.u8();
    this.info3 = r.u8();
    this.info4 = r.u8();
    this.resultCode = r.u8();
    this.generation = r.u32();
    this.recordTtl = r.u32();
    this.transactionTtl = r.u32();
    this.fieldCount = r.u16();
    this.opCount = r.u16();
    return true;
  }

  /** Calls with each field; the reader stands at its data and is moved behind it afterwards. */
  fields(each: (type: number, data: Reader, size: number) => void): void {
    const r = this.reader;
    for (let i = 0; i < this.fieldCount; i++) {
      const size = r.u32();
      if (size === 0) throw new ProtocolError("a field of size 0");
      const type = r.u8();
      const end = r.at + size - 1;
      if (end > r.end) throw new ProtocolError(`a field of ${size} bytes where ${r.left + 1} are left`);
      each(type, r, size - 1);
      r.at = end;
    }
    this.fieldCount = 0;
  }

  skipFields(): void {
    const r = this.reader;
    for (; this.fieldCount > 0; this.fieldCount--) r.skip(r.u32());
  }

  /** Calls with each op; the reader stands at its value of `size` bytes and is moved behind it afterwards. */
  ops(each: (code: number, bin: string, particleType: number, value: Reader, size: number) => void): void {
    const r = this.reader;
    for (let i = 0; i < this.opCount; i++) {
      const size = r.u32();
      const end = r.at + size;
      if (size < 4 || end > r.end) throw new ProtocolError(`an op of ${size} bytes where ${r.left} are left`);
      const code = r.u8();
      const particleType = r.u8();
      r.skip(1);
      const bin = r.utf8(r.u8());
      if (r.at > end) throw new ProtocolError("the name of a bin runs over the end of its op");
      each(code, bin, particleType, r, end - r.at);
      r.at = end;
    }
    this.opCount = 0;
  }

  skipOps(): void {
    const r = this.reader;
    for (; this.opCount > 0; this.opCount--) r.skip(r.u32());
  }
}
