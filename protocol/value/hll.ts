/** A HyperLogLog sketch, opaque: its bytes as the server keeps them. */
export class Hll {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    if (!(bytes instanceof Uint8Array)) throw new TypeError("Hll(bytes): the bytes of a sketch are a Uint8Array");
    this.bytes = bytes;
  }
}
