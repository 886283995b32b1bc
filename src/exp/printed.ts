import { KEYWORDS } from "../../ael/token-cursor.js";
import type { ExpKind } from "../../protocol/exp/exp-type.js";
import type { ExpNode } from "../../protocol/exp/node.js";
import { printCode } from "./print-code.js";

/** How tightly what was printed binds: the precedences of the text language. */
export const Precedence = {
  OR: 1,
  AND: 2,
  COMPARISON: 3,
  BIT_OR: 4,
  BIT_XOR: 5,
  BIT_AND: 6,
  SHIFT: 7,
  SUM: 8,
  PRODUCT: 9,
  POWER: 10,
  UNARY: 11,
  OPERAND: 12,
} as const;

export interface Printed {
  readonly text: string;
  readonly precedence: number;
}

/** Text that needs no parentheses anywhere. */
export function operand(text: string): Printed {
  return { text, precedence: Precedence.OPERAND };
}

/** In parentheses when it binds less tightly than its place asks. */
export function parenthesized(least: number, { text, precedence }: Printed): string {
  return precedence < least ? `(${text})` : text;
}

/** What prints the parts of an expression. */
export interface Printer {
  /**
   * A node as text. `known` is the type that the place gives to something of open type (a bin, an element): when it is
   * of another, its type is written out.
   */
  print(node: ExpNode, known: ExpKind | undefined): Printed;
  /** Whether text without a written type leaves the type of this open: the place decides. */
  isOpen(node: ExpNode): boolean;
  /** What a path function works on. */
  receiver(target: ExpNode, known: ExpKind | undefined): string;
}

/** What the text language can't say, as factories of Exp. */
export function code(node: ExpNode): Printed {
  return operand(printCode(node));
}

/** A path of open type, its type written out unless the place gives it. */
export function typed(path: string, type: ExpKind | undefined, known: ExpKind | undefined): Printed {
  return operand(type === known || type === undefined ? path : `${path}:${type.toUpperCase()}`);
}

export function binName(name: string): string {
  if (/^[A-Za-z_]\w*$/.test(name) && !KEYWORDS.has(name)) return name;
  // Between the quotes of a bin's name a backslash is a character like others.
  return name.includes('"') ? `'${name}'` : `"${name}"`;
}
