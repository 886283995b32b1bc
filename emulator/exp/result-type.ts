import { ParticleType } from "../../protocol/value/particle-type.js";

/** Types as expressions name them on the wire: `[81, type, name]`, `[127, type, …]`. */
export const ResultType = {
  NIL: 0,
  BOOL: 1,
  INT: 2,
  STRING: 3,
  LIST: 4,
  MAP: 5,
  BLOB: 6,
  FLOAT: 7,
  GEOJSON: 8,
  HLL: 9,
  /** Of `unknown` alone: a bool that `cond` lets stand beside any other type. */
  UNKNOWN: 10,
  /** Of `remove_result` alone. */
  REMOVE: 11,
  /** Wildcard, infinity and other extension values: they can be compared and nothing else. */
  EXTENSION: 12,
} as const;
export type ResultType = (typeof ResultType)[keyof typeof ResultType];

const codes = new Map<number, ResultType>(Object.values(ResultType).map((code) => [code, code]));

/** The type behind a code that a bin or a call may be declared with. */
export function declaredType(code: bigint): ResultType | undefined {
  return code <= ResultType.HLL ? codes.get(Number(code)) : undefined;
}

/** The type behind a code of a loop variable: the server takes its two internal codes there as well. */
export function loopVariableType(code: bigint): ResultType | undefined {
  const low = BigInt.asUintN(32, code);
  return low <= ResultType.REMOVE ? codes.get(Number(low)) : undefined;
}

/** True where the server sees one type; `unknown` is a bool to everyone but `cond`. */
export function sameType(a: ResultType, b: ResultType): boolean {
  return asBool(a) === asBool(b);
}

export function isBool(type: ResultType): boolean {
  return asBool(type) === ResultType.BOOL;
}

function asBool(type: ResultType): ResultType {
  return type === ResultType.UNKNOWN ? ResultType.BOOL : type;
}

const particleTypes: readonly number[] = [
  ParticleType.NULL,
  ParticleType.BOOL,
  ParticleType.INTEGER,
  ParticleType.STRING,
  ParticleType.LIST,
  ParticleType.MAP,
  ParticleType.BLOB,
  ParticleType.DOUBLE,
  ParticleType.GEOJSON,
  ParticleType.HLL,
];

/** The particle type of a declared type's values; -1 for the types that no bin can have. */
export function particleTypeOf(type: ResultType): number {
  return particleTypes[type] ?? -1;
}
