import type { Record } from "../../src/index.js";
import { keyText, recordLine, valueText } from "../values/record-json.js";
import { stringifyTyped } from "../values/typed-json.js";
import { csvLine } from "./csv.js";
import type { Screen } from "./screen.js";

export const FORMATS = ["table", "jsonl", "csv"] as const;
export type Format = (typeof FORMATS)[number];

/** Writes records as they come. */
export interface RecordWriter {
  write(record: Record): Promise<void>;
  /** Writes what was kept back. */
  end(): Promise<void>;
}

/**
 * @param bins the columns; undefined for those of the first records
 */
export function recordWriter(screen: Screen, format: Format, bins: readonly string[] | undefined): RecordWriter {
  switch (format) {
    case "jsonl":
      return { write: (record) => screen.print(recordLine(record)), end: async () => undefined };
    case "csv":
      return csvWriter(screen, bins);
    case "table":
      return tableWriter(screen, bins);
  }
}

/** So many records decide about the columns of CSV whose bins nobody named. */
const CSV_SAMPLE = 1_000;

/**
 * CSV has one head: bins that come later than in the first thousand records are in none of its columns, so they are an
 * error rather than lost.
 */
function csvWriter(screen: Screen, named: readonly string[] | undefined): RecordWriter {
  let columns = named;
  let kept: Record[] = [];
  const flush = async (): Promise<void> => {
    columns ??= binsOf(kept);
    await screen.print(csvLine(["key", ...columns]));
    for (const record of kept) await row(record, columns);
    kept = [];
  };
  const row = async (record: Record, heads: readonly string[]): Promise<void> => {
    const other = Object.keys(record.bins).find((bin) => !heads.includes(bin));
    if (other !== undefined) {
      throw new TypeError(
        `${keyText(record.key)} has the bin "${other}", which none of the first ${CSV_SAMPLE} records has; name the columns with --bins`,
      );
    }
    await screen.print(csvLine([keyText(record.key), ...heads.map((bin) => cell(record.bins[bin]))]));
  };
  let isBegun = false;
  return {
    async write(record) {
      if (isBegun) return row(record, columns ?? []);
      kept.push(record);
      if (columns !== undefined || kept.length === CSV_SAMPLE) {
        isBegun = true;
        await flush();
      }
    },
    async end() {
      if (!isBegun) await flush();
    },
  };
}

function cell(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : typeof value === "bigint" ? String(value) : stringifyTyped(value);
}

/** Rows that share their widths. */
const PAGE = 200;

function tableWriter(screen: Screen, named: readonly string[] | undefined): RecordWriter {
  let kept: Record[] = [];
  let isFirst = true;
  const flush = async (): Promise<void> => {
    if (kept.length === 0) return;
    const bins = named ?? binsOf(kept);
    if (!isFirst) await screen.print("");
    isFirst = false;
    await screen.table(
      ["key", ...bins, { head: "gen", align: "right" }, { head: "ttl", align: "right" }],
      kept.map(({ key, bins: values, generation, ttl }) => [
        keyText(key),
        ...bins.map((bin) => valueText(values[bin])),
        String(generation),
        ttl === -1 ? "never" : String(ttl),
      ]),
    );
    kept = [];
  };
  return {
    async write(record) {
      kept.push(record);
      if (kept.length === PAGE) await flush();
    },
    end: flush,
  };
}

/** Every bin that one of the records has, in the order in which they come. */
function binsOf(records: readonly Record[]): string[] {
  return [...new Set(records.flatMap(({ bins }) => Object.keys(bins)))];
}
