import { Reader } from "../../protocol/bytes/reader.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import type { Release } from "../release.js";
import { compileConstant } from "./constant.js";
import type { Compilation, Operands } from "./form.js";
import { formOf } from "./forms.js";
import type { Step } from "./machine.js";
import { listCount, takeInteger } from "./packed.js";
import { Refused, refuse } from "./refused.js";
import type { ResultType } from "./result-type.js";
import type { Scope } from "./scope.js";

/** The server's limit on the compiled form. */
const MAX_COMPILED_SIZE = 1024 * 1024;

/** Turns packed bytes into steps, checking what the server checks when it builds an expression. */
class Compiler implements Compilation {
  readonly reader: Reader;
  readonly steps: Step[] = [];
  /** The codes of the operations that it has met. */
  readonly codes = new Set<number>();
  scope: Scope | undefined;
  /** Index of the next `let` variable. */
  nextVariable = 0;
  readonly release: Release;
  #size = 0;
  readonly #open: Operands[] = [];

  constructor(bytes: Uint8Array, release: Release) {
    this.reader = new Reader(bytes);
    this.release = release;
  }

  /** Compiles the whole of the bytes and returns its type; throws Refused or ProtocolError. */
  compile(): ResultType {
    let type = this.#next();
    for (let list = this.#open.at(-1); list !== undefined; list = this.#open.at(-1)) {
      const { done, value } = type === undefined ? list.next() : list.next(type);
      if (done) this.#open.pop();
      type = done ? value : this.#next();
    }
    if (this.reader.left > 0) refuse(`${this.reader.left} bytes follow the expression`);
    if (type === undefined) refuse("no expression");
    return type;
  }

  emit(step: Step): void {
    this.steps.push(step);
  }

  /** Counts `size` bytes of the server's compiled form. */
  grow(size: number): void {
    this.#size += size;
    if (this.#size >= MAX_COMPILED_SIZE) refuse(`the expression compiles to more than ${MAX_COMPILED_SIZE} bytes`);
  }

  /** Compiles the value that starts here; undefined when it is a list whose operands come next. */
  #next(): ResultType | undefined {
    const count = listCount(this.reader);
    if (count === undefined) return compileConstant(this);
    if (count === 0) refuse("an empty list");
    const code = takeInteger(this.reader);
    const form = code === undefined ? undefined : formOf(Number(code), this.release);
    if (form === undefined) refuse(`no operation has the code ${code}`);
    this.codes.add(Number(code));
    this.grow(form.size);
    const compiled = form.compile(this, count - 1);
    if (typeof compiled === "number") return compiled;
    this.#open.push(compiled);
    return undefined;
  }
}

/** A compiled expression. */
export interface Compiled {
  readonly type: ResultType;
  readonly steps: readonly Step[];
  /** The codes of its operations, those inside the paths of calls excepted: these are compiled where they are used. */
  readonly codes: ReadonlySet<number>;
}

/** Compiles packed bytes, or says why the server refuses them. */
export function compileSteps(bytes: Uint8Array, release: Release): Compiled | Refused {
  const compiler = new Compiler(bytes, release);
  try {
    const type = compiler.compile();
    return { type, steps: compiler.steps, codes: compiler.codes };
  } catch (error) {
    if (error instanceof Refused) return error.at(compiler.reader.at);
    if (error instanceof ProtocolError) return new Refused(error.message).at(compiler.reader.at);
    throw error;
  }
}
