import type { ExpType } from "../protocol/exp/exp-type.js";

// Sets of types as bits: what is still open has several.

export const NIL = 1;
export const BOOL = 2;
export const INT = 4;
export const STRING = 8;
export const LIST = 16;
export const MAP = 32;
export const BLOB = 64;
export const FLOAT = 128;
export const GEO = 256;
export const HLL = 512;

export const NUMBER: number = INT | FLOAT;
export const CONTAINER: number = LIST | MAP;
export const KEY: number = INT | STRING | BLOB;
/** What a bin or an element can hold. */
export const ANY: number = BOOL | INT | STRING | LIST | MAP | BLOB | FLOAT | GEO | HLL;
/** What `==` and its like take; nil, as the type of a bin that is compared with NIL. */
export const COMPARABLE: number = ANY & ~(GEO | HLL);

const NAMES: readonly (readonly [number, ExpType])[] = [
  [NIL, "nil"],
  [BOOL, "bool"],
  [INT, "int"],
  [FLOAT, "float"],
  [STRING, "string"],
  [BLOB, "blob"],
  [LIST, "list"],
  [MAP, "map"],
  [GEO, "geo"],
  [HLL, "hll"],
];
const BY_SET: ReadonlyMap<number, ExpType> = new Map(NAMES);
const BY_NAME: ReadonlyMap<ExpType, number> = new Map(NAMES.map(([bit, name]) => [name, bit]));

/** The one type of a set; undefined when it has several. */
export function single(set: number): ExpType | undefined {
  return BY_SET.get(set);
}

export function setOf(type: ExpType): number {
  return BY_NAME.get(type)!;
}

/** What more than a few types are called. */
export const OPEN = "of open type";

/** "INT", "INT or FLOAT", "of any type". */
export function setName(set: number): string {
  if ((set & ANY) === ANY) return "of any type";
  const names = NAMES.filter(([bit]) => (set & bit) !== 0).map(([, name]) => name.toUpperCase());
  if (names.length > 4) return OPEN;
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

/** Types as other languages write them. */
const FOREIGN_TYPES: ReadonlyMap<string, string> = new Map(
  "STR STRING,TEXT STRING,INTEGER INT,LONG INT,DOUBLE FLOAT,BOOLEAN BOOL,BYTES BLOB,ARRAY LIST,OBJECT MAP,GEOJSON GEO"
    .split(",")
    .map((pair) => pair.split(" ") as [string, string]),
);

/** The type that is meant by a word in any case; undefined when none is. */
export function typeMeant(word: string): string | undefined {
  const upper = word.toUpperCase();
  return TYPE_WORDS.has(upper) ? upper : FOREIGN_TYPES.get(upper);
}

/** Types as the language writes them. */
export const TYPE_WORDS: ReadonlyMap<string, ExpType> = new Map<string, ExpType>([
  ["INT", "int"],
  ["FLOAT", "float"],
  ["STRING", "string"],
  ["BOOL", "bool"],
  ["BLOB", "blob"],
  ["LIST", "list"],
  ["MAP", "map"],
  ["GEO", "geo"],
  ["HLL", "hll"],
]);
