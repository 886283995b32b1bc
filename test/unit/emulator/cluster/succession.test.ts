import { describe, expect, it } from "vitest";
import { succession } from "../../../../emulator/cluster/succession.js";

const PARTITIONS = Array.from({ length: 4096 }, (_, pid) => pid);

describe("succession", () => {
  it("lists every node once", () => {
    for (const pid of PARTITIONS) expect(succession([0, 1, 2, 3], pid).toSorted()).toEqual([0, 1, 2, 3]);
  });

  it("gives each node about as many partitions as any other", () => {
    for (let nodes = 1; nodes <= 8; nodes++) {
      const all = Array.from({ length: nodes }, (_, node) => node);
      const counts = new Array<number>(nodes).fill(0);
      for (const pid of PARTITIONS) counts[succession(all, pid)[0]!]!++;
      for (const count of counts) expect(Math.abs(count - 4096 / nodes)).toBeLessThan(200);
    }
  });

  it("moves only what a node that leaves had: the order of the others stays", () => {
    for (const pid of PARTITIONS) {
      expect(succession([0, 1, 3], pid)).toEqual(succession([0, 1, 2, 3], pid).filter((node) => node !== 2));
    }
  });
});
