import { NameCache } from "../bytes/name-cache.js";
import { Reader } from "../bytes/reader.js";
import { ProtocolError } from "../protocol-error.js";

// An as_msg, the body (or one of several in the body) of a proto message of type 3:
//   u8 header size = 22 · u8 info1 · u8 info2 · u8 info3 · u8 info4 · u8 result code · u32 generation
//   u32 record ttl · u32 transaction ttl · u16 fields · u16 ops · fields · ops
//   field: u32 size (1 + data) · u8 type · data
//   op:    u32 size (4 + name + value) · u8 op code · u8 particle type · u8 flags · u8 name length · name · value

export const MESSAGE_HEADER_SIZE = 22;

/** Where in a header the number of fields stands; that of operations follows. */
const COUNTS_AT = 18;

/**
 * The header of a message, then its fields, then its operations, one after the other. One object is used for every reply
 * of a client, and makes nothing for what it passes.
 *
 * @example
 * while (message.nextField()) if (message.fieldType === FieldType.SET) set = message.reader.utf8(message.size);
 * while (message.nextOp()) bins[message.opName] = readParticle(message.reader, message.opType, message.size);
 */
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
  /** Of the field that {@link nextField} found. */
  fieldType = 0;
  /** Of the operation that {@link nextOp} found. */
  opCode = 0;
  opName = "";
  opType = 0;
  /** Bytes of the data of the field, or of the value of the operation, that was found last. */
  size = 0;
  /** Names that come again and again: of bins, sets, namespaces. */
  readonly names: NameCache = new NameCache();
  /** Stands at the data of the field, or at the value of the operation, that was found last. */
  reader: Reader = new Reader(new Uint8Array(0));
  /** Where what was found last ends; -1 before the first. */
  #end = -1;

  /** Takes the bytes of one proto body. */
  load(reader: Reader): void {
    this.reader = reader;
    this.#end = -1;
  }

  /** Whether all bytes of the next message have come, where a body is read before its end. */
  get isWhole(): boolean {
    const { at, end } = this.reader;
    if (end - at < MESSAGE_HEADER_SIZE) return false;
    const counts = this.reader.u32At(at + COUNTS_AT);
    let next = at + MESSAGE_HEADER_SIZE;
    for (let items = (counts >>> 16) + (counts & 0xffff); items > 0; items--) {
      if (end - next < 4) return false;
      next += 4 + this.reader.u32At(next);
      if (next > end) return false;
    }
    return true;
  }

  /** Reads the next header of the body; false at its end. The fields and ops of the one before must have been read. */
  next(): boolean {
    const r = this.reader;
    this.#end = -1;
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

  /** Moves to the data of the next field, whatever was read of the one before; false behind the last. */
  nextField(): boolean {
    const r = this.reader;
    this.#leave();
    if (this.fieldCount === 0) return false;
    this.fieldCount--;
    const size = r.u32();
    if (size === 0) throw new ProtocolError("a field of size 0");
    this.fieldType = r.u8();
    this.size = size - 1;
    const end = r.at + size - 1;
    if (end > r.end) throw new ProtocolError(`a field of ${size} bytes where ${r.left + 1} are left`);
    this.#end = end;
    return true;
  }

  /** Moves to the value of the next operation, whatever was read of the one before; false behind the last. */
  nextOp(): boolean {
    const r = this.reader;
    this.#leave();
    if (this.opCount === 0) return false;
    this.opCount--;
    const size = r.u32();
    const end = r.at + size;
    if (size < 4 || end > r.end) throw new ProtocolError(`an op of ${size} bytes where ${r.left} are left`);
    this.opCode = r.u8();
    this.opType = r.u8();
    r.skip(1);
    this.opName = this.names.read(r, r.u8());
    if (r.at > end) throw new ProtocolError("the name of a bin runs over the end of its op");
    this.size = end - r.at;
    this.#end = end;
    return true;
  }

  /** Calls with each field; the reader stands at its data and is moved behind it afterwards. */
  fields(each: (type: number, data: Reader, size: number) => void): void {
    while (this.nextField()) each(this.fieldType, this.reader, this.size);
  }

  skipFields(): void {
    const r = this.reader;
    this.#leave();
    for (; this.fieldCount > 0; this.fieldCount--) r.skip(r.u32());
  }

  /** Calls with each op; the reader stands at its value of `size` bytes and is moved behind it afterwards. */
  ops(each: (code: number, bin: string, particleType: number, value: Reader, size: number) => void): void {
    while (this.nextOp()) each(this.opCode, this.opName, this.opType, this.reader, this.size);
  }

  skipOps(): void {
    const r = this.reader;
    this.#leave();
    for (; this.opCount > 0; this.opCount--) r.skip(r.u32());
  }

  /** Moves behind the field or operation that was found last. */
  #leave(): void {
    if (this.#end < 0) return;
    this.reader.at = this.#end;
    this.#end = -1;
  }
}
