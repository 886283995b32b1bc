import { type Record as DataRecord, DataSet, type Key, type UserKey } from "../../src/index.js";
import { keyFields } from "../values/record-json.js";
import { parseTyped, stringifyTyped } from "../values/typed-json.js";

/** A record as a line of an export says it. */
export interface ExportedRecord {
  readonly key: Key;
  readonly bins: { readonly [bin: string]: never };
  /** Seconds since 1970; `null` for never, undefined where the line does not say. */
  readonly expires: number | null | undefined;
}

/** @param now milliseconds since 1970 */
export function exportLine(record: DataRecord, now: number): string {
  const { key, bins, generation, ttl } = record;
  return stringifyTyped({
    ...keyFields(key),
    bins,
    generation: BigInt(generation),
    expires: ttl === -1 ? null : BigInt(Math.floor(now / 1000) + ttl),
  });
}

/**
 * Reads a line of an export, or one that `query --json` wrote.
 * @param target where it goes: a set, or a namespace whose set each line names
 * @throws TypeError that says what is wrong with it
 */
export function parseExportLine(text: string, target: DataSet, now: number): ExportedRecord {
  const line = parseTyped(text);
  if (!isObject(line)) throw new TypeError("expected an object with key, or digest, and bins");
  const { set, key, digest, bins, expires, ttl } = line;
  if (!isObject(bins)) throw new TypeError("bins: expected an object");
  if (set !== undefined && typeof set !== "string") throw new TypeError("set: expected text");
  return {
    key: keyOf(target, set, key, digest),
    bins: bins as { [bin: string]: never },
    expires: expiryOf(expires, ttl, now),
  };
}

function keyOf(target: DataSet, set: string | undefined, key: unknown, digest: unknown): Key {
  const own = set === undefined || set === "" || !target.isWholeNamespace ? target : DataSet.of(target.namespace, set);
  if (key !== undefined) {
    const isKey =
      typeof key === "string" || typeof key === "number" || typeof key === "bigint" || key instanceof Uint8Array;
    if (!isKey) throw new TypeError("key: expected an integer, text or bytes");
    return own.id(key as UserKey);
  }
  if (typeof digest !== "string") throw new TypeError("expected key or digest");
  if (set !== undefined && set !== own.setName) {
    throw new TypeError(
      `the record is known by its digest alone, which is of the set "${set}"; it can't go to the set "${own.setName}"`,
    );
  }
  return own.idFromDigest(digest);
}

function expiryOf(expires: unknown, ttl: unknown, now: number): number | null | undefined {
  if (expires === null || ttl === -1) return null;
  if (expires === undefined && ttl === undefined) return undefined;
  if (Number.isSafeInteger(expires)) return expires as number;
  if (Number.isSafeInteger(ttl)) return Math.floor(now / 1000) + (ttl as number);
  throw new TypeError("expires: expected seconds since 1970, or null for never");
}

function isObject(value: unknown): value is { readonly [field: string]: unknown } {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
