import type { Reader } from "../../protocol/bytes/reader.js";
import type { Release } from "../release.js";
import type { Step } from "./machine.js";
import type { ResultType } from "./result-type.js";
import type { Scope } from "./scope.js";

/**
 * The compilation of one list: each `yield` stands for an operand and comes back with the operand's type; the return value
 * is the type of the whole. Lists being compiled wait in the compiler, not on the stack.
 */
export type Operands = Generator<undefined, ResultType, ResultType>;

/** What an op code means. */
export interface Form {
  /** Bytes that the server's compiled form of it takes. */
  readonly size: number;
  /** Compiles the list from after the op code; `count` values follow. */
  readonly compile: (c: Compilation, count: number) => Operands | ResultType;
}

/** What a form sees of the compiler that is at it: the bytes, the steps so far, the variables that are defined. */
export interface Compilation {
  readonly reader: Reader;
  /** The server that builds it. */
  readonly release: Release;
  readonly steps: readonly Step[];
  scope: Scope | undefined;
  /** Index of the next `let` variable. */
  nextVariable: number;
  emit(step: Step): void;
  /** Counts `size` bytes of the server's compiled form. */
  grow(size: number): void;
}
