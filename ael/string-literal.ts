import type { Lexer } from "./lexer.js";

// Between single or double quotes; the other quote may stand inside as it is. Backslash escapes:
//   \\  \"  \'  \n  \r  \t  \0  \xHH, one byte of UTF-8
// and two that servers do not take: \uXXXX  \u{X…}. Nor do they take line breaks.

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\",
  '"': '"',
  "'": "'",
  n: "\n",
  r: "\r",
  t: "\t",
  "0": "\0",
};

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads the string literal whose quote stands at `at`. `notes`: how a server takes it, where that is another way. */
export function readString(lexer: Lexer, at: number): { value: string; end: number; notes: string | undefined } {
  const { text } = lexer;
  const quote = text[at]!;
  let value = "";
  let from = at + 1;
  let isForeign = false;
  for (let i = from; i < text.length; i++) {
    const char = text[i];
    if (char === quote) {
      value += text.slice(from, i);
      if (!value.isWellFormed()) {
        lexer.fail(at, i + 1, "The string holds half a surrogate pair, which UTF-8 can't carry");
      }
      return { value, end: i + 1, notes: isForeign ? plain(value, quote) : undefined };
    }
    if (char === "\n" || char === "\r") isForeign = true;
    if (char !== "\\") continue;
    if (i + 1 === text.length) break;
    value += text.slice(from, i);
    const escaped = readEscape(lexer, i);
    isForeign ||= text[i + 1] === "u";
    value += escaped.value;
    from = escaped.end;
    i = from - 1;
  }
  lexer.fail(at, text.length, "The string is not closed", undefined, `a ${quote}`);
}

function plain(value: string, quote: string): string {
  const escaped = value.replace(
    /[\\\n\r\t\0]/g,
    (char) => `\\${{ "\n": "n", "\r": "r", "\t": "t", "\0": "0" }[char] ?? char}`,
  );
  return quote + escaped.replaceAll(quote, `\\${quote}`) + quote;
}

function readEscape(lexer: Lexer, at: number): { value: string; end: number } {
  const letter = lexer.text[at + 1] ?? "";
  if (letter === "x") return readBytes(lexer, at);
  const one = ESCAPES[letter];
  if (one !== undefined) return { value: one, end: at + 2 };
  const unicode = /^\\u(?:([0-9A-Fa-f]{4})|\{([0-9A-Fa-f]{1,6})\})/.exec(lexer.text.slice(at, at + 12));
  const code = unicode === null ? Number.NaN : Number.parseInt(unicode[1] ?? unicode[2]!, 16);
  if (unicode !== null && code <= 0x10ffff) {
    const value = unicode[1] === undefined ? String.fromCodePoint(code) : String.fromCharCode(code);
    return { value, end: at + unicode[0].length };
  }
  const found = JSON.stringify(`\\${letter}`);
  lexer.fail(
    at,
    at + 2,
    "The string has an unknown escape",
    found,
    "\\\\, \\\", \\', \\n, \\r, \\t, \\0 or \\xHH",
    "For a backslash itself, write \\\\",
  );
}

/** `\xHH\xHH…`: bytes, which together are UTF-8. */
function readBytes(lexer: Lexer, at: number): { value: string; end: number } {
  const { text } = lexer;
  const bytes: number[] = [];
  let end = at;
  while (text[end] === "\\" && text[end + 1] === "x") {
    const digits = text.slice(end + 2, end + 4);
    if (!/^[0-9A-Fa-f]{2}$/.test(digits)) lexer.fail(end, end + 2, "\\x has two hex digits behind it");
    bytes.push(Number.parseInt(digits, 16));
    end += 4;
  }
  try {
    return { value: utf8.decode(Uint8Array.from(bytes)), end };
  } catch {
    return lexer.fail(at, end, "These bytes are no UTF-8", undefined, "the UTF-8 of whole characters, or a blob x'…'");
  }
}
