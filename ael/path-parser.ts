import { utf8Length } from "../protocol/bytes/utf8.js";
import { didYouMean } from "../protocol/check/nearest.js";
import { argumentsOf } from "./arguments-parser.js";
import type { AelNode, PathNode, Pin, Property, Span, Step } from "./ast.js";
import { type FunctionInfo, METADATA, method, RENAMED, suggestMethod } from "./functions.js";
import { isOldMethod, parseOldMethod } from "./old-methods.js";
import type { Parser } from "./parser.js";
import { parseAlso, parseStep, stepOfName } from "./step-parser.js";
import { KEYWORDS } from "./token-cursor.js";
import { TYPE_WORDS, typeMeant } from "./type-set.js";

const MAX_BIN_NAME = 15;
const MAX_STEPS = 256;
/** Stands where a type does, and is two. */
const NUMBER_WORD = "NUMBER";

/** What may stand behind a colon besides a type. */
const PROPERTIES: readonly string[] = (
  "REVERSE UNORDERED NO_FAIL PARTIAL ADD_UNIQUE DROP_DUPS CREATE_ONLY UPDATE_ONLY KEY_ORDERED KEY_VALUE_ORDERED SORTED " +
  "UNSORTED UNSORTED_PAD PERSIST_INDEX"
).split(" ");

/** `$.name`, `$."any name"`, with types and what follows; `$.ttl()` and its like. */
export function parseBin(parser: Parser): AelNode {
  const { lexer } = parser;
  const at = lexer.start;
  if (lexer.behind !== ".") refuseDollar(parser);
  lexer.extend(1);
  const isQuoted = lexer.rawName();
  if (!isQuoted && lexer.isDigit(lexer.end)) {
    const end = lexer.wordEnd(lexer.end);
    const name = lexer.text.slice(lexer.end, end);
    parser.failAt({ at, end }, "The name of a bin starts with a letter or _", `Write $."${name}"`);
  }
  if (!isQuoted) lexer.next();
  if (parser.is("*") || parser.is("[") || parser.is("{")) {
    parser.fail("A path starts with a bin", "the name of a bin", "Write $.bin.[0], $.bin:MAP.*");
  }
  if (!isQuoted && !parser.is("name")) parser.unexpected("the name of a bin", quotedBin(parser));
  const name = String(lexer.value);
  const nameSpan = parser.span;
  lexer.next();
  if (!isQuoted && parser.is("(")) return parsePostfix(parser, parseMetadata(parser, name, at, nameSpan), "call");
  if (!isQuoted && KEYWORDS.has(name)) {
    const where = { at, end: nameSpan.end };
    parser.failAt(where, `"${name}" is a word of the language`, `Write $."${name}" for a bin of this name`);
  }
  if (!isQuoted && (parser.is("@") || parser.is("#")) && lexer.start === nameSpan.end) {
    const whole = `${name}${lexer.text.slice(lexer.start).match(/^[\w@#-]+/)?.[0] ?? ""}`;
    parser.fail("A name holds letters, digits and _", undefined, `Write $."${whole}"`);
  }
  checkBinName(parser, name, nameSpan);
  const { pins, properties, local, isNumber } = postfix(parser, true);
  const node: AelNode = {
    kind: "bin",
    at,
    end: lexer.lastEnd,
    depth: 1,
    typed: undefined,
    grouped: false,
    name,
    local,
    isNumber,
    pins,
    properties,
  };
  return parsePostfix(parser, node, "path");
}

function quotedBin(parser: Parser): string | undefined {
  const word = /^[\w@#-]+/.exec(parser.text.slice(parser.lexer.start))?.[0];
  return word === undefined ? undefined : `Write $."${word}"`;
}

function refuseDollar(parser: Parser): never {
  const { lexer } = parser;
  const inBrackets = /^\[\s*(?:"([^"]*)"|'([^']*)')\s*\]/.exec(lexer.text.slice(lexer.end));
  if (inBrackets !== null) {
    const name = inBrackets[1] ?? inBrackets[2] ?? "";
    const written = /^[A-Za-z_]\w*$/.test(name) && !KEYWORDS.has(name) ? `$.${name}` : `$."${name}"`;
    parser.failAt(
      { at: lexer.start, end: lexer.end + inBrackets[0].length },
      "A bin is no key in brackets",
      `Write ${written}`,
    );
  }
  return parser.fail('"$" stands before a dot', '"$." and the name of a bin', 'Did you mean "$."?');
}

function checkBinName(parser: Parser, name: string, where: Span): void {
  if (name.includes("\0")) parser.failAt(where, "The name of a bin can't hold a NUL");
  if (!name.isWellFormed()) parser.failAt(where, "The name holds half a surrogate pair, which UTF-8 can't carry");
  const length = name.length > MAX_BIN_NAME ? name.length : utf8Length(name);
  if (length > MAX_BIN_NAME) parser.failAt(where, `The bin name ${name} is longer than ${MAX_BIN_NAME} bytes`);
}

/** `$.ttl()`, `$.key():INT`, `$.digestModulo(3)` */
function parseMetadata(parser: Parser, word: string, at: number, where: Span): AelNode {
  const { lexer } = parser;
  const name = RENAMED.get(word) ?? word;
  const open = lexer.start;
  if (!METADATA.has(name)) {
    const near = didYouMean(word, [...METADATA.keys()]);
    parser.failAt(
      where,
      `Unknown function: ${word}`,
      method(word) === undefined ? near : `Name the bin: $.a.${word}()`,
    );
  }
  let modulus = 0;
  lexer.next();
  if (name === "digestModulo") {
    if (!parser.is("int") && !parser.is("-")) parser.unexpected("the modulus, an integer");
    if (parser.is("-")) lexer.next();
    const sign = lexer.text[lexer.start - 1] === "-" ? -1 : 1;
    modulus = sign * Number(lexer.value);
    if (!parser.is("int") || modulus === 0 || modulus !== (modulus | 0)) {
      parser.fail("digestModulo takes a 32-bit integer other than 0");
    }
    lexer.next();
  } else if (!parser.is(")")) {
    parser.fail(`$.${word}() takes no arguments`, '")"');
  }
  parser.close(")", open);
  if (name !== word) lexer.note(at, lexer.lastEnd, `$.${name}()`);
  const pins: Pin[] = name === "key" ? postfix(parser, false).pins : [];
  if (name !== "key") refusePin(parser);
  const end = lexer.lastEnd;
  return { kind: "metadata", at, end, depth: 1, typed: undefined, grouped: false, name, modulus, pins };
}

/** `@`, `@key`, `@index` */
export function parseLoop(parser: Parser): AelNode {
  const { lexer } = parser;
  const at = lexer.start;
  const word = /^(?:key|index)\b/.exec(lexer.text.slice(lexer.end, lexer.end + 6))?.[0];
  if (word !== undefined) lexer.extend(word.length);
  if (!parser.inElement) {
    parser.fail(
      `${word === undefined ? "@" : `@${word}`} is the element that a path looks at: it has a meaning only inside *[?(…)] and modify(…)`,
    );
  }
  lexer.next();
  const part = word === "key" || word === "index" ? word : "value";
  const { pins } = postfix(parser, false);
  const end = lexer.lastEnd;
  if (part === "index" && pins.length > 0) parser.failAt(pins[0]!, "@index is INT already: it takes no type");
  if (pins.length > 0 && parser.is(".")) lexer.note(at, end, `(${lexer.text.slice(at, end)})`);
  const node: AelNode = { kind: "loop", at, end, depth: 1, typed: undefined, grouped: false, part, pins };
  return parsePostfix(parser, node, part === "value" ? "path" : "call");
}

/** How far a dot goes behind an operand: steps and functions; functions; the same, with parentheses around the operand. */
type Reach = "path" | "value" | "call" | "bare";

/** What follows an operand: steps into it, functions of it. `at`: where the whole starts. */
export function parsePostfix(parser: Parser, operand: AelNode, reach: Reach, at: number = operand.at): AelNode {
  const { lexer } = parser;
  let base = operand;
  let steps: Step[] = [];
  let reached = reach;
  const whole = (): AelNode => (steps.length === 0 ? base : pathOf(parser, base, steps, at));
  for (;;) {
    if (
      (parser.is("[") || parser.is("{")) &&
      lexer.start === lexer.lastEnd &&
      (reached === "path" || steps.length > 0)
    ) {
      parser.fail("Each step of a path has a dot before it", '"."', `Write ${stepHint(parser)}`);
    }
    if (!parser.is(".")) return whole();
    if (base.kind === "placeholder" && steps.length === 0 && lexer.isDigit(lexer.end)) parser.unexpected("a step");
    lexer.next();
    if (parser.is("name")) {
      const name = String(lexer.value);
      const where = parser.span;
      lexer.next();
      if (parser.is("(")) {
        const receiver = receiverOf(parser, whole(), reached, steps.length > 0, name);
        base = parseMethod(parser, receiver, name, where, at);
        steps = [];
        reached = reachOf(base);
        if (base.kind === "path" && !base.grouped) {
          steps = [...base.steps];
          base = base.base;
        }
        continue;
      }
      if (reached !== "path" && reached !== "value") noteParentheses(parser, base);
      steps.push(stepOfName(parser, name, where));
    } else {
      if (reached !== "path" && reached !== "value") noteParentheses(parser, base);
      const step = parseStep(parser, base, steps);
      if (step === undefined) continue;
      steps.push(step);
    }
    reached = "path";
    if (steps.length > MAX_STEPS) parser.failAt(steps.at(-1)!, `A path has at most ${MAX_STEPS} steps`);
    steps.push(stepPostfix(parser, steps.pop()!));
  }
}

/** How far a dot goes behind what a function's name was read as. */
function reachOf(node: AelNode): Reach {
  if (node.grouped) return "value";
  switch (node.kind) {
    case "bin":
    case "path":
    case "loop":
      return "path";
    case "method":
      return "call";
    default:
      return "bare";
  }
}

function stepHint(parser: Parser): string {
  const inside = /^\[(?:\*\]|\?\()/.exec(parser.text.slice(parser.lexer.start))?.[0];
  if (inside !== undefined) return inside === "[*]" ? ":LIST.* for all elements" : ":LIST.*[?(…)]";
  const { text, lexer } = { text: parser.text, lexer: parser.lexer };
  const quoted = /^\[(?:"([A-Za-z_]\w*)"|'([A-Za-z_]\w*)')\]/.exec(text.slice(lexer.start));
  const close = text.indexOf(parser.is("[") ? "]" : "}", lexer.start);
  const from = text.slice(0, lexer.start).search(/[\w$.:"'\]}]+$/);
  if (quoted !== null) return `${text.slice(Math.max(0, from), lexer.start)}.${quoted[1] ?? quoted[2]}`;
  return `${text.slice(Math.max(0, from), lexer.start)}.${text.slice(lexer.start, close < 0 ? lexer.end : close + 1)}`;
}

function noteParentheses(parser: Parser, base: AelNode): void {
  parser.lexer.note(base.at, base.end, `(${parser.text.slice(base.at, base.end)})`);
}

function receiverOf(parser: Parser, receiver: AelNode, reached: Reach, hasSteps: boolean, name: string): AelNode {
  // 5.asFloat() has a note of its own.
  const isConverted = receiver.kind === "literal" && receiver.of !== "string" && isOldMethod(name);
  if (reached === "bare" && !hasSteps && !isConverted) noteParentheses(parser, receiver);
  return receiver;
}

function pathOf(parser: Parser, base: AelNode, steps: readonly Step[], at: number): PathNode {
  const last = steps.at(-1)!;
  const operands = steps.flatMap((step) => [...step.operands, step.begin, step.until, step.filter, step.also]);
  const end = Math.max(last.end, last.pins.at(-1)?.end ?? 0, last.properties.at(-1)?.end ?? 0);
  return {
    kind: "path",
    at,
    end,
    depth: parser.above([base, ...operands]),
    typed: undefined,
    grouped: false,
    base,
    steps,
  };
}

/** `&[?(…)]` and what stands behind a colon. */
function stepPostfix(parser: Parser, step: Step): Step {
  const also = parseAlso(parser, step);
  if (!parser.is(":")) return also === undefined ? step : { ...step, also, end: parser.lexer.lastEnd };
  const { pins, properties } = postfix(parser, false);
  const withFilter = also ?? parseAlso(parser, step);
  return {
    ...step,
    also: withFilter,
    end: withFilter === undefined ? step.end : parser.lexer.lastEnd,
    pins: [...step.pins, ...pins],
    properties,
  };
}

interface Postfix {
  readonly pins: Pin[];
  readonly properties: Property[];
  readonly local: boolean;
  readonly isNumber: boolean;
}

const NOTHING: Postfix = { pins: [], properties: [], local: false, isNumber: false };

/** `:INT`, `:LOCAL:INT`, `:NO_FAIL`, one behind the other. */
function postfix(parser: Parser, isBin: boolean): Postfix {
  const { lexer } = parser;
  if (!parser.is(":")) return isBin ? { ...NOTHING, pins: [], properties: [] } : { ...NOTHING, pins: [] };
  const pins: Pin[] = [];
  const properties: Property[] = [];
  let local = false;
  let isNumber = false;
  while (parser.is(":")) {
    lexer.next();
    const word = parser.is("name") ? String(lexer.value) : "";
    const { at, end } = parser.span;
    const type = TYPE_WORDS.get(word);
    if (type !== undefined) {
      if (pins.some((pin) => pin.type === type)) parser.fail(`:${word} stands here twice`);
      pins.push({ type, at, end });
    } else if (word === "LOCAL") {
      if (!isBin || pins.length > 0 || properties.length > 0 || local) {
        parser.fail("LOCAL is the first word behind a bin: $.a:LOCAL:INT");
      }
      local = true;
      lexer.next();
      if (!parser.is(":"))
        parser.unexpected('":" and a type', "LOCAL gives this mention of a bin a type of its own: $.a:LOCAL:INT");
      if (
        !/^\s*:\s*(?:INT|FLOAT|STRING|BOOL|BLOB|LIST|MAP|GEO|HLL)\b/.test(
          lexer.text.slice(lexer.start, lexer.start + 60),
        )
      ) {
        lexer.next();
        parser.unexpected("a type: INT, FLOAT, STRING, BOOL, BLOB, LIST, MAP, GEO or HLL");
      }
      continue;
    } else if (word === NUMBER_WORD && isBin) {
      if (pins.length > 0 || properties.length > 0 || local || isNumber) {
        parser.fail("NUMBER is the one word behind a bin: $.a:NUMBER > 5.5");
      }
      isNumber = true;
      lexer.note(at, end, "INT or FLOAT; NUMBER, which is both, is an extension");
    } else if (PROPERTIES.includes(word)) {
      if (properties.some(({ name }) => name === word)) parser.fail(`:${word} stands here twice`);
      properties.push({ name: word, at, end });
    } else {
      const known = [...TYPE_WORDS.keys(), NUMBER_WORD, ...PROPERTIES];
      const meant = typeMeant(word);
      const suggestion = didYouMean(word, known) ?? (meant === undefined ? undefined : `Write ${meant}`);
      parser.unexpected("a type (INT, FLOAT, STRING, BOOL, BLOB, LIST, MAP, GEO, HLL) or a property", suggestion);
    }
    lexer.next();
  }
  if (isNumber && pins.length + properties.length > 0) {
    parser.failAt(pins[0] ?? properties[0]!, "NUMBER is the one word behind a bin: $.a:NUMBER > 5.5");
  }
  return { pins, properties, local, isNumber };
}

function refusePin(parser: Parser): void {
  if (!parser.is(":")) return;
  parser.lexer.next();
  if (parser.is("name") && TYPE_WORDS.has(String(parser.lexer.value))) {
    parser.fail("What a function gives has its type already", undefined, "Types stand behind bins and steps: $.a:INT");
  }
  parser.unexpected("an operator");
}

/** `name(…)` behind a dot, with its properties. */
function parseMethod(parser: Parser, receiver: AelNode, word: string, where: Span, at: number): AelNode {
  if (isOldMethod(word)) return parseOldMethod(parser, receiver, word, where, at);
  const fn = method(word);
  if (fn === undefined) parser.failAt(where, `Unknown function: ${word}`, suggestMethod(word));
  const { args, regex } = argumentsOf(parser, fn, where);
  return methodOf(parser, receiver, fn, where, at, args, regex);
}

function methodOf(
  parser: Parser,
  receiver: AelNode,
  fn: FunctionInfo,
  name: Span,
  at: number,
  args: readonly (AelNode | undefined)[],
  regex: ReturnType<typeof argumentsOf>["regex"],
): AelNode {
  const callEnd = parser.lexer.lastEnd;
  const { pins, properties } = postfix(parser, false);
  if (pins.length > 0) {
    parser.failAt(
      pins[0]!,
      `What ${fn.name}() gives has its type already`,
      "Types stand behind bins and steps: $.a:INT",
    );
  }
  for (const property of properties) {
    if (fn.properties.includes(property.name)) continue;
    const takes = fn.properties.length === 0 ? "none" : fn.properties.join(", ");
    const container = ["KEY_ORDERED", "KEY_VALUE_ORDERED", "SORTED", "UNSORTED", "UNSORTED_PAD", "PERSIST_INDEX"];
    const hint = container.includes(property.name)
      ? "The order of a container that is created stands behind the bin or step that holds it"
      : undefined;
    parser.failAt(property, `${fn.name}() does not take ${property.name}; it takes ${takes}`, hint);
  }
  return {
    kind: "method",
    at,
    end: parser.lexer.lastEnd,
    depth: parser.above([receiver, ...args]),
    typed: undefined,
    grouped: false,
    receiver,
    fn,
    name: { at: name.at, end: callEnd },
    args,
    regex,
    properties,
    returns: undefined,
  };
}
