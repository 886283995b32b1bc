import type { AnyInteger } from "../bytes/utf8.js";
import type { Writer } from "../bytes/writer.js";
import { ambiguousNumber, isAmbiguousNumber } from "../value/ambiguous-number.js";
import { Double } from "../value/double.js";
import { describe, within } from "../value/invalid-value.js";
import { checkMapKey, packSearchValue, packValue, type SearchValue } from "../value/pack.js";
import type { MapKey, Value } from "../value/value.js";
import { checkInteger } from "./check.js";

const INT32_MIN = -0x8000_0000;
const INT32_MAX = 0x7fff_ffff;
/** A record holds 8 MiB at most, so no list has more elements; a higher index would make the server pad up to it in memory first. */
export const MAX_PADDED_INDEX = 8 * 1024 * 1024 - 1;

/**
 * A parameter that the server works out. It has a place only inside of expressions, whose builder extends this class.
 * A class and not an interface, as a plain object of any shape is a legal map.
 */
export class Computed {
  /** A literal list that has elements; any other list may be empty when the server sees it. */
  readonly isFilledList: boolean;

  constructor(isFilledList = false) {
    this.isFilledList = isFilledList;
  }
}

export type Arg<T> = T | Computed;

export type Param =
  | { readonly kind: "stored"; readonly name: string; readonly value: Value }
  | { readonly kind: "searched"; readonly name: string; readonly value: SearchValue }
  | Computed;

/** A value that will be stored, or a flag: wildcard and infinity can't be in it. */
export function stored(name: string, value: Arg<Value>): Param {
  return value instanceof Computed ? value : { kind: "stored", name, value };
}

/** A value that is only compared with. */
export function searched(name: string, value: Arg<SearchValue>): Param {
  return value instanceof Computed ? value : { kind: "searched", name, value };
}

export function integer(name: string, value: Arg<AnyInteger>, least: number, most: number): Param {
  return value instanceof Computed ? value : { kind: "stored", name, value: checkInteger(name, value, least, most) };
}

/** An index or a rank: negative ones count from the end. */
export function position(name: string, value: Arg<AnyInteger>): Param {
  return integer(name, value, INT32_MIN, INT32_MAX);
}

/** An index up to which the server may have to pad with nil. */
export function paddedIndex(value: Arg<AnyInteger>): Param {
  return integer("index", value, INT32_MIN, MAX_PADDED_INDEX);
}

export function count(value: Arg<AnyInteger>): Param {
  return integer("count", value, 0, INT32_MAX);
}

/** The optional count that ends a list of parameters: without it all that follow are meant. */
export function optionalCount(value: Arg<AnyInteger> | undefined): readonly Param[] {
  return value === undefined ? [] : [count(value)];
}

export function mapKey(name: string, key: Arg<MapKey>): Param {
  if (key instanceof Computed) return key;
  try {
    return { kind: "stored", name, value: checkMapKey(key) };
  } catch (error) {
    throw within(name, error);
  }
}

/** Nil is the least value and opens the lower end; the upper end is open when it is not sent. */
export function interval(begin: Arg<SearchValue> | undefined, end: Arg<SearchValue> | undefined): readonly Param[] {
  const from = searched("begin", begin ?? null);
  return end === undefined || end === null ? [from] : [from, searched("end", end)];
}

/** A list of values or of keys. */
export function listOf<T>(name: string, list: Arg<readonly T[]>): Arg<readonly T[]> {
  if (list instanceof Computed || Array.isArray(list)) return list;
  throw new TypeError(`${name} is ${describe(list)}; expected an array`);
}

/** What is added to a number. */
export function delta(value: Arg<AnyInteger | Double>): Param {
  return value instanceof Computed ? value : { kind: "stored", name: "delta", value: checkNumber("delta", value) };
}

/** A number whose type on the server is beyond doubt. */
export function checkNumber(name: string, value: unknown): AnyInteger | Double {
  if (typeof value === "bigint" || value instanceof Double) return value;
  if (typeof value !== "number")
    throw new TypeError(`${name} is ${describe(value)}; expected a number, bigint or double()`);
  if (isAmbiguousNumber(value)) throw new TypeError(`${name}: ${ambiguousNumber(value)}`);
  return value;
}

/** Packs a parameter as it stands in an operation of its own. */
export function packParam(w: Writer, param: Param): void {
  if (param instanceof Computed) {
    throw new TypeError(
      "A computed parameter has a place only inside of an expression; a plain operation needs the value",
    );
  }
  switch (param.kind) {
    case "stored":
      try {
        packValue(w, param.value);
      } catch (error) {
        throw within(param.name, error);
      }
      return;
    case "searched":
      try {
        packSearchValue(w, param.value);
      } catch (error) {
        throw within(param.name, error);
      }
  }
}
