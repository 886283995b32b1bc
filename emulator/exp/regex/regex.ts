import { backtrack } from "./backtrack.js";
import { RegexFlag } from "./flags.js";
import { upperCase } from "./lexer.js";
import { BadPattern } from "./node.js";
import { parsePattern } from "./parser.js";
import { assemble, type Program } from "./program.js";
import { simulate } from "./simulate.js";

/**
 * A POSIX regular expression as glibc has it in the C locale: a byte is a character, and only ASCII letters have case.
 * Strings end at the first NUL, the pattern's as well as the text's. One fault of glibc is left out: `^` and `$` in the
 * middle of a pattern, beside a newline that the pattern itself consumes, at times hold there without NEWLINE.
 */
export class Regex {
  readonly #program: Program;
  readonly #ignoreCase: boolean;
  readonly #lines: boolean;

  /** Throws BadPattern. */
  constructor(pattern: Uint8Array, flags: number) {
    this.#program = assemble(parsePattern(beforeNul(pattern), flags));
    this.#ignoreCase = (flags & RegexFlag.ICASE) !== 0;
    this.#lines = (flags & RegexFlag.NEWLINE) !== 0;
  }

  /** Undefined for a pattern that regcomp refuses. */
  static compile(pattern: Uint8Array, flags: number): Regex | undefined {
    try {
      return new Regex(pattern, flags);
    } catch (error) {
      if (error instanceof BadPattern) return undefined;
      throw error;
    }
  }

  /** True if the pattern matches anywhere in the text. */
  test(text: Uint8Array): boolean {
    const string = beforeNul(text);
    const folded = this.#ignoreCase ? string.map(upperCase) : string;
    const match = this.#program.hasReferences ? backtrack : simulate;
    return match(this.#program, folded, this.#lines);
  }
}

function beforeNul(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}
