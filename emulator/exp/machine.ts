import type { LoopVariables, PathEvaluator } from "../cdt/path-evaluator.js";
import type { RecordView } from "../record/record-view.js";
import { type ExpValue, UNKNOWN } from "./value.js";

/** One instruction: works on the machine's stack, and may move `machine.at`. */
export type Step = (machine: Machine) => void;

/** Runs the steps of one expression. They are flat and in postfix order, so that no nesting can exhaust the stack. */
export class Machine {
  readonly stack: ExpValue[] = [];
  readonly variables: ExpValue[] = [];
  /** The next step. */
  at = 0;
  /** Absent inside path expressions, which see neither bins nor metadata. */
  readonly record: RecordView | undefined;
  /** The element that a path expression is at; absent outside. */
  readonly loop: LoopVariables | undefined;
  /** Evaluates the expressions inside paths. */
  readonly paths: PathEvaluator;

  constructor(paths: PathEvaluator, record: RecordView | undefined, loop: LoopVariables | undefined) {
    this.paths = paths;
    this.record = record;
    this.loop = loop;
  }

  run(steps: readonly Step[]): ExpValue {
    while (this.at < steps.length) steps[this.at++]?.(this);
    return this.pop();
  }

  push(value: ExpValue): void {
    this.stack.push(value);
  }

  pop(): ExpValue {
    return known(this.stack.pop());
  }

  /** The last `count` values in the order in which they were pushed. */
  popAll(count: number): ExpValue[] {
    return this.stack.splice(this.stack.length - count, count);
  }

  get top(): ExpValue {
    return known(this.stack[this.stack.length - 1]);
  }

  /** The value of a `let` variable. */
  variable(index: number): ExpValue {
    return known(this.variables[index]);
  }
}

/** Nil is a value; only what is not there at all is unknown. */
function known(value: ExpValue | undefined): ExpValue {
  return value === undefined ? UNKNOWN : value;
}
