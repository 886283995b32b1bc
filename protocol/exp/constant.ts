import { Writer } from "../bytes/writer.js";
import { INT64_MAX, INT64_MIN } from "../limits.js";
import { ambiguousNumber, isAmbiguousNumber } from "../value/ambiguous-number.js";
import { Double } from "../value/double.js";
import { GeoJson } from "../value/geojson.js";
import { Hll } from "../value/hll.js";
import { hasNoType } from "../value/invalid-value.js";
import { isBytes, isPlainObject, packSearchValue, type SearchValue } from "../value/pack.js";
import { INFINITY, WILDCARD } from "../value/special.js";
import type { ConstNode, SpecialNode } from "./node.js";

export function isInt64(value: unknown): value is number | bigint {
  if (typeof value === "number") return Number.isSafeInteger(value);
  return typeof value === "bigint" && value >= INT64_MIN && value <= INT64_MAX;
}

/**
 * A constant of the type its JavaScript value has: integral numbers are int, other numbers and Double float.
 * Throws a TypeError that starts with `where` when the value has no Aerospike type.
 */
export function constantOf(value: unknown, where: string): ConstNode | SpecialNode {
  switch (typeof value) {
    case "number":
      if (isAmbiguousNumber(value)) throw new TypeError(`${where}: ${ambiguousNumber(value)}`);
      return { kind: "const", type: Number.isSafeInteger(value) ? "int" : "float", value };
    case "bigint":
      if (!isInt64(value)) throw new TypeError(`${where}: ${value}n does not fit a 64-bit signed integer`);
      return { kind: "const", type: "int", value };
    case "string":
      checkText(value, where);
      return { kind: "const", type: "string", value };
    case "boolean":
      return { kind: "const", type: "bool", value };
    case "symbol":
      if (value === WILDCARD || value === INFINITY) return { kind: "special", type: "special", value };
      break;
    case "object":
      return constantOfObject(value, where);
  }
  throw new TypeError(`${where}: ${hasNoType(value)}`);
}

function constantOfObject(value: object | null, where: string): ConstNode {
  if (value === null) return { kind: "const", type: "nil", value };
  // Copied: a constant stays what it was when the caller's bytes change.
  if (isBytes(value)) return { kind: "const", type: "blob", value: value.slice() };
  if (value instanceof Double) return { kind: "const", type: "float", value: value.value };
  if (value instanceof GeoJson) {
    checkText(value.text, where);
    return { kind: "const", type: "geo", value };
  }
  if (value instanceof Hll) return { kind: "const", type: "hll", value };
  if (Array.isArray(value)) return container("list", value, where);
  if (value instanceof Map || isPlainObject(value)) return container("map", value, where);
  throw new TypeError(`${where}: ${hasNoType(value)}`);
}

function checkText(text: string, where: string): void {
  if (!text.isWellFormed()) {
    throw new TypeError(`${where}: the string holds half a surrogate pair, which UTF-8 can't carry`);
  }
}

const scratch = new Writer();

/** Lists and maps are packed at once: what can't travel is told where it was written, and later changes don't reach it. */
function container(type: "list" | "map", value: object, where: string): ConstNode {
  scratch.rewind(0);
  try {
    packSearchValue(scratch, value as SearchValue);
  } catch (error) {
    throw error instanceof TypeError ? new TypeError(`${where}: ${error.message}`) : error;
  }
  return { kind: "const", type, value: scratch.copy(), specials: holdsSpecial(value) };
}

function holdsSpecial(value: unknown): boolean {
  if (typeof value === "symbol") return true;
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some(holdsSpecial);
  if (value instanceof Map) return [...value.values()].some(holdsSpecial);
  return isPlainObject(value) && Object.values(value).some(holdsSpecial);
}
