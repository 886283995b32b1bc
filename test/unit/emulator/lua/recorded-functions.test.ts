import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { BinValue } from "../../../../emulator/record/bin-value.js";
import { ParticleType } from "../../../../protocol/value/particle-type.js";
import { fromHex, toHex } from "../cdt/recorded.js";
import { apply, load } from "./engine-support.js";
import { TinyUdfRecord } from "./tiny-udf-record.js";

// What a server of 8.1.2 made of functions that try the whole API, most of its faults included.

type RecordedBin = [name: string, type: number, hex: string];

interface RecordedCall {
  readonly function: string;
  readonly args: string;
  readonly generation: number;
  readonly size: number;
  readonly resultCode: number;
  readonly success?: [type: number, hex: string];
  readonly failure?: string;
  readonly before?: readonly RecordedBin[];
  readonly after?: readonly RecordedBin[];
}

interface Recording {
  readonly digest: string;
  readonly key: string;
  readonly source: string;
  readonly bins: readonly RecordedBin[];
  readonly calls: readonly RecordedCall[];
}

const INCOMPATIBLE_TYPE = 12;

const recording: Recording = JSON.parse(
  readFileSync(new URL("../../../vectors/udf-functions.json", import.meta.url), "utf8"),
);
const module = load(recording.source, "functions.lua");

function binsOf(recorded: readonly RecordedBin[]): [string, BinValue][] {
  return recorded.map(([name, type, hex]) => [name, { type, bytes: fromHex(hex) }]);
}

function sorted(bins: readonly RecordedBin[]): RecordedBin[] {
  return bins.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

describe("functions answer as recorded", () => {
  it.each(recording.calls.map((call) => [call.function, call] as const))("%s", (_, call) => {
    const before = call.before ?? recording.bins;
    const record = new TinyUdfRecord(binsOf(before));
    record.digest = fromHex(recording.digest);
    record.userKey = { type: ParticleType.STRING, bytes: new TextEncoder().encode(recording.key) };
    record.generation = call.generation;
    record.size = call.size;
    const result = apply(module, call.function, record, call.args);
    if (call.failure !== undefined) expect(result).toEqual({ kind: "failure", message: call.failure });
    else if (call.success !== undefined) {
      expect(
        result.kind === "success" && [result.value?.type ?? 0, toHex(result.value?.bytes ?? new Uint8Array(0))],
      ).toEqual(call.success);
    } else {
      // The record's owner fails the whole call for a value that no bin holds.
      expect(call.resultCode).toBe(INCOMPATIBLE_TYPE);
      expect(record.executions).toBe(0);
    }
    const after = [...record.bins].map(([name, { type, bytes }]): RecordedBin => [name, type, toHex(bytes)]);
    expect(sorted(after)).toEqual(sorted(call.after ?? before));
  });
});
