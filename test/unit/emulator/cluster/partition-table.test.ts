import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isAvailable } from "../../../../emulator/cluster/availability.js";
import { PartitionTable } from "../../../../emulator/cluster/partition-table.js";
import { succession } from "../../../../emulator/cluster/succession.js";
import { runs } from "../../../support/runs.js";

const SOME_PARTITIONS = [0, 1, 17, 600, 2048, 4095];
const members = fc.uniqueArray(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 5 });

describe("PartitionTable", () => {
  it("keeps a replica for every place, whoever comes and goes, and lets only those who have the records answer", () => {
    const changes = fc.array(fc.record({ members, isMigrated: fc.boolean() }), { maxLength: 6 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), changes, (factor, steps) => {
        const table = new PartitionTable(factor, [0, 1, 2, 3, 4]);
        for (const { members: present, isMigrated } of steps) {
          const had = new Map(SOME_PARTITIONS.map((pid) => [pid, holdersOf(table, pid)]));
          const lost = table.rebalance(present);
          if (isMigrated) table.migrate(present);
          for (const pid of SOME_PARTITIONS) {
            const replicas = table.replicas(pid);
            expect(replicas).toHaveLength(Math.min(factor, present.length));
            for (const node of replicas) expect(present).toContain(node);
            expect(table.isHolder(pid, table.master(pid) ?? -1)).toBe(true);
            for (const node of [0, 1, 2, 3, 4]) expect(table.heldBy(node)[pid]).toBe(table.isHolder(pid, node) ? 1 : 0);
            if (had.get(pid)!.some((node) => present.includes(node))) expect(lost.has(pid)).toBe(false);
            if (isMigrated) expect(replicas).toEqual(succession(present, pid).slice(0, factor));
          }
        }
      }),
      { numRuns: runs(5) },
    );
  });

  it("lets a node that has the records stand in until the owner has them", () => {
    const table = new PartitionTable(1, [0]);
    const lost = table.rebalance([0, 1]);
    const moving = SOME_PARTITIONS.filter((pid) => succession([0, 1], pid)[0] === 1);
    expect(lost.size).toBe(0);
    expect(moving).not.toEqual([]);
    for (const pid of moving) expect(table.replicas(pid)).toEqual([0]);
    table.migrate([0, 1]);
    for (const pid of moving) expect(table.replicas(pid)).toEqual([1]);
  });

  it("names the partitions that nobody has any more, and who had them", () => {
    const table = new PartitionTable(1, [0, 1]);
    const lost = table.rebalance([1]);
    const own = Array.from({ length: 4096 }, (_, pid) => pid).filter((pid) => succession([0, 1], pid)[0] === 0);
    expect([...lost.keys()]).toEqual(own);
    for (const holders of lost.values()) expect(holders).toEqual([0]);
  });
});

function holdersOf(table: PartitionTable, pid: number): number[] {
  return [0, 1, 2, 3, 4].filter((node) => table.isHolder(pid, node));
}

describe("a PartitionTable in strong consistency", () => {
  const ROSTER = [0, 1, 2, 3, 4];

  it("serves a partition only where no other part of the cluster could, and with all that was written", () => {
    const changes = fc.array(fc.record({ members, isMigrated: fc.boolean() }), { maxLength: 8 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), changes, (factor, steps) => {
        const table = new PartitionTable(factor, ROSTER, true);
        const newest = new Map(SOME_PARTITIONS.map((pid) => [pid, table.replicas(pid)]));
        for (const { members: present, isMigrated } of steps) {
          table.rebalance(present);
          if (isMigrated) table.migrate(present);
          const absent = ROSTER.filter((node) => !present.includes(node));
          for (const pid of SOME_PARTITIONS) {
            const owners = succession(ROSTER, pid).slice(0, factor);
            const master = table.master(pid);
            if (master === undefined) continue;
            expect(isAvailable(ROSTER.length, owners, present)).toBe(true);
            if (owners.length > 0) expect(isAvailable(ROSTER.length, owners, absent)).toBe(false);
            // Who serves has what the last who served had.
            expect(newest.get(pid)!.some((node) => present.includes(node))).toBe(true);
            newest.set(
              pid,
              ROSTER.filter((node) => table.keeps(pid, node)),
            );
          }
        }
      }),
      { numRuns: runs(20) },
    );
  });

  it("gives up partitions whose copies all went at once, until they are revived", () => {
    const table = new PartitionTable(2, [0, 1, 2], true);
    const both = [...Array(4096).keys()].filter((pid) => !table.replicas(pid).includes(2));
    table.rebalance([2]);
    expect(table.outOfReach).toEqual({ dead: both.length, unavailable: 4096 - both.length });
    table.rebalance([0, 1, 2]);
    expect(table.outOfReach).toEqual({ dead: both.length, unavailable: 0 });
    table.revive();
    table.rebalance([0, 1, 2]);
    expect(table.outOfReach).toEqual({ dead: 0, unavailable: 0 });
  });
});

describe("isAvailable", () => {
  it.each<[string, number, number[], number[], boolean]>([
    ["all owners, few nodes", 5, [0, 1], [0, 1], true],
    ["more than half with one owner", 5, [0, 1], [1, 3, 4], true],
    ["more than half without an owner", 5, [0, 1], [2, 3, 4], false],
    ["less than half with one owner", 5, [0, 1], [0, 2], false],
    ["just half with the master", 4, [0, 1], [0, 3], true],
    ["just half with the other owner", 4, [0, 1], [1, 3], false],
    ["nobody", 3, [0, 1], [], false],
  ])("%s", (_, roster, owners, present, expected) => {
    expect(isAvailable(roster, owners, present)).toBe(expected);
  });
});
