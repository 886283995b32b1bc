import type { PackedExpression } from "../../../protocol/exp/packed-expression.js";
import { describe } from "../../../protocol/value/invalid-value.js";
import { asExpression } from "../../exp/from-bytes.js";

/** Compiles the text of an expression; throws AelParseError with a caret when it is wrong. */
export type ToExpression = (ael: string) => PackedExpression;

/** The expression that a bin's method was given, as text, built in code, or packed by another maker. */
export function compileWith(toExpression: ToExpression, expression: unknown, bin: string): PackedExpression {
  if (typeof expression === "string") return toExpression(expression);
  const found = asExpression(expression);
  if (found !== undefined) return found;
  throw new TypeError(`bin "${bin}": expected AEL text or an Exp, got ${describe(expression)}`);
}
