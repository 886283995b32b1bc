import { ProtocolError } from "../protocol-error.js";
import { describe } from "../value/invalid-value.js";
import { splitParts } from "./parts.js";

// Most info values are lists of key=value, parted by semicolons or, where entries form a list of their own, by colons.

/** Reads key=value pairs; of a repeated key the last value stays. A part without `=` has an empty value. */
export function parsePairs(text: string, separator: ";" | ":" | "," = ";"): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const part of splitParts(text, separator)) {
    const equals = part.indexOf("=");
    if (equals < 0) pairs.set(part, "");
    else pairs.set(part.slice(0, equals), part.slice(equals + 1));
  }
  return pairs;
}

/** The entries of a list parted by semicolons, the last of which may end in one. */
export function parseEntries(text: string): Map<string, string>[] {
  return splitParts(text, ";").map((entry) => parsePairs(entry, ":"));
}

/** A value that must be there. Throws ProtocolError when it is not. */
export function pairText(pairs: ReadonlyMap<string, string>, key: string): string {
  const value = pairs.get(key);
  if (value === undefined) throw new ProtocolError(`an info value has no "${key}"`);
  return value;
}

/** A value where servers write `null` for none. */
export function pairOrNull(pairs: ReadonlyMap<string, string>, key: string): string | undefined {
  const value = pairs.get(key);
  return value === undefined || value === "" || value === "null" ? undefined : value;
}

/** A decimal number, 0 when the server does not give it under any of the names. Throws ProtocolError when it is none. */
export function pairNumber(pairs: ReadonlyMap<string, string>, ...keys: readonly string[]): number {
  return pairNumberIfAny(pairs, ...keys) ?? 0;
}

/** A decimal number, undefined when the server does not give it under any of the names. Throws ProtocolError when it is none. */
export function pairNumberIfAny(pairs: ReadonlyMap<string, string>, ...keys: readonly string[]): number | undefined {
  const key = keys.find((name) => pairs.has(name));
  if (key === undefined) return undefined;
  const value = pairs.get(key) ?? "";
  if (!/^-?\d{1,20}(?:\.\d{1,20})?$/.test(value)) {
    throw new ProtocolError(`an info value has ${key}=${describe(value)}, which is no number`);
  }
  return Number(value);
}

/** Whether a value is `true`; false when the server does not give it. */
export function pairFlag(pairs: ReadonlyMap<string, string>, key: string): boolean {
  return pairs.get(key) === "true";
}
