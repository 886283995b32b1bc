import { compileTree, type ParsedAel } from "../../ael/index.js";
import { type AelParam, paramSet } from "../../ael/params.js";
import { Writer } from "../../protocol/bytes/writer.js";
import type { ExpKind, ExpType } from "../../protocol/exp/exp-type.js";
import type { ParamNode } from "../../protocol/exp/node.js";
import { packNode } from "../../protocol/exp/pack.js";
import { resolveExpression } from "../../protocol/exp/resolve.js";
import { Double } from "../../protocol/value/double.js";
import { packBigint, packDouble, packInteger, packRawString, packString } from "../../protocol/value/pack.js";
import { Expression } from "../exp/expression.js";
import { readingText } from "./ael-parse-error.js";
import { compile, readText } from "./compile.js";

/** A stretch of packed bytes and the parameter that goes after it. */
interface Piece {
  readonly before: Uint8Array;
  readonly param: ParamNode;
  /** The pattern of a regular expression: a string without its type byte. */
  readonly raw: boolean;
}

interface Template {
  readonly pieces: readonly Piece[];
  readonly end: Uint8Array;
}

/** By types of parameters; null where values shape the expression, so that it is compiled each time. */
type Templates = Map<string, Template | null>;

const writer = new Writer(1024);

/**
 * Text that was read once, to be bound to values many times. What the values' types decide (the types of bins they are
 * compared with) is kept too, one variant for each combination of types.
 * @example
 * const olderThan = prepareAel("$.age > ?0 and $.country == ?1");
 * session.backgroundTask().delete(users).where(olderThan.bind(90, "US"));
 */
export class PreparedAel {
  /** The text as it was given. */
  readonly text: string;
  /** How many values `bind` needs: the highest placeholder and one. */
  readonly paramCount: number;
  readonly #parsed: ParsedAel;
  readonly #templates: Templates = new Map();
  /** The same for data sets that know which bins hold FLOAT, by their sets of names. */
  readonly #ofDoubles = new WeakMap<ReadonlySet<string>, Templates>();

  /** @internal Use prepareAel. */
  constructor(parsed: ParsedAel) {
    this.text = parsed.text;
    this.#parsed = parsed;
    this.paramCount = Math.max(-1, ...parsed.placeholders) + 1;
  }

  /** The expression with these values. Throws AelParseError when their types do not fit, TypeError when one has none. */
  bind<T extends ExpKind = "bool">(...params: readonly AelParam[]): Expression<T> {
    return this.bindAs(params, undefined);
  }

  /** @internal */
  bindAs<T extends ExpKind>(
    params: readonly AelParam[],
    expected: ExpType | undefined,
    doubles?: ReadonlySet<string>,
  ): Expression<T> {
    let signature = expected ?? "";
    for (let i = 0; i < params.length; i++) {
      const value = params[i];
      signature += `,${paramSet(value, i)}`;
      if (typeof value === "string" && !value.isWellFormed()) {
        throw new TypeError(`?${i}: the string holds half a surrogate pair, which UTF-8 can't carry`);
      }
    }
    const templates = this.#templatesFor(doubles);
    let template = templates.get(signature);
    if (template === undefined) {
      template = this.#template(params, expected, doubles);
      templates.set(signature, template);
    }
    if (template === null) return compile(this.#parsed, params, expected, doubles);
    const values = params.slice();
    const found = template;
    return new Expression(
      () => compile<T>(this.#parsed, values, expected, doubles).node,
      () => fill(found, values),
    );
  }

  #templatesFor(doubles: ReadonlySet<string> | undefined): Templates {
    if (doubles === undefined) return this.#templates;
    let templates = this.#ofDoubles.get(doubles);
    if (templates === undefined) {
      templates = new Map();
      this.#ofDoubles.set(doubles, templates);
    }
    return templates;
  }

  #template(
    params: readonly AelParam[],
    expected: ExpType | undefined,
    doubles: ReadonlySet<string> | undefined,
  ): Template | null {
    const { node: compiled, needsValues } = readingText(() =>
      compileTree(this.#parsed, params, { expected, doubles, asTemplate: true }),
    );
    if (needsValues) return null;
    const node = resolveExpression(compiled);
    writer.rewind(0);
    const pieces: Piece[] = [];
    let from = 0;
    packNode(writer, node, (param, raw) => {
      pieces.push({ before: writer.copy(from), param, raw });
      from = writer.length;
    });
    return { pieces, end: writer.copy(from) };
  }
}

/** Reads text once. Throws AelParseError for what is wrong whatever the values are. */
export function prepareAel(text: string): PreparedAel {
  return new PreparedAel(readText(text));
}

function fill(template: Template, params: readonly AelParam[]): Uint8Array {
  writer.rewind(0);
  for (const { before, param, raw } of template.pieces) {
    writer.bytes(before);
    packParam(param.type, params[param.index], raw);
  }
  writer.bytes(template.end);
  return writer.copy();
}

function packParam(type: ExpType, value: AelParam | undefined, raw: boolean): void {
  if (typeof value === "string") {
    if (raw) packRawString(writer, value);
    else packString(writer, value);
  } else if (typeof value === "boolean") writer.u8(value ? 0xc3 : 0xc2);
  else if (type === "float") packDouble(writer, value instanceof Double ? value.value : Number(value));
  else if (typeof value === "bigint") packBigint(writer, value);
  else packInteger(writer, Number(value));
}
