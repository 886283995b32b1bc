import { didYouMean } from "../protocol/check/nearest.js";
import type { AelNode, RegexLiteral, Span } from "./ast.js";
import { type FunctionInfo, signature } from "./functions.js";
import type { Parser } from "./parser.js";

/** Arguments by slot, and the regular expression of regexReplace. */
export interface Arguments {
  readonly args: (AelNode | undefined)[];
  readonly regex: RegexLiteral | undefined;
}

/** `(value, name: value, …)`; the token at hand is the parenthesis. */
export function argumentsOf(parser: Parser, fn: FunctionInfo, name: Span): Arguments {
  const { lexer } = parser;
  const open = lexer.start;
  const { slots } = fn;
  const args: (AelNode | undefined)[] = slots.map(() => undefined);
  let regex: RegexLiteral | undefined;
  let positional = 0;
  let isNamed = false;
  let isOld = false;
  const missing = (i: number): boolean =>
    args[i] === undefined && !(regex !== undefined && slots[i]?.name === "pattern");
  lexer.next();
  if (!parser.is(")")) {
    do {
      if (parser.is("name") && lexer.isFollowedBy(":")) {
        isNamed = true;
        const i = slotOf(parser, fn);
        if (!missing(i)) parser.fail(`${fn.name}() has ${slots[i]!.name} twice`);
        if (fn.name === "regexReplace" && slots[i]!.name === "pattern") {
          regex = lexer.regex();
          lexer.next();
          if (regex === undefined) parser.unexpected("a regular expression such as /a+/i");
        } else {
          lexer.next();
          args[i] = parser.expression();
        }
        continue;
      }
      if (isNamed) parser.fail("Arguments without a name stand before those with one");
      const slot = slots[positional];
      if (slot === undefined) {
        parser.expression();
        positional++;
        continue;
      }
      if (!slot.positional) isOld = true;
      args[positional++] = fn.name === "modify" ? parser.elementExpression() : parser.expression();
    } while (parser.takeIf(","));
  }
  parser.close(")", open);
  const end = lexer.lastEnd;
  const given = args.filter((arg) => arg !== undefined).length + (regex === undefined ? 0 : 1);
  if (positional > slots.length || slots.some((slot, i) => !slot.optional && missing(i))) {
    const count = Math.max(positional, given);
    const wants = slots.length === 0 ? "no arguments" : signature(fn);
    parser.failAt({ at: name.at, end }, `${fn.name}() takes ${wants}; got ${count === 0 ? "none" : count}`);
  }
  if (isOld) {
    const named = slots.map((slot, i) => (args[i] === undefined ? "" : `${slot.name}: ${sourceOf(parser, args[i]!)}`));
    lexer.note(name.at, end, `${fn.name}(${named.filter((part) => part !== "").join(", ")})`);
  }
  return { args, regex };
}

function slotOf(parser: Parser, fn: FunctionInfo): number {
  const name = String(parser.lexer.value);
  const i = fn.slots.findIndex((slot) => slot.name === name);
  if (i < 0) {
    const names = fn.slots.filter((slot) => !slot.positional).map((slot) => slot.name);
    const takes = fn.slots.length === 0 ? "no arguments" : signature(fn);
    parser.fail(`${fn.name}() has no argument ${name}; it takes ${takes}`, undefined, didYouMean(name, names));
  }
  if (fn.slots[i]!.positional) {
    const span = { at: parser.lexer.start, end: parser.lexer.end };
    parser.failAt(span, `The argument of ${fn.name}() has no name`, `Write ${fn.name}(…) without "${name}:"`);
  }
  parser.lexer.next();
  if (!parser.is(":")) parser.unexpected('":"');
  return i;
}

function sourceOf(parser: Parser, node: AelNode): string {
  const text = parser.text.slice(node.at, node.end);
  return node.grouped ? `(${text})` : text;
}
