import type { AelNode } from "./ast.js";
import type { Parser } from "./parser.js";
import { KEYWORDS } from "./token-cursor.js";

/** `[1, "a", INF, *]`, `[1, 2]:SORTED` */
export function parseListLiteral(parser: Parser): AelNode {
  const { lexer } = parser;
  const at = lexer.start;
  const items: AelNode[] = [];
  parser.enter();
  lexer.next();
  if (!parser.is("]")) {
    do items.push(parseConstant(parser, true));
    while (parser.takeIf(","));
  }
  parser.close("]", at);
  parser.leave();
  const order = orderOf(parser, "list", ["SORTED", "UNSORTED"]);
  const depth = parser.above(items);
  return { kind: "list", at, end: lexer.lastEnd, depth, typed: undefined, grouped: false, items, order };
}

/** `{a: 1, "b c": 2, 5: 3}`, `{a: 1}:UNORDERED` */
export function parseMapLiteral(parser: Parser): AelNode {
  const { lexer } = parser;
  const at = lexer.start;
  const entries: [AelNode, AelNode][] = [];
  parser.enter();
  lexer.next();
  if (!parser.is("}")) {
    do {
      const isWord = parser.is("name") && !KEYWORDS.has(String(lexer.value));
      const key = isWord ? parser.literal("string") : parseConstant(parser, false);
      const isKey =
        key.kind === "placeholder" ||
        (key.kind === "literal" && (key.of === "int" || key.of === "string" || key.of === "blob"));
      if (!isKey) parser.failAt(key, "A map key is an integer, a string or a blob");
      parser.take(":");
      entries.push([key, parseConstant(parser, false)]);
    } while (parser.takeIf(","));
  }
  parser.close("}", at);
  parser.leave();
  const order = orderOf(parser, "map", ["UNORDERED"]);
  const depth = parser.above(entries.flat());
  return { kind: "map", at, end: lexer.lastEnd, depth, typed: undefined, grouped: false, entries, order };
}

function orderOf<T extends string>(parser: Parser, what: string, allowed: readonly T[]): T | undefined {
  const { lexer } = parser;
  if (!parser.is(":")) return undefined;
  lexer.next();
  const found = allowed.find((each) => parser.isWord(each));
  if (found === undefined) {
    const ordered = what === "map" && (parser.isWord("KEY_ORDERED") || parser.isWord("KEY_VALUE_ORDERED"));
    parser.unexpected(allowed.join(" or "), ordered ? "A map literal is in key order without saying so" : undefined);
  }
  lexer.next();
  return found;
}

/** A constant: a literal with its sign, a list or map of constants, a placeholder; INF and `*` as elements. */
function parseConstant(parser: Parser, isElement: boolean): AelNode {
  const { lexer } = parser;
  switch (lexer.kind) {
    case "[":
      return parseListLiteral(parser);
    case "{":
      return parseMapLiteral(parser);
    case "*":
      if (isElement) return special(parser, "*");
      break;
    case "name":
      switch (lexer.value) {
        case "true":
        case "false":
          return parser.literal("bool", lexer.value === "true");
        case "null":
          lexer.note(lexer.start, lexer.end, "NIL");
          return parser.literal("nil", null);
        case "NIL":
          return parser.literal("nil", null);
        case "INF":
          if (isElement) return special(parser, "INF");
      }
      return parser.fail(
        "Lists and maps in a text hold constants only",
        undefined,
        `Did you mean the string "${String(lexer.value)}"?`,
      );
    case "$":
    case "variable":
    case "@":
    case "(":
      return parser.fail("Lists and maps in a text hold constants only");
  }
  return parseScalar(parser) ?? parser.unexpected("a constant");
}

/** A string, a blob, or a placeholder for any value; undefined before anything else. */
export function parseStringLike(parser: Parser): AelNode | undefined {
  const { kind } = parser.lexer;
  switch (kind) {
    case "string":
    case "blob":
      return parser.literal(kind);
    case "placeholder":
      return parser.placeholder();
  }
  return undefined;
}

/** What {@link parseStringLike} takes, or a number with its sign. */
export function parseScalar(parser: Parser): AelNode | undefined {
  switch (parser.lexer.kind) {
    case "int":
    case "float":
    case "-":
    case "+":
    case ".":
      return parseNumber(parser);
  }
  return parseStringLike(parser);
}

export function special(parser: Parser, word: "INF" | "*"): AelNode {
  const { at, end } = parser.span;
  parser.lexer.next();
  return { kind: "special", at, end, depth: 1, typed: undefined, grouped: false, word };
}

/** A number with its sign; a plus, and a fraction without its zero, are no part of numbers for servers. */
export function parseNumber(parser: Parser): AelNode {
  const { lexer } = parser;
  if (parser.is("-") || parser.is("+")) {
    const { start } = lexer;
    const isPlus = parser.is("+");
    if (!lexer.isDigit(lexer.end)) parser.unexpected("a number");
    lexer.signedNumber();
    if (isPlus) lexer.note(start, lexer.end, lexer.text.slice(start + 1, lexer.end));
  } else if (parser.is(".")) {
    if (!lexer.isDigit(lexer.end)) parser.unexpected("a constant");
    lexer.bareFraction();
  }
  const node = parser.literal(lexer.kind === "int" ? "int" : "float");
  parser.checkInt64(node);
  return node;
}
