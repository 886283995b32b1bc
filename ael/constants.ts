import type { ExpType } from "../protocol/exp/exp-type.js";
import type { ConstNode } from "../protocol/exp/node.js";
import { ExpOp } from "../protocol/exp/op-code.js";
import { ParticleType } from "../protocol/value/particle-type.js";

/** Particle types, which BIN_TYPE gives, by type. */
export const PARTICLES: Readonly<Record<ExpType, number>> = {
  nil: ParticleType.NULL,
  bool: ParticleType.BOOL,
  int: ParticleType.INTEGER,
  string: ParticleType.STRING,
  list: ParticleType.LIST,
  map: ParticleType.MAP,
  blob: ParticleType.BLOB,
  float: ParticleType.DOUBLE,
  geo: ParticleType.GEOJSON,
  hll: ParticleType.HLL,
};

/** Operators that compare. */
export const COMPARISONS: Readonly<Record<string, number>> = {
  "==": ExpOp.EQ,
  "!=": ExpOp.NE,
  ">": ExpOp.GT,
  ">=": ExpOp.GE,
  "<": ExpOp.LT,
  "<=": ExpOp.LE,
};

export function int(value: number): ConstNode {
  return { kind: "const", type: "int", value };
}

export function string(value: string): ConstNode {
  return { kind: "const", type: "string", value };
}
