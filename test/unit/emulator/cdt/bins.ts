import { applyCdt, type PathEvaluator } from "../../../../emulator/cdt/index.js";
import { comparePacked } from "../../../../emulator/packed/order.js";
import type { BinValue } from "../../../../emulator/record/bin-value.js";
import type { OpOutcome } from "../../../../emulator/record/op-outcome.js";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { type CdtCall, encodePayload } from "../../../../protocol/cdt/call.js";
import { packListHeader, packMapHeader, packSearchValue, type SearchValue } from "../../../../protocol/value/pack.js";
import { readParticle } from "../../../../protocol/value/particle.js";
import { ParticleType } from "../../../../protocol/value/particle-type.js";

// Bins and operations on them, put together and taken apart for tests.

export function packed(value: SearchValue): Uint8Array {
  const w = new Writer();
  packSearchValue(w, value);
  return w.copy();
}

/** A list of parts that are packed already, with an order marker unless the flags are 0. */
export function packedList(flags: number, ...elements: readonly Uint8Array[]): Uint8Array {
  const w = new Writer();
  packListHeader(w, elements.length + (flags === 0 ? 0 : 1));
  if (flags !== 0) w.bytes(Uint8Array.of(0xc7, 0, flags));
  for (const element of elements) w.bytes(element);
  return w.copy();
}

/** A map of keys and values that are packed already, with an order marker unless the flags are 0. */
export function packedMap(flags: number, ...entries: readonly (readonly [Uint8Array, Uint8Array])[]): Uint8Array {
  const w = new Writer();
  packMapHeader(w, entries.length + (flags === 0 ? 0 : 1));
  if (flags !== 0) w.bytes(Uint8Array.of(0xc7, 0, flags, 0xc0));
  for (const part of entries.flat()) w.bytes(part);
  return w.copy();
}

export function listBin(values: readonly SearchValue[], flags = 0): BinValue {
  const elements = values.map(packed);
  if (flags !== 0) elements.sort(comparePacked);
  return { type: ParticleType.LIST, bytes: packedList(flags, ...elements) };
}

export function mapBin(entries: readonly (readonly [SearchValue, SearchValue])[], flags = 0): BinValue {
  const packedEntries = entries.map(([key, value]) => [packed(key), packed(value)] as const);
  packedEntries.sort(([a], [b]) => comparePacked(a, b));
  return { type: ParticleType.MAP, bytes: packedMap(flags, ...packedEntries) };
}

/** Runs an operation as a client builds it. */
export function run(bin: BinValue | undefined, call: CdtCall, evaluator?: PathEvaluator): OpOutcome {
  return applyCdt(bin, encodePayload(call), call.operation.modifies, evaluator);
}

/** Runs a payload that no client would build: `[code, param, …]`. */
export function runRaw(bin: BinValue | undefined, modify: boolean, payload: readonly SearchValue[]): OpOutcome {
  return applyCdt(bin, packed([...payload]), modify);
}

/** What a bin or a reply row holds; undefined for none. */
export function contentOf(value: BinValue | null | undefined): unknown {
  if (value === undefined || value === null) return undefined;
  return readParticle(new Reader(value.bytes), value.type, value.bytes.length);
}

/** The bin after an operation. */
export function binAfter(bin: BinValue | undefined, { bin: changed }: OpOutcome): BinValue | undefined {
  if (changed === undefined) return bin;
  return changed ?? undefined;
}
