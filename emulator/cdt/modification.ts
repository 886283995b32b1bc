import { ResultCode } from "../../protocol/result-code.js";
import { type BinValue, integerValue } from "../record/bin-value.js";
import type { Container } from "./container.js";
import type { Params } from "./params.js";

/** What a modification comes to; a number is the result code it is refused with. */
export interface Change<C extends Container> {
  /** The list or map as it is from now on; absent when nothing changed. */
  readonly container?: C;
  /** Value of the reply row. */
  readonly value?: BinValue | null;
}

export interface ModifyOp<C extends Container> {
  readonly required: number;
  readonly most: number;
  /** What the operation comes to where there is no list or map, before it looks at its parameters; undefined: it goes on. */
  readonly onMissing?: (target: Target<C>) => Change<C> | number | undefined;
  /** Takes the parameters and returns what is to be done with them. */
  readonly read: (params: Params) => Modification<C>;
}

export type Modification<C extends Container> = (target: Target<C>) => Change<C> | number;

/** The list or map that an operation works on. */
export class Target<C extends Container> {
  readonly existing: C | undefined;
  /** The bin has a value, though the context may lead to a place in it where nothing is yet. */
  readonly binExists: boolean;
  #opened: C | undefined;

  constructor(existing: C | undefined, binExists: boolean) {
    this.existing = existing;
    this.binExists = binExists;
  }

  /** What exists, else the empty one given. */
  open(fresh: C): C {
    if (this.existing !== undefined) return this.existing;
    this.#opened = fresh;
    return fresh;
  }

  /** An empty one that the operation opened. As a bin of its own it stays, even if nothing came into it. */
  get opened(): C | undefined {
    return this.#opened;
  }
}

/** The operation does nothing, and that is no error. */
export function nothing<C extends Container>(): Change<C> {
  return {};
}

/** A write that its flags refuse: an error, or with NO_FAIL a no-op that returns the size. */
export function refusal<C extends Container>(code: number, noFail: boolean, size: number): Change<C> | number {
  return noFail ? { value: integerValue(size) } : code;
}

export const REFUSED: number = ResultCode.OP_NOT_APPLICABLE;

/** Where a signed index points to in a container of that size; negative when before its start or beyond any list. */
export function absoluteIndex(index: bigint, size: number): number {
  const INT32_MAX = 0x7fff_ffffn;
  if (index > INT32_MAX) return -1;
  return Number(index < 0n ? index + BigInt(size) : index);
}
