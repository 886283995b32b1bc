import { type Op, OpCode } from "../../protocol/message/op.js";
import { setMember } from "../../protocol/value/unpack.js";
import type { Key } from "../data/key.js";
import type { BinsRead, BinValues, RecordCodec } from "../data/record-codec.js";
import { Record } from "./record.js";
import { RecordResult } from "./record-result.js";
import type { Results } from "./row-types.js";
import { resultsOfCalls, type Segment } from "./segment.js";

// What is read, as the schemas and codecs of its data set have it. They are the user's code: none of this is to be called
// while a socket is being read.

/**
 * A record as its data set has it.
 * @param read which of its bins were read
 * @throws SchemaError
 */
export function decodedRecord<T, B>(stored: Record<T, B>, read: BinsRead): Record<T, B> {
  const { key, bins, generation, ttl } = stored;
  if (key.codec === undefined) return stored;
  // Of what types they are, the schemas say, or nobody but the caller knows.
  const decoded = key.codec.decode(bins as BinValues, read, key) as B;
  return new Record<T, B>(key, decoded, generation, ttl);
}

/**
 * A row of a command on keys as its data set has it.
 * @throws SchemaError
 */
export function decodedRow<T, B, R extends Results>(
  row: RecordResult<T, B, R>,
  { verb, ops, puts, selection }: Segment<T>,
): RecordResult<T, B, R> {
  const { key, index, record, operationResults } = row;
  const { codec } = key;
  if (codec === undefined || record === null) return row;
  if (ops.length === 0) {
    if (selection === "noBins") return row;
    return RecordResult.ok<T, B, R>(verb.name, key, index, decodedRecord(record, selection ?? "all"));
  }
  const { results, bins } = decodedResults(codec, operationResults, resultsOfCalls(ops, puts), key);
  const decoded = new Record<T, B>(key, bins as B, record.generation, record.ttl);
  return RecordResult.ok(verb.name, key, index, decoded, results as Results as R);
}

/**
 * What operations returned, in the order of the calls, and by bin: whole bins as their data set has them. Whatever else
 * an operation returns is what is stored, or made of that.
 * @param calls the operation of each result; `null` for calls that made several
 * @throws SchemaError
 */
export function decodedResults(
  codec: RecordCodec,
  results: readonly unknown[],
  calls: readonly unknown[],
  key: Key<unknown>,
): { readonly results: readonly unknown[]; readonly bins: BinValues } {
  const bins: { [bin: string]: unknown } = {};
  const decoded = results.map((stored, i) => {
    const op = calls[i];
    if (!isOp(op)) return stored;
    const value = op.code === OpCode.READ ? (codec.decodeBin(op.bin, stored ?? undefined, key) ?? null) : stored;
    if (value !== null) setMember(bins, op.bin, value);
    return value;
  });
  return { results: decoded, bins };
}

function isOp(call: unknown): call is Op {
  return typeof call === "object" && call !== null;
}
