import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compile, readText } from "../../../../src/ael/compile.js";
import { type Typed, toValue } from "../../../support/vectors/typed-value.js";
import type { Entry } from "../../emulator/replay/recorded.js";
import { Replay } from "../../emulator/replay/replay.js";
import { carriedBy, expressionIn } from "../exp/vector-message.js";
import { Exp, hex } from "./expected.js";

// Texts of every construct as a real server (Community Edition 8.1.2.0) evaluated them. Each is compiled again and must
// give the bytes that were sent then; the emulator must answer those as the server did.

interface Recorded extends Entry {
  readonly ael?: { readonly text: string; readonly params: readonly Typed[]; readonly filter?: boolean };
}

const entries: readonly Recorded[] = JSON.parse(
  readFileSync(new URL("../../../vectors/ael.json", import.meta.url), "utf8"),
);

const OK = 0;

function resultCode(response: string): number {
  return Buffer.from(response, "hex")[13] ?? -1;
}

describe("texts that a server evaluated", () => {
  let replay: Replay;

  beforeAll(async () => {
    replay = await Replay.start();
  });

  afterAll(() => replay[Symbol.asyncDispose]());

  for (const entry of entries) {
    const { ael } = entry;
    test(`${entry.id} ${entry.title}`, async () => {
      if (ael !== undefined) {
        const carried = carriedBy(entry.request);
        const sent = ael.filter === true ? carried.filter : expressionIn(carried.ops[0]?.payload ?? new Uint8Array(0));
        const params = ael.params.map((param) => toValue(param) ?? null);
        const compiled = compile(readText(ael.text), params, ael.filter === true ? "bool" : undefined);
        expect(hex(compiled)).toBe(Buffer.from(sent ?? []).toString("hex"));
        expect(hex(Exp.fromBytes(compiled.packed))).toBe(hex(compiled));
      }
      await replay.check(entry);
    });
  }

  test("none of them was refused, and most had a value", () => {
    const evaluated = entries.filter((entry) => entry.ael !== undefined && entry.ael.filter !== true);
    const codes = new Set(evaluated.map((entry) => resultCode(String(entry.response))));
    expect([...codes]).toEqual([OK]);
    const known = evaluated.filter((entry) => String(entry.response).length > 60);
    expect(known.length / evaluated.length).toBeGreaterThan(0.85);
  });
});
