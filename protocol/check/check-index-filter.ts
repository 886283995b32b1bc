import type { AnyInteger } from "../bytes/utf8.js";
import { utf8Length } from "../bytes/utf8.js";
import type { IndexBounds, IndexFilter } from "../command/index-range.js";
import { INT64_MAX, INT64_MIN } from "../limits.js";
import { describe } from "../value/invalid-value.js";
import { checkIndexedBin, checkIndexName } from "./check-names.js";

/** A server takes string and blob values shorter than 2048 bytes in a range. */
const MAX_VALUE_BYTES = 2047;
const MAX_GEO_BYTES = 1024 * 1024 - 1;

/** An index range. Throws TypeError or RangeError naming what is not allowed. */
export function checkIndexFilter(filter: IndexFilter): void {
  const { target } = filter;
  if ("bin" in target) checkIndexedBin(target.bin);
  else if ("indexName" in target) checkIndexName(target.indexName);
  checkBounds(filter.bounds);
}

function checkBounds(bounds: IndexBounds): void {
  switch (bounds.type) {
    case "integer":
      checkBound("begin", bounds.begin);
      checkBound("end", bounds.end);
      if (bounds.begin > bounds.end) {
        throw new RangeError(
          `The range begins at ${bounds.begin} and ends at ${bounds.end}: it must not end before it begins`,
        );
      }
      return;
    case "blob":
      checkSize(bounds.value.length, MAX_VALUE_BYTES, 0);
      return;
    default:
      if (!bounds.value.isWellFormed()) {
        throw new TypeError(`The value ${describe(bounds.value)} holds half a surrogate pair, which UTF-8 can't carry`);
      }
      if (bounds.type === "geo") checkSize(utf8Length(bounds.value), MAX_GEO_BYTES, 1);
      else checkSize(utf8Length(bounds.value), MAX_VALUE_BYTES, 0);
  }
}

function checkBound(argument: string, value: AnyInteger): void {
  if (typeof value === "number" ? Number.isSafeInteger(value) : typeof value === "bigint") {
    if (value >= INT64_MIN && value <= INT64_MAX) return;
    throw new RangeError(`The ${argument} of the range is ${value}n, which does not fit a 64-bit signed integer`);
  }
  throw new TypeError(`The ${argument} of the range: expected a safe integer or a bigint, got ${describe(value)}`);
}

function checkSize(bytes: number, max: number, min: number): void {
  if (bytes >= min && bytes <= max) return;
  throw new RangeError(`The value to look up takes ${bytes} bytes: ${min} to ${max} are allowed`);
}
