import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { packValue } from "../../../../protocol/value/pack.js";
import { readParticle, writeParticle } from "../../../../protocol/value/particle.js";
import { ParticleType } from "../../../../protocol/value/particle-type.js";
import { unpackValue } from "../../../../protocol/value/unpack.js";
import { value } from "../../../support/arbitrary-value.js";
import { allocationsOf } from "../../../support/count-allocations.js";
import { outcomeOf } from "../../../support/hostile.js";
import { runs } from "../../../support/runs.js";

const OUTCOMES = ["value", "protocol error"];
const TYPES = Object.values(ParticleType);
const MEBIBYTE = 1024 * 1024;

function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replaceAll(" ", ""), "hex"));
}

describe("damaged values", () => {
  it("give a value or a ProtocolError when they are cut short anywhere", () => {
    fc.assert(
      fc.property(value, (sent) => {
        const w = new Writer();
        packValue(w, sent);
        const bytes = w.copy();
        for (let end = 0; end < Math.min(bytes.length, 500); end++) {
          expect(outcomeOf(() => unpackValue(new Reader(bytes, 0, end)))).toBe("protocol error");
        }
      }),
      { numRuns: runs(20) },
    );
  });

  it("give a value or a ProtocolError as particles cut short or named another type", () => {
    fc.assert(
      fc.property(value, fc.constantFrom(...TYPES), fc.nat(), (sent, otherType, at) => {
        const w = new Writer();
        const type = writeParticle(w, sent);
        const bytes = w.copy();
        const end = at % (bytes.length + 1);
        expect(OUTCOMES).toContain(outcomeOf(() => readParticle(new Reader(bytes, 0, end), type, end)));
        expect(OUTCOMES).toContain(outcomeOf(() => readParticle(new Reader(bytes), otherType, bytes.length)));
      }),
      { numRuns: runs(200) },
    );
  });

  it("give a value or a ProtocolError when they are noise", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(255), (noise, type) => {
        expect(OUTCOMES).toContain(outcomeOf(() => unpackValue(new Reader(noise))));
        expect(OUTCOMES).toContain(outcomeOf(() => readParticle(new Reader(noise), type, noise.length)));
      }),
      { numRuns: runs(400) },
    );
  });

  it.each([5, 6, 13, 14, 15, 21, 22, 24, 255])("are refused under the unknown type %d", (type) => {
    expect(() => readParticle(new Reader(new Uint8Array(8)), type, 8)).toThrow(`unknown type ${type}`);
  });

  it.each([
    [ParticleType.INTEGER, 7],
    [ParticleType.DOUBLE, 4],
    [ParticleType.BOOL, 2],
    [ParticleType.BOOL, 0],
    [ParticleType.GEOJSON, 2],
  ])("are refused when type %d has %d bytes", (type, size) => {
    const bytes = new Uint8Array(size);
    expect(outcomeOf(() => readParticle(new Reader(bytes), type, size))).toBe("protocol error");
  });

  it("are refused when bytes follow a list's end, or a list runs over its own", () => {
    expect(() => readParticle(new Reader(bytesOf("9101 00")), ParticleType.LIST, 3)).toThrow("1 bytes follow the end");
    expect(outcomeOf(() => readParticle(new Reader(bytesOf("9201 02")), ParticleType.LIST, 2))).toBe("protocol error");
    expect(outcomeOf(() => readParticle(new Reader(bytesOf("17 0002 00")), ParticleType.GEOJSON, 4))).toBe(
      "protocol error",
    );
  });
});

describe("lying counts", () => {
  it.each([
    ["a list of 4 billion", "dd ffffffff 01"],
    ["a list of 65535", "dc ffff 01"],
    ["a map of 4 billion", "df ffffffff 0101"],
    ["a map of 65535", "de ffff 0101"],
    ["a string of 4 GiB", "db ffffffff 0361"],
    ["a blob of 4 GiB", "c6 ffffffff 0461"],
    ["a string of 64 KiB", "da ffff 0361"],
    ["an order marker of 4 GiB", "92 c9 ffffffff 00 01"],
    ["a map whose last value is missing", "82 a20361 01 a20362"],
    ["a map with a marker and no nil", "81 c70001"],
    ["a byte that starts nothing", "91 c1"],
    ["an unknown extension as an element", "92 01 d4 05 00"],
  ])("are refused: %s", (_what, hex) => {
    const sizes = allocationsOf(() =>
      expect(outcomeOf(() => unpackValue(new Reader(bytesOf(hex))))).toBe("protocol error"),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MEBIBYTE);
  });
});

describe("deep nesting", () => {
  it.each([
    ["lists", "91"],
    ["lists with an order marker", "92c70001"],
    ["maps in maps", "8101"],
    ["maps as keys of maps", "81"],
    ["lists in maps in lists", "918101"],
  ])("ends in a ProtocolError, not on the stack: %s", (_what, hex) => {
    const level = Buffer.from(hex, "hex");
    const bytes = new Uint8Array(Buffer.concat(new Array<Buffer>(200_000).fill(level)));
    expect(() => unpackValue(new Reader(bytes))).toThrow("nests deeper than 256 levels");
    expect(outcomeOf(() => readParticle(new Reader(bytes), ParticleType.LIST, bytes.length))).toBe("protocol error");
  });

  it("is read as deep as servers store it", () => {
    const bytes = new Uint8Array(200).fill(0x91);
    bytes[199] = 0x90;
    let depth = 0;
    for (let at: unknown = unpackValue(new Reader(bytes)); Array.isArray(at); at = at[0]) depth++;
    expect(depth).toBe(200);
  });
});
