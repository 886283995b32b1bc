import { WORD } from "./byte-set.js";
import type { Assertion } from "./node.js";

const NEWLINE = 0x0a;

/** Whether an assertion holds before the byte at `at`. `lines`: newlines end lines. */
export function holds(assertion: Assertion, text: Uint8Array, at: number, lines: boolean): boolean {
  switch (assertion) {
    case "line start":
      return at === 0 || (lines && text[at - 1] === NEWLINE);
    case "line end":
      return at === text.length || (lines && text[at] === NEWLINE);
    case "text start":
      return at === 0;
    case "text end":
      return at === text.length;
    default:
      return holdsAtWord(assertion, isWord(text, at - 1), isWord(text, at));
  }
}

function holdsAtWord(assertion: Assertion, before: boolean, after: boolean): boolean {
  switch (assertion) {
    case "word start":
      return !before && after;
    case "word end":
      return before && !after;
    case "word edge":
      return before !== after;
    default:
      return before === after;
  }
}

function isWord(text: Uint8Array, at: number): boolean {
  const byte = text[at];
  return byte !== undefined && WORD.has(byte);
}
