import { ripemd160 } from "../../protocol/key/ripemd160.js";
import { describe } from "../../protocol/value/invalid-value.js";

/** The names of the properties of objects, in their order. */
export type Shape = readonly string[];

/** msgpackr has 64 numbers for shapes, of which a value needs some for its own. */
const MOST_SHAPES = 32;

/** How many bytes tell a list of shapes from others. */
export const FINGERPRINT_SIZE = 4;

/**
 * The shapes that a program has declared. A value says how many of them it needs, and by a hash which ones these are: so
 * that it is read with the very same, or not at all.
 */
export class Shapes {
  readonly list: readonly Shape[];
  /** Of the first shape, of the first two and so on. */
  readonly #fingerprints: readonly Uint8Array[];

  /** @throws TypeError or RangeError for what is no list of shapes */
  constructor(shapes: readonly Shape[]) {
    if (!Array.isArray(shapes)) {
      throw new TypeError(`packed: expected shapes to be a list of lists of property names, got ${describe(shapes)}`);
    }
    if (shapes.length > MOST_SHAPES) {
      throw new RangeError(`packed: expected at most ${MOST_SHAPES} shapes, got ${shapes.length}`);
    }
    this.list = shapes.map((shape, i) => checkedShape(shape, i));
    const all = new Set(this.list.map((shape) => JSON.stringify(shape)));
    if (all.size < shapes.length) throw new TypeError("packed: one of the shapes is there twice");
    const utf8 = new TextEncoder();
    this.#fingerprints = this.list.map((_, i) =>
      ripemd160(utf8.encode(JSON.stringify(this.list.slice(0, i + 1)))).subarray(0, FINGERPRINT_SIZE),
    );
  }

  /**
   * What tells the first few shapes from those of another list.
   * @param count 1 to the length of the list
   */
  fingerprint(count: number): Uint8Array | undefined {
    return this.#fingerprints[count - 1];
  }
}

function checkedShape(shape: unknown, index: number): Shape {
  const place = `packed: expected shapes[${index}] to be`;
  if (!Array.isArray(shape)) throw new TypeError(`${place} a list of property names, got ${describe(shape)}`);
  const names = shape.map((name: unknown): string => {
    if (typeof name !== "string") throw new TypeError(`${place} names, got ${describe(name)}`);
    return name;
  });
  if (names.length === 0) throw new RangeError(`${place} one name or more, got none`);
  if (new Set(names).size < names.length) throw new TypeError(`${place} names that differ, got ${describe(names)}`);
  return names;
}
