import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { packSearchValue, packValue, type SearchValue } from "../../../../protocol/value/pack.js";
import { readParticle, writeParticle } from "../../../../protocol/value/particle.js";
import { INFINITY, WILDCARD } from "../../../../protocol/value/special.js";
import { unpackValue } from "../../../../protocol/value/unpack.js";
import type { DecodeOptions, MapKey, Value } from "../../../../protocol/value/value.js";
import { INTEGER_EDGES, int64, onceStored, value } from "../../../support/arbitrary-value.js";
import { runs } from "../../../support/runs.js";

function throughPacked(sent: SearchValue, options?: DecodeOptions): unknown {
  const w = new Writer(1);
  packSearchValue(w, sent);
  const r = new Reader(w.copy());
  const got = unpackValue(r, options);
  expect(r.left).toBe(0);
  return got;
}

function throughParticle(sent: Value, options?: DecodeOptions): unknown {
  const w = new Writer(1);
  const type = writeParticle(w, sent);
  const r = new Reader(w.copy());
  const got = readParticle(r, type, r.left, options);
  expect(r.left).toBe(0);
  return got;
}

function packed(sent: Value): string {
  const w = new Writer();
  packValue(w, sent);
  return Buffer.from(w.view()).toString("hex");
}

describe("values", () => {
  it("come back from lists and maps", () => {
    fc.assert(
      fc.property(value, (sent) => {
        expect(throughPacked(sent)).toStrictEqual(onceStored(sent));
      }),
      { numRuns: runs(60) },
    );
  });

  it("come back from bins", () => {
    fc.assert(
      fc.property(value, (sent) => {
        expect(throughParticle(sent)).toStrictEqual(onceStored(sent));
      }),
      { numRuns: runs(60) },
    );
  });
});

describe("integers", () => {
  it("come back at every edge, as number when safe", () => {
    for (const edge of INTEGER_EDGES) {
      const expected = Number.isSafeInteger(Number(edge)) ? Number(edge) : edge;
      expect(throughPacked(edge)).toBe(expected);
      expect(throughParticle(edge)).toBe(expected);
    }
  });

  it("come back as bigints when asked for", () => {
    const options = { int64: "bigint" } as const;
    fc.assert(
      fc.property(int64, (sent) => {
        expect(throughPacked(sent, options)).toBe(sent);
        expect(throughParticle(sent, options)).toBe(sent);
      }),
    );
  });

  it("take the shortest form, number and bigint alike", () => {
    const widths: [bigint, number][] = [
      [0n, 1],
      [127n, 1],
      [128n, 2],
      [255n, 2],
      [256n, 3],
      [65_535n, 3],
      [65_536n, 5],
      [2n ** 32n - 1n, 5],
      [2n ** 32n, 9],
      [2n ** 63n - 1n, 9],
      [-1n, 1],
      [-32n, 1],
      [-33n, 2],
      [-128n, 2],
      [-129n, 3],
      [-32_768n, 3],
      [-32_769n, 5],
      [-(2n ** 31n), 5],
      [-(2n ** 31n) - 1n, 9],
      [-(2n ** 63n), 9],
    ];
    for (const [integer, width] of widths) {
      expect(packed(integer).length / 2, `${integer}`).toBe(width);
      if (Number.isSafeInteger(Number(integer))) expect(packed(Number(integer))).toBe(packed(integer));
    }
  });
});

describe("strings", () => {
  it("keep a byte order mark and every code point", () => {
    for (const text of ["\ufeffx", "\ufeff".repeat(60), "\u{10ffff}\0\u07ff\u0800\uffff", "é".repeat(100)]) {
      expect(throughPacked(text)).toBe(text);
      expect(throughParticle(text)).toBe(text);
    }
  });

  it("cross the widths of their header", () => {
    for (const length of [0, 30, 31, 32, 254, 255, 256, 65_534, 65_535, 65_536]) {
      const text = "x".repeat(length);
      expect(throughPacked(text)).toBe(text);
      const blob = new Uint8Array(length).fill(1);
      expect(throughPacked(blob)).toEqual(blob);
    }
  });
});

describe("containers", () => {
  it("cross the widths of their header", () => {
    for (const count of [0, 1, 14, 15, 16, 65_534, 65_535, 65_536]) {
      const list = Array.from({ length: count }, (_, at) => at % 100);
      expect(throughPacked(list)).toEqual(list);
      const map = new Map(list.map((item, at) => [at, item]));
      expect(throughPacked(map)).toEqual(map.size === 0 ? {} : map);
    }
  });

  it("nest 64 levels deep", () => {
    let list: Value = [];
    for (let level = 1; level < 64; level++) list = [list];
    expect(throughParticle(list)).toEqual(list);
  });
});

describe("search values", () => {
  it("hold wildcard and infinity anywhere", () => {
    const search: SearchValue = [1, WILDCARD, { k: INFINITY }, new Map<MapKey, SearchValue>([[5, WILDCARD]])];
    expect(throughPacked(search)).toEqual(search);
    expect(throughPacked(WILDCARD)).toBe(WILDCARD);
    expect(throughPacked([INFINITY])).toEqual([INFINITY]);
  });
});
