import type { PackedExpression } from "../../../protocol/exp/packed-expression.js";
import { describe } from "../../../protocol/value/invalid-value.js";
import { isBytes } from "../../../protocol/value/pack.js";

/** Compiles the text of an expression; throws AelParseError with a caret when it is wrong. */
export type ToExpression = (ael: string) => PackedExpression;

/** The expression that a bin's method was given, as text or built in code. */
export function compileWith(toExpression: ToExpression, expression: unknown, bin: string): PackedExpression {
  if (typeof expression === "string") return toExpression(expression);
  if (isPackedExpression(expression)) return expression;
  throw new TypeError(`bin "${bin}": ${describe(expression)} is no expression; AEL text or an Exp is due`);
}

function isPackedExpression(expression: unknown): expression is PackedExpression {
  if (typeof expression !== "object" || expression === null || !("packed" in expression)) return false;
  const { packed } = expression;
  return typeof packed === "object" && packed !== null && isBytes(packed);
}
