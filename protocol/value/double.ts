/** A number that travels as DOUBLE even when it is integral; made by {@link double}. */
export class Double {
  readonly value: number;
  constructor(value: number) {
    if (typeof value !== "number") throw new TypeError(`double(value): expected a number, got ${typeof value}`);
    this.value = value;
  }

  /** For `JSON.stringify`: the number. */
  toJSON(): number {
    return this.value;
  }
}

/**
 * Forces DOUBLE: `double(5)` is stored as 5.0, where plain `5` is an INTEGER.
 * @example session.put(key, { ratio: double(1) })
 */
export function double(value: number): Double {
  return new Double(value);
}
