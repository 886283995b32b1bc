import type { RegexNode } from "../../protocol/exp/node.js";
import { code, print } from "./print.js";
import { quote } from "./print-constant.js";
import { Precedence, type Printed, parenthesized } from "./printed.js";

const ICASE = 2;
const NEWLINE = 4;

/** `subject =~ /pattern/flags` */
export function printRegex(node: RegexNode): Printed {
  const subject = parenthesized(Precedence.BITS, print(node.subject, "string"));
  const { pattern, flags } = node;
  const literal =
    typeof pattern === "string" ? regexLiteral(pattern, flags) : flags === 1 ? `?${pattern.index}` : undefined;
  return literal === undefined ? code(node) : { text: `${subject} =~ ${literal}`, precedence: Precedence.COMPARISON };
}

/** Between slashes, or as a string where slashes and backslashes would run into each other. */
function regexLiteral(pattern: string, flags: number): string | undefined {
  if (flags > 7) return undefined;
  const letters = `${(flags & 1) === 0 ? "b" : ""}${(flags & ICASE) === 0 ? "" : "i"}${(flags & NEWLINE) === 0 ? "" : "m"}`;
  const text = pattern.replace(/\//g, "\\/");
  if (pattern !== "" && readsAs(text) === pattern) return `/${text}/${letters}`;
  return flags === 1 ? quote(pattern) : undefined;
}

/** What is read between slashes: a backslash hides the slash after it, and is itself part of everything else. */
function readsAs(text: string): string | undefined {
  let read = "";
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "/") return undefined;
    if (text[i] === "\\") {
      if (i + 1 >= text.length) return undefined;
      if (text[i + 1] !== "/") read += "\\";
      i++;
    }
    read += text[i];
  }
  return read;
}
