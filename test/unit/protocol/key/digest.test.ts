import { readFileSync } from "node:fs";
import { ripemd160 } from "@noble/hashes/legacy.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { computeDigest } from "../../../../protocol/key/digest.js";
import { partitionId } from "../../../../protocol/key/partition-id.js";
import type { UserKey } from "../../../../protocol/key/record-key.js";
import { anyText } from "../../../support/arbitrary-text.js";
import { runs } from "../../../support/runs.js";
import { fromHex, toHex } from "../../../support/vectors/entry.js";
import { type Typed, toValue } from "../../../support/vectors/typed-value.js";

interface Row {
  readonly set: string;
  readonly key: Typed;
  readonly hashedBytes: number;
  readonly digest: string;
  readonly partitionId: number;
}

const rows: readonly Row[] = JSON.parse(
  readFileSync(new URL("../../../vectors/key-digests.json", import.meta.url), "utf8"),
);

function userKey(typed: Typed): UserKey {
  const value = toValue(typed);
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") return value;
  if (value instanceof Uint8Array) return value;
  throw new Error(`no key: ${JSON.stringify(typed)}`);
}

describe("computeDigest", () => {
  it("agrees with all recorded digests and partitions", () => {
    expect(rows.length).toBe(300);
    for (const { set, key, digest, partitionId: partition } of rows) {
      const computed = computeDigest(set, userKey(key));
      expect(toHex(computed)).toBe(digest);
      expect(partitionId(computed)).toBe(partition);
    }
  });

  it("meets the block edges of the hash", () => {
    const edges = new Set(rows.map(({ hashedBytes }) => hashedBytes));
    for (const edge of [55, 56, 63, 64, 65, 119, 120, 127, 128]) expect(edges).toContain(edge);
  });

  it("hashes set, type byte and key", () => {
    fc.assert(
      fc.property(anyText(60), fc.uint8Array({ maxLength: 3000 }), (set, blob) => {
        const input = Buffer.concat([Buffer.from(set), Buffer.of(4), blob]);
        expect(computeDigest(set, blob)).toEqual(ripemd160(input));
      }),
      { numRuns: runs(10) },
    );
  });

  it("does not tell a bigint from the same number", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (key) => {
        expect(computeDigest("s", BigInt(key))).toEqual(computeDigest("s", key));
      }),
    );
  });

  it("tells the kinds of keys apart", () => {
    const digests = ["1", 1, fromHex("31")].map((key) => toHex(computeDigest("s", key)));
    expect(new Set(digests).size).toBe(3);
  });

  it("hands out bytes of their own", () => {
    const first = computeDigest("s", 1);
    const kept = first.slice();
    computeDigest("s", "another key, longer than the first".repeat(100));
    expect(first).toEqual(kept);
  });
});
