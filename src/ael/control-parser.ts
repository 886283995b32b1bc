import type { AelNode } from "./ast.js";
import type { Parser } from "./parser.js";

/** `let (name = value, …) then (value)` */
export function parseLet(parser: Parser): AelNode {
  const { token } = parser;
  parser.advance();
  const open = parser.take("(");
  const definitions: { name: string; at: number; value: AelNode }[] = [];
  do {
    const name = parser.token;
    if (name.kind !== "name" || !/^[A-Za-z_]/.test(String(name.value))) {
      parser.unexpected(
        "the name of a variable",
        name.kind === "$" || name.kind === "variable"
          ? "A definition is name = value, without $ and braces"
          : undefined,
      );
    }
    parser.advance();
    parser.take("=");
    definitions.push({ name: String(name.value), at: name.at, value: parser.expression() });
  } while (parser.takeIf(","));
  parser.close(")", open);
  if (!parser.takeWord("then")) parser.unexpected('"then" and, in parentheses, what the variables are for');
  const bodyOpen = parser.take("(");
  const body = parser.expression();
  parser.close(")", bodyOpen);
  return {
    kind: "let",
    definitions,
    body,
    at: token.at,
    end: parser.lastEnd,
    depth: parser.above([...definitions.map((one) => one.value), body]),
    typeVariable: undefined,
  };
}

/** `when (condition => value, …, default => value)` */
export function parseWhen(parser: Parser): AelNode {
  const { token } = parser;
  parser.advance();
  const open = parser.take("(");
  const cases: [AelNode, AelNode][] = [];
  while (!parser.isWord("default")) {
    const condition = parser.expression();
    if (parser.token.kind === ")" || parser.token.kind === "end")
      parser.unexpected('"=>" and a value; last comes default => value');
    parser.take("=>");
    cases.push([condition, parser.expression()]);
    if (!parser.takeIf(",")) parser.unexpected('"," and the next case, or default => value');
  }
  if (cases.length === 0) parser.unexpected("a condition before the default");
  parser.advance();
  parser.take("=>");
  const otherwise = parser.expression();
  parser.close(")", open);
  return {
    kind: "when",
    cases,
    otherwise,
    at: token.at,
    end: parser.lastEnd,
    depth: parser.above([...cases.flat(), otherwise]),
    typeVariable: undefined,
  };
}

/** `not(condition)` */
export function parseNot(parser: Parser, isCall: boolean): AelNode {
  const { token } = parser;
  if (!isCall) parser.fail('"not" needs parentheses', undefined, "Write not(…)");
  parser.advance();
  const open = parser.token;
  parser.advance();
  const operand = parser.expression();
  parser.close(")", open);
  return {
    kind: "unary",
    op: "not",
    operand,
    at: token.at,
    end: parser.lastEnd,
    depth: parser.above([operand]),
    typeVariable: undefined,
  };
}

/** `exclusive(condition, condition, …)` */
export function parseExclusive(parser: Parser): AelNode {
  const { token } = parser;
  parser.advance();
  const args = parser.arguments();
  if (args.length < 2)
    parser.lexer.fail(token.at, token.end, `exclusive needs at least 2 arguments, got ${args.length}`);
  return {
    kind: "logic",
    op: "exclusive",
    args,
    at: token.at,
    end: parser.lastEnd,
    depth: parser.above(args),
    typeVariable: undefined,
  };
}
