import { Reader } from "../../protocol/bytes/reader.js";
import { PackedType } from "../../protocol/value/packed-head.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { valueInContext } from "../cdt/index.js";
import { compile } from "../exp/index.js";
import { listCount, peekKind, skipValue, takeBytes, takeInteger } from "../exp/packed.js";
import { toBin } from "../exp/value.js";
import { type BinValue, integerValue } from "../record/bin-value.js";
import type { RecordView } from "../record/record-view.js";
import { type IndexDefinition, IndexSource } from "./index-definition.js";

/** Longer strings and blobs are left out of indexes. */
const MAX_VALUE_BYTES = 2048;

/** Finds the values of a record that an index of a definition holds. */
export type ValueFinder = (record: RecordView) => readonly Uint8Array[];

const NONE: readonly Uint8Array[] = [];

export function valueFinder(definition: IndexDefinition): ValueFinder {
  const base = baseFinder(definition);
  return (record) => {
    const value = base(record);
    return value === undefined
      ? NONE
      : valuesIn(value, definition).filter((bytes) => bytes.length <= limit(definition));
  };
}

/** The bin, or what the index's expression or path makes of it. */
function baseFinder(definition: IndexDefinition): (record: RecordView) => BinValue | undefined {
  const { binName, expression, context } = definition;
  if (expression !== undefined) {
    const compiled = compile(expression, "8.2");
    return (record) => (compiled && toBin(compiled.evaluate(record))) ?? undefined;
  }
  return (record) => {
    const bin = record.bin(binName);
    return bin === undefined || context === undefined ? bin : valueInContext(bin, context);
  };
}

function valuesIn(value: BinValue, definition: IndexDefinition): readonly Uint8Array[] {
  const { source, valueType } = definition;
  switch (source) {
    case IndexSource.LIST:
      return value.type === ParticleType.LIST ? listValues(value.bytes, valueType) : NONE;
    case IndexSource.MAPKEYS:
      return value.type === ParticleType.MAP ? mapValues(value.bytes, valueType, true) : NONE;
    case IndexSource.MAPVALUES:
      return value.type === ParticleType.MAP ? mapValues(value.bytes, valueType, false) : NONE;
    default:
      return value.type === valueType ? [value.bytes] : NONE;
  }
}

function listValues(packed: Uint8Array, valueType: number): readonly Uint8Array[] {
  const r = new Reader(packed);
  const values: Uint8Array[] = [];
  for (let left = listCount(r) ?? 0; left > 0; left--) take(r, valueType, values);
  return values;
}

function mapValues(packed: Uint8Array, valueType: number, keys: boolean): readonly Uint8Array[] {
  const r = new Reader(packed);
  const values: Uint8Array[] = [];
  for (let left = mapCount(r); left > 0; left--) {
    if (keys) take(r, valueType, values);
    else skipValue(r);
    if (keys) skipValue(r);
    else take(r, valueType, values);
  }
  return values;
}

function mapCount(r: Reader): number {
  const head = r.u8();
  if (head === 0xde) return r.u16();
  return head === 0xdf ? r.u32() : head & 0x0f;
}

/** Takes one packed value, and keeps it when an index of this type would. */
function take(r: Reader, valueType: number, into: Uint8Array[]): void {
  const kind = peekKind(r);
  if (kind === PackedType.INTEGER || kind === PackedType.NEGATIVE_INTEGER) {
    const integer = takeInteger(r) ?? 0n;
    if (valueType === ParticleType.INTEGER) into.push(integerValue(integer).bytes);
    return;
  }
  const content =
    kind === PackedType.STRING || kind === PackedType.BYTES || kind === PackedType.GEOJSON ? takeBytes(r) : undefined;
  if (content === undefined) skipValue(r);
  else if (content[0] === valueType) into.push(content.subarray(1));
}

function limit(definition: IndexDefinition): number {
  return definition.valueType === ParticleType.GEOJSON ? Number.POSITIVE_INFINITY : MAX_VALUE_BYTES;
}
