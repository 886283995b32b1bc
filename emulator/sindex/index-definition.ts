import { ParticleType } from "../../protocol/value/particle-type.js";

/** What of a bin an index holds; numbers as in the INDEX_TYPE field. */
export const IndexSource = { DEFAULT: 0, LIST: 1, MAPKEYS: 2, MAPVALUES: 3, SET: 4 } as const;
export type IndexSource = (typeof IndexSource)[keyof typeof IndexSource];

/** Names of the sources in info commands. */
export const sourceNames: Readonly<Record<IndexSource, string>> = {
  [IndexSource.DEFAULT]: "default",
  [IndexSource.LIST]: "list",
  [IndexSource.MAPKEYS]: "mapkeys",
  [IndexSource.MAPVALUES]: "mapvalues",
  [IndexSource.SET]: "set",
};

/** Types of values that an index can hold, with their names in info commands. */
export const valueTypeNames: ReadonlyMap<number, string> = new Map([
  [ParticleType.INTEGER, "numeric"],
  [ParticleType.STRING, "string"],
  [ParticleType.BLOB, "blob"],
  [ParticleType.GEOJSON, "geo2dsphere"],
]);

/** What an index is on. Two of the same definition are one index. */
export interface IndexDefinition {
  /** Empty: every record of the namespace. */
  readonly setName: string;
  /** Empty for an index on an expression. */
  readonly binName: string;
  readonly source: IndexSource;
  /** Particle type of the values. */
  readonly valueType: number;
  /** Packed path into the bin. */
  readonly context: Uint8Array | undefined;
  /** Packed expression whose result is indexed. */
  readonly expression: Uint8Array | undefined;
}

export function sameDefinition(a: IndexDefinition, b: IndexDefinition): boolean {
  return (
    a.setName === b.setName &&
    a.binName === b.binName &&
    a.source === b.source &&
    a.valueType === b.valueType &&
    sameBytes(a.context, b.context) &&
    sameBytes(a.expression, b.expression)
  );
}

export function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
