import type { ExpType } from "../../protocol/exp/exp-type.js";
import type { AelNode } from "./ast.js";

/**
 * The type of one or several parts of a text that must have the same one, while it is inferred. Bins, elements and variables start open; what they
 * are compared or calculated with closes them, and what stays open is INT in the end.
 */
export class TypeVariable {
  type: ExpType | undefined;
  /** An INT that would as well be FLOAT: integer literals and parameters. */
  soft: boolean;
  /** Open, but INT or FLOAT for sure. */
  numeric = false;
  /** What gave the type, for messages. */
  origin: AelNode | undefined;
  #unifiedWith: TypeVariable | undefined;

  constructor(type?: ExpType, origin?: AelNode, soft = false) {
    this.type = type;
    this.origin = origin;
    this.soft = soft;
  }

  /** The variable that stands for all that were unified with this one. */
  get root(): TypeVariable {
    let root: TypeVariable = this;
    while (root.#unifiedWith !== undefined) root = root.#unifiedWith;
    return root;
  }

  /** The type in the end. */
  get resolved(): ExpType {
    return this.root.type ?? "int";
  }

  /**
   * Makes both one. `"convert"`: one is INT and the other FLOAT for good, which a conversion bridges where they meet.
   * `"mismatch"`: they can't be the same.
   */
  static unify(a: TypeVariable, b: TypeVariable): "unified" | "convert" | "mismatch" {
    const left = a.root;
    const right = b.root;
    if (left === right) return "unified";
    if (left.type !== undefined && right.type !== undefined && left.type !== right.type) {
      if (!(isNumber(left.type) && isNumber(right.type))) return "mismatch";
      const integer = left.type === "int" ? left : right;
      if (!integer.soft) return "convert";
      integer.#become(integer === left ? right : left);
      return "unified";
    }
    const open = left.type === undefined ? left : right;
    const other = open === left ? right : left;
    if (open.numeric && other.type !== undefined && !isNumber(other.type)) return "mismatch";
    open.#become(other);
    return "unified";
  }

  #become(other: TypeVariable): void {
    // Two of the same type are as firm as the firmer one.
    if (this.type === other.type && !this.soft) {
      other.soft = false;
      other.origin = this.origin ?? other.origin;
    }
    other.numeric ||= this.numeric;
    this.#unifiedWith = other;
  }
}

export function isNumber(type: ExpType | undefined): boolean {
  return type === "int" || type === "float";
}
