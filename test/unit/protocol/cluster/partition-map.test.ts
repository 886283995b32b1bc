import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PartitionMap } from "../../../../protocol/cluster/partition-map.js";
import type { NamespaceReplicas } from "../../../../protocol/info/replicas.js";
import { bitmapOf } from "../../../support/bitmap.js";
import { runs } from "../../../support/runs.js";

function report(regime: number, ...columns: number[][]): Map<string, NamespaceReplicas> {
  return new Map([["test", { regime, columns: columns.map(bitmapOf) }]]);
}

const ALL = Array.from({ length: 4096 }, (_, at) => at);
const EVEN = ALL.filter((partition) => partition % 2 === 0);
const ODD = ALL.filter((partition) => partition % 2 === 1);

describe("PartitionMap", () => {
  it("is put together from what each node says", () => {
    const map = new PartitionMap();
    expect(map.merge("A", report(0, EVEN, ODD)).size).toBe(0);
    expect([map.owner("test", 0), map.owner("test", 1)]).toEqual(["A", undefined]);
    expect(map.merge("B", report(0, ODD, EVEN)).size).toBe(0);
    expect(map.namespaces).toEqual(["test"]);
    expect(map.replicaCount("test")).toBe(2);
    expect([map.owner("test", 0), map.owner("test", 0, 1), map.owner("test", 0, 2)]).toEqual(["A", "B", undefined]);
    expect([map.owner("test", 4095), map.owner("test", 4095, 1)]).toEqual(["B", "A"]);
    expect(map.columns("test")).toEqual([0, 1].map((replica) => ALL.map((pid) => map.owner("test", pid, replica))));
    expect([map.ownedBy("A"), map.ownedBy("B"), map.ownedBy("C")]).toEqual([4096, 4096, 0]);
  });

  it("knows nothing of a namespace that no node has", () => {
    const map = new PartitionMap();
    expect([map.owner("test", 1), map.replicaCount("test"), map.hasNamespace("test")]).toEqual([undefined, 0, false]);
    expect(map.isStrongConsistency("test")).toBe(false);
    expect(map.columns("test")).toEqual([]);
  });

  it("names the nodes that lost a partition", () => {
    const map = new PartitionMap();
    map.merge("A", report(0, ALL));
    expect(map.merge("B", report(0, [7]))).toEqual(new Set(["A"]));
    expect([map.owner("test", 7), map.owner("test", 8)]).toEqual(["B", "A"]);
    expect(map.merge("B", report(0, [7]))).toEqual(new Set());
  });

  it("lets a node claim, never disclaim", () => {
    const map = new PartitionMap();
    map.merge("A", report(0, ALL));
    map.merge("A", report(0, []));
    expect(map.ownedBy("A")).toBe(4096);
  });

  it("ignores a report under an older regime, partition by partition", () => {
    const map = new PartitionMap();
    map.merge("A", report(5, EVEN));
    map.merge("B", report(3, ALL));
    expect([map.owner("test", 0), map.owner("test", 1)]).toEqual(["A", "B"]);
    map.merge("C", report(4, ALL));
    expect([map.owner("test", 0), map.owner("test", 1)]).toEqual(["A", "C"]);
    map.merge("B", report(5, [0]));
    expect(map.owner("test", 0)).toBe("B");
    expect(map.isStrongConsistency("test")).toBe(true);
  });

  it("holds the regime over all replica columns of a partition", () => {
    const map = new PartitionMap();
    map.merge("A", report(5, [], [9]));
    map.merge("B", report(4, [9], []));
    expect([map.owner("test", 9), map.owner("test", 9, 1)]).toEqual([undefined, "A"]);
  });

  it("follows the replica count up and down", () => {
    const map = new PartitionMap();
    map.merge("A", report(0, ALL, [1]));
    map.merge("A", report(0, ALL));
    expect([map.replicaCount("test"), map.owner("test", 1, 1), map.ownedBy("A")]).toEqual([1, undefined, 4096]);
    expect(map.columns("test")).toHaveLength(1);
    map.merge("A", report(0, ALL, [], [2]));
    expect([map.replicaCount("test"), map.owner("test", 2, 2)]).toEqual([3, "A"]);
  });

  it("gives each partition to the latest claim of the highest regime", () => {
    const claim = fc.record({
      node: fc.constantFrom("A", "B", "C"),
      regime: fc.nat(3),
      partitions: fc.uniqueArray(fc.nat(20)),
    });
    fc.assert(
      fc.property(fc.array(claim, { maxLength: 15 }), (claims) => {
        const map = new PartitionMap();
        for (const { node, regime, partitions } of claims) map.merge(node, report(regime, partitions));
        for (let partition = 0; partition <= 20; partition++) {
          const relevant = claims.filter(({ partitions }) => partitions.includes(partition));
          const highest = Math.max(...relevant.map(({ regime }) => regime));
          expect(map.owner("test", partition)).toBe(relevant.findLast(({ regime }) => regime === highest)?.node);
        }
      }),
      { numRuns: runs(20) },
    );
  });
});
