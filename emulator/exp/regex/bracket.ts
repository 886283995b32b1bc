import { ByteSet, characterClasses } from "./byte-set.js";
import type { Lexer } from "./lexer.js";
import { BadPattern } from "./node.js";

// A bracket expression: `[abc]`, `[^a-z]`, `[]x]`, `[[:alpha:]_]`, `[[.-.]/]`, `[[=a=]]`. A backslash stands for itself.

const CLOSE = 0x5d;
const OPEN = 0x5b;
const HYPHEN = 0x2d;
const CARET = 0x5e;
/** Longest name between `[:` and `:]` that regcomp reads. */
const MAX_NAME = 31;

type Element = { readonly kind: "byte"; readonly byte: number } | { readonly kind: "class"; readonly set: ByteSet };

/** Reads a bracket expression from after its `[`. */
export function parseBracket(lexer: Lexer, ignoreCase: boolean, newline: boolean): ByteSet {
  const bracket = new Bracket(lexer, ignoreCase);
  const negated = bracket.take(CARET);
  const set = bracket.elements();
  if (!negated) return set;
  const rest = set.inverted();
  if (newline) rest.remove(0x0a);
  return rest;
}

class Bracket {
  readonly #lexer: Lexer;
  readonly #ignoreCase: boolean;

  constructor(lexer: Lexer, ignoreCase: boolean) {
    this.#lexer = lexer;
    this.#ignoreCase = ignoreCase;
  }

  take(byte: number): boolean {
    if (this.#peek() !== byte) return false;
    this.#lexer.at++;
    return true;
  }

  elements(): ByteSet {
    const set = new ByteSet();
    for (let first = true; first || this.#byteAt(0) !== CLOSE; first = false) {
      // A hyphen stands for itself at either end and as the end of a range.
      if (!first && this.#byteAt(0) === HYPHEN && this.#byteAt(1) !== CLOSE) throw new BadPattern("misplaced hyphen");
      const element = this.#element();
      if (element.kind === "class") set.addAll(element.set);
      else if (this.#byteAt(0) === HYPHEN && this.#byteAt(1) !== CLOSE) this.#range(set, element.byte);
      else set.add(element.byte);
    }
    this.#lexer.at++;
    return set;
  }

  #range(set: ByteSet, first: number): void {
    this.#lexer.at++;
    const last = this.#element();
    if (last.kind === "class" || last.byte < first) throw new BadPattern("invalid range");
    set.addRange(first, last.byte);
  }

  #element(): Element {
    const byte = this.#byteAt(0);
    this.#lexer.at++;
    const delimiter = byte === OPEN ? this.#peek() : undefined;
    switch (delimiter) {
      case 0x3a:
        return { kind: "class", set: this.#class(this.#name(delimiter, this.#lexer.folded, true)) };
      case 0x3d:
        return { kind: "class", set: ByteSet.of(this.#single(delimiter)) };
      case 0x2e:
        return { kind: "byte", byte: this.#single(delimiter) };
      default:
        return { kind: "byte", byte };
    }
  }

  /** The C locale knows collating symbols and equivalence classes of one byte alone. */
  #single(delimiter: number): number {
    const [byte, ...more] = this.#name(delimiter, this.#lexer.folded, false);
    if (byte === undefined || more.length > 0) throw new BadPattern("unknown collating symbol");
    return byte;
  }

  #class(name: readonly number[]): ByteSet {
    const text = String.fromCharCode(...name);
    const caseless = this.#ignoreCase && (text === "upper" || text === "lower");
    const set = characterClasses.get(caseless ? "alpha" : text);
    if (set === undefined) throw new BadPattern("unknown character class");
    return set;
  }

  /** What stands between `[:` and `:]`, or the other two delimiters. */
  #name(delimiter: number, folded: Uint8Array, raw: boolean): readonly number[] {
    const lexer = this.#lexer;
    lexer.at++;
    const name: number[] = [];
    for (;;) {
      const byte = raw ? lexer.rawByte(0) : folded[lexer.at];
      if (byte === undefined || name.length > MAX_NAME) throw new BadPattern("unmatched bracket");
      lexer.at++;
      if (byte === delimiter && this.#peek() === CLOSE) break;
      name.push(byte);
    }
    lexer.at++;
    return name;
  }

  #peek(): number | undefined {
    return this.#lexer.folded[this.#lexer.at];
  }

  #byteAt(offset: number): number {
    const byte = this.#lexer.folded[this.#lexer.at + offset];
    if (byte === undefined) throw new BadPattern("unmatched bracket");
    return byte;
  }
}
