import { describe } from "../../protocol/value/invalid-value.js";
import { Expression } from "../exp/expression.js";

/**
 * An expression as text of server 8.2, with a type wherever its place does not give it. Parts that the language has no
 * words for are printed as the `Exp` code that builds them (they begin with `Exp.`); without such, `parseAel` makes the
 * same expression of the text, byte by byte.
 * @throws TypeError for what is no expression
 * @example aelOf(Exp.gt(Exp.intBin("age"), Exp.intVal(30))) // "$.age > 30"
 */
export function aelOf(expression: Expression): string {
  if (expression instanceof Expression) return String(expression);
  throw new TypeError(`aelOf: expected an Exp, got ${describe(expression)}`);
}
