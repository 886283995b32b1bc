/**
 * Text without what a terminal would obey: control characters become \xNN, so that no value of a record can move the
 * cursor, hide text or set a title.
 */
export function printable(text: string): string {
  return text.replace(CONTROL, (found) => {
    const named = NAMED[found];
    if (named !== undefined) return named;
    const code = found.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

const NAMED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

// C0, delete, C1, and the marks that turn the direction of text round.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const CONTROL = /[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;
