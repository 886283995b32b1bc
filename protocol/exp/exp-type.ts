/** Types of an expression's value. */
export const ExpType = {
  NIL: "nil",
  BOOL: "bool",
  INT: "int",
  STRING: "string",
  LIST: "list",
  MAP: "map",
  BLOB: "blob",
  FLOAT: "float",
  GEO: "geo",
  HLL: "hll",
} as const;
export type ExpType = (typeof ExpType)[keyof typeof ExpType];

/**
 * What an expression can be, besides a value: `"remove"` takes an element out in a path modification, `"special"`
 * (wildcard, infinity) only compares inside collection calls.
 */
export type ExpKind = ExpType | "remove" | "special";

/** The place of a type in this list is its code on the wire. */
const BY_CODE: readonly ExpType[] = ["nil", "bool", "int", "string", "list", "map", "blob", "float", "geo", "hll"];
const CODES: ReadonlyMap<string, number> = new Map(BY_CODE.map((type, code) => [type, code]));

export function typeCode(type: ExpType): number {
  return CODES.get(type)!;
}

/** The type of a code on the wire; undefined when there is none. */
export function typeOfCode(code: number): ExpType | undefined {
  return BY_CODE[code];
}

export function isExpType(value: unknown): value is ExpType {
  return typeof value === "string" && CODES.has(value);
}

/** Throws a TypeError that lists the types there are. */
export function checkType(value: unknown, where: string): ExpType {
  if (isExpType(value)) return value;
  throw new TypeError(
    `${where}: expected the type of an expression, one of ${BY_CODE.join(", ")}, got ${String(value)}`,
  );
}
