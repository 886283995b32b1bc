import { describe, expect, it } from "vitest";
import { isShortest } from "../../../../emulator/packed/form.js";
import { PackedHead } from "../../../../protocol/value/packed-head.js";

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));

describe("isShortest", () => {
  it.each([
    ["cc7f", false],
    ["cc80", true],
    ["cd00ff", false],
    ["cd0100", true],
    ["ce0000ffff", false],
    ["ce00010000", true],
    ["cf00000000ffffffff", false],
    ["cf0000000100000000", true],
    ["d07f", false],
    ["d0e0", false],
    ["d0df", true],
    ["d17fff", false],
    ["d1ff80", false],
    ["d1ff7f", true],
    ["d2ffff8000", false],
    ["d2ffff7fff", true],
    ["d3ffffffff80000000", false],
    ["d3ffffffff7fffffff", true],
    ["d901", false],
    ["c401", false],
    ["dc000f", false],
    ["dc0010", true],
    ["df0000ffff", false],
    ["c70001", true],
    ["c70201aabb", false],
    ["c70305aabbcc", true],
    ["c8000105aa", false],
  ])("knows whether %s has a shorter form", (hex, compact) => {
    const head = new PackedHead();
    const of = bytes(hex.padEnd(80, "0"));
    expect(head.read(of, 0, of.length)).toBe(true);
    expect(isShortest(head, of, 0)).toBe(compact);
  });
});
