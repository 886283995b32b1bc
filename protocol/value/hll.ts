import { encodeBase64 } from "../bytes/base64.js";

/** A HyperLogLog sketch, opaque: its bytes as the server keeps them. */
export class Hll {
  /** As the server gave them, or as they go to it. */
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    if (!(bytes instanceof Uint8Array)) throw new TypeError("Hll(bytes): the bytes of a sketch are a Uint8Array");
    this.bytes = bytes;
  }

  /** For `JSON.stringify`: the bytes in base64. */
  toJSON(): string {
    return encodeBase64(this.bytes);
  }
}
