import type { ExpKind, ExpType } from "../../protocol/exp/exp-type.js";
import { Expression } from "../exp/expression.js";
import { AelParseError } from "./ael-parse-error.js";
import type { AelNode } from "./ast.js";
import { describeOrigin, typeName } from "./describe.js";
import { Inference, type ParamTypes } from "./infer.js";
import { Lowering } from "./lower.js";
import { type AelParam, paramType } from "./params.js";
import { type ParsedAel, parseText } from "./parser.js";
import { TypeVariable } from "./type-variable.js";

/**
 * Compiles text into an expression. `?0`, `?1` … stand for the parameters, which travel as values and never as text.
 *
 * A bin on its own is an INT; expected where a condition, as in `where`, it is a BOOL.
 *
 * @throws AelParseError with line, column and a caret
 * @example parseAel("$.age > ?0 and $.name == ?1", 30, name)
 */
export function parseAel<T extends ExpKind = "bool">(text: string, ...params: readonly AelParam[]): Expression<T> {
  return compile(parseText(text), params);
}

/** Compiles text that has to be a condition. */
export function parseFilter(text: string, params: readonly AelParam[]): Expression<"bool"> {
  return compile(parseText(text), params, "bool");
}

/** From tree to expression. `expected`: the type that the whole must have. */
export function compile<T extends ExpKind>(
  parsed: ParsedAel,
  params: readonly AelParam[],
  expected?: ExpType,
): Expression<T> {
  inferTypes(parsed, params, expected);
  return new Expression(new Lowering(parsed.text, params, false).lower(parsed.tree));
}

/** First pass: finds the type of every node. Throws for values that the text has no placeholder for, too. */
export function inferTypes(parsed: ParsedAel, params: readonly AelParam[], expected?: ExpType): void {
  const { text, tree } = parsed;
  const inference = new Inference(text, new GivenParams(text, tree, params));
  const typeVariable = inference.infer(tree);
  checkAllUsed(parsed, params);
  if (expected === undefined || TypeVariable.unify(typeVariable, new TypeVariable(expected)) === "unified") return;
  const is = typeVariable.root.type === undefined ? "a number" : typeName(typeVariable.root.type);
  const wanted = expected === "bool" ? "A filter is a condition, true or false" : `Expected ${typeName(expected)}`;
  throw new AelParseError(text, {
    problem: `${wanted}; this is ${is}: ${describeOrigin(typeVariable.root, text)}`,
    at: tree.at,
    end: tree.end,
    suggestion: expected === "bool" && typeVariable.root.type !== "bool" ? "Compare it with something" : undefined,
  });
}

/** A value without a place in the text was meant for one: as a rule the text is written for another language's formatting. */
function checkAllUsed({ text, placeholders }: ParsedAel, params: readonly AelParam[]): void {
  const unused = params.findIndex((_, index) => !placeholders.has(index));
  if (unused < 0) return;
  const problem = `The value of ?${unused} is not used: the text has no placeholder ?${unused}`;
  const foreign = /["']?%[sd]["']?/.exec(text);
  if (foreign === null) throw new AelParseError(text, { problem, at: 0, end: text.length });
  const [found] = foreign;
  const at = foreign.index;
  const isQuoted = found.length > 2;
  throw new AelParseError(text, {
    problem,
    at,
    end: at + found.length,
    found,
    expected: `?${unused}`,
    suggestion: `Placeholders are ?0, ?1, …${isQuoted ? ", without quotes" : ""}`,
  });
}

/** Parameters given beside the text. */
class GivenParams implements ParamTypes {
  readonly #text: string;
  readonly #tree: AelNode;
  readonly #params: readonly AelParam[];

  constructor(text: string, tree: AelNode, params: readonly AelParam[]) {
    this.#text = text;
    this.#tree = tree;
    this.#params = params;
  }

  typeOf(index: number): ExpType {
    if (index < this.#params.length) return paramType(this.#params[index], index);
    const none = this.#params.length === 0;
    const at = Math.max(0, this.#text.indexOf(`?${index}`, this.#tree.at));
    throw new AelParseError(this.#text, {
      problem: none
        ? "Placeholder used but no placeholder values provided"
        : `Missing value for placeholder ?${index}: ${this.#params.length} given, the first is ?0`,
      at,
      end: at + String(index).length + 1,
    });
  }

  elementOf(index: number): ExpType | undefined {
    const list = this.#params[index];
    if (!Array.isArray(list)) return undefined;
    let found: ExpType | undefined;
    for (const item of list) {
      const type = paramType(item, index);
      if (type === "nil" || type === found) continue;
      if (found !== undefined) {
        throw new TypeError(
          `?${index}: IN list elements must all be of the same type; found ${typeName(found)} and ${typeName(type)}`,
        );
      }
      found = type;
    }
    return found;
  }
}
