import type { ByteSet } from "./byte-set.js";

/** A place that a pattern can ask for without taking a byte. */
export type Assertion =
  | "line start"
  | "line end"
  | "text start"
  | "text end"
  | "word start"
  | "word end"
  | "word edge"
  | "no word edge";

/** A parsed pattern. */
export type Node =
  | { readonly kind: "bytes"; readonly set: ByteSet }
  | { readonly kind: "assertion"; readonly assertion: Assertion }
  | { readonly kind: "sequence"; readonly nodes: readonly Node[] }
  | { readonly kind: "choice"; readonly nodes: readonly Node[] }
  | { readonly kind: "repeat"; readonly node: Node; readonly min: number; readonly max: number }
  | { readonly kind: "group"; readonly index: number; readonly node: Node }
  | { readonly kind: "reference"; readonly index: number };

export const EMPTY: Node = { kind: "sequence", nodes: [] };

/** A pattern that regcomp refuses. */
export class BadPattern extends Error {
  override readonly name = "BadPattern";
}
