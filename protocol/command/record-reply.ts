import type { MessageReader } from "../message/message-reader.js";
import { ResultCode } from "../result-code.js";
import { ResultError } from "../result-error.js";
import { readParticle } from "../value/particle.js";
import { setMember } from "../value/unpack.js";
import type { DecodeOptions } from "../value/value.js";

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

/** One op's result: a row of the reply of an operate command. */
export interface OpResult {
  readonly bin: string;
  /** Op code of the request's op; READ for the bins of a read-all. */
  readonly code: number;
  /** Null when the op has no value to give. */
  readonly value: unknown;
}

/** Throws ResultError, the rest of the message read, when the server refused. */
export function expectOk(message: MessageReader): void {
  if (message.resultCode !== ResultCode.OK) refuse(message);
}

/** Throws ResultError, the rest of the message read. */
export function refuse(message: MessageReader, detail?: string): never {
  const code = message.resultCode;
  skipRest(message);
  throw new ResultError(code, detail);
}

export function skipRest(message: MessageReader): void {
  message.skipFields();
  message.skipOps();
}

/** Reads the fields and ops of a reply without bins. */
export function readMeta(message: MessageReader): RecordMeta {
  const meta = { generation: message.generation, voidTime: message.recordTtl };
  skipRest(message);
  return meta;
}

/** Reads the fields and ops of a record's reply; of two bins of one name the later one stays. */
export function readRecord(message: MessageReader, options?: DecodeOptions): RecordData {
  message.skipFields();
  return { generation: message.generation, voidTime: message.recordTtl, bins: readBins(message, options) };
}

/** Reads the ops of a row, whose fields have been read, as bins. */
export function readBins(message: MessageReader, options?: DecodeOptions): Record<string, unknown> {
  const bins: Record<string, unknown> = {};
  message.ops((_code, bin, type, value, size) => setMember(bins, bin, readParticle(value, type, size, options)));
  return bins;
}

/** Reads the ops of a reply in their order. */
export function readOpResults(message: MessageReader, options?: DecodeOptions): OpResult[] {
  const results: OpResult[] = [];
  message.ops((code, bin, type, value, size) => {
    results.push({ bin, code, value: readParticle(value, type, size, options) });
  });
  return results;
}
