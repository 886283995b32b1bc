import { describe, expect, it } from "vitest";
import { compile, type ExpValue, UNKNOWN } from "../../../../emulator/exp/index.js";
import { doubleValue, integerValue } from "../../../../emulator/record/bin-value.js";
import { ExpOp } from "../../../../protocol/exp/op-code.js";
import { ParticleType } from "../../../../protocol/value/particle-type.js";
import { bool, double, geo, int, list, nil, op, quote, raw, text } from "../../../support/random/packing.js";
import { fromHex, toHex } from "../cdt/recorded.js";
import { viewWith } from "./tiny-view.js";

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const unknown = op(ExpOp.UNKNOWN);
const view = viewWith({ a: integerValue(7), d: doubleValue(2.5) });

function evaluate(packed: Uint8Array): ExpValue | string {
  const value = compile(packed)?.evaluate(view);
  if (value === undefined) throw new Error("not compiled");
  return typeof value === "object" && value !== null ? `${value.type}:${toHex(value.bytes)}` : value;
}

function check(rows: readonly (readonly [string, Uint8Array, ExpValue | string])[]): void {
  it.each(rows)("%s", (_, packed, value) => {
    expect(evaluate(packed)).toBe(value);
  });
}

describe("three-valued logic", () => {
  const values = { true: bool(true), false: bool(false), unknown } as const;
  const table = {
    and: { code: ExpOp.AND, rows: ["t t t", "t f f", "t u u", "f u f", "u f f", "u t u", "u u u"] },
    or: { code: ExpOp.OR, rows: ["f f f", "t f t", "t u t", "u t t", "f u u", "u f u", "u u u"] },
    exclusive: { code: ExpOp.EXCLUSIVE, rows: ["t f t", "t t f", "f f f", "t u u", "u t u", "f u u", "u u u"] },
  };
  const named = { t: "true", f: "false", u: "unknown" } as const;
  const result = { t: true, f: false, u: UNKNOWN } as const;
  const cases = Object.entries(table).flatMap(([name, { code, rows }]) =>
    rows.map((row) => [name, code, row] as const),
  );
  it.each(cases)("%s (%i): %s", (_, code, row) => {
    const [a, b, expected] = row.split(" ") as ["t" | "f" | "u", "t" | "f" | "u", "t" | "f" | "u"];
    expect(evaluate(op(code, values[named[a]], values[named[b]]))).toBe(result[expected]);
  });
  check([
    [
      "exclusive is settled by the second true before an unknown",
      op(ExpOp.EXCLUSIVE, bool(true), bool(true), unknown),
      false,
    ],
    ["exclusive is unknown once an unknown comes first", op(ExpOp.EXCLUSIVE, bool(true), unknown, bool(true)), UNKNOWN],
    ["not unknown", op(ExpOp.NOT, unknown), UNKNOWN],
    ["an and is settled behind its first false", op(ExpOp.AND, unknown, bool(true), bool(false), unknown), false],
  ]);
});

describe("integers wrap at 64 bits", () => {
  check([
    ["add", op(ExpOp.ADD, int(INT64_MAX), int(1)), INT64_MIN],
    ["subtract", op(ExpOp.SUB, int(INT64_MIN), int(1)), INT64_MAX],
    ["negate", op(ExpOp.SUB, int(INT64_MIN)), INT64_MIN],
    ["multiply", op(ExpOp.MUL, int(INT64_MAX), int(2)), -2n],
    ["abs", op(ExpOp.ABS, int(INT64_MIN)), INT64_MIN],
    ["divide towards zero", op(ExpOp.DIV, int(-7), int(2)), -3n],
    ["divide by a product", op(ExpOp.DIV, int(100), int(2), int(5)), 10n],
    ["reciprocal", op(ExpOp.DIV, int(3)), 0n],
    ["divide by zero", op(ExpOp.DIV, int(1), int(0)), UNKNOWN],
    ["divide by a product that wraps to zero", op(ExpOp.DIV, int(1), int(2n ** 32n), int(2n ** 32n)), UNKNOWN],
    ["what takes a server down", op(ExpOp.DIV, int(INT64_MIN), int(-1)), UNKNOWN],
    ["remainder with the dividend's sign", op(ExpOp.MOD, int(-7), int(3)), -1n],
    ["remainder by zero", op(ExpOp.MOD, int(7), int(0)), UNKNOWN],
    ["a remainder that takes a server down", op(ExpOp.MOD, int(INT64_MIN), int(-1)), UNKNOWN],
  ]);
});

describe("bits of integers", () => {
  check([
    ["shift by 64", op(ExpOp.INT_LSHIFT, int(1), int(64)), 1n],
    ["shift by -1", op(ExpOp.INT_LSHIFT, int(1), int(-1)), INT64_MIN],
    ["shift out", op(ExpOp.INT_LSHIFT, int(-1), int(63)), INT64_MIN],
    ["shift right without sign", op(ExpOp.INT_RSHIFT, int(-1), int(60)), 15n],
    ["shift right with sign", op(ExpOp.INT_ARSHIFT, int(-8), int(1)), -4n],
    ["count", op(ExpOp.INT_COUNT, int(-1)), 64n],
    ["scan from the left", op(ExpOp.INT_LSCAN, int(8), bool(true)), 60n],
    ["scan from the right, counted from the left too", op(ExpOp.INT_RSCAN, int(24), bool(true)), 60n],
    ["scan for zeros", op(ExpOp.INT_LSCAN, int(-1), bool(false)), -1n],
    ["exclusive or", op(ExpOp.INT_XOR, int(5), int(3), int(-1)), -7n],
  ]);
});

describe("doubles", () => {
  check([
    ["truncate out of range", op(ExpOp.TO_INT, double(1e19)), INT64_MIN],
    ["truncate NaN", op(ExpOp.TO_INT, double(Number.NaN)), INT64_MIN],
    ["truncate towards zero", op(ExpOp.TO_INT, double(-1.9)), -1n],
    ["divide by zero", op(ExpOp.DIV, double(1), double(0)), Number.POSITIVE_INFINITY],
    ["NaN equals nothing", op(ExpOp.EQ, double(Number.NaN), double(Number.NaN)), false],
    ["NaN is unequal to itself", op(ExpOp.NE, double(Number.NaN), double(Number.NaN)), true],
    ["NaN is not below or equal", op(ExpOp.LE, double(Number.NaN), double(1)), false],
    ["a least value keeps NaN that comes first", op(ExpOp.MIN, double(Number.NaN), double(1)), Number.NaN],
    ["a least value passes over NaN that comes later", op(ExpOp.MIN, double(1), double(Number.NaN)), 1],
    ["1 to the power of NaN", op(ExpOp.POW, double(1), double(Number.NaN)), 1],
    ["-1 to the power of infinity", op(ExpOp.POW, double(-1), double(Number.POSITIVE_INFINITY)), 1],
    ["negate", op(ExpOp.SUB, double(2.5)), -2.5],
  ]);
});

describe("packed values", () => {
  const unordered = fromHex("920181a2036101");
  check([
    [
      "order markers of lists don't count",
      op(ExpOp.EQ, quote(fromHex("93c700010102")), quote(fromHex("920102"))),
      true,
    ],
    ["an unordered map makes a comparison unknown", op(ExpOp.EQ, quote(unordered), quote(unordered)), UNKNOWN],
    ["unless it is settled before", op(ExpOp.LT, quote(unordered), quote(fromHex("920281a2036101"))), true],
    ["empty maps have no order to lack", op(ExpOp.EQ, fromHex("80"), fromHex("80")), true],
    ["shorter lists come first", op(ExpOp.LT, quote(list(int(1))), quote(list(int(1), int(0)))), true],
    [
      "a wildcard equals the rest",
      op(ExpOp.EQ, quote(fromHex("9201d4ff00")), quote(list(int(1), int(9), int(9)))),
      true,
    ],
    ["an element of a list", op(ExpOp.IN_LIST, int(2), quote(list(int(1), int(2)))), true],
    ["integers equal no doubles", op(ExpOp.IN_LIST, int(2), quote(list(double(2)))), false],
    ["nil in a list", op(ExpOp.IN_LIST, nil, quote(list(nil))), true],
    ["keys of a map", op(ExpOp.MAP_KEYS, fromHex("83c70001c00102a2036103")), "20:9201a20361"],
    ["values of a map", op(ExpOp.MAP_VALUES, fromHex("820102a2036103")), "20:920203"],
    ["keys of what is no map", op(ExpOp.MAP_KEYS, int(1)), UNKNOWN],
  ]);
});

describe("variables and conditions", () => {
  const missing = op(ExpOp.BIN, int(2), raw("none"));
  check([
    ["a variable that is unknown hurts where it is used", op(ExpOp.LET, raw("x"), missing, int(5)), 5n],
    ["and there it is unknown", op(ExpOp.LET, raw("x"), missing, op(ExpOp.VAR, raw("x"))), UNKNOWN],
    ["nil is a value", op(ExpOp.LET, raw("x"), nil, op(ExpOp.EQ, op(ExpOp.VAR, raw("x")), nil)), true],
    ["an unknown condition", op(ExpOp.COND, unknown, int(1), int(2)), UNKNOWN],
    ["the first true one", op(ExpOp.COND, bool(false), int(1), bool(true), int(2), int(3)), 2n],
    ["an unknown branch that is not taken", op(ExpOp.COND, bool(true), int(1), unknown), 1n],
    ["a loop variable outside of a loop", op(ExpOp.LOOP_VAR, int(2), int(1)), UNKNOWN],
    ["a bin of another type", op(ExpOp.BIN, int(3), raw("a")), UNKNOWN],
    ["the type of a bin", op(ExpOp.BIN_TYPE, raw("d")), 2n],
    ["the type of none", op(ExpOp.BIN_TYPE, raw("none")), 0n],
    ["the rest of a digest", op(ExpOp.DIGEST_MODULO, int(1000)), BigInt(0x13121110 % 1000)],
  ]);
});

describe("areas and points", () => {
  const point = geo('{"type":"Point","coordinates":[0,0]}');
  const circle = geo('{"type":"AeroCircle","coordinates":[[0,0],1000]}');
  check([
    ["a point in an area", op(ExpOp.GEO_COMPARE, point, circle), true],
    ["in either order", op(ExpOp.GEO_COMPARE, circle, point), true],
    ["two points", op(ExpOp.GEO_COMPARE, point, point), false],
  ]);
});

describe("patterns", () => {
  check([
    ["match anywhere", op(ExpOp.REGEX, int(0), raw("l.o"), text("hello")), true],
    ["bytes, not characters", op(ExpOp.REGEX, int(1), raw("^.{2}$"), text("é")), true],
    ["letters of either case", op(ExpOp.REGEX, int(2), raw("HELLO"), text("hello")), true],
    ["text ends at a NUL", op(ExpOp.REGEX, int(1), raw("a$"), text("a\0b")), true],
  ]);
});

describe("metadata", () => {
  const NOW = Date.UTC(2025, 5, 1);
  const lived = viewWith({}, { now: NOW, lastUpdate: NOW - 5000, voidTime: NOW / 1000 - 1_262_304_000 + 60, size: 96 });
  const fresh = viewWith({}, { now: NOW });
  it.each([
    [ExpOp.LAST_UPDATE, BigInt(NOW - 5000) * 1_000_000n],
    [ExpOp.SINCE_UPDATE, 5000n],
    [ExpOp.VOID_TIME, BigInt(NOW + 60_000) * 1_000_000n],
    [ExpOp.TTL, 60n],
    [ExpOp.RECORD_SIZE, 96n],
    [ExpOp.MEMORY_SIZE, 96n],
    [ExpOp.DEVICE_SIZE, 0n],
    [ExpOp.KEY_EXISTS, false],
    [ExpOp.IS_TOMBSTONE, false],
  ])("op %i", (code, value) => {
    expect(compile(op(code))?.evaluate(lived)).toBe(value);
  });

  it("tells that a record never expires", () => {
    expect(compile(op(ExpOp.TTL))?.evaluate(fresh)).toBe(-1n);
    expect(compile(op(ExpOp.VOID_TIME))?.evaluate(fresh)).toBe(-1n);
  });

  it("gives an expired record that is still there one second", () => {
    expect(compile(op(ExpOp.TTL))?.evaluate(viewWith({}, { now: NOW, voidTime: 1 }))).toBe(1n);
  });

  it("is unknown where there is no record", () => {
    for (const code of [ExpOp.TTL, ExpOp.SET_NAME, ExpOp.RECORD_SIZE, ExpOp.KEY_EXISTS]) {
      expect(compile(op(code))?.evaluate(undefined)).toBe(UNKNOWN);
    }
    expect(compile(op(ExpOp.DIGEST_MODULO, int(3)))?.evaluate(undefined)).toBe(UNKNOWN);
  });

  it("leaves bins and the key's value unknown before the bins are read", () => {
    const key = { type: ParticleType.STRING, bytes: new Uint8Array(1) };
    const metadata = viewWith({ a: integerValue(1) }, { hasBins: false, isKeyStored: true, userKey: key });
    expect(compile(op(ExpOp.BIN, int(2), raw("a")))?.evaluate(metadata)).toBe(UNKNOWN);
    expect(compile(op(ExpOp.BIN_TYPE, raw("a")))?.evaluate(metadata)).toBe(UNKNOWN);
    expect(compile(op(ExpOp.KEY, int(3)))?.evaluate(metadata)).toBe(UNKNOWN);
    expect(compile(op(ExpOp.KEY_EXISTS))?.evaluate(metadata)).toBe(true);
  });
});
