import type { Lexer } from "./lexer.js";

// Between single or double quotes; the other quote and newlines may stand inside as they are. Backslash escapes:
//   \\  \"  \'  \n  \r  \t  \0  \uXXXX  \u{X…}

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\",
  '"': '"',
  "'": "'",
  n: "\n",
  r: "\r",
  t: "\t",
  "0": "\0",
};

/** Reads the string literal whose quote stands at `at`. */
export function readString(lexer: Lexer, at: number): { value: string; end: number } {
  const { text } = lexer;
  const quote = text[at]!;
  let value = "";
  let from = at + 1;
  for (let i = from; i < text.length; i++) {
    const char = text[i];
    if (char === quote) {
      value += text.slice(from, i);
      if (!value.isWellFormed()) {
        lexer.fail(at, i + 1, "The string holds half a surrogate pair, which UTF-8 can't carry");
      }
      return { value, end: i + 1 };
    }
    if (char !== "\\") continue;
    value += text.slice(from, i);
    const escaped = readEscape(lexer, i);
    value += escaped.value;
    from = escaped.end;
    i = from - 1;
  }
  lexer.fail(at, text.length, "The string is not closed", undefined, `a ${quote}`);
}

function readEscape(lexer: Lexer, at: number): { value: string; end: number } {
  const letter = lexer.text[at + 1] ?? "";
  const plain = ESCAPES[letter];
  if (plain !== undefined) return { value: plain, end: at + 2 };
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
    "\\\\, \\\", \\', \\n, \\r, \\t, \\0, \\uXXXX or \\u{X…}",
    "For a backslash itself, write \\\\",
  );
}
