import { MapReturnType } from "../protocol/cdt/flags.js";
import type { ExpType } from "../protocol/exp/exp-type.js";
import { argumentsOf } from "./arguments-parser.js";
import { type AelNode, isSingleStep, type MethodNode, needsSelect, type PathNode, type Span } from "./ast.js";
import { type FunctionInfo, method, OLD } from "./functions.js";
import type { Parser } from "./parser.js";
import { stepOf } from "./step-parser.js";
import { TYPE_WORDS } from "./type-set.js";

// Functions of the language before 8.2. What server 8.2 writes in another way becomes that, with a note; what it can't
// say is kept.

const NAMES: ReadonlySet<string> = new Set(["get", "asInt", "asFloat", "is", "orElse", "mapKeys", "mapValues"]);

export function isOldMethod(name: string): boolean {
  return NAMES.has(name);
}

/** The token at hand is the parenthesis behind the name. */
export function parseOldMethod(parser: Parser, receiver: AelNode, word: string, name: Span, at: number): AelNode {
  switch (word) {
    case "get":
      return get(parser, receiver, name, at);
    case "is":
      return is(parser, receiver, name, at);
    case "orElse": {
      const { args } = argumentsOf(parser, OLD.orElse, name);
      const of = parser.text.slice(at, name.at - 1);
      const value = args[0]!;
      const end = parser.lexer.lastEnd;
      const fallback = parser.text.slice(value.at, value.end);
      parser.lexer.note(at, end, `when (${of}.exists() => ${of}, default => ${fallback})`);
      return call(parser, receiver, OLD.orElse, name, at, args);
    }
    case "asInt":
    case "asFloat":
      return cast(parser, receiver, word, name, at);
    default:
      return entries(parser, receiver, word, name, at);
  }
}

function call(
  parser: Parser,
  receiver: AelNode,
  fn: FunctionInfo,
  name: Span,
  at: number,
  args: readonly (AelNode | undefined)[],
  extra: Partial<Pick<MethodNode, "properties" | "returns">> = {},
): MethodNode {
  return {
    kind: "method",
    at,
    end: parser.lexer.lastEnd,
    depth: parser.above([receiver, ...args]),
    typed: undefined,
    grouped: false,
    receiver,
    fn,
    name,
    args,
    regex: undefined,
    properties: [],
    returns: undefined,
    ...extra,
  };
}

/** `5.asFloat()` is a constant; all else is `toInt()`, `toFloat()`. */
function cast(parser: Parser, receiver: AelNode, word: "asInt" | "asFloat", name: Span, at: number): AelNode {
  const fn = method(word === "asInt" ? "toInt" : "toFloat")!;
  argumentsOf(parser, fn, name);
  const end = parser.lexer.lastEnd;
  if (receiver.kind === "literal" && !receiver.grouped && (receiver.of === "int" || receiver.of === "float")) {
    const of: ExpType = word === "asInt" ? "int" : "float";
    const number = receiver.value as number | bigint;
    const value = of === "float" ? Number(number) : typeof number === "bigint" ? number : Math.trunc(number);
    const digits = String(value);
    parser.lexer.note(at, end, of === "float" && !digits.includes(".") ? `${digits}.0` : digits);
    return { ...receiver, of, value, end };
  }
  parser.lexer.note(name.at, end, `${fn.name}()`);
  return call(parser, receiver, fn, name, at, []);
}

/** `is(type: INT)` */
function is(parser: Parser, receiver: AelNode, name: Span, at: number): AelNode {
  const open = parser.lexer.start;
  parser.lexer.next();
  const { type, span } = typeArgument(parser);
  parser.close(")", open);
  const end = parser.lexer.lastEnd;
  parser.lexer.note(name.at, end, `type() == ${type.toUpperCase()}`);
  const left = call(parser, receiver, method("type")!, name, at, []);
  const right: AelNode = { kind: "typeWord", ...span, depth: 1, typed: undefined, grouped: false, of: type };
  return { kind: "compare", at, end, depth: parser.over(left), typed: undefined, grouped: true, op: "==", left, right };
}

function typeArgument(parser: Parser): { type: ExpType; span: Span } {
  if (!parser.takeWord("type")) parser.unexpected('"type:"');
  parser.take(":");
  const type = parser.is("name") ? TYPE_WORDS.get(String(parser.lexer.value)) : undefined;
  if (type === undefined) parser.unexpected("a type: INT, FLOAT, STRING, BOOL, BLOB, LIST, MAP, GEO or HLL");
  const span = parser.span;
  parser.lexer.next();
  return { type, span };
}

/** `mapKeys()`, `mapValues()`: of all entries. */
function entries(parser: Parser, receiver: AelNode, word: string, name: Span, at: number): AelNode {
  argumentsOf(parser, OLD.mapKeys, name);
  const { lastEnd } = parser.lexer;
  const zero: AelNode = { kind: "literal", ...name, depth: 1, typed: undefined, grouped: false, of: "int", value: 0 };
  const all = stepOf({ at: name.at, end: lastEnd, kind: "indexRange", on: "map", begin: zero });
  const into = receiver.kind === "path" && !receiver.grouped ? receiver : undefined;
  const path: PathNode = {
    kind: "path",
    at,
    end: lastEnd,
    depth: parser.over(receiver),
    typed: undefined,
    grouped: word === "mapValues",
    base: into?.base ?? receiver,
    steps: [...(into?.steps ?? []), all],
  };
  parser.lexer.note(name.at, lastEnd, word === "mapKeys" ? "{0:}.getKeys()" : "{0:}");
  return word === "mapValues" ? path : call(parser, path, method("getKeys")!, name, at, []);
}

/** `get()`, `get(type: INT)`, `get(return: KEY)`, `get(type: INT, return: KEY)` */
function get(parser: Parser, receiver: AelNode, name: Span, at: number): AelNode {
  const { lexer } = parser;
  const open = lexer.start;
  let type: ExpType | undefined;
  let returns: string | undefined;
  let returnsAt: Span = name;
  lexer.next();
  if (!parser.is(")")) {
    do {
      if (parser.isWord("type")) type = typeArgument(parser).type;
      else if (parser.takeWord("return")) {
        parser.take(":");
        if (!parser.is("name")) parser.unexpected("a return type: VALUE, KEY, INDEX, RANK, COUNT, EXISTS …");
        returns = String(lexer.value);
        returnsAt = parser.span;
        lexer.next();
      } else parser.unexpected('"type:" or "return:"');
    } while (parser.takeIf(","));
  }
  parser.close(")", open);
  if (returns === undefined || returns === "VALUE") return pinned(parser, receiver, type, name);
  return returning(parser, receiver, returns, type, { name, returnsAt, at });
}

/** The receiver with a type. */
function pinned(parser: Parser, receiver: AelNode, type: ExpType | undefined, name: Span): AelNode {
  const end = parser.lexer.lastEnd;
  parser.lexer.note(name.at - 1, end, type === undefined ? "" : `:${type.toUpperCase()}`);
  if (type === undefined) return receiver;
  const pin = { type, at: name.at, end };
  if (receiver.grouped) return refusePin(parser, name);
  switch (receiver.kind) {
    case "bin":
    case "loop":
      return { ...receiver, pins: [...receiver.pins, pin], end };
    case "metadata":
      return { ...receiver, pins: [...receiver.pins, pin], end };
    case "path": {
      const last = receiver.steps.at(-1)!;
      return { ...receiver, steps: [...receiver.steps.slice(0, -1), { ...last, pins: [...last.pins, pin] }], end };
    }
    default:
      return refusePin(parser, name);
  }
}

function refusePin(parser: Parser, name: Span): never {
  return parser.failAt(name, "Only a bin or an element of one is given a type; what is worked out has one");
}

interface Places {
  readonly name: Span;
  readonly returnsAt: Span;
  readonly at: number;
}

function returning(
  parser: Parser,
  receiver: AelNode,
  word: string,
  type: ExpType | undefined,
  { name, returnsAt, at }: Places,
): AelNode {
  const code = (MapReturnType as Readonly<Record<string, number>>)[word];
  if (code === undefined || word === "INVERTED") {
    parser.failAt(returnsAt, `${word} is no return type`, "VALUE, KEY, INDEX, RANK, COUNT, EXISTS …");
  }
  if (word === "NONE") parser.failAt(returnsAt, "return: NONE gives nothing that an expression could use");
  if (receiver.kind !== "path" || receiver.grouped) {
    parser.failAt(name, `return: ${word} needs a step into a list or map before it`);
  }
  const many = !isSingleStep(receiver.steps.at(-1)!) || needsSelect(receiver.steps);
  const now = NOW[word];
  const isSaid =
    now !== undefined &&
    (many ? word !== "KEY_VALUE" || needsSelect(receiver.steps) : word !== "KEY" && word !== "COUNT");
  const noteOf = (): string => {
    if (isSaid) return now[1];
    if (word === "KEY_VALUE") return "getMaps()";
    return word === "COUNT"
      ? "exists(), or count() behind a step that selects several"
      : "getKeys() behind a step that selects several";
  };
  if (now === undefined && code !== MapReturnType.KEY_VALUE) {
    parser.failAt(returnsAt, `return: ${word} is no part of the language`);
  }
  parser.lexer.note(name.at, parser.lexer.lastEnd, noteOf());
  if (!isSaid) {
    return call(parser, receiver, OLD.get, name, at, [], { returns: { code, type } });
  }
  const [fn, , property] = now;
  const properties = property === undefined ? [] : [{ name: property, ...returnsAt }];
  return call(parser, receiver, method(fn)!, name, at, [], { properties });
}

/** By return type: the function of today, how it is written, its property. */
const NOW: Readonly<Record<string, readonly [fn: string, text: string, property?: string]>> = {
  KEY: ["getKeys", "getKeys()"],
  KEY_VALUE: ["getKeyValues", "getKeyValues()"],
  INDEX: ["getIndexes", "getIndexes()"],
  REVERSE_INDEX: ["getIndexes", "getIndexes():REVERSE", "REVERSE"],
  RANK: ["getRanks", "getRanks()"],
  REVERSE_RANK: ["getRanks", "getRanks():REVERSE", "REVERSE"],
  COUNT: ["count", "count()"],
  EXISTS: ["exists", "exists()"],
  ORDERED_MAP: ["getMaps", "getMaps()"],
  UNORDERED_MAP: ["getMaps", "getMaps():UNORDERED", "UNORDERED"],
};
