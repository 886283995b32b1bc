import { utf8Length } from "../../protocol/bytes/utf8.js";
import { MAX_BIN_NAME_BYTES } from "../../protocol/limits.js";
import type { ExpType } from "../exp/exp-type.js";
import type { AelNode, PathBase, PathFunction, Select, Step, StepValue } from "./ast.js";
import type { Parser } from "./parser.js";
import { isPathFunction, METADATA, suggestPathFunction, TYPE_NAMES, WRITE_FUNCTIONS } from "./path-functions.js";
import { RETURN_NAMES } from "./return-names.js";

// path  = "$." metadata | ( "$." bin | "@" | "${x}" | "(…)" ) { "." step } [ "." function { "." step } … ]
// step  = key | "{…}" | "[…]" | "*"

/** Reads a path whose first token is the current one; with a base, what follows the base. */
export function parsePath(parser: Parser, base?: PathBase, start?: number): AelNode {
  const at = start ?? parser.token.at;
  let from = base;
  if (from === undefined) {
    parser.advanceInPath("bin");
    const { token } = parser;
    if (token.kind === "name" && parser.lexer.text[token.end] === "(") return metadata(parser, at);
    from = { from: "bin", name: binName(parser) };
  } else if (from.from === "element" && !parser.is(".")) {
    return parser.path(from, at, [], undefined, []);
  }
  return steps(parser, from, at);
}

function steps(parser: Parser, base: PathBase, at: number): AelNode {
  const found: Step[] = [];
  const children: AelNode[] = base.from === "node" ? [base.node] : [];
  while (parser.is(".")) {
    parser.advanceInPath("step");
    const fn = pathFunction(parser);
    if (fn !== undefined) {
      const node = parser.path(base, at, found, fn, [...children, ...fn.args]);
      return parser.is(".") ? steps(parser, { from: "node", node }, at) : node;
    }
    const step = parseStep(parser);
    found.push(step);
    if (step.select.by === "filter") children.push(step.select.condition);
  }
  return parser.path(base, at, found, undefined, children);
}

function binName(parser: Parser): string {
  const { token } = parser;
  if (token.kind !== "name" && token.kind !== "string") {
    const numeric = token.kind === "int" ? 'A bin name of digits stands in quotes: $."123"' : undefined;
    parser.unexpected("the name of a bin", numeric);
  }
  const name = String(token.value);
  if (name === "") parser.fail("Bin name must not be empty");
  if (token.kind === "name" && /null/i.test(name)) {
    parser.fail(
      `Bin name must not contain the reserved word 'null': ${name}`,
      undefined,
      `Quote the name if it is meant: $."${name}"`,
    );
  }
  if (utf8Length(name) > MAX_BIN_NAME_BYTES) {
    parser.fail(`The bin name ${JSON.stringify(name)} is longer than ${MAX_BIN_NAME_BYTES} bytes`);
  }
  parser.advance();
  return name;
}

function metadata(parser: Parser, at: number): AelNode {
  const { token, lexer } = parser;
  const name = String(token.value);
  if (!METADATA.has(name)) {
    const bin = `A bin of this name has no parentheses; $.${name}.exists() asks for a bin`;
    lexer.fail(token.at, token.end, `Unknown function: ${name}`, undefined, `one of ${[...METADATA].join(", ")}`, bin);
  }
  let modulus = 0;
  if (name === "digestModulo") {
    parser.takeHere("(");
    parser.advance();
    const negative = parser.takeIf("-");
    const number = parser.token;
    if (number.kind !== "int") parser.unexpected("the modulus, an integer");
    modulus = Number(number.value) * (negative ? -1 : 1);
    if (modulus === 0 || modulus > 0x7fff_ffff || modulus < -0x8000_0000) {
      parser.fail("digestModulo takes a 32-bit integer other than 0");
    }
    parser.advance();
    if (!parser.is(")")) parser.unexpected('")"');
    parser.advance();
  } else {
    if (!parser.takeHere("()"))
      lexer.fail(token.end, token.end + 1, `${name}() takes no arguments and no blanks`, undefined, '"()"');
    parser.advance();
  }
  const node: AelNode = {
    kind: "metadata",
    name,
    modulus,
    at,
    end: parser.lastEnd,
    depth: parser.above([]),
    slot: undefined,
  };
  return parser.is(".") ? steps(parser, { from: "node", node }, at) : node;
}

function pathFunction(parser: Parser): PathFunction | undefined {
  const { token, lexer } = parser;
  if (token.kind !== "name" || lexer.text[token.end] !== "(") return undefined;
  const name = String(token.value);
  if (WRITE_FUNCTIONS.has(name)) {
    lexer.fail(
      token.at,
      token.end,
      `${name}() would change the record, which a filter does not do`,
      undefined,
      undefined,
      "Use the write operations of a task or command",
    );
  }
  if (!isPathFunction(name)) {
    lexer.fail(token.at, token.end, `Unknown function: ${name}`, undefined, undefined, suggestPathFunction(name));
  }
  if (name === "get" || name === "is") return namedArguments(parser, name);
  if (parser.takeHere("()")) {
    parser.advance();
    return fn(parser, token.at, name, []);
  }
  parser.advance();
  const args = parser.arguments();
  if (args.length === 0) lexer.fail(token.end, token.end + 1, `${name}() is written without blanks`, undefined, '"()"');
  return fn(parser, token.at, name, args);
}

function fn(parser: Parser, at: number, name: string, args: readonly AelNode[]): PathFunction {
  return { name, at, end: parser.lastEnd, args, type: undefined, returns: undefined };
}

/** `get(type: INT, return: COUNT)`, `is(type: INT)`. */
function namedArguments(parser: Parser, name: string): PathFunction {
  const { token, lexer } = parser;
  let type: ExpType | undefined;
  let returns: string | undefined;
  if (parser.takeHere("()")) {
    if (name === "is") lexer.fail(token.at, lexer.at, "is() asks for a type", undefined, "is(type: STRING)");
    parser.advance();
    return fn(parser, token.at, name, []);
  }
  parser.takeHere("(");
  parser.advance();
  do {
    const label = parser.token;
    if (label.kind !== "name" || !(label.value === "type" || (label.value === "return" && name === "get"))) {
      parser.unexpected(name === "get" ? '"type:" or "return:"' : '"type:"');
    }
    parser.advance();
    if (!parser.is(":")) parser.unexpected('":"');
    parser.advance();
    const word = String(parser.token.value);
    if (label.value === "type") {
      type = TYPE_NAMES.get(word);
      if (type === undefined) parser.unexpected(`a type: ${[...TYPE_NAMES.keys()].join(", ")}`);
    } else {
      if (!RETURN_NAMES.has(word)) parser.unexpected(`a return type: ${[...RETURN_NAMES].join(", ")}`);
      returns = word;
    }
    parser.advance();
  } while (parser.takeIf(","));
  if (!parser.is(")")) parser.unexpected('")" or ","');
  parser.advance();
  return { ...fn(parser, token.at, name, []), type, returns };
}

function parseStep(parser: Parser): Step {
  const { token } = parser;
  switch (token.kind) {
    case "{":
      return bracketed(parser, "map", "}");
    case "[":
      return bracketed(parser, "list", "]");
    case "*":
      parser.advance();
      return { at: token.at, end: token.end, on: "any", inverted: false, select: { by: "all" } };
  }
  const key = stepKey(parser);
  return { at: token.at, end: key.end, on: "map", inverted: false, select: { by: "key", key } };
}

/** A map key without brackets: a word, a string, a blob, an integer with or without its sign, a placeholder. */
function stepKey(parser: Parser): StepValue {
  const { token } = parser;
  switch (token.kind) {
    case "name":
    case "string":
      parser.advance();
      return parser.literal("string", token);
    case "blob":
      parser.advance();
      return parser.literal("blob", token);
    case "placeholder":
      return parser.placeholder();
    case "int":
      return integer(parser);
    case "+":
    case "-":
      parser.advanceInPath("step");
      if (parser.is("int")) return integer(parser, token.at, token.kind === "-");
  }
  parser.unexpected("a map key, {…}, […], * or a function");
}

function integer(parser: Parser, at = parser.token.at, negative = false): StepValue {
  const { token } = parser;
  parser.advance();
  const value = token.value as number | bigint;
  const node = { ...parser.literal("int", token), value: negative ? -value || 0 : value, at };
  parser.checkInt64(node);
  return node;
}

function bracketed(parser: Parser, on: "map" | "list", close: string): Step {
  const open = parser.token;
  parser.advanceInPath("step");
  const inverted = parser.is("!") || parser.is("!=");
  const isValue = parser.is("=") || parser.is("!=");
  if (parser.is("!") || isValue) parser.advanceInPath("step");
  const select = isValue ? byValue(parser, close, inverted) : byPlace(parser, on, close, inverted);
  if (!parser.is(close)) parser.unexpected(`"${close}"`);
  parser.advance();
  return { at: open.at, end: parser.lastEnd, on, inverted, select };
}

/** What follows `=`: one value, several, or a range. */
function byValue(parser: Parser, close: string, inverted: boolean): Select {
  const first = stepValue(parser);
  if (parser.takeIf(":")) {
    return { by: "valueRange", begin: first, until: parser.is(close) ? undefined : stepValue(parser) };
  }
  if (!parser.is(",")) {
    if (inverted) parser.unexpected('"," and more values, or ":" and the end of a range');
    return { by: "value", value: first };
  }
  const list = [first];
  while (parser.takeIf(",")) list.push(stepValue(parser));
  return { by: "valueList", list };
}

/** What follows the bracket without `=`: keys, indexes, ranks. */
function byPlace(parser: Parser, on: "map" | "list", close: string, inverted: boolean): Select {
  if (!inverted) {
    if (parser.is(close)) return { by: "self" };
    if (parser.is("*")) {
      parser.advance();
      return { by: "all" };
    }
    if (parser.is("?")) return filter(parser);
  }
  if (parser.is("#")) return ranks(parser, close, inverted);
  const first = placeOrKey(parser, on);
  const isInteger = first.kind === "placeholder" || (first.kind === "literal" && first.type === "int");
  if (isInteger && parser.is(":")) return range(parser, "indexRange", first, on, close);
  if (on === "map" && (parser.is("-") || parser.is(","))) return keys(parser, first, close);
  if (isInteger && !inverted) return { by: "index", index: checkIndex(parser, first) };
  if (on === "map" && !isInteger) return { by: "keyList", list: [first] };
  return parser.unexpected(on === "map" ? '":", "-" or ","' : '":" and the end of a range');
}

function keys(parser: Parser, first: StepValue, close: string): Select {
  if (parser.is("-")) {
    parser.advanceInPath("step");
    return { by: "keyRange", begin: first, until: parser.is(close) ? undefined : stepKey(parser) };
  }
  const list = [first];
  while (parser.is(",")) {
    parser.advanceInPath("step");
    list.push(stepKey(parser));
  }
  return { by: "keyList", list };
}

function ranks(parser: Parser, close: string, inverted: boolean): Select {
  parser.advanceInPath("step");
  const rank = checkIndex(parser, signed(parser));
  if (parser.is(":")) return range(parser, "rankRange", rank, "list", close);
  if (inverted) parser.unexpected('":" and the end of a range');
  return { by: "rank", rank };
}

function range(
  parser: Parser,
  by: "indexRange" | "rankRange",
  begin: StepValue,
  on: "map" | "list",
  close: string,
): Select {
  checkIndex(parser, begin);
  parser.advanceInPath("step");
  const until = parser.is(close) || parser.is("~") ? undefined : checkIndex(parser, signed(parser));
  if (!parser.is("~")) return { by, begin, until, relativeTo: undefined };
  if (by === "indexRange" && on === "list") parser.unexpected(`"${close}"`);
  parser.advanceInPath("step");
  return { by, begin, until, relativeTo: by === "rankRange" ? stepValue(parser) : stepKey(parser) };
}

/** `?( … )`: elements for which the condition is true. */
function filter(parser: Parser): Select {
  parser.advance();
  const open = parser.take("(");
  const condition = parser.expression();
  parser.close(")", open);
  return { by: "filter", condition };
}

/** An index, or a key where a map has one. */
function placeOrKey(parser: Parser, on: "map" | "list"): StepValue {
  const { kind } = parser.token;
  if (on === "map" && (kind === "name" || kind === "string" || kind === "blob")) return stepKey(parser);
  return signed(parser);
}

function signed(parser: Parser): StepValue {
  const { token } = parser;
  if (token.kind === "placeholder") return parser.placeholder();
  if (token.kind === "-") {
    parser.advanceInPath("step");
    if (parser.is("int")) return integer(parser, token.at, true);
  } else if (token.kind === "int") return integer(parser);
  return parser.unexpected("an integer");
}

/** A bare word is a string; true, false and null are what they say. */
function stepValue(parser: Parser): StepValue {
  const { token } = parser;
  if (token.kind !== "name") return parser.constant();
  const word = String(token.value);
  parser.advance();
  if (word === "true" || word === "false") return { ...parser.literal("bool", token), value: word === "true" };
  if (word === "null") return { ...parser.literal("nil", token), value: null };
  return parser.literal("string", token);
}

function checkIndex(parser: Parser, node: StepValue): StepValue {
  if (node.kind !== "literal") return node;
  const value = BigInt(node.value as number | bigint);
  if (value > 0x7fff_ffffn || value < -0x8000_0000n) {
    parser.lexer.fail(node.at, node.end, "An index or rank must fit 32 bits");
  }
  return node;
}
