import { parseBracket } from "./bracket.js";
import { ByteSet, SPACE, WORD } from "./byte-set.js";
import { RegexFlag } from "./flags.js";
import { Lexer, type Token } from "./lexer.js";
import { BadPattern, EMPTY, type Node } from "./node.js";

/** The most that a bound may ask for. */
const MAX_REPEAT = 0x7fff;
/** Deeper groups than anyone writes; the parser recurses into them. */
const MAX_DEPTH = 400;

/** Parses a pattern as glibc's regcomp does. Throws BadPattern. */
export function parsePattern(pattern: Uint8Array, flags: number): Node {
  return new Parser(pattern, flags).parse();
}

class Parser {
  readonly #lexer: Lexer;
  readonly #extended: boolean;
  readonly #ignoreCase: boolean;
  readonly #newline: boolean;
  #token: Token = { kind: "end" };
  #groups = 0;
  #depth = 0;
  #closedGroups: ReadonlySet<number> = new Set();

  constructor(pattern: Uint8Array, flags: number) {
    this.#extended = (flags & RegexFlag.EXTENDED) !== 0;
    this.#ignoreCase = (flags & RegexFlag.ICASE) !== 0;
    this.#newline = (flags & RegexFlag.NEWLINE) !== 0;
    this.#lexer = new Lexer(pattern, this.#extended, this.#ignoreCase);
  }

  parse(): Node {
    this.#advance(true);
    const node = this.#alternatives();
    if (this.#token.kind !== "end") throw new BadPattern("unmatched closing parenthesis");
    return node;
  }

  #advance(caret = false): void {
    this.#token = this.#lexer.next(caret);
  }

  #alternatives(): Node {
    const before = this.#closedGroups;
    const nodes = [this.#branch()];
    while (this.#token.kind === "or") {
      this.#advance(true);
      // One alternative can't refer to a group of another.
      const soFar = this.#closedGroups;
      this.#closedGroups = before;
      nodes.push(this.#branch());
      this.#closedGroups = new Set([...soFar, ...this.#closedGroups]);
    }
    const [only] = nodes;
    return nodes.length === 1 && only !== undefined ? only : { kind: "choice", nodes };
  }

  #branch(): Node {
    const nodes: Node[] = [];
    while (this.#token.kind !== "or" && this.#token.kind !== "end" && !this.#closesGroup())
      nodes.push(this.#repeated());
    return { kind: "sequence", nodes };
  }

  #closesGroup(): boolean {
    return this.#token.kind === "close" && this.#depth > 0;
  }

  #repeated(): Node {
    if (this.#token.kind === "assertion") {
      // An anchor can't be repeated: what follows starts anew.
      const { assertion } = this.#token;
      this.#advance();
      return { kind: "assertion", assertion };
    }
    let node = this.#atom();
    this.#advance();
    for (let bounds = this.#bounds(); bounds !== undefined; bounds = this.#bounds()) {
      const [min, max] = bounds;
      node = max === 0 ? EMPTY : { kind: "repeat", node, min, max };
      if (!this.#extended && (this.#token.kind === "star" || this.#token.kind === "open bound")) {
        throw new BadPattern("a repetition of a repetition");
      }
    }
    return node;
  }

  /** The atom that the current token starts; the token after it is not read yet. */
  #atom(): Node {
    const token = this.#token;
    switch (token.kind) {
      case "byte":
        return bytes(ByteSet.of(token.byte));
      case "any":
        return bytes(this.#anything());
      case "word":
        return bytes(token.negated ? WORD.inverted() : WORD);
      case "space":
        return bytes(token.negated ? SPACE.inverted() : SPACE);
      case "bracket":
        return bytes(parseBracket(this.#lexer, this.#ignoreCase, this.#newline));
      case "open":
        return this.#group();
      case "reference":
        if (!this.#closedGroups.has(token.index)) throw new BadPattern("a reference to no group");
        return { kind: "reference", index: token.index };
      case "open bound":
        throw new BadPattern("a bound without an atom");
      case "star":
        return this.#literal("*");
      case "plus":
        return this.#literal("+");
      case "question":
        return this.#literal("?");
      case "close bound":
        return bytes(ByteSet.of(0x7d));
      case "close":
        if (!this.#extended) throw new BadPattern("unmatched closing parenthesis");
        return bytes(ByteSet.of(0x29));
      default:
        throw new BadPattern(`expected an atom, got ${token.kind}`);
    }
  }

  /** A repetition without an atom: an error in an ERE, the character itself in a BRE. */
  #literal(character: string): Node {
    if (this.#extended) throw new BadPattern("a repetition without an atom");
    return bytes(ByteSet.of(character.charCodeAt(0)));
  }

  #anything(): ByteSet {
    const set = new ByteSet().inverted();
    if (this.#newline) set.remove(0x0a);
    return set;
  }

  #group(): Node {
    if (++this.#depth > MAX_DEPTH) throw new BadPattern("groups nest too deep");
    const index = ++this.#groups;
    this.#advance(true);
    const node = this.#alternatives();
    if (this.#token.kind !== "close") throw new BadPattern("unmatched opening parenthesis");
    this.#depth--;
    this.#closedGroups = new Set([...this.#closedGroups, index]);
    return { kind: "group", index, node };
  }

  /** The bounds of a repetition that the current token starts, taken with the token after it. */
  #bounds(): readonly [number, number] | undefined {
    const { kind } = this.#token;
    if (kind === "open bound") return this.#interval();
    if (kind !== "star" && kind !== "plus" && kind !== "question") return undefined;
    this.#advance();
    return [kind === "plus" ? 1 : 0, kind === "question" ? 1 : Number.POSITIVE_INFINITY];
  }

  /** `{n}`, `{n,}`, `{n,m}` or `{,m}` */
  #interval(): readonly [number, number] {
    const first = this.#number();
    const comma = this.#isByte(0x2c);
    const min = first ?? (comma ? 0 : undefined);
    const max = comma ? (this.#number() ?? Number.POSITIVE_INFINITY) : min;
    if (min === undefined || max === undefined || this.#token.kind !== "close bound")
      throw new BadPattern("invalid bound");
    if (min > max || (max === Number.POSITIVE_INFINITY ? min : max) > MAX_REPEAT) throw new BadPattern("invalid bound");
    this.#advance();
    return [min, max];
  }

  /** A number up to a comma or the end of the bound, which becomes the current token; undefined when there is none. */
  #number(): number | undefined {
    let number: number | undefined;
    for (;;) {
      this.#advance();
      const token = this.#token;
      if (token.kind === "close bound" || this.#isByte(0x2c)) return number;
      if (token.kind !== "byte" || token.byte < 0x30 || token.byte > 0x39) throw new BadPattern("invalid bound");
      number = Math.min(MAX_REPEAT + 1, (number ?? 0) * 10 + token.byte - 0x30);
    }
  }

  #isByte(byte: number): boolean {
    return this.#token.kind === "byte" && this.#token.byte === byte;
  }
}

function bytes(set: ByteSet): Node {
  return { kind: "bytes", set };
}
