import type { RandomAel } from "./random-ael.js";
import {
  blobText,
  boolText,
  floatText,
  intText,
  listText,
  mapText,
  stringText,
  valueText,
} from "./random-ael-literals.js";

export type AelType = "bool" | "int" | "float" | "string" | "blob" | "list" | "map" | "geo" | "hll";

type Side = "list" | "map";
interface Steps {
  readonly on: Side;
  readonly text: string;
}

/** Texts of paths: steps, conditions, what is read at their end, and what is changed there. */
export class PathTexts {
  readonly #from: RandomAel;

  constructor(from: RandomAel) {
    this.#from = from;
  }

  literal(type: AelType): string | undefined {
    const { random } = this.#from;
    switch (type) {
      case "bool":
        return boolText(random);
      case "int":
        return intText(random);
      case "float":
        return floatText(random);
      case "string":
        return stringText(random);
      case "blob":
        return blobText(random);
      case "list":
        return listText(random);
      case "map":
        return mapText(random);
      default:
        return undefined;
    }
  }

  /** One element of this type. */
  element(type: AelType, isOpen: boolean): string | undefined {
    const { random } = this.#from;
    if (type === "geo" || type === "hll") return undefined;
    // An integer as a step is the last one: 5.5 would be a number.
    if (random.oneIn(20)) return `$.m.5:${type.toUpperCase()}`;
    const { text } = this.#one();
    return isOpen || random.oneIn(3) ? `${text}:${type.toUpperCase()}` : text;
  }

  /** Steps to one element. */
  #one(): Steps {
    const { random } = this.#from;
    if (random.oneIn(5)) {
      // Two levels deep.
      return random.oneIn(2)
        ? { on: "list", text: `$.p.${this.#mapKey()}.${this.#single("list")}` }
        : { on: "map", text: `$.${random.pick(["p", "m"])}.${this.#mapKey()}.${this.#single("map")}` };
    }
    const on = random.pick(["list", "map"] as const);
    const bin = on === "list" ? random.pick(["$.l", "$.n", "$.w"]) : random.pick(["$.m", "$.p"]);
    return { on, text: `${bin}.${this.#single(on)}` };
  }

  /** What a path can start from. */
  #base(on: Side, depth: number): string {
    const { random } = this.#from;
    if (depth > 0 && random.oneIn(5)) return this.#from.group(on, depth - 1, false);
    if (random.oneIn(5)) return `$.p.${this.#mapKey()}`;
    return on === "list" ? random.pick(["$.l", "$.n", "$.w"]) : random.pick(["$.m", "$.p"]);
  }

  #mapKey(): string {
    const { random } = this.#from;
    return random.pick(["a", "b", "l", '"c d"', "{@a}", "{@5}", "{@'c d'}", "x'00'", "{@-1}"]);
  }

  #place(): number {
    return this.#from.random.between(-3, 4);
  }

  #single(on: Side): string {
    const { random } = this.#from;
    const [open, close] = on === "list" ? "[]" : "{}";
    switch (random.below(on === "list" ? 4 : 6)) {
      case 0:
      case 1:
        return `${open}${this.#place()}${close}`;
      case 2:
        return `${open}#${this.#place()}${close}`;
      case 3:
        return `${open}=${this.#value()}${close}`;
      default:
        return this.#mapKey();
    }
  }

  #value(): string {
    const { random } = this.#from;
    return random.oneIn(12) ? random.pick(["NIL", "a", "true"]) : valueText(random);
  }

  #key(): string {
    return this.#from.random.pick(["a", "b", "c", "'c d'", "5", "-1", "l", "x'00'"]);
  }

  /** `a:b`, `a:`, `:b`, of places; both ends on the same side. */
  #places(): string {
    const { random } = this.#from;
    const start = this.#place();
    if (random.oneIn(3)) return `${start}:`;
    if (random.oneIn(4)) return `:${random.between(0, 4)}`;
    return start < 0 ? `${start}:${random.between(start, -1)}` : `${start}:${random.between(start, 5)}`;
  }

  #between(make: () => string, hasInf: boolean): string {
    const { random } = this.#from;
    const end = hasInf && random.oneIn(8) ? "INF" : make();
    return random.pick([`${make()}:${end}`, `${make()}:`, `:${end}`]);
  }

  #relative(pivot: string): string {
    const { random } = this.#from;
    const start = random.between(-2, 2);
    return random.oneIn(2) ? `${start}:~${pivot}` : `${start}:${start + random.below(4)}~${pivot}`;
  }

  #several(on: Side): string {
    const { random } = this.#from;
    const [open, close] = on === "list" ? "[]" : "{}";
    const not = random.oneIn(4) ? "!" : "";
    switch (random.below(on === "list" ? 5 : 8)) {
      case 0:
        return `${open}${not}${this.#places()}${close}`;
      case 1:
        return `${open}${not}#${this.#places()}${close}`;
      case 2:
        return `${open}${not}=${this.#between(() => this.#value(), true)}${close}`;
      case 3:
        return `${open}${not}=${this.#value()},${random.oneIn(3) ? "" : this.#value()}${close}`;
      case 4:
        return `${open}${not}#${this.#relative(this.#value())}${close}`;
      case 5:
        return `{${not}@${this.#between(() => this.#key(), true)}}`;
      case 6:
        return `{${not}@${this.#key()},${random.oneIn(3) ? "" : this.#key()}}`;
      default:
        return `{${not}${this.#relative(this.#key())}}`;
    }
  }

  /** Steps that only a selection can follow, on a bin whose type is said. */
  #selection(): Steps & { readonly bin: string } {
    const { random } = this.#from;
    const on = random.pick(["list", "map"] as const);
    const bin = on === "list" ? random.pick(["$.l", "$.n", "$.w"]) : random.pick(["$.m", "$.p"]);
    const typed = `${bin}:${on.toUpperCase()}`;
    switch (random.below(5)) {
      case 0:
        return { on, bin: typed, text: `${typed}.*` };
      case 1:
        return {
          on,
          bin: typed,
          text: `${typed}.*.${random.oneIn(2) ? "*" : this.#single(random.pick(["list", "map"]))}`,
        };
      case 2:
        return { on: "map", bin: "$.m", text: `$.m.{@${this.#key()},${this.#key()}}&[?(${this.condition("map")})]` };
      default:
        return { on, bin: typed, text: `${typed}.*[?(${this.condition(on)})]` };
    }
  }

  /** What is asked of each element. */
  condition(on: Side): string {
    const { random } = this.#from;
    const type = random.pick(["int", "int", "int", "string", "float", "list", "map"] as const);
    const key = random.pick(["string", "int"] as const);
    const part = (depth: number): string => {
      if (depth > 0 && random.oneIn(3))
        return `(${part(depth - 1)}) ${random.pick(["and", "or"])} (${part(depth - 1)})`;
      if (depth > 0 && random.oneIn(8)) return `not(${part(depth - 1)})`;
      const op = random.pick(["==", "!=", "<", ">="]);
      if (on === "list" && random.oneIn(4)) return `@index ${op} ${random.below(4)}`;
      if (on === "map" && random.oneIn(4)) return `@key ${op} ${this.literal(key)}`;
      switch (type) {
        case "int":
          return random.pick([
            `@ ${op} ${intText(random)}`,
            `@ % 2 == ${random.below(2)}`,
            `@ in [1, 2, 3]`,
            `abs(@) > 2`,
          ]);
        case "float":
          return `@ * 2.0 ${op} ${floatText(random)}`;
        case "string":
          return random.pick([`@ ${op} ${stringText(random)}`, "@ =~ /a/"]);
        case "list":
          return random.pick([`@.[0]:INT ${op} ${intText(random)}`, "@.[0].exists()", "(@:LIST).count() > 1"]);
        case "map":
          return random.pick([`@.a:INT ${op} ${intText(random)}`, "@.{0:}.count() > 1", "@.a.exists()"]);
      }
    };
    return part(2);
  }

  exists(): string {
    const { random } = this.#from;
    if (random.oneIn(4)) return `${this.#selection().text}.exists()`;
    if (random.oneIn(2)) return `${this.#one().text}.exists()`;
    const on = random.pick(["list", "map"] as const);
    return `${this.#base(on, 0)}.${this.#several(on)}.exists()`;
  }

  /** What is an INT whatever it counts. */
  number(depth: number): string {
    const { random } = this.#from;
    const on = random.pick(["list", "map"] as const);
    switch (random.below(6)) {
      case 0:
        return `${this.#selection().text}.count()`;
      case 1:
        return `${this.#base(on, depth)}.${this.#several(on)}.count()`;
      case 2:
        return `${this.#from.group(on, depth, true)}.count()`;
      case 3:
        return `${this.#one().text}.getIndexes()${random.oneIn(3) ? ":REVERSE" : ""}`;
      case 4:
        return `${this.#one().text}.getRanks()${random.oneIn(3) ? ":REVERSE" : ""}`;
      default:
        return `${this.#one().text}:${on.toUpperCase()}.count()`;
    }
  }

  container(type: Side, depth: number, isOpen: boolean): string {
    const { random } = this.#from;
    if (type === "map") {
      switch (random.below(4)) {
        case 0:
          return `${this.#base("map", depth)}.${this.#several("map")}.getMaps()${random.oneIn(4) ? ":UNORDERED" : ""}`;
        case 1:
        case 2:
          return this.#changedMap();
        default:
          return this.#from.leaf(type, isOpen);
      }
    }
    const on = random.pick(["list", "map"] as const);
    switch (random.below(8)) {
      case 0:
      case 1:
        return `${this.#base(on, depth)}.${this.#several(on)}`;
      case 2:
        return `${this.#base("map", depth)}.${this.#several("map")}.getKeys()`;
      case 3: {
        const what = random.pick(["getIndexes", "getRanks"]);
        let step = this.#several(on);
        // Servers have no ranks for a list of keys.
        while (what === "getRanks" && /^\{!?@[^:]*,/.test(step)) step = this.#several(on);
        return `${this.#base(on, depth)}.${step}.${what}()${random.oneIn(3) ? ":REVERSE" : ""}`;
      }
      case 4:
        return this.#selected();
      case 5:
      case 6:
        return this.#changedList();
      default:
        return random.oneIn(4) ? "$.h.hllDescribe()" : this.#from.leaf(type, isOpen);
    }
  }

  #selected(): string {
    const { random } = this.#from;
    const { on, text } = this.#selection();
    if (on === "map" && random.oneIn(3)) return `${text}.${random.pick(["getKeys", "getKeyValues"])}()`;
    return text;
  }

  #flags(...words: readonly string[]): string {
    return words
      .filter(() => this.#from.random.oneIn(3))
      .map((word) => `:${word}`)
      .join("");
  }

  #changedList(): string {
    const { random } = this.#from;
    const list = random.pick(["$.l", "$.n", "$.w"]);
    switch (random.below(9)) {
      case 0:
        return `${list}:LIST.append(${this.#given()})${this.#flags("ADD_UNIQUE", "NO_FAIL")}`;
      case 1:
        return `${list}:LIST.appendItems(${listText(random)})${this.#flags("ADD_UNIQUE", "NO_FAIL", "PARTIAL")}`;
      case 2:
        return `${list}.[${this.#place()}].${random.pick(["setTo", "insert"])}(${this.#given()})${this.#flags("ADD_UNIQUE", "NO_FAIL")}`;
      case 3:
        return `${list}.[${this.#place()}].insertItems(${listText(random)})${this.#flags("NO_FAIL")}`;
      case 4:
        return `${list}.[${this.#place()}].add(${random.oneIn(3) ? floatText(random) : random.between(-4, 9)})`;
      case 5:
        return `${list}.${random.oneIn(2) ? this.#single("list") : this.#several("list")}.remove()`;
      case 6:
        return `${list}:LIST.${random.oneIn(3) ? "clear()" : `sort()${this.#flags("DROP_DUPS")}`}`;
      case 7:
        return `$.y:LIST.*[?(${this.condition("list")})].remove()`;
      default:
        return `$.y:LIST.*${random.oneIn(2) ? "" : "[?(@ > 1)]"}.modify(@ ${random.pick(["+", "*", "-"])} ${random.between(1, 4)})${this.#flags("NO_FAIL")}`;
    }
  }

  /** A value that a change puts somewhere. */
  #given(): string {
    const { random } = this.#from;
    return random.oneIn(5) ? this.#from.bin("int", true) : valueText(random);
  }

  #changedMap(): string {
    const { random } = this.#from;
    const map = random.pick(["$.m", "$.p"]);
    switch (random.below(8)) {
      case 0:
      case 1:
        return `${map}.${this.#mapKey()}.${random.pick(["setTo", "insert", "update"])}(${this.#given()})${this.#flags("NO_FAIL")}`;
      case 2:
        return `${map}.${this.#mapKey()}.add(${random.oneIn(3) ? floatText(random) : random.between(-4, 9)})`;
      case 3:
        return `${map}:MAP.${random.pick(["putItems", "insertItems", "updateItems"])}(${mapText(random)})${this.#flags("NO_FAIL", "PARTIAL")}`;
      case 4:
        return `${map}.${random.oneIn(2) ? this.#single("map") : this.#several("map")}.remove()`;
      case 5:
        return `$.p.a.${this.#mapKey()}.setTo(${this.#given()})`;
      case 6:
        return `$.z:MAP.*[?(${this.condition("map")})].remove()`;
      default:
        return random.oneIn(3) ? `${map}:MAP.clear()` : `$.z:MAP.*[?(@ > 1)].modify(@ + 1)${this.#flags("NO_FAIL")}`;
    }
  }
}
