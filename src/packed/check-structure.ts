import { describe, InvalidValue, within } from "../../protocol/value/invalid-value.js";

/** Values nested deeper are refused: whoever reads them has to go as deep. */
const DEEPEST = 256;

type Kind = "leaf" | "clone" | "map" | "set" | "error";

/**
 * What else than plain objects and arrays can be packed, by prototype. A `clone` needs more than MessagePack has for it.
 * A subclass is no such thing: it would come back as its parent.
 */
const KINDS: ReadonlyMap<unknown, Kind> = new Map<unknown, Kind>([
  [Date.prototype, "leaf"],
  [Uint8Array.prototype, "leaf"],
  ...[
    RegExp,
    ArrayBuffer,
    DataView,
    Int8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
  ].map((one) => [one.prototype, "clone"] as const),
  [Map.prototype, "map"],
  [Set.prototype, "set"],
  ...[Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError].map(
    (one) => [one.prototype, "error"] as const,
  ),
]);

/** Names that msgpackr takes for something else. */
const RESERVED = new Set(["__proto__", "__keys__"]);

/**
 * Looks at all that is in a value before it is packed, for msgpackr leaves out what it does not know.
 * @returns whether it has something that MessagePack alone can't say: a Map, a Set, an object that is met twice…
 * @throws TypeError naming the place of what can't be packed; RangeError when it is nested too deep
 */
export function checkStructure(value: unknown): boolean {
  const walk = new Walk();
  walk.visit(value, 0);
  return walk.isBeyondPlain;
}

class Walk {
  isBeyondPlain = false;
  readonly #seen = new Set<object>();
  /** Those that can't be their own part. */
  readonly #openErrors = new Set<object>();

  visit(value: unknown, depth: number): void {
    switch (typeof value) {
      case "string":
        checkText(value);
        break;
      case "function":
      case "symbol":
        throw new InvalidValue(`a ${typeof value} can't be packed`);
      case "object":
        if (value !== null) this.#object(value, depth + 1);
    }
  }

  #object(value: object, depth: number): void {
    if (depth > DEEPEST) throw new RangeError(`A value that is nested deeper than ${DEEPEST} levels can't be packed`);
    if (this.#seen.has(value)) {
      if (this.#openErrors.has(value)) throw new InvalidValue("an Error that is part of itself can't be packed");
      this.isBeyondPlain = true;
      return;
    }
    this.#seen.add(value);
    const kind = Array.isArray(value) ? "array" : kindOf(value);
    if (kind !== "array" && kind !== "plain" && kind !== "leaf") this.isBeyondPlain = true;
    if (Array.isArray(value)) for (let i = 0; i < value.length; i++) this.#part(`[${i}]`, value[i], depth);
    else if (kind === "plain") this.#plain(value, depth);
    else if (kind === "map" && value instanceof Map) this.#map(value, depth);
    else if (kind === "set" && value instanceof Set) for (const one of value) this.#part("<in a Set>", one, depth);
    else if (kind === "error" && value instanceof Error) this.#error(value, depth);
  }

  #plain(value: object, depth: number): void {
    for (const [name, part] of Object.entries(value)) {
      if (RESERVED.has(name)) throw new InvalidValue(`a property named ${name} can't be packed`);
      checkText(name);
      this.#part(`.${name}`, part, depth);
    }
  }

  #map(value: ReadonlyMap<unknown, unknown>, depth: number): void {
    for (const [key, part] of value) {
      this.#part("<key of a Map>", key, depth);
      this.#part(typeof key === "string" ? `[${JSON.stringify(key)}]` : "<in a Map>", part, depth);
    }
  }

  #error(value: Error, depth: number): void {
    this.#openErrors.add(value);
    if (typeof value.name !== "string" || typeof value.message !== "string") {
      throw new InvalidValue("an Error whose name or message is no text can't be packed");
    }
    checkText(value.name);
    checkText(value.message);
    this.#part(".cause", value.cause, depth);
    if (value instanceof AggregateError) this.#part(".errors", value.errors, depth);
    this.#openErrors.delete(value);
  }

  #part(step: string, part: unknown, depth: number): void {
    try {
      this.visit(part, depth);
    } catch (error) {
      throw within(step, error);
    }
  }
}

function kindOf(value: object): Kind | "plain" {
  const prototype: object | null = Object.getPrototypeOf(value);
  const kind = KINDS.get(prototype);
  if (kind !== undefined) return kind;
  // Objects of another realm, such as those of a test runner's sandbox, have an Object.prototype of their own.
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  if (isPlain) return "plain";
  // Node.js's Buffer is what its programs have for bytes.
  if (value instanceof Uint8Array && prototype.constructor.name === "Buffer") return "leaf";
  throw new InvalidValue(`${describe(value)} can't be packed: only plain objects, arrays and what is built in can`);
}

function checkText(text: string): void {
  if (!text.isWellFormed()) throw new InvalidValue("the string holds half a surrogate pair, which UTF-8 can't carry");
}
