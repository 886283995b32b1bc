import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compileTree, parseText } from "../../../ael/index.js";
import { Writer } from "../../../protocol/bytes/writer.js";
import { packNode } from "../../../protocol/exp/pack.js";
import { resolveExpression } from "../../../protocol/exp/resolve.js";
import { neededVersion } from "../../../protocol/exp/version.js";
import { AEL_CONSTRUCTS, constructsOf } from "../../support/ael-constructs.js";

// Every construct of the grammar stands in a text whose bytes are known: one that a real server of 8.1.2 evaluated, or,
// where only 8.2 works it out, one whose bytes follow from the reference.

function vectors<T>(name: string): readonly T[] {
  return JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), "utf8"));
}

type Packed = number | boolean | string | Uint8Array | readonly Packed[];

/** A string, or bytes, with the type in front, as values are packed; plain strings are names. */
const text = (value: string): Uint8Array => Buffer.from(`\u0003${value}`);

function pack(value: Packed): Buffer {
  if (typeof value === "boolean") return Buffer.of(value ? 0xc3 : 0xc2);
  if (typeof value === "number") return value < 0x80 ? Buffer.of(value & 0xff) : Buffer.of(0xcc, value);
  if (typeof value === "string") return pack(Buffer.from(value));
  if (value instanceof Uint8Array) return Buffer.concat([Buffer.of(0xa0 | value.length), value]);
  return Buffer.concat([Buffer.of(0x90 | value.length), ...value.map(pack)]);
}

const [BOOL, INT, STRING, LIST, MAP, BLOB] = [1, 2, 3, 4, 5, 6];
const bin = (type: number, name: string): Packed => [81, type, name];
const reads = (type: number, call: readonly Packed[]): Packed => [127, type, 3, call, bin(STRING, "s")];
const changes = (call: readonly Packed[]): Packed => [127, STRING, 0x43, call, bin(STRING, "s")];
const inPlace = (call: readonly Packed[]): Packed => [127, MAP, 0x43, [255, [0x22, text("s")], call], bin(MAP, "m")];

/** Changes of a string as a function and as an operation; NO_FAIL goes with those on a place of a list or map. */
const CHANGES: readonly (readonly [call: string, op: readonly Packed[]])[] = [
  ["splice(offset: 1, value: 'x')", [50, 1, text("x")]],
  ["overwrite(offset: 1, value: 'x')", [51, 1, text("x")]],
  ["snip(from: 1, to: 2)", [53, 1, 2]],
  ["replace(find: 'a', replace: 'b')", [54, [126, [text("a"), text("b")]]]],
  ["replaceAll(find: 'a', replace: 'b')", [55, [126, [text("a"), text("b")]]]],
  ["upper()", [56]],
  ["lower()", [57]],
  ["caseFold()", [58]],
  ["normalizeNFC()", [59]],
  ["trimStart()", [60]],
  ["trimEnd()", [61]],
  ["trim()", [62]],
  ["padStart(length: 5, pad: 'x')", [63, 5, text("x")]],
  ["padEnd(length: 5, pad: 'x')", [64, 5, text("x")]],
  ["repeat(2)", [65, 2]],
  ["regexReplace(pattern: /a+/i, replace: 'b')", [66, [126, [text("a+"), text("b")]], 17]],
];

/** What no server before 8.2 works out. */
const NEWER: readonly (readonly [text: string, expression: Packed])[] = [
  ["$.s.strlen()", reads(INT, [0])],
  ["$.s.substr(from: 1)", reads(STRING, [1, 1])],
  ["$.s.substr(from: 1, to: 2)", reads(STRING, [1, 1, 2])],
  ["$.s.charAt(index: 1)", reads(STRING, [2, 1])],
  ["$.s.find(needle: 'a')", reads(INT, [3, text("a")])],
  ["$.s.find(needle: 'a', occurrence: 2)", reads(INT, [3, text("a"), 2])],
  ["$.s.contains(needle: 'a')", reads(BOOL, [4, text("a")])],
  ["$.s.startsWith('a')", reads(BOOL, [5, text("a")])],
  ["$.s.endsWith('a')", reads(BOOL, [6, text("a")])],
  ["$.s.bytesLength()", reads(INT, [9])],
  ["$.s.isNumeric()", reads(BOOL, [10])],
  ["$.s.isUpper()", reads(BOOL, [11])],
  ["$.s.isLower()", reads(BOOL, [12])],
  ["$.s.toBlob()", reads(BLOB, [13])],
  ["$.s.split(',')", reads(LIST, [14, text(",")])],
  ["$.s.b64Decode()", reads(BLOB, [15])],
  ...CHANGES.map(([call, op]) => [`$.s.${call}`, changes(op)] as const),
  ["$.s.snip(from: 1)", changes([53, 1])],
  ...CHANGES.map(([call, op]) => [`$.m.s.${call}:NO_FAIL`, inPlace(withFlags(op))] as const),
  ["$.a:INT.toString()", [99, bin(INT, "a")]],
  ["$.l.join(',')", [127, STRING, 0, [28, text(",")], bin(LIST, "l")]],
  ["$.b.b64Encode()", [127, STRING, 1, [55], bin(BLOB, "b")]],
];

function withFlags(op: readonly Packed[]): readonly Packed[] {
  return [...op, 4];
}

function compiled(source: string): { readonly hex: string; readonly since: string } {
  const node = resolveExpression(compileTree(parseText(source), []).node);
  const w = new Writer(64);
  packNode(w, node);
  return { hex: Buffer.from(w.copy()).toString("hex"), since: neededVersion(node).version };
}

function allOf(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.flatMap((each) => [...constructsOf(each)]));
}

const recorded = allOf(
  vectors<{ readonly ael?: { readonly text: string } }>("ael").flatMap(({ ael }) => ael?.text ?? []),
);

describe("constructs of the language", () => {
  test.each(NEWER)("%s, for 8.2", (source, expression) => {
    expect(compiled(source)).toEqual({ hex: pack(expression).toString("hex"), since: "8.2" });
  });

  test("each was evaluated by a real server, or needs a newer one", () => {
    const missing = AEL_CONSTRUCTS.filter((construct) => !recorded.has(construct));
    const newer = allOf(NEWER.map(([source]) => source));
    expect(missing.filter((construct) => !newer.has(construct))).toEqual([]);
    // Nothing hides behind a newer server that older ones can do.
    expect(missing.every((construct) => /^method \w+/.test(construct))).toBe(true);
  });

  test("there are as many as the grammar has", () => {
    expect(new Set(AEL_CONSTRUCTS).size).toBe(AEL_CONSTRUCTS.length);
    const strange = [...recorded].filter((construct) => !AEL_CONSTRUCTS.includes(construct));
    // Spellings that 8.2 refuses.
    expect(strange.sort()).toEqual(["method get", "method orElse"]);
  });
});
