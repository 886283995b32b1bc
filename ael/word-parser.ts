import { argumentsOf } from "./arguments-parser.js";
import type { AelNode, Span } from "./ast.js";
import { type FunctionInfo, freeFunction, method, suggestFunction } from "./functions.js";
import type { Parser } from "./parser.js";
import { parsePostfix } from "./path-parser.js";
import { KEYWORDS } from "./token-cursor.js";
import { TYPE_WORDS, typeMeant } from "./type-set.js";

/** An operand that starts with a word. */
export function parseWord(parser: Parser): AelNode {
  const { lexer } = parser;
  const word = String(lexer.value);
  const where = parser.span;
  switch (word) {
    case "true":
    case "false":
      return parser.literal("bool", word === "true");
    case "NIL":
      return parser.literal("nil", null);
    case "null":
      lexer.next();
      return leaf("null", where);
    case "unknown":
    case "error":
      lexer.next();
      return leaf("unknown", where);
    case "not":
      return parseNot(parser);
    case "let":
      return parseLet(parser);
    case "when":
      return parseWhen(parser);
    case "VECTOR":
      return parser.fail("VECTOR is reserved, and no type yet");
  }
  const type = TYPE_WORDS.get(word);
  lexer.next();
  if (type !== undefined) {
    return { kind: "typeWord", ...where, depth: 1, typed: undefined, grouped: false, of: type };
  }
  if (!parser.is("(")) return refuseWord(parser, word, where);
  const fn = freeFunction(word);
  if (fn === undefined) {
    const upper = /^[A-Z]+$/.test(word) ? knownInLowerCase(word) : undefined;
    parser.failAt(where, `Unknown function: ${word}`, upper ?? suggestFunction(word));
  }
  return parsePostfix(parser, functionCall(parser, fn, where), "call");
}

function leaf(kind: "null" | "unknown", { at, end }: Span): AelNode {
  return { kind, at, end, depth: 1, typed: undefined, grouped: false };
}

function knownInLowerCase(word: string): string | undefined {
  const lower = word.toLowerCase();
  return KEYWORDS.has(lower) || freeFunction(lower) !== undefined
    ? `Did you mean "${lower}"? Keywords are lower case`
    : undefined;
}

/** Words of other languages, and what is written here. */
const FOREIGN: ReadonlyMap<string, string> = new Map([
  ...["null", "nil", "none", "undefined"].map((word): [string, string] => [word, "Write null"]),
  ...["select", "where"].map((word): [string, string] => [word, "Only the condition is written: $.age > 30"]),
  ["nan", "There is no NaN: nothing is equal to it"],
  ["infinity", "INF is written inside of lists and ranges"],
  ["case", "Write when (condition => value, default => other)"],
]);

/** A word that is nothing by itself. */
function refuseWord(parser: Parser, word: string, where: Span): never {
  const lower = word.toLowerCase();
  if (KEYWORDS.has(word)) {
    const hint = `"${word}" joins or ends something; a value is missing before it`;
    return parser.lexer.fail(where.at, where.end, "Syntax error", JSON.stringify(word), "a value", hint);
  }
  if (lower !== word && KEYWORDS.has(lower)) {
    parser.failAt(where, `"${word}" is no word of the language`, `Did you mean "${lower}"? Keywords are lower case`);
  }
  if (freeFunction(word) !== undefined || method(word) !== undefined) {
    parser.failAt(where, `${word} is a function: its arguments stand in parentheses`);
  }
  if (/--\s*$/.test(parser.text.slice(0, where.at))) {
    parser.failAt(where, `The word ${word} has no meaning by itself`, "Comments stand between /* and */");
  }
  const dashed = /\$\.([A-Za-z_]\w*(?:-\w+)*-)$/.exec(parser.text.slice(0, where.at));
  if (dashed !== null) {
    parser.failAt(
      where,
      `The word ${word} has no meaning by itself`,
      `For a bin with a dash in its name write $."${dashed[1]}${word}"`,
    );
  }
  if (parser.variables.has(word)) {
    parser.failAt(where, `The word ${word} has no meaning by itself`, `Write \${${word}} for the variable`);
  }
  const foreign = FOREIGN.get(lower) ?? (typeMeant(word) === undefined ? undefined : `Write ${typeMeant(word)}`);
  if (foreign !== undefined) parser.failAt(where, `"${word}" is no word of the language`, foreign);
  const meant = `Did you mean the bin $.${word} or the string "${word}"?`;
  parser.failAt(where, `The word ${word} has no meaning by itself`, meant);
}

function parseNot(parser: Parser): AelNode {
  const { lexer } = parser;
  const { at } = parser.span;
  lexer.next();
  if (!parser.is("(")) parser.fail("not has its condition in parentheses", '"("', "Write not(…)");
  const open = lexer.start;
  lexer.next();
  const operand = parser.expression();
  parser.close(")", open);
  const depth = parser.over(operand);
  return { kind: "unary", at, end: lexer.lastEnd, depth, typed: undefined, grouped: false, op: "not", operand };
}

/** `let (name = value, …) then (body)` */
function parseLet(parser: Parser): AelNode {
  const { lexer } = parser;
  const at = lexer.start;
  lexer.next();
  const open = lexer.start;
  parser.take("(");
  const definitions: { name: string; at: number; value: AelNode }[] = [];
  do {
    if (!parser.is("name")) {
      parser.unexpected("the name of a variable", "Where it is defined a variable stands without $ and braces");
    }
    const name = String(lexer.value);
    const where = parser.span;
    if (KEYWORDS.has(name)) parser.fail(`"${name}" is a word of the language, and no name of a variable`);
    if (name.length > 255) parser.fail("The name of a variable has at most 255 letters");
    parser.countVariable(where);
    parser.variables.add(name);
    lexer.next();
    parser.take("=");
    definitions.push({ name, at: where.at, value: parser.expression() });
  } while (parser.takeIf(","));
  parser.close(")", open);
  if (!parser.takeWord("then")) parser.unexpected('"then" and the body in parentheses');
  const bodyOpen = lexer.start;
  parser.take("(");
  const body = parser.expression();
  parser.close(")", bodyOpen);
  const depth = parser.above([...definitions.map(({ value }) => value), body]);
  return { kind: "let", at, end: lexer.lastEnd, depth, typed: undefined, grouped: false, definitions, body };
}

/** `when (condition => value, …, default => value)` */
function parseWhen(parser: Parser): AelNode {
  const { lexer } = parser;
  const at = lexer.start;
  lexer.next();
  const open = lexer.start;
  parser.take("(");
  const cases: [AelNode, AelNode][] = [];
  for (;;) {
    if (parser.takeWord("default")) {
      if (cases.length === 0) parser.failAt({ at, end: lexer.lastEnd }, "when has no condition before its default");
      parser.take("=>");
      const otherwise = parser.expression();
      parser.close(")", open);
      const depth = parser.above([...cases.flat(), otherwise]);
      return { kind: "when", at, end: lexer.lastEnd, depth, typed: undefined, grouped: false, cases, otherwise };
    }
    const condition = parser.expression();
    parser.take("=>");
    cases.push([condition, parser.expression()]);
    if (!parser.takeIf(",")) parser.unexpected('"," and another condition => value, or default => value');
  }
}

function functionCall(parser: Parser, fn: FunctionInfo, name: Span): AelNode {
  const { lexer } = parser;
  const { at } = name;
  if (fn.name === "min" || fn.name === "max" || fn.name === "exclusive") {
    const args = restOf(parser);
    if (args.length < 2) {
      parser.failAt({ at, end: lexer.lastEnd }, `${fn.name} needs at least 2 arguments, got ${args.length}`);
    }
    const depth = parser.above(args);
    return { kind: "nary", at, end: lexer.lastEnd, depth, typed: undefined, grouped: false, op: fn.name, args };
  }
  if (fn.name === "geoJson") return geoJson(parser, fn, at);
  const { args } = argumentsOf(parser, fn, name);
  const depth = parser.above(args);
  // Functions that stand alone have no optional arguments.
  const all = args.filter((arg) => arg !== undefined);
  return { kind: "function", at, end: lexer.lastEnd, depth, typed: undefined, grouped: false, fn, args: all };
}

function restOf(parser: Parser): AelNode[] {
  const open = parser.lexer.start;
  parser.take("(");
  const args: AelNode[] = [];
  if (!parser.is(")")) {
    do args.push(parser.expression());
    while (parser.takeIf(","));
  }
  parser.close(")", open);
  return args;
}

/** `geoJson('…')`: what is between the quotes as it stands; or a parameter. */
function geoJson(parser: Parser, fn: FunctionInfo, at: number): AelNode {
  const { lexer } = parser;
  const open = lexer.start;
  let arg: AelNode;
  if (lexer.rawName()) arg = parser.literal("string");
  else {
    lexer.next();
    if (!parser.is("placeholder")) {
      parser.failAt(
        { at, end: lexer.end },
        "geoJson() takes one string literal: what is between its quotes as it stands",
      );
    }
    arg = parser.placeholder();
  }
  parser.close(")", open);
  const depth = parser.above([arg]);
  return { kind: "function", at, end: lexer.lastEnd, depth, typed: undefined, grouped: false, fn, args: [arg] };
}
