import { describe, expect, it } from "vitest";
import { checkIndexFilter } from "../../../../protocol/check/check-index-filter.js";
import type { IndexBounds, IndexTarget } from "../../../../protocol/command/index-range.js";

const target: IndexTarget = { bin: "b" };

function check(bounds: IndexBounds): () => void {
  return () => checkIndexFilter({ target, bounds });
}

describe("checkIndexFilter", () => {
  it("passes what a server takes", () => {
    const bounds: IndexBounds[] = [
      { type: "integer", begin: -(2n ** 63n), end: 2n ** 63n - 1n },
      { type: "integer", begin: 5, end: 5n },
      { type: "string", value: "" },
      { type: "string", value: "x".repeat(2047) },
      { type: "blob", value: new Uint8Array(2047) },
      { type: "geo", value: "{}" },
    ];
    for (const range of bounds) expect(check(range)).not.toThrow();
  });

  it("refuses what a server does not take", () => {
    expect(check({ type: "integer", begin: 6, end: 5 })).toThrow("The range begins at 6 and ends at 5");
    expect(check({ type: "integer", begin: 2n ** 63n, end: 2n ** 63n })).toThrow(RangeError);
    expect(check({ type: "integer", begin: 1.5, end: 5 })).toThrow(
      "The begin of the range: expected a safe integer or a bigint, got 1.5",
    );
    expect(check({ type: "integer", begin: 1, end: Number.POSITIVE_INFINITY })).toThrow("The end of the range");
    expect(check({ type: "string", value: "x".repeat(2048) })).toThrow("takes 2048 bytes: 0 to 2047 are allowed");
    expect(check({ type: "string", value: "\udfff" })).toThrow(TypeError);
    expect(check({ type: "blob", value: new Uint8Array(2048) })).toThrow(RangeError);
    expect(check({ type: "geo", value: "" })).toThrow("1 to 1048575 are allowed");
    expect(check({ type: "geo", value: " ".repeat(1024 * 1024) })).toThrow(RangeError);
  });

  it("checks the names", () => {
    const bounds: IndexBounds = { type: "integer", begin: 1, end: 2 };
    expect(() => checkIndexFilter({ target: { bin: "" }, bounds })).toThrow("The bin name is empty");
    expect(() => checkIndexFilter({ target: { indexName: "a;b" }, bounds })).toThrow("The index name");
    expect(() => checkIndexFilter({ target: { expression: Uint8Array.of(1) }, bounds })).not.toThrow();
  });
});
