import { ParticleType } from "../../protocol/value/particle-type.js";
import { geoValueOf } from "../geo/index.js";
import { type BinValue, integerOf } from "./bin-value.js";
import type { Bins } from "./bins.js";
import { writeName } from "./name.js";

// A record in storage:
//   35 bytes of metadata · 4 void-time, if any · 1 + set name, if any · length and user key, if any
//   count of bins, if any · for each bin: 1 + name · type · value
// Blobs of all kinds take 4 bytes for their length, integers 1 byte and as few as hold the value.

const METADATA = 35;
const END_MARK = 4;
const STEP = 16;
/** What a record has while it is made: servers count steps from one on. */
export const LEAST_RECORD_SIZE = STEP;

export interface SizedRecord {
  readonly setName: string;
  readonly voidTime: number;
  readonly userKey: BinValue | undefined;
  readonly bins: Bins;
}

/** Bytes that a record takes, before rounding: what the server holds against max-record-size. */
export function flatSize(record: SizedRecord): number {
  let size = METADATA + END_MARK;
  if (record.voidTime !== 0) size += 4;
  if (record.setName !== "") size += 1 + nameLength(record.setName);
  if (record.userKey !== undefined) {
    const keySize = 1 + record.userKey.bytes.length;
    size += countSize(keySize) + keySize;
  }
  const { names, values } = record.bins;
  if (names.length > 0) size += countSize(names.length);
  for (let i = 0; i < names.length; i++) size += 1 + nameLength(names[i]!) + particleSize(values[i]!);
  return size;
}

/** Bytes that a record takes as the `record_size` expression gives them. */
export function recordSize(record: SizedRecord): number {
  return Math.ceil(flatSize(record) / STEP) * STEP;
}

function particleSize(value: BinValue): number {
  switch (value.type) {
    case ParticleType.INTEGER:
      return 2 + integerSize(BigInt.asUintN(64, integerOf(value)));
    case ParticleType.DOUBLE:
      return 9;
    case ParticleType.BOOL:
      return 2;
    case ParticleType.GEOJSON:
      return 5 + 3 + 8 * (geoValueOf(value.bytes)?.cells.length ?? 0) + value.bytes.length;
    default:
      return 5 + value.bytes.length;
  }
}

function integerSize(value: bigint): number {
  if (value > 0xffff_ffffn) return 8;
  if (value > 0xffffn) return 4;
  return value > 0xffn ? 2 : 1;
}

function countSize(count: number): number {
  if (count < 0x80) return 1;
  if (count < 0x4000) return 2;
  return count < 0x20_0000 ? 3 : 4;
}

function nameLength(name: string): number {
  return /^[\0-\x7f]*$/.test(name) ? name.length : writeName(name).length;
}
