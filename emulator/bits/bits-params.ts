import type { Params } from "../cdt/params.js";
import { AddFlag } from "./addition.js";

const MAX_BYTES = 128n * 1024n * 1024n;
const MAX_BITS = MAX_BYTES * 8n;

export const BitsFlag = { CREATE_ONLY: 1, UPDATE_ONLY: 2, NO_FAIL: 4, PARTIAL: 8 } as const;
export const ResizeFlag = { FROM_FRONT: 1, GROW_ONLY: 2, SHRINK_ONLY: 4 } as const;

/** Signed: negative offsets count from the end. */
export function bitOffset(params: Params): number {
  return within(params, params.integer(), -MAX_BITS, MAX_BITS);
}

export function byteOffset(params: Params): number {
  return within(params, params.integer(), -MAX_BYTES, MAX_BYTES);
}

export function bitSize(params: Params): number {
  return within(params, params.flags(), 1n, MAX_BITS);
}

export function byteSize(params: Params, least: bigint): number {
  return within(params, params.flags(), least, MAX_BYTES);
}

export function integerSize(params: Params): number {
  return within(params, params.flags(), 1n, 64n);
}

export function shiftSize(params: Params): number {
  return within(params, params.flags(), 0n, MAX_BITS);
}

/** The bytes of a blob, of at least so many bits and never empty. */
export function blobOf(params: Params, bits: number): Uint8Array {
  const content = params.content();
  params.demand(content.length > 1 && (content.length - 1) * 8 >= bits);
  return content.subarray(1);
}

/** The flags of a write, among those that its operation knows. */
export function writeFlags(params: Params, known: number): number {
  const flags = knownFlags(params, known);
  params.demand(!hasBoth(flags, BitsFlag.CREATE_ONLY, BitsFlag.UPDATE_ONLY));
  return flags;
}

export function resizeFlags(params: Params): number {
  const { FROM_FRONT, GROW_ONLY, SHRINK_ONLY } = ResizeFlag;
  const flags = knownFlags(params, FROM_FRONT | GROW_ONLY | SHRINK_ONLY);
  params.demand(!hasBoth(flags, GROW_ONLY, SHRINK_ONLY));
  return flags;
}

export function addFlags(params: Params): number {
  const flags = knownFlags(params, AddFlag.SIGNED | AddFlag.SATURATE | AddFlag.WRAP);
  params.demand(!hasBoth(flags, AddFlag.SATURATE, AddFlag.WRAP));
  return flags;
}

export function knownFlags(params: Params, known: number): number {
  const flags = params.flags();
  params.demand((flags & ~BigInt(known)) === 0n);
  return Number(flags & BigInt(known));
}

function hasBoth(flags: number, one: number, other: number): boolean {
  return (flags & one) !== 0 && (flags & other) !== 0;
}

function within(params: Params, value: bigint, least: bigint, most: bigint): number {
  params.demand(value >= least && value <= most);
  return params.areBad ? 0 : Number(value);
}
