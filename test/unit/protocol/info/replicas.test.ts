import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasPartition, parseReplicas } from "../../../../protocol/info/replicas.js";
import { ProtocolError } from "../../../../protocol/protocol-error.js";
import { bitmapOf, replicasText } from "../../../support/bitmap.js";
import { runs } from "../../../support/runs.js";

const FULL = bitmapOf(Array.from({ length: 4096 }, (_, at) => at));

describe("parseReplicas", () => {
  it("reads namespaces, regimes and columns", () => {
    const text = `${replicasText("test", 0, [FULL])};${replicasText("sc", 17, [bitmapOf([0, 4095]), bitmapOf([1])])}`;
    const replicas = parseReplicas(text);
    expect([...replicas.keys()]).toEqual(["test", "sc"]);
    expect(replicas.get("test")).toEqual({ regime: 0, columns: [FULL] });
    expect(replicas.get("sc")?.regime).toBe(17);
    expect(replicas.get("sc")?.columns.map((column) => hasPartition(column, 4095))).toEqual([true, false]);
  });

  it("puts partition p at bit 0x80 >> (p & 7) of byte p >> 3", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(4095)), (partitions) => {
        const column = parseReplicas(replicasText("n", 0, [bitmapOf(partitions)])).get("n")!.columns[0]!;
        const found: number[] = [];
        for (let partition = 0; partition < 4096; partition++)
          if (hasPartition(column, partition)) found.push(partition);
        expect(found).toEqual([...partitions].sort((a, b) => a - b));
      }),
      { numRuns: runs(6) },
    );
  });

  it("takes a node without namespaces or replicas", () => {
    expect(parseReplicas("").size).toBe(0);
    expect(parseReplicas("n:0,0").get("n")).toEqual({ regime: 0, columns: [] });
  });

  const good = replicasText("n", 0, [FULL]);
  it.each([
    ["no namespace", good.slice(1)],
    ["no regime", good.replace(":0", ":")],
    ["a regime that is no number", good.replace(":0", ":-1")],
    ["a regime beyond 32 bits", good.replace(":0", ":4294967296")],
    ["fewer bitmaps than announced", good.replace(",1,", ",2,")],
    ["a bitmap too short", good.slice(0, -8)],
    ["a bitmap too long", `${good}AAAA`],
    ["a bitmap that is not base64", good.replace("/", "!")],
  ])("refuses %s", (_what, text) => {
    expect(() => parseReplicas(text)).toThrow(ProtocolError);
  });

  it("refuses more columns than tables should be built for", () => {
    const column = bitmapOf([]);
    const text = replicasText("n", 0, new Array<Uint8Array>(1025).fill(column));
    expect(() => parseReplicas(text)).toThrow(/more than 1024 columns/);
  });
});
