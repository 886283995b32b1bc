import { Reader } from "../bytes/reader.js";
import { MAX_MESSAGE_BODY } from "../limits.js";
import { ProtocolError } from "../protocol-error.js";
import { isProtoType, PROTO_HEADER_SIZE, PROTO_VERSION, ProtoType } from "./proto.js";

/** So many times the bytes that came are made room for at most: few steps for a long body, and no room for a mere claim. */
const GROWTH = 8;
/** Below this a rest isn't worth a read of its own. */
const SMALL_REST = 16 * 1024;
const NO_BYTES = new Uint8Array(0);
const NOTHING = new Reader(NO_BYTES);

/**
 * Cuts a stream of bytes, in chunks as the network brings them, into the bodies of its protos.
 *
 * A body that lies inside one chunk is read where it lies. One that spans chunks is gathered in a buffer that grows with
 * the bytes that came, never with the size that a header claims; {@link nextPart} reads of it what has come. Who reads
 * the rest of it into {@link room} saves a copy.
 *
 * @example
 * splitter.push(chunk);
 * while (splitter.next()) handle(splitter.type, splitter.body);
 */
export class FrameSplitter {
  readonly #maxBody: number;
  readonly #allocate: (size: number) => Uint8Array;
  /** Chunks behind the current one. */
  readonly #waiting: Uint8Array[] = [];
  /** The current chunk: taken up to `#at`. */
  #chunk: Uint8Array = NO_BYTES;
  #reader = NOTHING;
  #at = 0;
  /** A proto that began in an earlier chunk, as far as it came and was not read yet: header and body. */
  #held: Uint8Array = NO_BYTES;
  #heldLength = 0;
  /** Bytes of its body that were read before the rest had come. */
  #read = 0;
  /** The body that was handed out is a part of it. */
  #isPart = false;
  /** Bytes that a reader left of the part before, for they were too few. */
  #tooFew = 0;
  #type: ProtoType = ProtoType.MESSAGE;
  #body = NOTHING;

  /**
   * @param maxBody largest body that is accepted, in bytes
   * @param allocate memory of that size with anything in it
   */
  constructor(maxBody = MAX_MESSAGE_BODY, allocate: (size: number) => Uint8Array = (size) => new Uint8Array(size)) {
    this.#maxBody = maxBody;
    this.#allocate = allocate;
  }

  /** Type of the proto that {@link next} found. */
  get type(): ProtoType {
    return this.#type;
  }

  /** Body of the proto that {@link next} found: good until the next call of `next`. */
  get body(): Reader {
    return this.#body;
  }

  /** Takes a chunk, which must not change before {@link next} has given false. */
  push(chunk: Uint8Array): void {
    this.#waiting.push(chunk);
  }

  /**
   * Moves to the next whole proto; false when more bytes are needed. Throws ProtocolError when the bytes are no protos:
   * the stream can't be read any further.
   *
   * @param inParts whether {@link nextPart} will read what has come, so that little of it has to be kept
   */
  next(inParts = false): boolean {
    if (this.#isPart) this.#keepRest();
    for (;;) {
      const found = this.#heldLength === 0 ? this.#fromChunk(inParts) : this.#fromHeld();
      if (found) return true;
      const chunk = this.#waiting.shift();
      if (chunk === undefined) {
        this.#letGo();
        return false;
      }
      this.#chunk = chunk;
      this.#reader = new Reader(chunk);
      this.#at = 0;
    }
  }

  /**
   * Moves to what has come of a proto that {@link next} found no end of; false when that is nothing, or not enough to try
   * again. Where the reader of {@link body} stands when `next` is called the next time, the rest of the proto begins: what
   * it has passed is not kept. Views into the body don't outlast that call.
   */
  nextPart(): boolean {
    const came = this.#heldLength - PROTO_HEADER_SIZE;
    // So that one long message is not looked through anew for each chunk of it.
    if (came <= 0 || came < 2 * this.#tooFew) return false;
    this.#body = new Reader(this.#held, PROTO_HEADER_SIZE, this.#heldLength);
    this.#isPart = true;
    return true;
  }

  /** Where the rest of a long body may be read to, or the next part of it; undefined when none has begun. */
  room(): Uint8Array | undefined {
    if (this.#heldLength < PROTO_HEADER_SIZE || this.#read > 0) return undefined;
    const room = Math.min(PROTO_HEADER_SIZE + this.#readHeader(this.#held, 0), GROWTH * this.#heldLength);
    if (room - this.#heldLength < SMALL_REST) return undefined;
    if (this.#held.length < room) this.#grow(room);
    return this.#held.subarray(this.#heldLength);
  }

  /** Keeps what was not read of a part, behind the header. */
  #keepRest(): void {
    const { at } = this.#body;
    this.#isPart = false;
    this.#held.copyWithin(PROTO_HEADER_SIZE, at, this.#heldLength);
    this.#heldLength -= at - PROTO_HEADER_SIZE;
    this.#read += at - PROTO_HEADER_SIZE;
    this.#tooFew = this.#heldLength - PROTO_HEADER_SIZE;
  }

  /** An idle connection must not pin its last chunk. */
  #letGo(): void {
    this.#chunk = NO_BYTES;
    this.#reader = NOTHING;
    this.#body = NOTHING;
    this.#at = 0;
  }

  #fromChunk(inParts: boolean): boolean {
    const chunk = this.#chunk;
    const at = this.#at;
    const left = chunk.length - at;
    if (left === 0) return false;
    if (left >= PROTO_HEADER_SIZE) {
      const size = this.#readHeader(chunk, at);
      if (size <= left - PROTO_HEADER_SIZE) {
        const body = this.#reader;
        body.at = at + PROTO_HEADER_SIZE;
        body.end = body.at + size;
        this.#body = body;
        this.#at = body.end;
        return true;
      }
      this.#hold(left, inParts ? left : PROTO_HEADER_SIZE + size);
    } else {
      checkVersion(chunk[at]!);
      this.#hold(left, left);
    }
    return false;
  }

  #fromHeld(): boolean {
    if (this.#heldLength < PROTO_HEADER_SIZE) {
      this.#hold(PROTO_HEADER_SIZE - this.#heldLength, PROTO_HEADER_SIZE);
      if (this.#heldLength < PROTO_HEADER_SIZE) return false;
    }
    const size = PROTO_HEADER_SIZE + this.#readHeader(this.#held, 0) - this.#read;
    this.#hold(size - this.#heldLength, size);
    if (this.#heldLength < size) return false;
    // The buffer is not used again, so values may stay in it.
    this.#body = new Reader(this.#held, PROTO_HEADER_SIZE, size);
    this.#body.isOwn = true;
    this.#held = NO_BYTES;
    this.#heldLength = this.#read = this.#tooFew = 0;
    return true;
  }

  /** Moves up to `wanted` bytes of the chunk to the held ones. `total` is what they will be once all came. */
  #hold(wanted: number, total: number): void {
    const count = Math.min(wanted, this.#chunk.length - this.#at);
    const length = this.#heldLength + count;
    if (length > this.#held.length) {
      // Where parts are read little more is ever needed.
      this.#grow(Math.min(total, (this.#read > 0 ? 2 : GROWTH) * length));
    }
    const bytes = this.#chunk.subarray(this.#at, this.#at + count);
    if (!this.#isInPlace(bytes)) this.#held.set(bytes, this.#heldLength);
    this.#heldLength = length;
    this.#at += count;
  }

  #grow(size: number): void {
    const grown = this.#allocate(size);
    grown.set(this.#held.subarray(0, this.#heldLength));
    this.#held = grown;
  }

  /** Whether it was read into {@link room}. */
  #isInPlace({ buffer, byteOffset }: Uint8Array): boolean {
    return buffer === this.#held.buffer && byteOffset === this.#held.byteOffset + this.#heldLength;
  }

  #readHeader(bytes: Uint8Array, at: number): number {
    checkVersion(bytes[at]!);
    const type = bytes[at + 1]!;
    if (!isProtoType(type)) throw new ProtocolError(`a message of type ${type}, which is none of 1 to 4`);
    // By hand: a view would be one object more for every message.
    const high = (bytes[at + 2]! << 8) | bytes[at + 3]!;
    const low = (bytes[at + 4]! << 24) | (bytes[at + 5]! << 16) | (bytes[at + 6]! << 8) | bytes[at + 7]!;
    const size = high * 0x1_0000_0000 + (low >>> 0);
    if (size > this.#maxBody) {
      throw new ProtocolError(`a message of ${size} bytes, more than the ${this.#maxBody} allowed`);
    }
    this.#type = type;
    return size;
  }
}

function checkVersion(version: number): void {
  if (version === PROTO_VERSION) return;
  throw new ProtocolError(
    `a message starts with byte 0x${version.toString(16).padStart(2, "0")}; expected Aerospike's protocol version, 0x02`,
  );
}
