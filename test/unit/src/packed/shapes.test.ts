import { describe, expect, test } from "vitest";
import { PackedError, packed, packedBin, unpacked } from "../../../../src/packed/index.js";

const PROFILE = ["name", "street", "city", "country"];
const POINT = ["x", "y"];
const COLOUR = ["red", "green", "blue"];

const column = (...shapes: string[][]) => packedBin<unknown>({ shapes });

describe("shapes", () => {
  test("cost a byte where names would stand, behind six for all of the value", () => {
    const profile = { name: "Ada", street: "A", city: "B", country: "C" };
    expect(packed(profile)).toHaveLength(36);
    expect(column(PROFILE).toBin(profile)).toHaveLength(17);
    expect(column(PROFILE).toBin([profile, profile])).toHaveLength(30);
    expect(column(PROFILE).toBin(Array.from({ length: 10 }, () => ({ ...profile })))).toHaveLength(117);
    expect(packed(Array.from({ length: 10 }, () => ({ ...profile })))).toHaveLength(361);
  });

  test("an empty list writes names once in a value", () => {
    const points = Array.from({ length: 10 }, (_, x) => ({ x, y: x }));
    const compact = column();
    expect(compact.toBin(points)).toHaveLength(40);
    expect(packed(points)).toHaveLength(71);
    expect(compact.fromBin(compact.toBin(points))).toEqual(points);
    expect(unpacked(compact.toBin(points))).toEqual(points);
  });

  test("a program that knows more of them reads what others wrote", () => {
    const value = [
      { x: 1, y: 2 },
      { red: 1, green: 2, blue: 3 },
    ];
    const made = column(POINT).toBin(value);
    expect(column(POINT, COLOUR).fromBin(made)).toEqual(value);
    expect(column(POINT, PROFILE, COLOUR).fromBin(made)).toEqual(value);
  });

  test("a program that knows fewer reads what does not need the others", () => {
    const newer = column(POINT, COLOUR);
    const older = column(POINT);
    expect(older.fromBin(newer.toBin({ x: 1, y: 2 }))).toEqual({ x: 1, y: 2 });
    expect(older.fromBin(newer.toBin({ y: 1, x: 2 }))).toEqual({ y: 1, x: 2 });
    expect(unpacked(newer.toBin([1, new Map()]))).toEqual([1, new Map()]);
    const made = newer.toBin({ red: 1, green: 2, blue: 3 });
    expect(() => older.fromBin(made)).toThrow(PackedError);
    expect(() => older.fromBin(made)).toThrow("it needs the first 2 shapes, and 1 are declared here");
    expect(() => unpacked(made)).toThrow("it needs the first 2 shapes, and 0 are declared here");
  });

  test("programs that know others never read each other's values wrongly", () => {
    const made = column(POINT, COLOUR).toBin({ red: 1, green: 2, blue: 3 });
    for (const other of [
      column(COLOUR, POINT),
      column(["y", "x"], COLOUR),
      column(POINT, ["green", "red", "blue"]),
      column(["x,y"], COLOUR),
      column(POINT, [...COLOUR, "alpha"]),
    ]) {
      expect(() => other.fromBin(made)).toThrow("which are others than the first 2 that are declared here");
    }
  });

  test("the format stays what it is: values live longer than programs", () => {
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
    expect(hex(packed({ a: [1, "b", true, null, 1.5], c: new Date(0) }))).toBe(
      "82a1619501a162c3c0cb3ff8000000000000a163d6ff00000000",
    );
    expect(hex(packed(new Set([{ a: 1 }])))).toBe("c100d47300" + "91d4724091a16101");
    expect(hex(column(POINT).toBin({ x: 1, y: -1 }))).toMatch(/^c101[0-9a-f]{8}4001ff$/);
  });
});
