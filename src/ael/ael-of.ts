import { describe } from "../../protocol/value/invalid-value.js";
import { Expression } from "../exp/expression.js";
import { printNode } from "../exp/print.js";
import { printCode } from "../exp/print-code.js";
import { parseAel } from "./compile.js";

/**
 * An expression as text of server 8.2, with a type wherever its place does not give it. Parts that the language has no
 * words for are printed as the `Exp` code that builds them (they begin with `Exp.`); without such, `parseAel` makes the
 * same expression of the text, byte by byte.
 * @throws TypeError for what is no expression
 * @example aelOf(Exp.gt(Exp.intBin("age"), Exp.intVal(30))) // "$.age > 30"
 */
export function aelOf(expression: Expression): string {
  if (expression instanceof Expression) {
    const text = printNode(expression.node);
    return readsAs(text, expression) ? text : printCode(expression.node);
  }
  throw new TypeError(`aelOf: expected an Exp, got ${describe(expression)}`);
}

/** Some expressions that no text compiles to look like one that another does. */
function readsAs(text: string, { packed }: Expression): boolean {
  try {
    const read = parseAel(text).packed;
    return read.length === packed.length && read.every((byte, i) => byte === packed[i]);
  } catch {
    return false;
  }
}
