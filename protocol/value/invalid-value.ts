/**
 * A JavaScript value of no Aerospike type. Thrown while packing; every container on the way out adds its step, so that
 * the message names the place: `bins.tags[3].when: a Date has no Aerospike type`.
 */
export class InvalidValue extends TypeError {
  // Private, so that printing the error does not repeat its message.
  readonly #reason: string;
  readonly #path: string;

  constructor(reason: string, path = "") {
    super(path === "" ? reason : `${shortened(path)}: ${reason}`);
    this.#reason = reason;
    this.#path = path;
  }

  /** The same error as seen from one container further out. */
  within(step: string): InvalidValue {
    return new InvalidValue(this.#reason, step + this.#path);
  }
}

/** The ends of a path that would bury the reason. */
function shortened(path: string): string {
  return path.length <= MOST_PATH ? path : `${path.slice(0, MOST_PATH / 2)}…${path.slice(-MOST_PATH / 2)}`;
}

const MOST_PATH = 80;

/** Adds a step to an InvalidValue on its way out; lets any other error pass as it is. */
export function within(step: string, error: unknown): unknown {
  return error instanceof InvalidValue ? error.within(step) : error;
}

/** "a Date has no Aerospike type", and what to do about it. */
export function hasNoType(value: unknown): string {
  const advice =
    value instanceof Date
      ? "write its getTime(), or give the bin a codec"
      : "allowed are null, booleans, numbers, bigints, strings, Uint8Arrays, arrays, Maps, plain objects, GeoJson, Hll";
  return `${describe(value)} has no Aerospike type; ${advice}`;
}

/** A value in words, short enough for a message. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
    case "bigint":
      return `${value}n`;
    case "object": {
      if (value === null) return "null";
      const name: unknown = Object.getPrototypeOf(value)?.constructor?.name;
      if (typeof name !== "string" || name === "") return "an object without a class";
      return /^[AEIO]/.test(name) ? `an ${name}` : `a ${name}`;
    }
    case "function":
      return "a function";
    default:
      return String(value);
  }
}
