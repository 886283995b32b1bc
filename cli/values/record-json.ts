import type { Key, Record } from "../../src/index.js";
import { printable } from "../output/printable.js";
import { doubleText, stringifyTyped } from "./typed-json.js";

/** A record as one line of typed JSON: what `query`, `get` and `export` write, and `put --file` and `import` read. */
export function recordLine({ key, bins, generation, ttl }: Record): string {
  return stringifyTyped({
    ...keyFields(key),
    bins,
    generation: BigInt(generation),
    ttl: BigInt(ttl),
  });
}

/** Set and key, and the digest where no key is stored. */
export function keyFields(key: Key): { readonly [field: string]: unknown } {
  const { setName, userKey } = key;
  return {
    set: setName,
    ...(userKey === undefined
      ? { digest: digestText(key) }
      : { key: typeof userKey === "number" ? BigInt(userKey) : userKey }),
  };
}

function digestText({ digest }: Key): string {
  return Buffer.from(digest).toString("hex");
}

/** A key for a table. */
export function keyText(key: Key): string {
  const { userKey } = key;
  if (userKey === undefined) return `digest:${digestText(key)}`;
  return typeof userKey === "object" ? `bytes:${Buffer.from(userKey).toString("base64")}` : String(userKey);
}

/** A value for a table: text as it is, everything else as typed JSON. */
export function valueText(value: unknown): string {
  if (value === undefined) return "";
  if (typeof value === "string") return printable(value);
  if (typeof value === "number") return doubleText(value);
  return stringifyTyped(value);
}
