import { type AelParam, type DataSet, Double, type Key, type Value } from "../../src/index.js";
import { usage } from "../failure.js";
import { parseTypedValue } from "./typed-json.js";

/** What can be written for a value, for the help. */
export const VALUE_HELP = '2 (integer), 2.0 (double), true, null, "text", JSON; else text';

const LOOKS_LIKE_JSON = /^(?:[[{"]|(?:true|false|null)$|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$)/;

/**
 * A value of a bin: JSON in its typed form where it looks like that, else the text itself.
 * @param about the option, for the error
 */
export function parseValue(about: string, text: string): Value {
  if (!LOOKS_LIKE_JSON.test(text)) return text;
  try {
    return parseTypedValue(text);
  } catch (error) {
    throw usage(`${about}: ${error instanceof Error ? error.message : error}`);
  }
}

/** A value of a placeholder in an expression. */
export function parseParam(about: string, text: string): AelParam {
  const value = parseValue(about, text);
  if (value === null) throw usage(`${about}: null is no value of a placeholder`);
  return value as AelParam;
}

/** `bin=value`; the value may have more equals signs. */
export function parseAssignment(option: string, text: string): readonly [bin: string, value: string] {
  const at = text.indexOf("=");
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw usage(`${option}: expected bin=value, got "${text}"`);
}

/** A number as an operation that adds takes it. */
export function parseNumber(about: string, text: string): number | bigint | Double {
  const value = /^-?[\d.]/.test(text) ? parseValue(about, text) : undefined;
  if (typeof value === "number" || typeof value === "bigint" || value instanceof Double) return value;
  throw usage(`${about}: expected a number, got "${text}"`);
}

/** A whole number in a range. */
export function parseWhole(option: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw usage(`${option}: expected a whole number from ${least} to ${most}, got "${text}"`);
}

/** What can be written for a key, for the help. */
export const KEY_HELP =
  'a key: 42 is an integer, "42" and other words are text, digest:<40 hex digits>, bytes:<base64>';

/** A record's key. */
export function parseKey(set: DataSet, text: string): Key {
  if (text.startsWith("digest:")) return set.idFromDigest(text.slice("digest:".length));
  if (text.startsWith("bytes:")) {
    const bytes = parseValue("key", `{"$bytes": "${text.slice("bytes:".length)}"}`);
    if (bytes instanceof Uint8Array) return set.id(bytes);
  }
  if (/^-?\d+$/.test(text)) return set.id(BigInt(text));
  if (text.startsWith('"')) {
    const value = parseValue("key", text);
    if (typeof value === "string") return set.id(value);
  }
  return set.id(text);
}
