import type { ExpType } from "../../protocol/exp/exp-type.js";
import type { AelNode } from "./ast.js";

/**
 * The type of one or several things that must have the same one. Bins, elements and variables start open; what they
 * are compared or calculated with closes them, and what stays open is INT in the end.
 */
export class Slot {
  type: ExpType | undefined;
  /** An INT that would as well be FLOAT: integer literals and parameters. */
  soft: boolean;
  /** Open, but INT or FLOAT for sure. */
  numeric = false;
  /** What gave the type, for messages. */
  origin: AelNode | undefined;
  #joined: Slot | undefined;

  constructor(type?: ExpType, origin?: AelNode, soft = false) {
    this.type = type;
    this.origin = origin;
    this.soft = soft;
  }

  /** The slot that stands for all that were joined with this one. */
  get root(): Slot {
    let slot: Slot = this;
    while (slot.#joined !== undefined) slot = slot.#joined;
    return slot;
  }

  /** The type in the end. */
  get settled(): ExpType {
    return this.root.type ?? "int";
  }

  /**
   * Makes both one. `"convert"`: one is INT and the other FLOAT for good, which a conversion bridges where they meet.
   * `"mismatch"`: they can't be the same.
   */
  static join(a: Slot, b: Slot): "joined" | "convert" | "mismatch" {
    const left = a.root;
    const right = b.root;
    if (left === right) return "joined";
    if (left.type !== undefined && right.type !== undefined && left.type !== right.type) {
      if (!(isNumber(left.type) && isNumber(right.type))) return "mismatch";
      const integer = left.type === "int" ? left : right;
      if (!integer.soft) return "convert";
      integer.#become(integer === left ? right : left);
      return "joined";
    }
    const open = left.type === undefined ? left : right;
    const other = open === left ? right : left;
    if (open.numeric && other.type !== undefined && !isNumber(other.type)) return "mismatch";
    open.#become(other);
    return "joined";
  }

  #become(other: Slot): void {
    // Two of the same type are as firm as the firmer one.
    if (this.type === other.type && !this.soft) {
      other.soft = false;
      other.origin = this.origin ?? other.origin;
    }
    other.numeric ||= this.numeric;
    this.#joined = other;
  }
}

export function isNumber(type: ExpType | undefined): boolean {
  return type === "int" || type === "float";
}
