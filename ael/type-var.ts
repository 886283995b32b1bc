import type { Span } from "./ast.js";
import { setName } from "./type-set.js";

/** What narrowed a type: a place, and why in words that go on after "is INT". */
export interface Origin {
  readonly node: Span;
  /** `beside 5.5`, `"%" takes INT`; undefined when the place is what the type is of. */
  readonly why: string | undefined;
}

/** The set of types that something can have; what meets shares one. */
export class TypeVar {
  #set: number;
  #parent: TypeVar | undefined = undefined;
  origin: Origin | undefined;

  constructor(set: number, origin?: Origin) {
    this.#set = set;
    this.origin = origin;
  }

  get root(): TypeVar {
    let at: TypeVar = this;
    while (at.#parent !== undefined) at = at.#parent;
    if (at !== this) this.#parent = at;
    return at;
  }

  get set(): number {
    return this.root.#set;
  }

  get name(): string {
    return setName(this.set);
  }

  /** Narrows to what both allow; false, and nothing done, when that is nothing. */
  narrow(set: number, origin: Origin | undefined): boolean {
    const root = this.root;
    const both = root.#set & set;
    if (both === 0) return false;
    if (both !== root.#set) {
      root.#set = both;
      root.origin = origin;
    }
    return true;
  }

  /** Makes one of two; false, and nothing done, when they have no type in common. */
  static unify(a: TypeVar, b: TypeVar): boolean {
    const left = a.root;
    const right = b.root;
    if (left === right) return true;
    const both = left.#set & right.#set;
    if (both === 0) return false;
    // What was narrower says why.
    if (both !== left.#set || (left.origin === undefined && both === right.#set)) left.origin = right.origin;
    left.#set = both;
    right.#parent = left;
    return true;
  }
}
