import type { AelNode } from "./ast.js";
import { parseExclusive, parseLet, parseNot, parseWhen } from "./control-parser.js";
import { checkArity, isFunction, suggestFunction } from "./functions.js";
import type { Parser } from "./parser.js";

/** What begins with a word: constants, keywords, functions. */
export function parseWord(parser: Parser): AelNode {
  const { token } = parser;
  const word = String(token.value);
  const isCall = parser.lexer.text[parser.lexer.at] === "(" || peekOpen(parser);
  switch (word) {
    case "true":
    case "false":
      parser.advance();
      return {
        kind: "literal",
        type: "bool",
        value: word === "true",
        at: token.at,
        end: token.end,
        depth: 1,
        typeVariable: undefined,
      };
    case "null":
      parser.advance();
      return {
        kind: "literal",
        type: "nil",
        value: null,
        at: token.at,
        end: token.end,
        depth: 1,
        typeVariable: undefined,
      };
    case "unknown":
    case "error":
      parser.advance();
      return { kind: "unknown", at: token.at, end: token.end, depth: 1, typeVariable: undefined };
    case "not":
      return parseNot(parser, isCall);
    case "exclusive":
      return parseExclusive(parser);
    case "let":
      return parser.pathOn(parseLet(parser));
    case "when":
      return parser.pathOn(parseWhen(parser));
  }
  if (isCall) return parser.pathOn(parseFunction(parser));
  const lower = word.toLowerCase();
  let suggestion = `Did you mean the bin $.${word}, or the string "${word}"?`;
  if (["true", "false", "null", "not", "and", "or"].includes(lower))
    suggestion = `Did you mean "${lower}"? Keywords are lower case`;
  parser.fail(`The word ${JSON.stringify(word)} has no meaning here`, "a value", suggestion);
}

/** Blanks, then a parenthesis. */
function peekOpen(parser: Parser): boolean {
  const { at, text } = parser.lexer;
  return /^\s*\(/.test(text.slice(at, at + 64));
}

function parseFunction(parser: Parser): AelNode {
  const { token } = parser;
  const name = String(token.value);
  if (!isFunction(name)) {
    parser.lexer.fail(token.at, token.end, `Unknown function: ${name}`, undefined, undefined, suggestFunction(name));
  }
  parser.advance();
  const args = parser.arguments();
  const complaint = checkArity(name, args.length);
  if (complaint !== undefined) parser.lexer.fail(token.at, parser.lexer.at, complaint);
  return {
    kind: "function",
    name,
    args,
    at: token.at,
    end: parser.lastEnd,
    depth: parser.above(args),
    typeVariable: undefined,
  };
}
