import { INT64_MAX, INT64_MIN } from "../../protocol/limits.js";
import type { AelNode, ListLiteralNode, LiteralNode, MapLiteralNode, PlaceholderNode } from "./ast.js";
import type { Parser } from "./parser.js";

export function parseListLiteral(parser: Parser): ListLiteralNode {
  const open = parser.token;
  parser.enter();
  parser.advance();
  const items: AelNode[] = [];
  if (parser.token.kind !== "]") {
    do items.push(parseConstant(parser));
    while (parser.takeIf(","));
  }
  parser.close("]", open);
  parser.leave();
  return { kind: "list", items, at: open.at, end: parser.lastEnd, depth: parser.above(items), typeVariable: undefined };
}

export function parseMapLiteral(parser: Parser): MapLiteralNode {
  const open = parser.token;
  parser.enter();
  parser.advance();
  const entries: [LiteralNode | PlaceholderNode, AelNode][] = [];
  if (parser.token.kind !== "}") {
    do {
      const key = parseConstant(parser);
      const isKey =
        key.kind === "placeholder" ||
        (key.kind === "literal" && (key.type === "int" || key.type === "string" || key.type === "blob"));
      if (!isKey) parser.lexer.fail(key.at, key.end, "A map key is an integer, a string or a blob");
      parser.take(":");
      entries.push([key, parseConstant(parser)]);
    } while (parser.takeIf(","));
  }
  parser.close("}", open);
  parser.leave();
  return {
    kind: "map",
    entries,
    at: open.at,
    end: parser.lastEnd,
    depth: parser.above(entries.flat()),
    typeVariable: undefined,
  };
}

/** A constant: a literal with its sign, a list or map of constants, a placeholder. */
export function parseConstant(parser: Parser): AelNode {
  const { token } = parser;
  const node = parser.unary();
  switch (node.kind) {
    case "literal":
      if (node.type === "int") checkInt64(parser, node);
      return node;
    case "list":
    case "map":
    case "placeholder":
      return node;
    case "unary":
      if (node.op === "-")
        parser.lexer.fail(node.at, node.end, "Unary minus in list/map constant requires a numeric value");
  }
  return parser.lexer.fail(
    token.at,
    node.end,
    "List and map constants may only contain constants (numbers, strings, booleans, blobs, null, lists, maps, placeholders)",
  );
}

export function checkInt64(parser: Parser, node: LiteralNode): void {
  const value = BigInt(node.value as number | bigint);
  if (value > INT64_MAX || value < INT64_MIN) {
    parser.lexer.fail(node.at, node.end, "Integer literal out of range", undefined, `${INT64_MIN} to ${INT64_MAX}`);
  }
}
