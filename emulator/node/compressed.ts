import { Writer } from "../../protocol/bytes/writer.js";
import { MAX_MESSAGE_BODY } from "../../protocol/limits.js";
import { beginProto, endProto, PROTO_HEADER_SIZE, ProtoType } from "../command/reply.js";
import { runtimeZlib } from "../listener/zlib.js";
import type { Exchange } from "./exchange.js";

// A compressed message on the wire:
//   u8 version = 2 · u8 type = 4 · u48 size of what follows · u64 size of the message with its header · zlib stream of it

const SIZE_BYTES = 8;
/** Of replies: shorter ones are sent as they are. */
const LEAST = 128;

/** The body of the message in the body of a compressed one; undefined when there is none. */
export function expandMessage(body: Uint8Array): Uint8Array | undefined {
  if (body.length < SIZE_BYTES) return undefined;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const size = Number(view.getBigUint64(0));
  if (size < PROTO_HEADER_SIZE || size > PROTO_HEADER_SIZE + MAX_MESSAGE_BODY) return undefined;
  let message: Uint8Array;
  try {
    message = runtimeZlib().inflateSync(body.subarray(SIZE_BYTES), { maxOutputLength: size });
  } catch {
    return undefined;
  }
  const inner = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const isWhole =
    message.length === size &&
    inner.getUint8(0) === 2 &&
    inner.getUint8(1) === ProtoType.MESSAGE &&
    inner.getUint16(2) * 0x1_0000_0000 + inner.getUint32(4) === size - PROTO_HEADER_SIZE;
  return isWhole ? message.subarray(PROTO_HEADER_SIZE) : undefined;
}

/** Compresses the messages of a reply one by one, where that makes them shorter. */
export class CompressedExchange implements Exchange {
  readonly out = new Writer();
  readonly #exchange: Exchange;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  get peer(): string {
    return this.#exchange.peer;
  }

  get isOpen(): boolean {
    return this.#exchange.isOpen;
  }

  flush(then: () => void): void {
    this.#pass();
    this.#exchange.flush(then);
  }

  finish(): void {
    this.#pass();
    this.#exchange.finish();
  }

  hangUp(): void {
    this.#pass();
    this.#exchange.hangUp();
  }

  #pass(): void {
    const bytes = this.out.take();
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at < bytes.length; ) {
      const end = at + PROTO_HEADER_SIZE + view.getUint16(at + 2) * 0x1_0000_0000 + view.getUint32(at + 4);
      this.#write(bytes.subarray(at, end));
      at = end;
    }
  }

  #write(proto: Uint8Array): void {
    const { out } = this.#exchange;
    const packed = proto.length > LEAST ? runtimeZlib().deflateSync(proto) : proto;
    if (packed.length + PROTO_HEADER_SIZE + SIZE_BYTES >= proto.length) {
      out.bytes(proto);
      return;
    }
    const start = beginProto(out, ProtoType.COMPRESSED);
    out.u64(BigInt(proto.length));
    out.bytes(packed);
    endProto(out, start);
  }
}
