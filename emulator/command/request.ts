import { FieldType } from "../../protocol/message/field-type.js";
import { readName } from "../record/name.js";
import type { Release } from "../release.js";
import { ErrorDetails } from "./error-details.js";

// A request is the body of a proto message of type 3:
//   u8 header size (not looked at) · u8 info1 · u8 info2 · u8 info3 · u8 info4 · u8 unused · u32 generation
//   u32 record ttl · u32 timeout in ms · u16 fields · u16 ops · fields · ops, and nothing after them
//   field: u32 size (1 + data) · u8 type · data
//   op:    u32 size (4 + name + value) · u8 op code · u8 particle type · u8 flags · u8 name length · name · value

export const HEADER_SIZE = 22;
const FIELD_HEADER_SIZE = 5;
const OP_HEADER_SIZE = 8;
/** Flag of ops from another cluster, which carry a time before the value. */
const HAS_LAST_UPDATE_TIME = 0x01;
const LAST_UPDATE_TIME_SIZE = 8;

/** One op of a request; name and value are views into the request's bytes. */
export interface RequestOp {
  readonly code: number;
  readonly type: number;
  readonly name: string;
  /** The name as it came, also where it is no name that a bin could have. */
  readonly nameBytes: Uint8Array;
  readonly value: Uint8Array;
}

/** What the header of a message says, or that of a row of a batch. */
export interface RequestHead {
  readonly info1: number;
  readonly info2: number;
  readonly info3: number;
  readonly info4: number;
  readonly generation: number;
  /**
   * What a server writes here while it works on the request, rows of a batch that repeat it have then: the default where it
   * created a record and was to leave times to live as they are, and what a function sets.
   */
  ttl: number;
}

/** A request of type 3, taken apart but not yet checked for sense. */
export interface Request extends RequestHead {
  readonly timeoutMs: number;
  readonly ops: readonly RequestOp[];
  /** What the node is that the request came to. */
  readonly release: Release;
  /** What is said of the failure, besides its result code. */
  readonly details: ErrorDetails;
  /** The data of the first field of a type. */
  field(type: number): Uint8Array | undefined;
}

/** A request around a head that others may share. */
export abstract class HeadedRequest implements Request {
  readonly #head: RequestHead;
  readonly timeoutMs: number;
  readonly ops: readonly RequestOp[];
  readonly release: Release;
  readonly details: ErrorDetails;

  constructor(head: RequestHead, rest: Pick<Request, "timeoutMs" | "ops" | "release" | "details">) {
    this.#head = head;
    this.timeoutMs = rest.timeoutMs;
    this.ops = rest.ops;
    this.release = rest.release;
    this.details = rest.details;
  }

  get info1(): number {
    return this.#head.info1;
  }

  get info2(): number {
    return this.#head.info2;
  }

  get info3(): number {
    return this.#head.info3;
  }

  get info4(): number {
    return this.#head.info4;
  }

  get generation(): number {
    return this.#head.generation;
  }

  get ttl(): number {
    return this.#head.ttl;
  }

  set ttl(ttl: number) {
    this.#head.ttl = ttl;
  }

  abstract field(type: number): Uint8Array | undefined;
}

/** The fields and ops of a message, or of a row of a batch. */
export interface Part {
  readonly ops: readonly RequestOp[];
  /** Type of the first field; undefined without fields. */
  readonly firstField: number | undefined;
  /** Where it ends in the bytes that it was read from. */
  readonly end: number;
  /** The data of the first field of a type. */
  field(type: number): Uint8Array | undefined;
}

/** Takes a message apart; undefined when its fields and ops don't fit its size exactly. */
export function parseRequest(body: Uint8Array, release: Release = "8.1"): Request | undefined {
  if (body.length < HEADER_SIZE) return undefined;
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const part = parsePart(body, HEADER_SIZE, view.getUint16(18), view.getUint16(20));
  return part?.end === body.length ? new MessageRequest(body, view, part, release) : undefined;
}

/** Reads so many fields and ops from `start` on; undefined when they go beyond the bytes. */
export function parsePart(body: Uint8Array, start: number, fieldCount: number, opCount: number): Part | undefined {
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const fields: number[] = [];
  let at = start;
  for (let left = fieldCount; left > 0; left--) {
    if (at + FIELD_HEADER_SIZE > body.length) return undefined;
    const size = view.getUint32(at);
    const type = body[at + 4]!;
    // A server reads the rows of a batch by their count: it lets their field claim more than there is.
    const end = isBatchField(type) ? Math.min(at + 4 + size, body.length) : at + 4 + size;
    if (size === 0 || end > body.length) return undefined;
    fields.push(type, at + FIELD_HEADER_SIZE, end);
    at = end;
  }
  const ops: RequestOp[] = [];
  for (let left = opCount; left > 0; left--) {
    if (at + OP_HEADER_SIZE > body.length) return undefined;
    const end = at + 4 + view.getUint32(at);
    const nameAt = at + OP_HEADER_SIZE;
    const nameEnd = nameAt + body[at + 7]!;
    const valueAt = nameEnd + (body[at + 6]! & HAS_LAST_UPDATE_TIME ? LAST_UPDATE_TIME_SIZE : 0);
    if (valueAt > end || end > body.length) return undefined;
    ops.push({
      code: body[at + 4]!,
      type: body[at + 5]!,
      name: readName(body, nameAt, nameEnd),
      nameBytes: body.subarray(nameAt, nameEnd),
      value: body.subarray(valueAt, end),
    });
    at = end;
  }
  return new ParsedPart(body, fields, ops, at);
}

function isBatchField(type: number): boolean {
  return type === FieldType.BATCH || type === FieldType.BATCH_WITH_SET;
}

class ParsedPart implements Part {
  readonly ops: readonly RequestOp[];
  readonly end: number;
  readonly #body: Uint8Array;
  /** Type, start and end of each field in turn: there are only a few, and most are looked for once. */
  readonly #fields: readonly number[];

  constructor(body: Uint8Array, fields: readonly number[], ops: readonly RequestOp[], end: number) {
    this.ops = ops;
    this.end = end;
    this.#body = body;
    this.#fields = fields;
  }

  get firstField(): number | undefined {
    return this.#fields[0];
  }

  field(type: number): Uint8Array | undefined {
    const fields = this.#fields;
    for (let i = 0; i < fields.length; i += 3) {
      if (fields[i] === type) return this.#body.subarray(fields[i + 1]!, fields[i + 2]!);
    }
    return undefined;
  }
}

class MessageRequest extends HeadedRequest {
  readonly #part: Part;

  constructor(body: Uint8Array, view: DataView, part: Part, release: Release) {
    const info4 = body[4]!;
    const head = {
      info1: body[1]!,
      info2: body[2]!,
      info3: body[3]!,
      info4,
      generation: view.getUint32(6),
      ttl: view.getUint32(10),
    };
    super(head, { timeoutMs: view.getUint32(14), ops: part.ops, release, details: new ErrorDetails(release, info4) });
    this.#part = part;
  }

  field(type: number): Uint8Array | undefined {
    return this.#part.field(type);
  }
}
