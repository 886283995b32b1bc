import type { LoopVariables, PathEvaluator } from "../cdt/path-evaluator.js";
import type { RecordView } from "../record/record-view.js";
import { type Compiled, compileSteps } from "./compiler.js";
import { Machine, type Step } from "./machine.js";
import { packedResult } from "./pack.js";
import { isBool, ResultType } from "./result-type.js";
import { type ExpValue, UNKNOWN } from "./value.js";

/** A packed expression, checked and ready to run over any number of records. */
export class Expression {
  readonly type: ResultType;
  /** The codes of its operations. */
  readonly codes: ReadonlySet<number>;
  readonly #steps: readonly Step[];

  constructor({ type, steps, codes }: Compiled) {
    this.type = type;
    this.codes = codes;
    this.#steps = steps;
  }

  /** The value over a record, or over an element inside a path when there is no record. */
  evaluate(record: RecordView | undefined, loop?: LoopVariables): ExpValue {
    return new Machine(pathEvaluator, record, loop).run(this.#steps);
  }

  /** The verdict of a filter; undefined for unknown, false for anything that is no bool. */
  test(record: RecordView | undefined, loop?: LoopVariables): boolean | undefined {
    const value = this.evaluate(record, loop);
    if (typeof value === "boolean") return value;
    return value === UNKNOWN ? undefined : false;
  }
}

/** Builds an expression of any type from its packed bytes; undefined where the server refuses (result code 4). */
export function compile(packed: Uint8Array): Expression | undefined {
  // Constants may come to be stored, longer than the request that they came with.
  const compiled = compileSteps(packed.slice());
  // A value of no type can be compared, but is nothing by itself.
  if (compiled === undefined || compiled.type === ResultType.EXTENSION) return undefined;
  return new Expression(compiled);
}

/** Builds a filter: an expression that yields a bool. */
export function compileFilter(packed: Uint8Array): Expression | undefined {
  const expression = compile(packed);
  return expression !== undefined && isBool(expression.type) ? expression : undefined;
}

/** Evaluates the expressions inside path expressions. */
export const pathEvaluator: PathEvaluator = {
  compile(packed) {
    const expression = compile(packed);
    if (expression === undefined) return undefined;
    return {
      matches: (variables) => expression.test(undefined, variables),
      replace: (variables) => packedResult(expression.evaluate(undefined, variables)),
    };
  },
};
