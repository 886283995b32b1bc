import type { PackedExpression } from "../../../protocol/exp/packed-expression.js";
import { describe } from "../../../protocol/value/invalid-value.js";
import { compile, readText } from "../../ael/compile.js";
import { asExpression } from "../../exp/from-bytes.js";

/** The bin, and the bins of its data set that are known to hold DOUBLE. */
interface Spot {
  readonly bin: string;
  readonly doubles: ReadonlySet<string> | undefined;
}

/**
 * The expression that a bin's method was given, as text, built in code, or packed by another maker.
 * @throws AelParseError with a caret when the text is wrong; TypeError for what is no expression
 */
export function expressionOf(expression: unknown, { bin, doubles }: Spot): PackedExpression {
  if (typeof expression === "string") return compile(readText(expression), [], undefined, doubles);
  const found = asExpression(expression);
  if (found !== undefined) return found;
  throw new TypeError(`bin "${bin}": expected AEL text or an Exp, got ${describe(expression)}`);
}
