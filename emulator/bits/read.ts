import { BitOp } from "../../protocol/cdt/operations.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import type { Params } from "../cdt/params.js";
import { type BinValue, integerValue } from "../record/bin-value.js";
import { AddFlag } from "./addition.js";
import { type BitRegion, isSet, readBits, readInteger } from "./bit-region.js";
import { bitOffset, bitSize, integerSize, knownFlags } from "./bits-params.js";

export interface BitsRead {
  readonly required: number;
  readonly most: number;
  readonly read: (params: Params) => BitsQuestion;
}

/** What is asked about which region. */
export interface BitsQuestion {
  readonly offset: number;
  readonly size: number;
  readonly answer: (blob: Uint8Array, region: BitRegion) => BinValue;
}

/** The operations that read a blob. */
export const BITS_READ_OPS: ReadonlyMap<number, BitsRead> = new Map<number, BitsRead>([
  [BitOp.GET.code, { required: 2, most: 2, read: readGet }],
  [BitOp.COUNT.code, { required: 2, most: 2, read: readCount }],
  [BitOp.LSCAN.code, { required: 3, most: 3, read: (params) => readScan(params, scanRight) }],
  [BitOp.RSCAN.code, { required: 3, most: 3, read: (params) => readScan(params, scanLeft) }],
  [BitOp.GET_INT.code, { required: 2, most: 3, read: readGetInteger }],
]);

function readGet(params: Params): BitsQuestion {
  const answer = (blob: Uint8Array, region: BitRegion): BinValue => {
    return { type: ParticleType.BLOB, bytes: readBits(blob, region) };
  };
  return { offset: bitOffset(params), size: bitSize(params), answer };
}

function readCount(params: Params): BitsQuestion {
  const answer = (blob: Uint8Array, region: BitRegion): BinValue => {
    let count = 0;
    for (let bits of readBits(blob, region)) for (; bits !== 0; bits &= bits - 1) count++;
    return integerValue(count);
  };
  return { offset: bitOffset(params), size: bitSize(params), answer };
}

type Scan = (blob: Uint8Array, region: BitRegion, wanted: boolean) => number;

function readScan(params: Params, scan: Scan): BitsQuestion {
  const offset = bitOffset(params);
  const size = bitSize(params);
  const wanted = params.bool();
  return { offset, size, answer: (blob, region) => integerValue(scan(blob, region, wanted)) };
}

function scanRight(blob: Uint8Array, { start, size }: BitRegion, wanted: boolean): number {
  for (let i = 0; i < size; i++) if (isSet(blob, start + i) === wanted) return i;
  return -1;
}

/** Looks through the whole of the byte that the region starts in: a bit found before the start has a negative place. */
function scanLeft(blob: Uint8Array, { start, size }: BitRegion, wanted: boolean): number {
  for (let i = size - 1; i >= -(start & 7); i--) if (isSet(blob, start + i) === wanted) return i;
  return -1;
}

function readGetInteger(params: Params): BitsQuestion {
  const offset = bitOffset(params);
  const size = integerSize(params);
  const flags = knownFlags(params, AddFlag.SIGNED);
  const answer = (blob: Uint8Array, region: BitRegion): BinValue => {
    const unsigned = readInteger(blob, region);
    return integerValue(flags === 0 ? BigInt.asIntN(64, unsigned) : BigInt.asIntN(size, unsigned));
  };
  return { offset, size, answer };
}
