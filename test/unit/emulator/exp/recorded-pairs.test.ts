import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { applyExpRead } from "../../../../emulator/exp/index.js";
import { int, list } from "../../../support/random/packing.js";
import { fromHex, toHex } from "../cdt/recorded.js";
import { viewWith } from "./tiny-view.js";

// Random expressions over random records, and what a server of 8.1.2 made of each: `type:hex`, type 0 for nil and unknown.

interface Recording {
  readonly set: string;
  readonly records: readonly {
    readonly key: string | null;
    readonly digest: string;
    readonly voidTime: number;
    readonly lastUpdateMs: number;
    readonly size: number;
    readonly bins: readonly [name: string, type: number, hex: string][];
    readonly answers: readonly [expression: string, type: number, hex: string][];
  }[];
}

const EVAL_NO_FAIL = int(0x10);
const STRING = 3;

const { set, records }: Recording = JSON.parse(
  readFileSync(new URL("../../../vectors/expression-pairs.json", import.meta.url), "utf8"),
);

describe("random expressions have the values that a server gave", () => {
  it.each(records.map((record, i) => [i, record] as const))("record %i", (_, record) => {
    const bins = Object.fromEntries(record.bins.map(([name, type, hex]) => [name, { type, bytes: fromHex(hex) }]));
    const view = viewWith(bins, {
      setName: set,
      digest: fromHex(record.digest),
      voidTime: record.voidTime,
      lastUpdate: record.lastUpdateMs,
      size: record.size,
      isKeyStored: record.key !== null,
      userKey: record.key === null ? undefined : { type: STRING, bytes: new TextEncoder().encode(record.key) },
    });
    for (const [expression, type, hex] of record.answers) {
      const { code, result } = applyExpRead(view, list(fromHex(expression), EVAL_NO_FAIL));
      const answer = code === 0 ? `${result?.type ?? 0}:${toHex(result?.bytes ?? new Uint8Array(0))}` : `code ${code}`;
      expect(answer, expression).toBe(`${type}:${hex}`);
    }
  });
});
