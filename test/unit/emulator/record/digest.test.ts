import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { digestKey, partitionOf } from "../../../../emulator/record/digest.js";

const url = new URL("../../../vectors/key-digests.json", import.meta.url);
const rows: readonly { readonly digest: string; readonly partitionId: number }[] = JSON.parse(
  readFileSync(url, "utf8"),
);

describe("digests", () => {
  it("name the partition that the server files the record under", () => {
    for (const { digest, partitionId } of rows) expect(partitionOf(Buffer.from(digest, "hex"))).toBe(partitionId);
  });

  it("sort as keys the way their bytes do", () => {
    const digests = rows.map(({ digest }) => Buffer.from(digest, "hex"));
    const byKey = digests.toSorted((a, b) => (digestKey(a) < digestKey(b) ? -1 : 1));
    expect(byKey).toEqual(digests.toSorted(Buffer.compare));
  });
});
