import type { Random } from "./random.js";
import { blobText, floatText, intText, stringText, valueText } from "./random-ael-literals.js";
import { type AelType, PathTexts } from "./random-ael-path.js";

/** Bins by the type that texts read them as; records hold it there, as a rule. */
export const AEL_BINS = {
  int: ["i", "j", "k"],
  float: ["d", "e"],
  string: ["s", "u"],
  bool: ["t", "f"],
  blob: ["b", "c"],
  list: ["l", "n", "w", "y"],
  map: ["m", "p", "z"],
  geo: ["g", "r"],
  hll: ["h"],
} as const satisfies Readonly<Record<AelType, readonly string[]>>;

const ORDERINGS = ["==", "!=", "<", "<=", ">", ">="] as const;
const PATTERNS = ["/^a/", "/B/i", "/a+b?$/", "/[a-c]{2}/", "/a|lo/", "/\\./", "/l.*o/s", "/^x$/m", "/(ab)+/"] as const;
const GEO =
  `geoJson('{"type": "Polygon", "coordinates": [[[0.0,0.0],[0.0,20.0],[20.0,20.0],[20.0,0.0],[0.0,0.0]]]}')` as const;

/**
 * Random texts that are well typed, over every construct that servers of 8.1.2 run; with `strings` over what only
 * server 8.2 works out, too. Nothing hangs on when a record was written, nor on the space that it takes.
 */
export class RandomAel {
  readonly random: Random;
  readonly strings: boolean;
  readonly #paths: PathTexts;
  #variables: { readonly name: string; readonly type: AelType }[] = [];
  #names = 0;

  constructor(random: Random, strings = false) {
    this.random = random;
    this.strings = strings;
    this.#paths = new PathTexts(this);
  }

  /** A whole text. */
  text(depth: number): { readonly text: string; readonly type: AelType } {
    this.#variables = [];
    this.#names = 0;
    const type = this.random.oneIn(3)
      ? this.random.pick(["int", "float", "string", "blob", "list", "map", "list", "map", "hll"] as const)
      : "bool";
    return { text: this.of(type, depth, true), type };
  }

  /** `isOpen`: nothing around says the type, so that the text has to. */
  of(type: AelType, depth: number, isOpen: boolean): string {
    const { random } = this;
    if (depth <= 0 || random.oneIn(6)) return this.leaf(type, isOpen);
    if (random.oneIn(12)) return this.#let(type, depth, isOpen);
    if (random.oneIn(12)) return this.#when(type, depth, isOpen);
    const inner = depth - 1;
    switch (type) {
      case "bool":
        return this.#bool(inner);
      case "int":
        return this.#int(inner, isOpen);
      case "float":
        return this.#float(inner, isOpen);
      case "string":
        return this.#string(inner, isOpen);
      case "blob":
        return this.#blob(inner, isOpen);
      case "list":
      case "map":
        return this.#paths.container(type, inner, isOpen);
      case "geo":
        return random.oneIn(3) ? GEO : this.bin(type, isOpen);
      case "hll":
        return this.#sketch(inner, isOpen);
    }
  }

  /** As an operand, a receiver or the base of a path. */
  group(type: AelType, depth: number, isOpen: boolean): string {
    return `(${this.of(type, depth, isOpen)})`;
  }

  leaf(type: AelType, isOpen: boolean): string {
    const { random } = this;
    const variable = this.#variables.filter((one) => one.type === type);
    if (variable.length > 0 && random.oneIn(2)) return `\${${random.pick(variable).name}}`;
    if (random.oneIn(3)) return this.#paths.literal(type) ?? this.bin(type, isOpen);
    if (random.oneIn(5)) return this.#paths.element(type, isOpen) ?? this.bin(type, isOpen);
    return this.bin(type, isOpen);
  }

  bin(type: AelType, isOpen: boolean): string {
    const { random } = this;
    const word = type.toUpperCase();
    // What a mention alone has may be any bin's.
    if (random.oneIn(10)) return `$.${random.pick(["x", "gone", "i", "s", "l"])}:LOCAL:${word}`;
    const name = random.pick(AEL_BINS[type]);
    const bin = random.oneIn(12) ? `$."${name}"` : `$.${name}`;
    return isOpen || random.oneIn(4) ? `${bin}:${word}` : bin;
  }

  #let(type: AelType, depth: number, isOpen: boolean): string {
    const { random } = this;
    const before = this.#variables;
    const definitions: string[] = [];
    for (let left = random.between(1, 2); left > 0; left--) {
      const of = random.pick(["int", "float", "string", "bool", "list", "map", type, type] as const);
      const name = `v${this.#names++}`;
      definitions.push(`${name} = ${this.of(of, depth - 1, true)}`);
      this.#variables = [...this.#variables, { name, type: of }];
    }
    const text = `let (${definitions.join(", ")}) then (${this.of(type, depth - 1, isOpen)})`;
    this.#variables = before;
    return text;
  }

  #when(type: AelType, depth: number, isOpen: boolean): string {
    const { random } = this;
    const cases = Array.from({ length: random.between(1, 2) }, () => {
      return `${this.of("bool", depth - 1, false)} => ${this.of(type, depth - 1, isOpen)}`;
    });
    const last = random.oneIn(5) ? random.pick(["unknown", "error"]) : this.of(type, depth - 1, isOpen);
    return `when (${cases.join(", ")}, default => ${last})`;
  }

  #bool(depth: number): string {
    const { random } = this;
    switch (random.below(14)) {
      case 0:
      case 1:
      case 2: {
        const word = random.pick([" and ", " or "]);
        return Array.from({ length: random.between(2, 3) }, () => this.group("bool", depth, false)).join(word);
      }
      case 3:
        return `not(${this.of("bool", depth, false)})`;
      case 4:
        return `exclusive(${this.of("bool", depth, false)}, ${this.of("bool", depth, false)})`;
      case 5:
        return this.#in(depth);
      case 6:
        return `${this.group("string", depth, false)} =~ ${random.pick(PATTERNS)}`;
      case 7:
        return this.#paths.exists();
      case 8:
        return `geoCompare(${this.of("geo", depth, false)}, ${this.of("geo", depth, false)})`;
      case 9:
        return random.oneIn(3) ? random.pick(["$.keyExists()", "$.isTombstone()"]) : this.#typeTest();
      case 10:
        if (this.strings) return this.#stringTest(depth);
        return this.#comparison(depth);
      default:
        return this.#comparison(depth);
    }
  }

  #typeTest(): string {
    const { random } = this;
    const bin = random.pick(["x", "gone", "i", "s", "l", "m", "g", "h", "b", "t", "d"]);
    if (random.oneIn(2)) return `$.${bin}.exists()`;
    const type = random.pick(["INT", "FLOAT", "STRING", "BOOL", "BLOB", "LIST", "MAP", "GEO", "HLL"]);
    return `$.${bin}.type() ${random.pick(["==", "!="])} ${type}`;
  }

  #comparison(depth: number): string {
    const { random } = this;
    const types = ["int", "int", "int", "float", "float", "string", "string", "blob", "bool", "list", "map"] as const;
    const type = random.pick(types);
    const op = type === "map" && random.oneIn(2) ? "==" : random.pick(ORDERINGS);
    // One side has its type by itself, the other has it from there.
    const sides = [this.group(type, depth, true), this.group(type, depth, false)];
    if (random.oneIn(2)) sides.reverse();
    return `${sides[0]} ${op} ${sides[1]}`;
  }

  #in(depth: number): string {
    const { random } = this;
    const type = random.pick(["int", "float", "string", "blob", "bool"] as const);
    if (random.oneIn(2)) {
      const items = Array.from({ length: random.between(1, 4) }, () => this.#paths.literal(type));
      return `${this.group(type, depth, false)} in [${items.join(", ")}]`;
    }
    // A literal of a list may hold nothing of the type, which is refused.
    return `${this.group(type, depth, true)} in ${this.random.pick(["$.l", "$.n", "$.w:LIST", "$.n.[0:3]", "$.m.{@a:z}"])}`;
  }

  #int(depth: number, isOpen: boolean): string {
    const { random } = this;
    const one = (): string => this.group("int", depth, isOpen);
    const pinned = (): string => this.group("int", depth, false);
    switch (random.below(12)) {
      case 0:
      case 1:
        return Array.from({ length: random.between(2, 3) }, one).join(random.pick([" + ", " - ", " * ", " / "]));
      case 2:
        return `${pinned()} ${random.pick(["%", "&", "|", "^", "<<", ">>", ">>>"])} ${pinned()}`;
      case 3:
        return random.oneIn(2) ? `~${pinned()}` : `${random.pick(["-", "+"])}${one()}`;
      case 4:
        return `${random.pick(["min", "max"])}(${one()}, ${one()})`;
      case 5:
        return random.oneIn(2)
          ? `abs(${this.of("int", depth, isOpen)})`
          : `countOneBits(${this.of("int", depth, false)})`;
      case 6:
        return `${random.pick(["findBitLeft", "findBitRight"])}(x: ${this.of("int", depth, false)}, value: ${this.of("bool", depth, false)})`;
      case 7:
        return `${this.group(random.oneIn(3) ? "int" : "float", depth, true)}.toInt()`;
      case 8:
        return random.oneIn(3) ? `$.digestModulo(${random.between(1, 9)})` : `$.${random.pick(["i", "x", "l"])}.type()`;
      case 9:
        return this.#bitsInt(depth);
      case 10:
        return this.#hllInt();
      default:
        return this.#paths.number(depth);
    }
  }

  #float(depth: number, isOpen: boolean): string {
    const { random } = this;
    const one = (): string => this.group("float", depth, isOpen);
    const pinned = (): string => this.of("float", depth, false);
    switch (random.below(6)) {
      case 0:
      case 1:
        return Array.from({ length: random.between(2, 3) }, one).join(random.pick([" + ", " - ", " * ", " / "]));
      case 2:
        return this.#power(pinned());
      case 3:
        return `${random.pick(["floor", "ceil"])}(${pinned()})`;
      case 4:
        return random.oneIn(2) ? `-${one()}` : `${random.pick(["min", "max"])}(${one()}, ${one()})`;
      default:
        return random.oneIn(4) ? "$.h.hllSimilarity($.h)" : `${this.group("int", depth, true)}.toFloat()`;
    }
  }

  /** Results that are exact: in the last bit, libraries differ. */
  #power(any: string): string {
    const { random } = this;
    const exponent = random.pick(["0.0", "1.0"]);
    const small = random.pick([floatText(random), "($.digestModulo(5)).toFloat()"]);
    return random.pick([
      `(${any}) ** ${exponent}`,
      `pow(exponent: ${exponent}, base: ${any})`,
      `${small} ** ${random.pick(["2.0", "3.0"])}`,
      `pow(base: ${small}, exponent: 2.0)`,
      "log(value: 1.0, base: 2.0)",
    ]);
  }

  #string(depth: number, isOpen: boolean): string {
    const { random } = this;
    if (!this.strings)
      return random.oneIn(3) ? random.pick(["$.setName()", "$.key():STRING"]) : this.leaf("string", isOpen);
    const one = this.group("string", depth, false);
    switch (random.below(8)) {
      case 0:
        return `${this.group("string", depth, true)} + ${one}`;
      case 1:
        return `${one}.${random.pick(["upper", "lower", "trim", "trimStart", "trimEnd", "caseFold", "normalizeNFC"])}()`;
      case 2:
        return `${one}.substr(from: ${intText(random)})`;
      case 3:
        return `${one}.replaceAll(find: 'a', replace: ${stringText(random)})`;
      case 4:
        return `${this.group(random.pick(["int", "float"] as const), depth, true)}.toString()`;
      case 5:
        return `${one}.${random.pick(["padStart", "padEnd"])}(length: ${random.below(6)}, pad: 'ab')`;
      case 6:
        return `${one}.snip(from: 1, to: ${random.below(5)})`;
      default:
        return `$.w:LIST.join(', ')`;
    }
  }

  #stringTest(depth: number): string {
    const one = this.group("string", depth, false);
    const { random } = this;
    return random.pick([
      `${one}.contains(needle: ${stringText(random)})`,
      `${one}.startsWith(${stringText(random)})`,
      `${one}.endsWith(${stringText(random)})`,
      `${one}.isNumeric()`,
      `${one}.strlen() > ${random.below(4)}`,
      `${one} =~ /\\w+?x/`,
    ]);
  }

  #blob(depth: number, isOpen: boolean): string {
    const { random } = this;
    if (random.oneIn(3)) return this.leaf("blob", isOpen);
    const one = this.group("blob", depth, false);
    const offset = `offset: ${random.between(-4, 9)}`;
    const size = `size: ${random.between(1, 12)}`;
    switch (random.below(6)) {
      case 0:
        return `${one}.bitGet(${size}, ${offset})`;
      case 1:
        return `${one}.${random.pick(["bitSet", "bitOr", "bitXor", "bitAnd"])}(${offset}, ${size}, value: ${blobText(random)})${random.oneIn(3) ? ":NO_FAIL" : ""}`;
      case 2:
        return `${one}.bitNot(${offset}, ${size})`;
      case 3:
        return `${one}.${random.pick(["bitAdd", "bitSubtract"])}(${offset}, ${size}, value: ${random.below(9)}${random.oneIn(3) ? ", signed: true" : ""})`;
      case 4:
        return `${one}.bitSetInt(${offset}, ${size}, value: ${random.below(99)})`;
      default:
        return random.oneIn(2)
          ? `${one}.bitResize(byteSize: ${random.between(0, 6)})`
          : `${one}.bitInsert(byteOffset: ${random.below(4)}, value: ${blobText(random)})`;
    }
  }

  #bitsInt(depth: number): string {
    const { random } = this;
    const one = this.group("blob", depth, false);
    const where = `offset: ${random.between(-4, 9)}, size: ${random.between(1, 12)}`;
    return random.pick([
      `${one}.bitCount(${where})`,
      `${one}.bitLscan(${where}, value: ${this.of("bool", depth - 1, false)})`,
      `${one}.bitRscan(${where}, value: true)`,
      `${one}.bitGetInt(${where})`,
      `${one}.bitGetInt(${where}, signed: ${random.pick(["true", "false"])})`,
    ]);
  }

  #hllInt(): string {
    const { random } = this;
    return random.pick([
      "$.h.hllCount()",
      `$.h.hllMayContain([${valueText(random)}])`,
      "$.h.hllUnionCount($.h)",
      "$.h.hllIntersectCount($.h)",
      `$.h.hllAdd([${valueText(random)}, ${valueText(random)}]).hllCount()`,
    ]);
  }

  #sketch(depth: number, isOpen: boolean): string {
    const { random } = this;
    if (depth > 0 && random.oneIn(2)) return `$.h.hllAdd([${floatText(random)}, ${intText(random)}])`;
    return random.oneIn(3) ? "$.h.hllUnion($.h)" : this.bin("hll", isOpen);
  }
}
