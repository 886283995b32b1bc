import { parseErrorDetails, readErrorDetails, type ServerErrorDetails } from "../message/error-details.js";
import { FieldType } from "../message/field-type.js";
import type { MessageReader } from "../message/message-reader.js";
import { type Op, OpCode } from "../message/op.js";
import { ProtocolError } from "../protocol-error.js";
import { ResultCode } from "../result-code.js";
import { ResultError } from "../result-error.js";
import { readParticle } from "../value/particle.js";
import { setMember } from "../value/unpack.js";
import type { DecodeOptions } from "../value/value.js";
import type { RecordOperation } from "./record-operation.js";
import { readResult } from "./result-form.js";

/** What a reply says of a record besides its bins. */
export interface RecordMeta {
  /** 1 to 65535; 0 after a delete. */
  readonly generation: number;
  /** When it expires, seconds since 2010-01-01T00:00:00Z; 0 for never. */
  readonly voidTime: number;
}

/** A record as a reply carries it. */
export interface RecordData extends RecordMeta {
  readonly bins: Record<string, unknown>;
}

/** One op's result: a row of the reply to an operation with ops. */
export interface OpResult {
  readonly bin: string;
  /** Op code of the request's op; READ for the bins of a read-all. */
  readonly code: number;
  /** Null when the op has no value to give. */
  readonly value: unknown;
}

/** A reply to an operation on one record, of a single command or of a batch's row. */
export interface RecordReply extends RecordData {
  /** OK, or one of the codes that the operation accepts. */
  readonly resultCode: number;
  /** The record's version, which transactions check; undefined outside of one. */
  readonly version: bigint | undefined;
  /** What the server says of a code that is not OK, if anything. */
  readonly details: ServerErrorDetails | undefined;
  /** Bins by name; of several results on one bin, the last that has a value. Not to be changed where there are none. */
  readonly bins: Record<string, unknown>;
  /** In the order of the ops; empty unless the operation expects results. */
  readonly results: readonly OpResult[];
}

const NO_RESULTS: readonly OpResult[] = [];
const NO_BINS: Record<string, unknown> = Object.freeze({});
const VERSION_SIZE = 7;

/**
 * Reads a reply to its end.
 * @throws ResultError when the server refused
 */
export function readReply(message: MessageReader, operation: RecordOperation): RecordReply {
  const { resultCode, generation, recordTtl: voidTime } = message;
  let details: ServerErrorDetails | undefined;
  let version: bigint | undefined;
  if (message.fieldCount > 0) {
    while (message.nextField()) {
      if (message.fieldType === FieldType.RECORD_VERSION) version = readVersion(message);
      else if (message.fieldType === FieldType.ERROR_DETAILS && resultCode !== ResultCode.OK) {
        details = parseErrorDetails(message.reader, message.size);
      }
    }
  }
  operation.txn?.onReply(resultCode, version);
  if (resultCode !== ResultCode.OK) {
    if (!operation.accepts.includes(resultCode)) refuseOperation(message, operation, details);
    message.skipOps();
    return { resultCode, generation, voidTime, version, details, bins: NO_BINS, results: NO_RESULTS };
  }
  let bins: Record<string, unknown>;
  let results = NO_RESULTS;
  switch (operation.expects) {
    case "bins":
      bins = readBins(message, operation.decode);
      break;
    case "results":
      results = readOpResults(message, operation.decode, operation.ops);
      bins = binsOfResults(results);
      break;
    case "returned":
      bins = readReturned(message, operation.decode);
      break;
    default:
      message.skipOps();
      bins = NO_BINS;
  }
  return { resultCode, generation, voidTime, version, details, bins, results };
}

/** What a Lua function returned; null for nil. */
export function returnedValue(reply: RecordReply): unknown {
  return reply.bins[SUCCESS];
}

/** Throws ResultError, the rest of the message read, when the server refused. */
export function expectOk(message: MessageReader): void {
  if (message.resultCode !== ResultCode.OK) refuse(message);
}

/** Throws ResultError with what the server says besides, the rest of the message read. */
export function refuse(message: MessageReader): never {
  const code = message.resultCode;
  const details = readErrorDetails(message);
  message.skipOps();
  throw new ResultError(code, undefined, details);
}

export function skipRest(message: MessageReader): void {
  message.skipFields();
  message.skipOps();
}

/** Reads the ops of a row, whose fields have been read, as bins; of two bins of one name the later one stays. */
export function readBins(message: MessageReader, options?: DecodeOptions): Record<string, unknown> {
  const bins: Record<string, unknown> = {};
  while (message.nextOp()) {
    setMember(bins, message.opName, readParticle(message.reader, message.opType, message.size, options));
  }
  return bins;
}

/**
 * Reads the ops of a reply, whose fields have been read, in their order.
 * @param asked the ops of the request, which say in which form their results come back
 */
export function readOpResults(message: MessageReader, options?: DecodeOptions, asked: readonly Op[] = []): OpResult[] {
  const results: OpResult[] = [];
  let next = 0;
  while (message.nextOp()) {
    const { opName: bin, opCode: code } = message;
    next = passTouches(results, asked, next);
    const op = asked[next++];
    const form = op !== undefined && "payload" in op && op.bin === bin ? op.as : undefined;
    const value =
      form === undefined
        ? readParticle(message.reader, message.opType, message.size, options)
        : readResult(message.reader, message.opType, message.size, form, options);
    results.push({ bin, code, value });
  }
  passTouches(results, asked, next);
  return results;
}

/** A touch has no row in the reply; it gets a result all the same, so that results stand as the ops do. */
function passTouches(results: OpResult[], asked: readonly Op[], from: number): number {
  let next = from;
  for (; asked[next]?.code === OpCode.TOUCH; next++) results.push({ bin: "", code: OpCode.TOUCH, value: null });
  return next;
}

/** By bin. An op without a value, say the write before a read, must not hide the value of another op on its bin. */
export function binsOfResults(results: readonly OpResult[]): Record<string, unknown> {
  const bins: Record<string, unknown> = {};
  for (const { bin, value } of results) if (value !== null) setMember(bins, bin, value);
  return bins;
}

/** Reads the field that was found. */
function readVersion({ reader: data, size }: MessageReader): bigint {
  if (size !== VERSION_SIZE) throw new ProtocolError(`a record version of ${size} bytes`);
  const low = BigInt(data.u16le()) | (BigInt(data.u16le()) << 16n) | (BigInt(data.u16le()) << 32n);
  return low | (BigInt(data.u8()) << 48n);
}

const SUCCESS = "SUCCESS";
const FAILURE = "FAILURE";

function readReturned(message: MessageReader, options: DecodeOptions | undefined): Record<string, unknown> {
  const bins = readBins(message, options);
  if (Object.hasOwn(bins, FAILURE)) throw new ResultError(ResultCode.UDF_EXECUTION, textOf(bins[FAILURE]));
  if (!Object.hasOwn(bins, SUCCESS)) {
    throw new ProtocolError("the reply to a UDF call has neither SUCCESS nor FAILURE");
  }
  return bins;
}

/** Says what Lua said, or the bin where only one can be meant. */
function refuseOperation(
  message: MessageReader,
  operation: RecordOperation,
  details: ServerErrorDetails | undefined,
): never {
  const { resultCode } = message;
  if (operation.expects === "returned" && resultCode === ResultCode.UDF_EXECUTION) {
    const failure = readBins(message, operation.decode)[FAILURE];
    throw new ResultError(resultCode, textOf(failure), details);
  }
  message.skipOps();
  throw new ResultError(resultCode, blamedBin(operation, resultCode), details);
}

function textOf(failure: unknown): string | undefined {
  return typeof failure === "string" ? failure : undefined;
}

/** Codes that say something about one bin. */
const ABOUT_A_BIN: readonly number[] = [
  ResultCode.BIN_EXISTS,
  ResultCode.BIN_TYPE_ERROR,
  ResultCode.BIN_NOT_FOUND,
  ResultCode.BIN_NAME_TOO_LONG,
  ResultCode.ELEMENT_NOT_FOUND,
  ResultCode.ELEMENT_EXISTS,
  ResultCode.OP_NOT_APPLICABLE,
  ResultCode.INVALID_GEOJSON,
];

/** `bin "age"`, when the code is about a bin and the operation works on no other. */
function blamedBin(operation: RecordOperation, resultCode: number): string | undefined {
  if (!ABOUT_A_BIN.includes(resultCode)) return undefined;
  const [bin, ...others] = new Set(
    operation.bins === undefined ? operation.ops.map((op) => op.bin) : Object.keys(operation.bins),
  );
  return bin === undefined || bin === "" || others.length > 0 ? undefined : `bin "${bin}"`;
}
