import { MAX_MESSAGE_BODY } from "../../protocol/limits.js";
import { PROTO_HEADER_SIZE, ProtoType } from "../command/reply.js";

/** One message of a client. */
export interface Proto {
  readonly type: number;
  readonly body: Uint8Array;
}

/** What a server hangs up on. */
export const GARBAGE = Symbol("garbage");

/** Cuts what a client sends into messages. */
export class Inbox {
  /** Bytes that came and were not taken yet; `#at` is where the next message starts. */
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  /** Later chunks of a message that is not whole yet, joined only when it is. */
  #more: Uint8Array[] = [];
  #moreSize = 0;

  push(bytes: Uint8Array): void {
    if (this.#at === this.#bytes.length && this.#moreSize === 0) {
      this.#bytes = view(bytes);
      this.#at = 0;
      return;
    }
    this.#more.push(bytes);
    this.#moreSize += bytes.length;
  }

  /** The next whole message, GARBAGE when there can't be one, undefined when it has not come yet. */
  take(): Proto | typeof GARBAGE | undefined {
    if (this.#left < PROTO_HEADER_SIZE) {
      if (this.#left + this.#moreSize < PROTO_HEADER_SIZE) return undefined;
      this.#join();
    }
    const bytes = this.#bytes;
    const at = this.#at;
    const version = bytes[at]!;
    const type = bytes[at + 1]!;
    const size = bodySize(bytes, at);
    if (!isKnown(version, type) || size > MAX_MESSAGE_BODY) return GARBAGE;
    const end = at + PROTO_HEADER_SIZE + size;
    if (end > bytes.length) {
      if (end > bytes.length + this.#moreSize) return undefined;
      this.#join();
      return this.take();
    }
    this.#at = end;
    return { type, body: bytes.subarray(at + PROTO_HEADER_SIZE, end) };
  }

  get #left(): number {
    return this.#bytes.length - this.#at;
  }

  #join(): void {
    const joined = new Uint8Array(this.#left + this.#moreSize);
    joined.set(this.#bytes.subarray(this.#at));
    let at = this.#left;
    for (const bytes of this.#more) {
      joined.set(bytes, at);
      at += bytes.length;
    }
    this.#bytes = joined;
    this.#at = 0;
    this.#more = [];
    this.#moreSize = 0;
  }
}

/** The 48 bits after version and type. */
function bodySize(bytes: Uint8Array, at: number): number {
  let size = 0;
  for (let i = at + 2; i < at + PROTO_HEADER_SIZE; i++) size = size * 0x100 + bytes[i]!;
  return size;
}

/** Version 2; security messages also come as version 0. */
function isKnown(version: number, type: number): boolean {
  if (type < ProtoType.INFO || type > ProtoType.XDR) return false;
  return version === 2 || (version === 0 && type === ProtoType.SECURITY);
}

/** A plain Uint8Array over the same bytes: subclasses slice and print differently. */
function view(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
