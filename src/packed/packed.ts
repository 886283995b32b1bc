import { describe } from "../../protocol/value/invalid-value.js";
import type { BinCodec } from "../data/bin-codec.js";
import { Packer } from "./packer.js";
import type { Shape } from "./shapes.js";

/** How values are packed. */
export interface PackedOptions {
  /**
   * Names of the properties of objects that occur often, in their order: such an object costs one byte instead of its
   * names. At most 32. A program may know more shapes than another, behind those that both know; what else differs makes
   * values unreadable, so never remove or change one. With an empty list the names of objects that are alike are written
   * once in a value. Without `shapes` values stay MessagePack that any language reads, as far as they can be.
   */
  readonly shapes?: readonly Shape[] | undefined;
  /** The most that a value may take, in bytes, packed as read: 1,048,576 by default, which is all that a server takes by default. */
  readonly maxBytes?: number | undefined;
}

const DEFAULT_MAX_BYTES = 1_048_576;
const standard = new Packer(undefined, DEFAULT_MAX_BYTES);

/**
 * Any structured value as the bytes of a BLOB: null, undefined, booleans, numbers, bigints of any size, strings, arrays,
 * plain objects, Date, Map, Set, RegExp, the errors of the language, ArrayBuffer, DataView and typed arrays. An object that
 * occurs several times, also within itself, does so again when it is read. -0 becomes 0, a Buffer a Uint8Array; errors lose
 * their stack, arrays their holes.
 *
 * Servers can do nothing with what is inside, nor index it: see docs/packed.md for when to prefer a map.
 * @throws TypeError naming the place of what can't be packed, such as a function or an object of a class; RangeError when
 *   it takes more than 1 MiB or is nested deeper than 256 levels
 * @example await session.put(users.id(1), { settings: packed({ since: new Date(), tags: new Set(["a"]) }) });
 */
export function packed(value: unknown): Uint8Array {
  return standard.pack(value);
}

/**
 * The value of what {@link packed} made, or of any MessagePack. Its type is for the caller to check: the bytes may be anybody's.
 * @throws PackedError when the bytes are none of a value
 * @example const settings = unpacked((await session.get(users.id(1))).bins.settings);
 */
export function unpacked(bytes: Uint8Array): unknown {
  return standard.unpack(bytes);
}

/**
 * A bin of a data set that holds any structured value, packed: see {@link packed}.
 *
 * @typeParam V what the program has in it. Nobody checks it when it is read: give the codec a schema for that, as in
 *   `{ ...packedBin<Profile>(), schema }`.
 * @throws TypeError or RangeError for wrong options
 * @example
 * interface Profile { since: Date; visits: Map<string, number> }
 * const users = DataSet.of("test", "users", { bins: { profile: packedBin<Profile>() } });
 * await session.put(users.id(1), { profile: { since: new Date(), visits: new Map() } });
 */
export function packedBin<V>(options: PackedOptions = {}): BinCodec<V, Uint8Array> {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`packedBin: expected options to be an object, got ${describe(options)}`);
  }
  for (const name of Object.keys(options)) {
    if (name !== "shapes" && name !== "maxBytes") {
      throw new TypeError(`packedBin: there is no option ${describe(name)}; there are shapes and maxBytes`);
    }
  }
  const { shapes, maxBytes = DEFAULT_MAX_BYTES } = options;
  if (!Number.isSafeInteger(maxBytes) || maxBytes < 1) {
    throw new RangeError(`packedBin: expected maxBytes to be a whole number from 1, got ${describe(maxBytes)}`);
  }
  const packer = new Packer(shapes, maxBytes);
  return {
    toBin: (value) => packer.pack(value),
    // What the type parameter says is the caller's word.
    fromBin: (stored) => packer.unpack(stored) as V,
  };
}
