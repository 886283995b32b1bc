import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rewriteContainer } from "../../../../emulator/cdt/index.js";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { ResultCode } from "../../../../protocol/result-code.js";
import { ParticleType } from "../../../../protocol/value/particle-type.js";
import { unpackValue } from "../../../../protocol/value/unpack.js";
import { value } from "../../../support/arbitrary-value.js";
import { runs } from "../../../support/runs.js";
import { packed } from "./bins.js";
import { fromHex, toHex } from "./recorded.js";

const REFUSED = ResultCode.SERVER_ERROR;

function rewritten(hex: string): string | number {
  const head = Number.parseInt(hex.slice(0, 2), 16);
  const isMap = (head & 0xf0) === 0x80 || head === 0xde || head === 0xdf;
  const outcome = rewriteContainer(isMap ? ParticleType.MAP : ParticleType.LIST, fromHex(hex));
  return typeof outcome === "number" ? outcome : toHex(outcome);
}

describe("a list or map from the wire", () => {
  it.each([
    ["integers", "92cd0005d1ffff", "9205ff"],
    ["headers of lists", "dc00029005", "929005"],
    ["headers of maps", "df0000000101de0000", "810180"],
    ["string headers", "91d90203" + "61", "91a20361"],
    ["blob headers of the bin family", "91c40204aa", "91a204aa"],
    ["the emptiest string", "91d900", "91a0"],
    ["headers of extensions", "9201c70205aabb", "9201d505aabb"],
  ])("is stored with the shortest %s", (_, sent, stored) => {
    expect(rewritten(sent)).toBe(stored);
  });

  it.each([
    ["single precision", "91ca3fc00000"],
    ["a bin header that has no shorter form", `91c420${"04".repeat(32)}`],
    ["a blob of another language", "91a207aa"],
    ["an extension that is no marker", "9201c70005"],
    ["a marker behind the first place", "9201c70001"],
    ["duplicates in an ordered list", "93c700010101"],
    ["an empty ordered list", "91c70001"],
    ["an ordered map", "82c70001c00102"],
    ["a map ordered by value too", "83c70003c001020201"],
    ["a map with the flag of value order alone", "82c70002c00102"],
  ])("keeps %s", (_, sent) => {
    expect(rewritten(sent)).toBe(sent);
  });

  it.each([
    ["unflagged maps, by key", "830203a2036101ff05", "83ff050203a2036101"],
    ["unflagged maps inside", "9182020301" + "05", "918201050203"],
  ])("is stored sorted: %s", (_, sent, stored) => {
    expect(rewritten(sent)).toBe(stored);
  });

  it.each([
    ["unknown flags of a list", "92c700f105", "92c7000105"],
    ["unknown flags of a map", "82c70008c00102", "810102"],
    ["the index of a map", "82c70011c00102", "82c70001c00102"],
    ["the index inside a marker", "93c70211aabb0102", "93c700010102"],
    ["a marker without flags", "92c7000005", "9105"],
    ["a fixed extension as a marker", "92d501aabb05", "92c7000105"],
    ["the value of a map's marker", "82c70001050102", "82c70001c00102"],
  ])("drops %s", (_, sent, stored) => {
    expect(rewritten(sent)).toBe(stored);
  });

  it.each([
    ["nothing", ""],
    ["a scalar", "05"],
    ["too few elements", "9201"],
    ["more than one value", "9005"],
    ["a value that there is none of", "91c1"],
    ["a wildcard", "91d4ff00"],
    ["infinity", "91d4ff01"],
    ["an extension reserved for such", "9201c702ff0000"],
    ["a key twice", "8201010102"],
    ["a key twice, apart", "83010103030102"],
    ["a key twice in two widths", "820101cc0102"],
    ["nil as a key", "81c001"],
    ["a boolean as a key", "81c301"],
    ["a double as a key", "81cb3ff000000000000001"],
    ["a list as a key", "819001"],
    ["a map as a key", "818001"],
    ["geojson as a key", "81a2177b01"],
    ["an empty string without its type as a key", "81a001"],
    ["an ordered list that is not", "93c700010201"],
    ["an ordered map that is not", "83c70001c002010101"],
    ["an ordered map with a key twice", "83c70001c001010102"],
    ["a list in the place of the marker's value", "82c7000191050102"],
    ["bad keys further inside", "9181018191c001"],
  ])("is refused with %s", (_, sent) => {
    expect(rewritten(sent)).toBe(REFUSED);
  });

  it("must be of the type announced", () => {
    expect(rewriteContainer(ParticleType.MAP, fromHex("9105"))).toBe(REFUSED);
    expect(rewriteContainer(ParticleType.LIST, fromHex("810102"))).toBe(REFUSED);
  });

  it("with an index but no order would take a real node down", () => {
    expect(rewritten("93c700100102")).toBe(ResultCode.PARAMETER_ERROR);
    expect(rewritten("92c7001001")).toBe("9101");
  });

  it("is refused when nested too deep, whatever the stack", () => {
    const deep = (levels: number): string => `${"91".repeat(levels)}05`;
    expect(rewritten(deep(256))).toBe(deep(256));
    expect(rewritten(deep(257))).toBe(REFUSED);
    expect(rewritten(deep(200_000))).toBe(REFUSED);
  });

  it("stays what it was, and is left alone from then on", () => {
    fc.assert(
      fc.property(value, (of) => {
        const sent = packed([of]);
        const stored = rewriteContainer(ParticleType.LIST, sent);
        if (typeof stored === "number") throw new Error(`refused with ${stored}`);
        expect(unpackValue(new Reader(stored))).toEqual(unpackValue(new Reader(sent)));
        expect(rewriteContainer(ParticleType.LIST, stored)).toEqual(stored);
      }),
      { numRuns: runs(20) },
    );
  });
});
