import { Reader } from "../bytes/reader.js";
import { decodeUtf8 } from "../bytes/utf8.js";
import { ProtocolError } from "../protocol-error.js";
import { integerOf, PackedHead, PackedType, takeHead } from "../value/packed-head.js";
import { unpackValue } from "../value/unpack.js";
import { FieldType } from "./field-type.js";
import type { MessageReader } from "./message-reader.js";

// What a server from 8.2 says of an error besides its result code, if it was asked to in bits 5 and 6 of info4: the field
// ERROR_DETAILS of the reply, at most 1024 bytes, a map
//   1 sub code · 2 message · 3 trace of the expression that failed, a map
//   trace: 1 phase · 2 byte offset · 3 op code · 4 depth · 5 path, outermost first · 6 snippet · 7 outcome · 8 language
//     · 9, 10 offset and length in the text · 13 [left, right], the values that were compared
// Texts are texts of MessagePack, without the type byte that stands before them in values.

/**
 * What a server is asked to say of an error: nothing; a sub code; its own words as well; where in an expression it
 * happened as well.
 */
export type ErrorDetailLevel = "none" | "subCode" | "message" | "expressionTrace";

const LEVELS: readonly ErrorDetailLevel[] = ["none", "subCode", "message", "expressionTrace"];
const LEVEL_SHIFT = 5;

/** The bits of info4 that ask for it. */
export function errorDetailBits(level: ErrorDetailLevel = "none"): number {
  return LEVELS.indexOf(level) << LEVEL_SHIFT;
}

/** Where an expression failed. What the server left out is undefined. */
export interface ExpressionTrace {
  /** While the expression was built from its bytes, or while it was worked out for a record. */
  readonly phase: "build" | "evaluation" | undefined;
  /** The language that it was sent in. */
  readonly language: "packed" | "text" | undefined;
  /** What came of it: it failed, was false, or came upon something that is not there. */
  readonly outcome: "fault" | "false" | "absent" | undefined;
  /** The operation's code on the wire. */
  readonly opCode: number | undefined;
  /** The operations around it, outermost first. */
  readonly path: readonly string[];
  readonly depth: number | undefined;
  /** In the packed expression. */
  readonly byteOffset: number | undefined;
  /** In the text. */
  readonly textOffset: number | undefined;
  readonly textLength: number | undefined;
  /** The part that failed, as the server writes it. */
  readonly snippet: string | undefined;
  /** The values on the left and on the right, which may be those of a record. */
  readonly operands: readonly unknown[] | undefined;
}

/** What a server says of an error besides its result code. */
export interface ServerErrorDetails {
  /** Means something only together with the result code. */
  readonly subCode: number | undefined;
  readonly message: string | undefined;
  readonly trace: ExpressionTrace | undefined;
}

const MOST_BYTES = 1024;
const MOST_PAIRS = 32;
const MOST_STEPS = 16;

const head = new PackedHead();

/** Reads the fields of a refusal; undefined when none of them explains it. */
export function readErrorDetails(message: MessageReader): ServerErrorDetails | undefined {
  let details: ServerErrorDetails | undefined;
  while (message.nextField()) {
    if (message.fieldType === FieldType.ERROR_DETAILS) details = parseErrorDetails(message.reader, message.size);
  }
  return details;
}

/**
 * Reads an explanation. One that can't be read explains nothing, and the refusal stands all the same: undefined. Keys
 * that are not known are for newer clients.
 */
export function parseErrorDetails(reader: Reader, size: number): ServerErrorDetails | undefined {
  if (size > MOST_BYTES) return undefined;
  try {
    return readDetails(new Reader(reader.bytes, reader.at, reader.at + size));
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

function readDetails(r: Reader): ServerErrorDetails | undefined {
  let subCode: number | undefined;
  let text: string | undefined;
  let trace: ExpressionTrace | undefined;
  readPairs(r, (key) => {
    if (key === 1) subCode = readInteger(r);
    else if (key === 2) text = readText(r);
    else if (key === 3) trace = readTrace(r);
    else unpackValue(r);
  });
  if (subCode === undefined && text === undefined && trace === undefined) return undefined;
  return { subCode, message: text, trace };
}

function readTrace(r: Reader): ExpressionTrace {
  const numbers = new Map<number, number>();
  let path: readonly string[] = [];
  let snippet: string | undefined;
  let operands: readonly unknown[] | undefined;
  readPairs(r, (key) => {
    if (key === 5) path = readList(r, readText);
    else if (key === 6) snippet = readText(r);
    else if (key === 13) operands = readList(r, (element) => unpackValue(element));
    else if (key <= 12) numbers.set(key, readInteger(r));
    else unpackValue(r);
  });
  const named = <N extends string>(key: number, names: readonly N[]): N | undefined =>
    names[(numbers.get(key) ?? 0) - 1];
  return {
    phase: named(1, ["build", "evaluation"]),
    language: named(8, ["packed", "text"]) ?? (numbers.has(8) ? undefined : "packed"),
    outcome: named(7, ["fault", "false", "absent"]),
    opCode: numbers.get(3),
    path,
    depth: numbers.get(4),
    byteOffset: numbers.get(2),
    textOffset: numbers.get(9),
    textLength: numbers.get(10),
    snippet,
    operands,
  };
}

/** Calls with each key; the reader stands at its value, which the call reads. */
function readPairs(r: Reader, each: (key: number) => void): void {
  const pairs = readCount(r, PackedType.MAP, MOST_PAIRS);
  for (let i = 0; i < pairs; i++) each(readInteger(r));
}

function readList<T>(r: Reader, readElement: (r: Reader) => T): readonly T[] {
  const elements: T[] = [];
  const count = readCount(r, PackedType.LIST, MOST_STEPS + 1);
  for (let i = 0; i < count; i++) elements.push(readElement(r));
  return elements;
}

function readCount(r: Reader, type: PackedType, most: number): number {
  takeHead(r, head);
  if (head.type !== type || head.count > most) throw new ProtocolError("error details of another form");
  return head.count;
}

function readInteger(r: Reader): number {
  takeHead(r, head);
  const value =
    head.type === PackedType.INTEGER || head.type === PackedType.NEGATIVE_INTEGER ? integerOf(head) : undefined;
  if (value === undefined) throw new ProtocolError("error details with something else than a number");
  return Number(value);
}

function readText(r: Reader): string {
  takeHead(r, head);
  switch (head.type) {
    case PackedType.STRING:
    case PackedType.BYTES:
    case PackedType.GEOJSON:
      return decodeUtf8(r.bytes, head.content, head.next);
    default:
      throw new ProtocolError("error details with something else than a text");
  }
}
