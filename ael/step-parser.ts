import type { ExpType } from "../protocol/exp/exp-type.js";
import { type AelNode, isSingleStep, type Pin, type Span, type Step, type StepKind } from "./ast.js";
import { parseNumber, parseScalar, parseStringLike, special } from "./literal-parser.js";
import type { Parser } from "./parser.js";
import { KEYWORDS } from "./token-cursor.js";

// step = name | string | integer | blob | "{…}" | "[…]" | "*" | "*[?(…)]"

interface Given {
  readonly at: number;
  readonly end: number;
  readonly kind: StepKind;
  readonly on: Step["on"];
  readonly inverted?: boolean;
  readonly operands?: readonly AelNode[];
  readonly begin?: AelNode | undefined;
  readonly until?: AelNode | undefined;
  readonly filter?: AelNode;
}

export function stepOf(given: Given): Step {
  return {
    inverted: false,
    operands: [],
    begin: undefined,
    until: undefined,
    filter: undefined,
    also: undefined,
    pins: [],
    properties: [],
    ...given,
  };
}

/** A step that is a name: a key of a map. The name has been taken. */
export function stepOfName(parser: Parser, name: string, { at, end }: Span): Step {
  if (KEYWORDS.has(name)) {
    parser.failAt({ at, end }, `"${name}" is a word of the language`, `Write "${name}" for a key of this name`);
  }
  const key: AelNode = {
    kind: "literal",
    at,
    end,
    depth: 1,
    typed: undefined,
    grouped: false,
    of: "string",
    value: name,
  };
  return stepOf({ at, end, kind: "key", on: "map", operands: [key] });
}

/**
 * The step at hand, behind its dot. Undefined for `[]` and `{}`, the old spelling of a type: they go to what comes
 * before.
 */
export function parseStep(parser: Parser, base: AelNode, steps: Step[]): Step | undefined {
  const { lexer } = parser;
  const { at, end } = parser.span;
  switch (lexer.kind) {
    case "{":
      return bracketed(parser, "map", base, steps);
    case "[":
      return bracketed(parser, "list", base, steps);
    case "*":
      lexer.next();
      if (parser.is("[") && lexer.start === end && lexer.text.startsWith("[?(", end)) {
        return filterStep(parser, at, "any", false);
      }
      return stepOf({ at, end, kind: "all", on: "any" });
    case "**":
      return parser.fail('"**" is no step', undefined, "Every element is .*, all levels can't be asked for");
  }
  const key = stepKey(parser, "a map key, {…}, […], *, or a function");
  // Servers read a blob only as a key in braces.
  if (key.kind === "literal" && key.of === "blob") lexer.note(at, lexer.lastEnd, `{@${textOf(parser, key)}}`);
  return stepOf({ at, end: lexer.lastEnd, kind: "key", on: "map", operands: [key] });
}

/** `&[?(…)]` right behind a step. */
export function parseAlso(parser: Parser, step: Step): AelNode | undefined {
  const { lexer } = parser;
  if (!parser.is("&") || lexer.start !== lexer.lastEnd || !lexer.text.startsWith("[?(", lexer.end)) return undefined;
  if (step.kind === "all" || step.kind === "filter") {
    parser.fail("A further condition does not go with a wildcard", undefined, "Join the two conditions with and");
  }
  lexer.next();
  return condition(parser);
}

/** `[?(…)]`; the token at hand is the bracket. */
function condition(parser: Parser): AelNode {
  const { lexer } = parser;
  const bracket = lexer.start;
  lexer.next();
  lexer.next();
  const open = lexer.start;
  parser.take("(");
  const filter = parser.elementExpression();
  parser.close(")", open);
  const close = lexer.text[bracket] === "{" ? "}" : "]";
  parser.close(close, bracket);
  return filter;
}

function filterStep(parser: Parser, at: number, on: Step["on"], isOld: boolean, pin = ""): Step {
  const open = parser.lexer.start;
  const filter = condition(parser);
  const end = parser.lexer.lastEnd;
  if (isOld) parser.lexer.note(pin === "" ? at : at - 1, end, `${pin}*[${parser.text.slice(open + 1, end - 1)}]`);
  return stepOf({ at, end, kind: "filter", on, filter });
}

/** A key: a word, a string, a blob, an integer with its sign, a placeholder. */
function stepKey(parser: Parser, expected: string): AelNode {
  switch (parser.lexer.kind) {
    case "name":
      return word(parser);
    case "int":
    case "+":
    case "-":
      return integer(parser, expected);
  }
  return parseStringLike(parser) ?? parser.unexpected(expected);
}

function integer(parser: Parser, expected: string): AelNode {
  if (!parser.is("int") && !parser.lexer.isDigit(parser.lexer.end)) parser.unexpected(expected);
  const node = parseNumber(parser);
  if (node.kind !== "literal" || node.of !== "int") parser.failAt(node, "An integer is expected here");
  return node;
}

/** A bare word is a string, save the words of the language. */
function word(parser: Parser): AelNode {
  const { lexer } = parser;
  const name = String(lexer.value);
  switch (name) {
    case "NIL":
      return parser.literal("nil", null);
    case "INF":
      return special(parser, "INF");
    case "true":
    case "false":
      return parser.literal("bool", name === "true");
  }
  if (KEYWORDS.has(name)) {
    parser.fail(`"${name}" is a word of the language`, undefined, `Write "${name}" for a string`);
  }
  return parser.literal("string");
}

/** A value that elements are compared with. */
function stepValue(parser: Parser): AelNode {
  switch (parser.lexer.kind) {
    case "name":
      return word(parser);
    case "[":
    case "{":
      return parser.fail(
        "A list or a map can't be looked for in a step",
        undefined,
        "Compare it in a condition: *[?(@ == [1, 2])]",
      );
    case "$":
    case "variable":
    case "@":
      return parser.fail("A step holds constants only", undefined, "Give it as a parameter: ?0");
  }
  return parseScalar(parser) ?? parser.unexpected("a value");
}

function bracketed(parser: Parser, on: "map" | "list", base: AelNode, steps: Step[]): Step | undefined {
  const { lexer } = parser;
  const at = lexer.start;
  const close = on === "map" ? "}" : "]";
  if (lexer.text.startsWith("?(", lexer.end))
    return filterStep(parser, at, on, true, pinOfBin(parser, on, at, base, steps));
  lexer.next();
  if (parser.is(close)) return pinBefore(parser, on, at, base, steps);
  if (parser.is("*") && lexer.text[lexer.end] === close) {
    const pin = pinOfBin(parser, on, at, base, steps);
    lexer.next();
    lexer.next();
    lexer.note(pin === "" ? at : at - 1, lexer.lastEnd, `${pin}*`);
    return stepOf({ at, end: lexer.lastEnd, kind: "all", on });
  }
  const inverted = parser.is("!") || parser.is("!=");
  const isValue = parser.is("=") || parser.is("!=");
  if (inverted || isValue) lexer.next();
  const step = isValue
    ? byConstant(parser, at, on, OF_VALUES, stepValue)
    : parser.is("#")
      ? byRank(parser, at, on, close)
      : parser.is("@")
        ? byKey(parser, at, on)
        : byIndex(parser, at, on, close, inverted);
  if (!parser.is(close)) parser.unexpected(`"${close}"`);
  lexer.next();
  const whole: Step = { ...step, inverted, end: lexer.lastEnd };
  noteBlanks(parser, whole);
  if (inverted && isSingleStep(whole)) {
    const text = lexer.text.slice(at, whole.end).replace("!", "");
    const hint =
      whole.kind === "firstValue"
        ? `All others than one value: ${text.slice(0, 1)}!${text.slice(1, -1)},${close}`
        : "Ranges and lists can be turned round";
    parser.failAt(whole, "One element can't be inverted", hint);
  }
  return whole;
}

/** `{ @a }`: for servers a bracket and what follows it are one token. */
function noteBlanks(parser: Parser, { at, end }: Step): void {
  const { text } = parser;
  const opener = /^.\s*!?\s*[=#@]?/.exec(text.slice(at, at + 100))?.[0] ?? "";
  if (!/\s[!=#@]/.test(opener)) return;
  parser.lexer.note(at, end, opener.replace(/\s+/g, "") + text.slice(at + opener.length, end));
}

/** The bracket of an old wildcard says what the bin is; the new one does not, so the bin gets its type: `:LIST.` */
function pinOfBin(parser: Parser, on: "map" | "list", at: number, base: AelNode, steps: readonly Step[]): string {
  if (steps.length > 0 || base.kind !== "bin" || base.grouped || base.pins.length > 0) return "";
  (base.pins as Pin[]).push({ type: on, at, end: parser.lexer.end });
  return `:${on.toUpperCase()}.`;
}

/** `.[]` and `.{}` said that a bin or an element is a list or a map. */
function pinBefore(parser: Parser, on: "map" | "list", at: number, base: AelNode, steps: Step[]): undefined {
  const { lexer } = parser;
  lexer.next();
  const type: ExpType = on;
  const pin = { type, at, end: lexer.lastEnd };
  lexer.note(at - 1, lexer.lastEnd, `:${on.toUpperCase()}`);
  const last = steps.pop();
  if (last !== undefined) {
    steps.push({ ...last, pins: [...last.pins, pin] });
    return;
  }
  if (base.kind === "bin" || base.kind === "loop") {
    (base.pins as (typeof pin)[]).push(pin);
    return;
  }
  parser.failAt(pin, `${on === "map" ? "{}" : "[]"} is no step`, "Leave it out: what is worked out has its type");
}

const OF_VALUES = { one: "firstValue", several: "valueList", range: "valueRange" } as const;
const OF_KEYS = { one: "key", several: "keyList", range: "keyRange" } as const;

/** What follows `=` or `@`: one constant, several, or a range that may be open at either end. */
function byConstant(
  parser: Parser,
  at: number,
  on: "map" | "list",
  kinds: typeof OF_VALUES | typeof OF_KEYS,
  read: (parser: Parser) => AelNode,
): Step {
  const close = on === "map" ? "}" : "]";
  const end = at;
  if (parser.takeIf(":")) return stepOf({ at, end, kind: kinds.range, on, until: read(parser) });
  const first = read(parser);
  if (parser.takeIf(":")) {
    const until = parser.is(close) ? undefined : read(parser);
    return stepOf({ at, end, kind: kinds.range, on, begin: first, until });
  }
  if (!parser.is(",")) return stepOf({ at, end, kind: kinds.one, on, operands: [first] });
  return stepOf({ at, end, kind: kinds.several, on, operands: rest(parser, first, close, read) });
}

/** Values behind a first, with their commas; a last comma has nothing behind it. */
function rest(parser: Parser, first: AelNode, close: string, read: (parser: Parser) => AelNode): AelNode[] {
  const values = [first];
  while (parser.takeIf(",")) {
    if (parser.is(close)) break;
    values.push(read(parser));
  }
  return values;
}

function keyValue(parser: Parser): AelNode {
  return parser.is("float") ? parser.fail("A key is an integer, a string or a blob") : stepKey(parser, "a key");
}

function byKey(parser: Parser, at: number, on: "map" | "list"): Step {
  if (on === "list") parser.fail("A list has no keys", undefined, "Keys stand in braces: {@a,b}");
  parser.lexer.next();
  return byConstant(parser, at, on, OF_KEYS, keyValue);
}

/** What follows `#`: a rank, or a range of ranks. */
function byRank(parser: Parser, at: number, on: "map" | "list", close: string): Step {
  parser.lexer.next();
  return byPlace(parser, at, on, close, "rank");
}

function byPlace(parser: Parser, at: number, on: "map" | "list", close: string, what: "index" | "rank"): Step {
  const end = at;
  const begin = parser.is(":") ? undefined : place(parser, what);
  const range = what === "index" ? "indexRange" : "rankRange";
  if (parser.is(",")) {
    parser.fail(`Several ${what === "index" ? "indexes" : "ranks"} can't be listed`, '":" and the end of a range');
  }
  if (!parser.takeIf(":")) {
    const single = begin ?? place(parser, what);
    if (parser.is("~")) parser.fail("A relative selection is a range", '":"', "Write {0:~b} or {-1:1~b}");
    return stepOf({ at, end, kind: what, on, operands: [single] });
  }
  const until = parser.is(close) || parser.is("~") ? undefined : place(parser, what);
  if (parser.is("~")) return relative(parser, at, on, what, begin, until);
  const first = signOf(begin);
  const last = signOf(until);
  if (begin === undefined && last === -1) {
    parser.failAt(
      until!,
      "A range from the start ends at 0 or later",
      "Write both ends, counted from the end: [-3:-1]",
    );
  }
  if (first !== undefined && last !== undefined && first !== last) {
    parser.failAt(
      { at: begin!.at, end: until!.end },
      "Both ends of a range count from the same end",
      "Give both signs alike, or leave the end out",
    );
  }
  return stepOf({ at, end, kind: range, on, begin, until });
}

/** −1 for a negative literal, 1 for others; undefined where only the value of a parameter tells. */
function signOf(node: AelNode | undefined): 1 | -1 | undefined {
  if (node?.kind !== "literal") return undefined;
  return Number(node.value) < 0 ? -1 : 1;
}

/** `S:E~pivot`: counted from where a key (indexes) or a value (ranks) stands or would stand; E is included. */
function relative(
  parser: Parser,
  at: number,
  on: "map" | "list",
  what: "index" | "rank",
  begin: AelNode | undefined,
  until: AelNode | undefined,
): Step {
  if (what === "index" && on === "list")
    parser.fail("A list has no keys to count from", '"]"', "Ranks count from a value: [#0:1~v]");
  if (begin === undefined) parser.fail("A relative range has a start", "an integer before the colon");
  parser.lexer.next();
  const pivot = what === "index" ? keyValue(parser) : stepValue(parser);
  const kind = what === "index" ? "relativeIndexRange" : "relativeRankRange";
  return stepOf({ at, end: at, kind, on, operands: [pivot], begin, until });
}

function place(parser: Parser, what: string): AelNode {
  const node = parser.is("placeholder")
    ? parser.placeholder()
    : integer(parser, `${what === "index" ? "an index" : "a rank"}, an integer`);
  if (node.kind !== "literal") return node;
  const value = BigInt(node.value as number | bigint);
  if (value > 0x7fff_ffffn || value < -0x8000_0000n) parser.failAt(node, "An index or rank must fit 32 bits");
  return node;
}

/** Index, range of indexes, and what the language before 8.2 wrote there for keys: `{a,b}`, `{a-c}`, `{a}`. */
function byIndex(parser: Parser, at: number, on: "map" | "list", close: string, inverted: boolean): Step {
  const { kind } = parser.lexer;
  if (on === "map" && (kind === "name" || kind === "string" || kind === "blob"))
    return oldKeys(parser, at, close, inverted);
  const step = byPlace(parser, at, on, close, "index");
  const [first] = step.operands;
  if (on === "map" && step.kind === "index" && first?.kind === "literal" && parser.is("-")) {
    return oldKeyRange(parser, at, first, close, inverted);
  }
  return step;
}

function oldKeys(parser: Parser, at: number, close: string, inverted: boolean): Step {
  const first = keyValue(parser);
  if (parser.is(":")) {
    parser.fail("A range of keys starts with @", undefined, `Write {@${parser.text.slice(first.at, first.end)}:…}`);
  }
  if (parser.is("-")) return oldKeyRange(parser, at, first, close, inverted);
  const operands = rest(parser, first, close, keyValue);
  noteKeys(
    parser,
    at,
    inverted,
    operands.length === 1 ? `${textOf(parser, first)}` : operands.map((key) => textOf(parser, key)).join(","),
  );
  // One key without the others is a list of one.
  const isList = operands.length > 1 || inverted;
  return stepOf({ at, end: at, kind: isList ? "keyList" : "key", on: "map", operands });
}

function oldKeyRange(parser: Parser, at: number, begin: AelNode, close: string, inverted: boolean): Step {
  parser.lexer.next();
  const until = parser.is(close) ? undefined : keyValue(parser);
  noteKeys(parser, at, inverted, `${textOf(parser, begin)}:${until === undefined ? "" : textOf(parser, until)}`);
  return stepOf({ at, end: at, kind: "keyRange", on: "map", begin, until });
}

function noteKeys(parser: Parser, at: number, inverted: boolean, keys: string): void {
  const isOne = inverted && !/[,:]/.test(keys);
  parser.lexer.note(
    at,
    Math.min(parser.lexer.end, parser.text.length),
    `{${inverted ? "!" : ""}@${keys}${isOne ? "," : ""}}`,
  );
}

function textOf(parser: Parser, node: AelNode): string {
  return parser.text.slice(node.at, node.end);
}
