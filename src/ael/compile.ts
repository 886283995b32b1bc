import { compileTree, type ParsedAel, parseText } from "../../ael/index.js";
import type { AelParam } from "../../ael/params.js";
import type { ExpKind, ExpType } from "../../protocol/exp/exp-type.js";
import { Expression } from "../exp/expression.js";
import { readingText } from "./ael-parse-error.js";

/**
 * Compiles text into an expression. `?0`, `?1` … stand for the parameters, which travel as values and never as text.
 *
 * The language is that of server 8.2, and the expression runs on every server that can work it out at all: `minVersion`
 * tells. Each bin has one type over the whole text, which its neighbours give (`$.age > 30`), or `$.age:INT` says.
 *
 * @throws AelParseError with line, column and a caret
 * @example parseAel("$.age > ?0 and $.name == ?1", 30, name)
 */
export function parseAel<T extends ExpKind = "bool">(text: string, ...params: readonly AelParam[]): Expression<T> {
  return compile(readText(text), params);
}

/** Compiles text that has to be a condition. `doubles`: bins that are known to hold FLOAT. */
export function parseFilter(
  text: string,
  params: readonly AelParam[],
  doubles?: ReadonlySet<string>,
): Expression<"bool"> {
  return compile(readText(text), params, "bool", doubles);
}

/** Reads text. Throws AelParseError for what is wrong whatever the values are. */
export function readText(text: string): ParsedAel {
  return readingText(() => parseText(text));
}

/**
 * From tree to expression.
 * @param expected the type that the whole must have
 * @param doubles bins that are known to hold FLOAT
 */
export function compile<T extends ExpKind>(
  parsed: ParsedAel,
  params: readonly AelParam[],
  expected?: ExpType,
  doubles?: ReadonlySet<string>,
): Expression<T> {
  return readingText(() => new Expression(compileTree(parsed, params, { expected, doubles }).node));
}
