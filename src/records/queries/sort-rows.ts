import { checkInteger } from "../../../protocol/check/check-numbers.js";
import type { QueryRow } from "../../../protocol/command/query-row.js";
import { compareBytes } from "../../../protocol/value/map-key.js";
import { compareValues } from "../../data/compare-values.js";
import { AerospikeError } from "../../errors/errors.js";
import { CALL_OPTIONS, checkCallOptions } from "../../policy/call-options.js";
import { TopRows } from "../../query/top-rows.js";
import type { QueryToSort, SortKey, SortLimits } from "./sorted-query.js";

const MAX_RECORDS = 100_000;
const MAX_BYTES = 64 * 1024 * 1024;

interface Sized {
  readonly row: QueryRow;
  readonly bytes: number;
}

/** The first `count` records of a query in an order; see `SortedQuery`. */
export async function sortRows<R>(
  sorted: QueryToSort<R>,
  keys: readonly SortKey[],
  { method, count }: { readonly method: string; readonly count: number },
  options: SortLimits,
): Promise<R[]> {
  checkCallOptions<SortLimits>(method, options, { ...CALL_OPTIONS, maxRecords: true, maxBytes: true });
  const { maxRecords = count === Number.POSITIVE_INFINITY ? MAX_RECORDS : count, maxBytes = MAX_BYTES } = options;
  checkInteger("maxRecords", maxRecords, 1, Number.MAX_SAFE_INTEGER);
  checkInteger("maxBytes", maxBytes, 1, Number.MAX_SAFE_INTEGER);
  if (count < Number.POSITIVE_INFINITY && count > maxRecords) {
    throw new RangeError(`topN(count): ${count} records are more than maxRecords, ${maxRecords}`);
  }
  const top = new TopRows<Sized>(
    count,
    (a, b) => compareRows(a.row, b.row, keys),
    ({ bytes }) => bytes,
  );
  const query = await sorted.with(options);
  await query.each((row, bytes) => {
    top.add({ row, bytes });
    if (top.size > maxBytes) top.cut();
    if (top.size > maxBytes) throw tooLarge(`the records take more than maxBytes, ${maxBytes}`);
    if (count === Number.POSITIVE_INFINITY && top.length > maxRecords) {
      throw tooLarge(`there are more records than maxRecords, ${maxRecords}`);
    }
  }, options.signal);
  return top.take().map(({ row }) => query.recordOf(row));
}

function compareRows(a: QueryRow, b: QueryRow, keys: readonly SortKey[]): number {
  for (const { bin, sign, ignoreCase } of keys) {
    const order = compareValues(sortValue(a, bin, ignoreCase), sortValue(b, bin, ignoreCase));
    if (order !== 0) return sign * order;
  }
  return compareBytes(a.digest, b.digest);
}

function sortValue({ bins }: QueryRow, bin: string, ignoreCase: boolean): unknown {
  const value = Object.hasOwn(bins, bin) ? bins[bin] : undefined;
  return ignoreCase && typeof value === "string" ? value.toLowerCase() : value;
}

function tooLarge(why: string): AerospikeError {
  return new AerospikeError(
    `The query can't be sorted: ${why}. Narrow it by where or bins, take the first alone with topN, or raise the bound`,
    { code: "RESULT_TOO_LARGE" },
  );
}
