import { describe } from "../../protocol/value/invalid-value.js";

/** Reads JSON that somebody else wrote, or changed: each method takes one value or throws a TypeError that says where. */
export class JsonReader {
  readonly #value: unknown;
  /** Where the value stands: `checkpoint.open.taskId`. */
  readonly path: string;

  constructor(value: unknown, path: string) {
    this.#value = value;
    this.path = path;
  }

  /** The member of an object; one that is missing reads as undefined. */
  get(name: string): JsonReader {
    const object = this.object();
    return new JsonReader(Object.hasOwn(object, name) ? object[name] : undefined, `${this.path}.${name}`);
  }

  object(): Readonly<Record<string, unknown>> {
    const value = this.#value;
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw this.misfit("an object");
    return value as Readonly<Record<string, unknown>>;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.object(), name);
  }

  string(mostLength = 1_000_000): string {
    if (typeof this.#value !== "string" || this.#value.length > mostLength) {
      throw this.misfit(`a string of at most ${mostLength} characters`);
    }
    return this.#value;
  }

  boolean(): boolean {
    if (typeof this.#value !== "boolean") throw this.misfit("true or false");
    return this.#value;
  }

  integer(least: number, most: number): number {
    const value = this.#value;
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < least || value > most) {
      throw this.misfit(`an integer from ${least} to ${most}`);
    }
    return value;
  }

  /** A count of anything. */
  count(): number {
    return this.integer(0, Number.MAX_SAFE_INTEGER);
  }

  oneOf<const T extends string>(names: readonly T[]): T {
    const found = names.find((name) => name === this.#value);
    if (found === undefined) throw this.misfit(`one of ${names.map((name) => `"${name}"`).join(", ")}`);
    return found;
  }

  orNull<T>(read: (reader: this) => T): T | null {
    return this.#value === null ? null : read(this);
  }

  list<T>(read: (reader: JsonReader) => T, most = 32_768): T[] {
    const value = this.#value;
    if (!Array.isArray(value) || value.length > most) throw this.misfit(`a list of at most ${most}`);
    return value.map((element, i) => read(new JsonReader(element, `${this.path}[${i}]`)));
  }

  /** As it is. */
  raw(): unknown {
    return this.#value;
  }

  /** What a checker that throws thinks of the value, with the path before its message. */
  within<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (error instanceof TypeError && error.message.startsWith("checkpoint")) throw error;
      throw new TypeError(`${this.path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }

  misfit(expected: string): TypeError {
    return new TypeError(`${this.path}: expected ${expected}, got ${describe(this.#value)}`);
  }
}
