import { describe, expect, it } from "vitest";
import type { BackgroundJob } from "../../../../protocol/command/background-job.js";
import { BackgroundOperateCommand } from "../../../../protocol/command/background-operate.js";
import { type Op, OpCode } from "../../../../protocol/message/op.js";
import { ResultCode } from "../../../../protocol/result-code.js";
import { Exp } from "../../../../src/exp/exp.js";
import { deleteCommand, writeCommand } from "../../../support/record-commands.js";
import { keyOf, NAMESPACE, SET, World } from "../support/world.js";

const ADD_ONE: readonly Op[] = [{ code: OpCode.INCR, bin: "n", value: 1 }];

function addOne(taskId: bigint, more: Partial<BackgroundJob> = {}): BackgroundOperateCommand {
  return new BackgroundOperateCommand({ namespace: NAMESPACE, setName: SET, taskId, ...more }, ADD_ONE);
}

async function values(world: World, count: number): Promise<unknown[]> {
  const bins = [];
  for (let id = 0; id < count; id++) bins.push((await world.read(id))?.bins["n"]);
  return bins;
}

function numbers(count: number, of: (id: number) => number): number[] {
  return Array.from({ length: count }, (_, id) => of(id));
}

describe("a background job", () => {
  it("answers at once, works by itself, and counts what it did", async () => {
    await using world = await World.start();
    await world.fill(30);
    expect(await world.run(addOne(7n))).toBe("started");
    const job = await world.finished(7n);
    expect(job).toMatchObject({
      namespace: NAMESPACE,
      setName: SET,
      status: "done(ok)",
      progress: 100,
      throttled: 30,
      succeeded: 30,
      failed: 0,
      filteredMeta: 0,
      filteredBins: 0,
      jobType: "background-ops",
    });
    expect(await values(world, 30)).toEqual(numbers(30, (id) => id + 1));
  });

  it("goes on each node through the partitions that it masters", async () => {
    await using world = await World.start({ nodes: 3 });
    await world.fill(60);
    const masters = await world.masters();
    for (const node of [0, 1, 2]) await world.run(addOne(7n), node);
    for (const node of [0, 1, 2]) {
      const own = numbers(60, (id) => id).filter((id) => masters[keyOf(id).partition] === node);
      expect((await world.finished(7n, node)).succeeded).toBe(own.length);
    }
    expect(await values(world, 60)).toEqual(numbers(60, (id) => id + 1));
  });

  it("tells records dropped by metadata from those dropped by bins, and counts what failed", async () => {
    await using world = await World.start();
    for (let id = 0; id < 20; id++) await world.run(writeCommand(keyOf(id), { n: id }, { sendKey: id >= 5 }));
    await world.run(writeCommand(keyOf("text"), { n: "no number" }, { sendKey: true }));
    await world.run(addOne(1n, { filter: Exp.keyExists().packed }));
    expect(await world.finished(1n)).toMatchObject({ filteredMeta: 5, throttled: 16, succeeded: 15, failed: 1 });
    await world.run(addOne(2n, { filter: Exp.gt(Exp.intBin("n"), Exp.intVal(10)).packed }));
    expect(await world.finished(2n)).toMatchObject({ filteredMeta: 0, filteredBins: 11, throttled: 21, succeeded: 10 });
  });

  it("works on nothing but its set", async () => {
    await using world = await World.start();
    await world.fill(5);
    await world.run(writeCommand(keyOf(1, "others"), { n: 100 }));
    await world.run(addOne(3n, { setName: "others" }));
    expect((await world.finished(3n)).succeeded).toBe(1);
    expect(await values(world, 5)).toEqual([0, 1, 2, 3, 4]);
  });

  it("is refused with 2 by a node that does not know the set", async () => {
    await using world = await World.start();
    expect(await world.run(addOne(3n, { setName: "nobody" }))).toBe("no such set");
    expect(await world.info("query-show")).toBe("");
  });

  it("does not bring back what was deleted while it ran", async () => {
    await using world = await World.start();
    await world.fill(20);
    using gate = world.emulator.faults.holdJobs({ afterRecords: 10 });
    await world.run(addOne(4n));
    await world.runtime.until(gate.whenHeld());
    for (let id = 0; id < 20; id++) await world.run(deleteCommand(keyOf(id)));
    gate.release();
    expect((await world.finished(4n)).succeeded).toBe(10);
    expect(await world.read(1)).toBeUndefined();
  });

  it("ends with the node that it runs on", async () => {
    await using world = await World.start({ nodes: 2 });
    await world.fill(40);
    using gate = world.emulator.faults.holdJobs({ afterRecords: 2 });
    await world.run(addOne(5n), 1);
    await world.runtime.until(gate.whenHeld());
    await world.emulator.nodes[1]!.stop();
    gate.release();
    await world.runtime.until(world.emulator.whenStable());
    const changed = (await values(world, 40)).filter((n, id) => n !== id);
    expect(changed).toHaveLength(2);
  });
});

describe("the pace of a background job", () => {
  it("is held to so many records a second", async () => {
    await using world = await World.start();
    await world.fill(40);
    await world.run(addOne(1n, { recordsPerSecond: 200 }));
    const { runTimeMs, recordsPerSecond } = await world.finished(1n);
    expect(recordsPerSecond).toBe(200);
    expect(runTimeMs).toBeGreaterThanOrEqual(195);
    expect(runTimeMs).toBeLessThanOrEqual(205);
  });

  it("is never slower than a record every 10 ms, whatever was asked", async () => {
    await using world = await World.start();
    await world.fill(40);
    await world.run(addOne(1n, { recordsPerSecond: 1 }));
    expect((await world.finished(1n)).runTimeMs).toBe(400);
  });

  it("is the namespace's own when none was asked, and can't be asked to be higher", async () => {
    await using world = await World.start({ namespaces: [{ name: NAMESPACE, backgroundQueryMaxRps: 100 }] });
    await world.fill(10);
    await world.run(addOne(1n));
    expect(await world.finished(1n)).toMatchObject({ recordsPerSecond: 100 });
    expect((await world.job(1n)).runTimeMs).toBeGreaterThanOrEqual(95);
    expect(await world.codeOf(addOne(2n, { recordsPerSecond: 101 }))).toBe(ResultCode.PARAMETER_ERROR);
  });
});

describe("a job that is half done", () => {
  it("stands at a gate, shows its progress, and goes on step by step", async () => {
    await using world = await World.start();
    await world.fill(40);
    const gate = world.emulator.faults.holdJobs({ afterRecords: 10 });
    await world.run(addOne(9n));
    await world.runtime.until(gate.whenHeld());
    const half = await world.job(9n);
    expect(half).toMatchObject({ done: false, status: "active(ok)", succeeded: 10, activeThreads: 1 });
    expect(half.progress).toBeGreaterThan(0);
    expect(half.progress).toBeLessThan(100);
    expect((await values(world, 40)).filter((n, id) => n !== id)).toHaveLength(10);
    gate.step(5);
    await world.runtime.until(gate.whenHeld());
    expect((await world.job(9n)).succeeded).toBe(15);
    gate.release();
    expect((await world.finished(9n)).succeeded).toBe(40);
  });

  it("can be aborted: what it changed stays changed", async () => {
    await using world = await World.start();
    await world.fill(40);
    using gate = world.emulator.faults.holdJobs({ afterRecords: 10 });
    await world.run(addOne(9n));
    await world.runtime.until(gate.whenHeld());
    expect(await world.info("query-abort:trid=9")).toBe("ok");
    expect(await world.finished(9n)).toMatchObject({ status: "done(user-aborted)", succeeded: 10, progress: 100 });
    expect((await values(world, 40)).filter((n, id) => n !== id)).toHaveLength(10);
    expect(await world.info("query-abort:trid=9")).toBe("ERROR:2:id not active");
  });

  it("is one of those that are all aborted", async () => {
    await using world = await World.start();
    await world.fill(4);
    using gate = world.emulator.faults.holdJobs();
    for (const id of [1n, 2n, 3n]) await world.run(addOne(id));
    await world.runtime.until(gate.whenHeld(3));
    expect(await world.info("query-abort-all")).toBe("number-of-queries-killed:3");
    for (const id of [1n, 2n, 3n]) expect((await world.finished(id)).outcome).toBe("user-aborted");
  });
});

describe("the list of jobs", () => {
  it("takes an id once, whether its job runs or has ended", async () => {
    await using world = await World.start();
    await world.fill(2);
    await world.run(addOne(6n));
    expect(await world.codeOf(addOne(6n))).toBe(ResultCode.PARAMETER_ERROR);
    await world.finished(6n);
    expect(await world.codeOf(addOne(6n))).toBe(ResultCode.PARAMETER_ERROR);
  });

  it("remembers as many ended jobs as query-max-done says", async () => {
    await using world = await World.start({ queryMaxDone: 2 });
    await world.fill(2);
    for (const id of [1n, 2n, 3n]) {
      await world.run(addOne(id));
      await world.finished(id);
    }
    const list = await world.info("query-show");
    expect(list.split(";").map((line) => line.slice(0, 7))).toEqual(["trid=3:", "trid=2:"]);
    expect(await world.info("query-show:trid=1")).toBe("ERROR:2:job not found");
    expect(await world.info("set-config:context=service;query-max-done=1")).toBe("ok");
    expect(await world.info("query-show:trid=2")).toBe("ERROR:2:job not found");
    expect(await world.codeOf(addOne(1n))).toBe(ResultCode.OK);
  });

  it("runs no more jobs at a time than query-threads-limit says", async () => {
    await using world = await World.start({ queryThreadsLimit: 2 });
    await world.fill(2);
    using gate = world.emulator.faults.holdJobs();
    await world.run(addOne(1n));
    await world.run(addOne(2n));
    await world.runtime.until(gate.whenHeld(2));
    expect(await world.codeOf(addOne(3n))).toBe(ResultCode.FORBIDDEN);
    gate.release();
    await world.finished(2n);
    expect(await world.codeOf(addOne(3n))).toBe(ResultCode.OK);
  });
});
