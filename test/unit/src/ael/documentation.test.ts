import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { applyExpRead } from "../../../../emulator/exp/index.js";
import type { BinValue } from "../../../../emulator/record/bin-value.js";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { GeoJson } from "../../../../protocol/value/geojson.js";
import { packListHeader } from "../../../../protocol/value/pack.js";
import { readParticle, writeParticle } from "../../../../protocol/value/particle.js";
import type { Value } from "../../../../protocol/value/value.js";
import { aelOf } from "../../../../src/ael/ael-of.js";
import { AelParseError } from "../../../../src/ael/ael-parse-error.js";
import { parseAel, parseFilter } from "../../../../src/ael/compile.js";
import { formatAel } from "../../../../src/ael/format.js";
import { Exp } from "../../../../src/exp/exp.js";
import { viewWith } from "../../emulator/exp/tiny-view.js";

// The examples of docs/ael.md. Those with an arrow are evaluated on the record that the page shows.

const page = readFileSync(new URL("../../../../docs/ael.md", import.meta.url), "utf8");

function blocks(language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, "gm"))].map((match) => match[1] ?? "");
}

function isRecord(value: unknown): value is Record<string, Value> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const shown: unknown = JSON.parse(blocks("json")[0] ?? "");
const bins: Record<string, BinValue> = {};
for (const [name, value] of Object.entries(isRecord(shown) ? shown : {})) bins[name] = binOf(value);
bins["photo"] = { type: 4, bytes: Uint8Array.of(0, 255, 16) };
bins["home"] = { type: 23, bytes: new TextEncoder().encode('{"type":"Point","coordinates":[-122.0,37.5]}') };
bins["seen"] = sketchOf(["a", "b", "c"]);

function binOf(value: Value): BinValue {
  const w = new Writer(64);
  return { type: writeParticle(w, value), bytes: w.copy() };
}

/** Added by an expression, as nothing else here makes sketches. */
function sketchOf(values: readonly string[]): BinValue {
  const empty = new Uint8Array(11 + Math.ceil((2 ** 8 * 6) / 8));
  empty[1] = 8;
  const view = viewWith({ seen: { type: 18, bytes: empty } });
  const { result } = applyExpRead(view, payloadOf(Exp.hllAdd(undefined, values, {}, Exp.hllBin("seen"))));
  return result ?? { type: 18, bytes: empty };
}

function payloadOf(exp: Exp): Uint8Array {
  const w = new Writer(64);
  packListHeader(w, 2);
  w.bytes(exp.packed);
  // EVAL_NO_FAIL: unknown gives nothing.
  w.u8(0x10);
  return w.copy();
}

const record = {
  ...viewWith(bins),
  setName: "people",
  userKey: { type: 3, bytes: new TextEncoder().encode("ada") },
};

/** What the expression gives, as JSON writes it; "unknown" for that. */
function evaluate(exp: Exp): string {
  const release = exp.minVersion.startsWith("8.2") ? "8.2" : "8.1";
  const { code, result } = applyExpRead(record, payloadOf(exp), release);
  expect(code).toBe(0);
  if (result === undefined || result === null) return "unknown";
  const value = readParticle(new Reader(result.bytes), result.type, result.bytes.length);
  const text = JSON.stringify(value, (_, part) => (part instanceof GeoJson ? part.text : part)).replaceAll(",", ", ");
  return result.type === 2 && !text.includes(".") ? `${text}.0` : text;
}

/** Examples of a block: from one arrow to the next. */
function examples(block: string): { text: string; expected: string }[] {
  const found: { text: string; expected: string }[] = [];
  let text = "";
  for (const line of block.split("\n")) {
    const [source = "", expected] = line.split("→");
    text += text === "" ? source.trimEnd() : `\n${source.trimEnd()}`;
    if (expected === undefined) continue;
    found.push({ text: text.trim(), expected: expected.trim() });
    text = "";
  }
  expect(text.trim()).toBe("");
  return found;
}

describe("docs/ael.md", () => {
  const shownExamples = ["ael", "ael-8.2"].flatMap((language) =>
    blocks(language)
      .flatMap(examples)
      .map((example) => ({ ...example, isNewest: language === "ael-8.2" })),
  );
  for (const { text, expected, isNewest } of shownExamples) {
    test(`${text} → ${expected}`, () => {
      const expression = parseAel(text);
      expect(evaluate(expression)).toBe(expected);
      expect(expression.minVersion.startsWith("8.2")).toBe(isNewest);
      // Nothing in the documentation would be written otherwise by formatAel, save for what it lines up.
      expect(parseAel(formatAel(text)).toBase64()).toBe(parseAel(text).toBase64());
    });
  }

  for (const block of blocks("error")) {
    const [text = "", ...message] = block.trimEnd().split("\n");
    test(`the mistake in ${text}`, () => {
      let shownMessage = "";
      try {
        parseAel(text);
      } catch (error) {
        if (error instanceof AelParseError) shownMessage = error.message;
      }
      expect(shownMessage).toBe(message.join("\n"));
    });
  }

  test("texts and results in the code of the page are right", () => {
    const code = blocks("ts").join("\n");
    expect(code).toContain(`formatAel("$.a>1 and($.b==2)"); // ${formatAel("$.a>1 and($.b==2)")}`);
    expect(code).toContain(`aelOf(Exp.gt(Exp.intBin("age"), Exp.intVal(30))); // ${aelOf(parseAel("$.age > 30"))}`);
    expect(code).toContain(`Exp.fromBase64("${parseAel("$.age > 30").toBase64()}")); // $.age > 30`);
    for (const match of code.matchAll(/where\("([^"]+)"/g)) {
      const text = match[1] ?? "";
      const values = [1, "x"].slice(0, new Set(text.match(/\?\d/g)).size);
      expect(() => parseFilter(text, values)).not.toThrow();
    }
    for (const match of page.matchAll(/^\| (?:by|keys|range|values|ranks|indexes|all|the list)[^|]*\|(.*)\|$/gm)) {
      for (const [, step] of (match[1] ?? "").matchAll(/`(\.[^`…]+)`/g)) {
        expect(() => formatAel(`$.bin${step}`), step).not.toThrow();
      }
    }
  });

  const table = page.slice(page.indexOf("## Old spellings"), page.indexOf("What has changed its meaning"));
  const spellings = [...table.matchAll(/^\| `(.+)` \| `(.+)` \|$/gm)];
  test.each(spellings.map(([, old = "", now = ""]) => [old, now]))("%s is now %s", (old, now) => {
    expect(formatAel(old)).toBe(now);
    expect(parseAel(now).toBase64()).toBe(parseAel(old).toBase64());
    expect(spellings.length).toBeGreaterThan(20);
  });

  test("every factory of Exp is named", () => {
    const names = Object.keys(Object.getPrototypeOf(Exp)).filter(
      (name) => !/^(list|map|bit|hll|str)[A-Z].*|.*LoopVar$|^from/.test(name),
    );
    for (const name of names) expect(page, name).toMatch(new RegExp(`\\b${name}\\b`));
    expect(names.length).toBeGreaterThan(60);
  });
});
