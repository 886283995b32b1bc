import type { LoopVariables, PathEvaluator } from "../cdt/path-evaluator.js";
import type { RecordView } from "../record/record-view.js";
import type { Release } from "../release.js";
import { type Compiled, compileSteps } from "./compiler.js";
import { Machine, type Step } from "./machine.js";
import { packedResult } from "./pack.js";
import { Refused } from "./refused.js";
import { isBool, ResultType } from "./result-type.js";
import { compileText, textOf } from "./text.js";
import { type ExpValue, UNKNOWN } from "./value.js";

/** A packed expression, checked and ready to run over any number of records. */
export class Expression {
  readonly type: ResultType;
  /** The codes of its operations. */
  readonly codes: ReadonlySet<number>;
  readonly #release: Release;
  readonly #steps: readonly Step[];

  constructor({ type, steps, codes }: Compiled, release: Release) {
    this.#release = release;
    this.type = type;
    this.codes = codes;
    this.#steps = steps;
  }

  /** The value over a record, or over an element inside a path when there is no record. */
  evaluate(record: RecordView | undefined, loop?: LoopVariables): ExpValue {
    return new Machine(pathEvaluator(this.#release), record, loop).run(this.#steps);
  }

  /** The verdict of a filter; undefined for unknown, false for anything that is no bool. */
  test(record: RecordView | undefined, loop?: LoopVariables): boolean | undefined {
    const value = this.evaluate(record, loop);
    if (typeof value === "boolean") return value;
    return value === UNKNOWN ? undefined : false;
  }
}

/** Builds an expression of any type from its packed bytes; undefined where the server refuses (result code 4). */
export function compile(packed: Uint8Array, release: Release = "8.1"): Expression | undefined {
  const built = build(packed, release);
  return built instanceof Expression ? built : undefined;
}

/** Builds an expression of any type, or says why there is none. */
export function build(packed: Uint8Array, release: Release = "8.1"): Expression | Refused {
  const text = release === "8.2" ? textOf(packed) : undefined;
  if (text instanceof Refused) return text;
  if (text !== undefined) {
    const compiledText = compileText(text);
    return compiledText instanceof Refused ? compiledText : build(compiledText, release);
  }
  // Constants may come to be stored, longer than the request that they came with.
  const compiled = compileSteps(packed.slice(), release);
  if (compiled instanceof Refused) return compiled;
  // A value of no type can be compared, but is nothing by itself.
  if (compiled.type === ResultType.EXTENSION) return new Refused("a wildcard or infinity is nothing by itself");
  return new Expression(compiled, release);
}

/** Builds a filter, an expression that yields a bool, or says why there is none. */
export function buildFilter(packed: Uint8Array, release: Release = "8.1"): Expression | Refused {
  const built = build(packed, release);
  if (built instanceof Refused || isBool(built.type)) return built;
  return new Refused(`a filter is of type bool, not ${built.type}`);
}

/** Evaluates the expressions inside path expressions. */
export function pathEvaluator(release: Release): PathEvaluator {
  return EVALUATORS[release];
}

const EVALUATORS: Readonly<Record<Release, PathEvaluator>> = {
  "8.1": evaluatorOf("8.1"),
  "8.2": evaluatorOf("8.2"),
};

function evaluatorOf(release: Release): PathEvaluator {
  return {
    release,
    compile(packed) {
      const expression = compile(packed, release);
      if (expression === undefined) return undefined;
      return {
        matches: (variables) => expression.test(undefined, variables),
        replace: (variables) => packedResult(expression.evaluate(undefined, variables)),
      };
    },
  };
}
