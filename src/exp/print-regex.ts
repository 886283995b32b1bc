import { portableRegex } from "../../ael/portable-regex.js";
import type { RegexNode } from "../../protocol/exp/node.js";
import { code, Precedence, type Printed, type Printer, parenthesized } from "./printed.js";

const EXTENDED = 1;
const ICASE = 2;
const NEWLINE = 4;

/** `subject =~ /pattern/flags` */
export function printRegex(printer: Printer, node: RegexNode): Printed {
  const subject = parenthesized(Precedence.BIT_OR, printer.print(node.subject, "string"));
  const { pattern, flags } = node;
  const literal =
    typeof pattern === "string" ? regexLiteral(pattern, flags) : flags === 1 ? `?${pattern.index}` : undefined;
  return literal === undefined ? code(node) : { text: `${subject} =~ ${literal}`, precedence: Precedence.COMPARISON };
}

/** Between slashes; undefined for a pattern that text would read as another, or as one for server 8.2. */
function regexLiteral(pattern: string, flags: number): string | undefined {
  if (flags > 7 || (flags & EXTENDED) === 0) return undefined;
  const letters = `${(flags & ICASE) === 0 ? "" : "i"}${(flags & NEWLINE) === 0 ? "" : "m"}`;
  const text = pattern.replace(/\//g, "\\/");
  const read = portableRegex(text, ((flags & ICASE) === 0 ? 0 : 1) | ((flags & NEWLINE) === 0 ? 0 : 2));
  const isSame = "pattern" in read && read.pattern === pattern && read.flags === flags;
  return isSame && !text.includes("\n") ? `/${text}/${letters}` : undefined;
}
