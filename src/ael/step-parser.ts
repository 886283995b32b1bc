import type { Select, Step, StepValue } from "./ast.js";
import { checkInt64, parseConstant } from "./constant-parser.js";
import type { Parser } from "./parser.js";

// step = key | "{…}" | "[…]" | "*"

/** The step at hand. */
export function parseStep(parser: Parser): Step {
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
  checkInt64(parser, node);
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
  if (token.kind !== "name") return parseConstant(parser);
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
