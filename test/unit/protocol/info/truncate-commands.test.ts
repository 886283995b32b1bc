import { describe, expect, it } from "vitest";
import { truncate, truncateNamespace } from "../../../../protocol/info/truncate-commands.js";

describe("truncate commands", () => {
  it("name namespace, set and time", () => {
    expect(truncate("test", "tr")).toBe("truncate:namespace=test;set=tr");
    expect(truncate("test", "tr", 1_577_836_800_000_000_000n)).toBe(
      "truncate:namespace=test;set=tr;lut=1577836800000000000",
    );
    expect(truncateNamespace("test")).toBe("truncate-namespace:namespace=test");
    expect(truncateNamespace("test", 1_577_836_800_000_000_000n)).toContain(";lut=1577836800000000000");
  });

  it("never truncate a namespace for want of a set", () => {
    expect(() => truncate("test", "")).toThrow(/set name is empty/);
    expect(() => truncate("test", undefined as unknown as string)).toThrow(TypeError);
  });

  it.each([0n, -1n, 1_262_304_000_000_000_000n, 2n ** 63n])("refuse the time %s", (before) => {
    expect(() => truncate("test", "tr", before)).toThrow(RangeError);
    expect(() => truncateNamespace("test", before)).toThrow(RangeError);
  });

  it("refuse a time that is no bigint, and names that would end early", () => {
    expect(() => truncate("test", "tr", 1e18 as unknown as bigint)).toThrow(TypeError);
    expect(() => truncate("test;set=x", "tr")).toThrow(TypeError);
    expect(() => truncate("test", "a;lut=5")).toThrow(TypeError);
    expect(() => truncateNamespace("a\nb")).toThrow(TypeError);
  });
});
