import { compareBytes } from "../../protocol/value/map-key.js";
import type { ResultType } from "./result-type.js";

interface Variable {
  readonly name: Uint8Array;
  readonly index: number;
  /** Absent while the variable's own value is compiled. */
  type: ResultType | undefined;
}

/** The variables of one `let`, inside those of the lets around it. */
export class Scope {
  readonly outer: Scope | undefined;
  readonly #variables: Variable[] = [];

  constructor(outer: Scope | undefined) {
    this.outer = outer;
  }

  add(name: Uint8Array, index: number): Variable {
    const variable = { name, index, type: undefined };
    this.#variables.push(variable);
    return variable;
  }

  find(name: Uint8Array): Variable | undefined {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.outer) {
      const found = scope.#variables.find((variable) => compareBytes(variable.name, name) === 0);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
