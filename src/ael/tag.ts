import type { AelParam } from "../../ael/params.js";
import type { Expression } from "../exp/expression.js";
import { type PreparedAel, prepareAel } from "./prepared.js";

/** A template literal is the same object each time its line runs, so its text is read once. */
const prepared = new WeakMap<TemplateStringsArray, PreparedAel>();

/**
 * The language in a template literal; what stands in `${…}` travels as a value, never as text.
 * A variable of the language is written `\${name}` there.
 * @example ael`$.age > ${30} and $.name == ${name}`
 */
export function ael(strings: TemplateStringsArray, ...values: readonly AelParam[]): Expression<"bool"> {
  let known = prepared.get(strings);
  if (known === undefined) {
    // Raw text, so that a backslash is the language's and not JavaScript's, save where a template has no other way.
    const parts = strings.raw.map((part) => part.replace(/\\([$`])/g, "$1"));
    const text = parts.map((part, i) => (i === 0 ? part : `?${i - 1}${part}`)).join("");
    known = prepareAel(text);
    prepared.set(strings, known);
  }
  return known.bind(...values);
}
