import { utf8Length } from "../../protocol/bytes/utf8.js";
import type { ExpType } from "../../protocol/exp/exp-type.js";
import { MAX_BIN_NAME_BYTES } from "../../protocol/limits.js";
import type { AelNode, PathBase, PathFunction, PathNode, Step } from "./ast.js";
import type { Parser } from "./parser.js";
import { isPathFunction, METADATA, suggestPathFunction, TYPE_NAMES, WRITE_FUNCTIONS } from "./path-functions.js";
import { RETURN_NAMES } from "./return-names.js";
import { parseStep } from "./step-parser.js";

// path  = "$." metadata | ( "$." bin | "@" | "${x}" | "(…)" ) { "." step } [ "." function { "." step } … ]

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
    return pathNode(parser, from, at, [], undefined, []);
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
      const node = pathNode(parser, base, at, found, fn, [...children, ...fn.args]);
      return parser.is(".") ? steps(parser, { from: "node", node }, at) : node;
    }
    const step = parseStep(parser);
    found.push(step);
    if (step.select.by === "filter") children.push(step.select.condition);
  }
  return pathNode(parser, base, at, found, undefined, children);
}

function pathNode(
  parser: Parser,
  base: PathBase,
  at: number,
  steps: PathNode["steps"],
  fn: PathNode["fn"],
  children: readonly AelNode[],
): PathNode {
  return {
    kind: "path",
    base,
    steps,
    fn,
    value: undefined,
    at,
    end: parser.lastEnd,
    depth: parser.above(children),
    typeVariable: undefined,
  };
}

function binName(parser: Parser): string {
  const { token } = parser;
  if (token.kind !== "name" && token.kind !== "string") {
    const numeric = token.kind === "int" ? 'A bin name of digits stands in quotes: $."123"' : undefined;
    parser.unexpected("the name of a bin", numeric);
  }
  const name = String(token.value);
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
    typeVariable: undefined,
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
