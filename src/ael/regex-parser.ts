import { RegexFlag } from "../exp/regex-flag.js";
import type { AelNode, PlaceholderNode } from "./ast.js";
import type { Parser } from "./parser.js";
import type { Token } from "./token.js";

const { EXTENDED, ICASE, NEWLINE } = RegexFlag;

/** What follows `=~` or `!~`. */
export function parseRegex(parser: Parser, subject: AelNode, negated: boolean): AelNode {
  // The token after the operator was not read yet.
  const literal = parser.lexer.regex();
  let pattern: string | PlaceholderNode;
  let flags: number = EXTENDED;
  let patternAt: number;
  if (literal === undefined) {
    parser.advance();
    patternAt = parser.token.at;
    if (parser.token.kind === "string") {
      pattern = String(parser.token.value);
      parser.advance();
    } else if (parser.token.kind === "placeholder") pattern = parser.placeholder();
    else parser.unexpected("a pattern such as /^a.*z$/i, a string or a placeholder");
  } else {
    patternAt = literal.at;
    const { pattern: read, letters } = literal.value as { pattern: string; letters: string };
    pattern = read;
    flags = regexFlags(parser, literal, letters);
    parser.token = literal;
    parser.advance();
  }
  return {
    kind: "regex",
    subject,
    pattern,
    patternAt,
    flags,
    negated,
    at: subject.at,
    end: parser.lastEnd,
    depth: parser.above([subject]),
    typeVariable: undefined,
  };
}

/** Extended syntax unless `b`; i ignores case, m makes lines of the text. */
function regexFlags(parser: Parser, literal: Token, letters: string): number {
  let flags: number = EXTENDED;
  for (const letter of letters) {
    if (letter === "i") flags |= ICASE;
    else if (letter === "m") flags |= NEWLINE;
    else if (letter === "b") flags &= ~EXTENDED;
    else {
      parser.lexer.fail(
        literal.end - letters.length,
        literal.end,
        "Unknown letter after a regular expression",
        `"${letter}"`,
        "i (ignore case), m (lines), b (basic syntax)",
      );
    }
  }
  return flags;
}
