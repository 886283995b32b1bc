import { describe, expect, it } from "vitest";
import { TaskAbortedError, type TaskProgress } from "../../src/index.js";
import { TaskLab } from "../support/faults/task-lab.js";

const LOST = 1;

function expectLost(error: unknown, lab: TaskLab): TaskAbortedError {
  expect(error).toBeInstanceOf(TaskAbortedError);
  if (!(error instanceof TaskAbortedError)) throw error;
  expect(error).toMatchObject({ code: "TASK_LOST", inDoubt: true });
  expect(error.message).toContain(lab.idOf(LOST));
  for (const place of [0, 2]) expect(error.message).not.toContain(lab.idOf(place));
  expect(error.summary.state).toBe("lost");
  expect(error.summary.perNode[lab.idOf(LOST)]?.state).toBe("lost");
  return error;
}

describe("a node that goes away while its part runs", () => {
  it("makes the task lost there, while the others finish", async () => {
    await using lab = await TaskLab.open();
    using gate = lab.faults.holdJobs({ node: LOST, afterRecords: 5 });
    const task = await lab.lab.until(lab.addOne().execute());
    await lab.lab.until(gate.whenHeld());
    const ended = lab.lab.failure(task.waitTillComplete());
    await lab.lab.runtime.advance(100);
    await lab.lab.emulator.nodes[LOST]?.stop();
    const { summary } = expectLost(await ended, lab);
    for (const place of [0, 2]) {
      expect(summary.perNode[lab.idOf(place)]).toMatchObject({ state: "done", percent: 100, failed: 0 });
    }
    // What the node last said is kept, and not taken for all that it did.
    expect(summary.perNode[lab.idOf(LOST)]?.succeeded).toBe(5);
    expect(await lab.lab.until(task.queryStatus())).toBe("complete");
  });

  it.each([
    ["with questions close together", undefined, 0],
    ["with questions far apart", 30_000, 0],
    ["and stays away until it is no part of the cluster any more", undefined, 20_000],
    ["for long, with questions far apart", 60_000, 20_000],
  ])("and comes back with nothing is lost, not done: %s", async (_, pollIntervalMs, awayMs) => {
    await using lab = await TaskLab.open();
    using gate = lab.faults.holdJobs({ node: LOST, afterRecords: 5 });
    const task = await lab.lab.until(lab.addOne().execute());
    const options = pollIntervalMs === undefined ? {} : { pollIntervalMs };
    const ended = lab.lab.failure(task.waitTillComplete(options));
    await lab.lab.until(gate.whenHeld());
    // By now every node has been asked, and is not asked again for some time.
    await lab.lab.runtime.advance(5_000);
    const node = lab.lab.emulator.nodes[LOST];
    await node?.stop();
    await lab.lab.runtime.advance(awayMs);
    await node?.start();
    await lab.lab.until(lab.lab.emulator.whenStable());
    expectLost(await ended, lab);
  });

  it("is lost to somebody who asks only once it is back", async () => {
    await using lab = await TaskLab.open();
    using gate = lab.faults.holdJobs({ node: LOST });
    const task = await lab.lab.until(lab.addOne().execute());
    await lab.lab.until(gate.whenHeld());
    await lab.lab.emulator.nodes[LOST]?.stop();
    await lab.lab.emulator.nodes[LOST]?.start();
    await lab.lab.until(lab.lab.emulator.whenStable());
    const { state, perNode } = await lab.lab.until(task.progress());
    expect(state).toBe("lost");
    expect(perNode[lab.idOf(LOST)]).toMatchObject({ state: "lost" });
  });

  it("after it finished takes nothing away", async () => {
    await using lab = await TaskLab.open();
    const task = await lab.lab.until(lab.addOne().execute());
    await lab.finish(task);
    await lab.lab.emulator.nodes[LOST]?.stop();
    await lab.lab.runtime.advance(10_000);
    expect(await lab.finish(task)).toMatchObject({ state: "done", succeeded: lab.records });
  });

  it("with all the others leaves nobody, and the task does not hang", async () => {
    await using lab = await TaskLab.open();
    using gate = lab.faults.holdJobs();
    const task = await lab.lab.until(lab.addOne().execute());
    await lab.lab.until(gate.whenHeld(3));
    await Promise.all(lab.lab.emulator.nodes.map((node) => node.stop()));
    const error = await lab.lab.failure(task.waitTillComplete());
    expect(error).toMatchObject({ code: "TASK_LOST" });
    if (error instanceof Error) for (const place of [0, 1, 2]) expect(error.message).toContain(lab.idOf(place));
  });
});

describe("a node whose connections break while its part runs", () => {
  it("is asked again, and what it did counts", async () => {
    await using lab = await TaskLab.open();
    using gate = lab.faults.holdJobs({ node: LOST, afterRecords: 5 });
    const task = await lab.lab.until(lab.addOne().execute());
    const ended = lab.finish(task);
    await lab.lab.until(gate.whenHeld());
    {
      using fault = lab.faults.add({ node: LOST, command: "info", do: "cut", bytes: 20 });
      await lab.lab.runtime.advance(3_000);
      expect(fault.hits).toBeGreaterThan(0);
    }
    gate.release();
    expect(await ended).toMatchObject({ state: "done", succeeded: lab.records });
    expect(await lab.runsByNode()).toEqual([[1], [1], [1]]);
  });

  it.each(["garbage", "silence", "cut"] as const)("whatever comes in place of its answers: %s", async (what) => {
    await using lab = await TaskLab.open();
    using _ = lab.faults.add({ node: LOST, command: "info", times: 6, do: what });
    const task = await lab.lab.until(lab.addOne().execute());
    expect(await lab.finish(task)).toMatchObject({ state: "done", succeeded: lab.records });
  });
});

describe("a slow node", () => {
  it("does not delay noticing that the others are done", async () => {
    await using lab = await TaskLab.open();
    using _ = lab.faults.add({ node: LOST, command: "info", do: "delay", ms: 900 });
    const task = await lab.lab.until(lab.addOne().execute());
    const startedAt = lab.lab.runtime.now();
    const seen: { readonly at: number; readonly progress: TaskProgress }[] = [];
    const ended = task.waitTillComplete({
      onProgress: (progress) => seen.push({ at: lab.lab.runtime.now() - startedAt, progress }),
    });
    const summary = await lab.lab.until(ended);
    const others = seen.find(({ progress }) =>
      [0, 2].every((place) => progress.perNode[lab.idOf(place)]?.state === "done"),
    );
    expect(others?.at).toBeLessThan(50);
    expect(others?.progress.perNode[lab.idOf(LOST)]?.state).toBe("active");
    expect(summary).toMatchObject({ state: "done", succeeded: lab.records });
  });

  it("that never answers leaves the task active, and the wait to its time limit", async () => {
    await using lab = await TaskLab.open();
    const task = await lab.lab.until(lab.addOne().execute());
    using _ = lab.faults.add({ node: LOST, command: "info", do: "silence" });
    const error = await lab.lab.failure(task.waitTillComplete({ totalTimeout: 1_500 }));
    expect(error).toMatchObject({ code: "TIMEOUT", name: "TimeoutError" });
  });
});

describe("a task whose client does not know yet that a node is back", () => {
  it.each(["freeze", "stop"] as const)(
    "says that the cluster has changed, for it left records out: %s",
    async (what) => {
      await using lab = await TaskLab.open();
      const calm = await lab.lab.until(lab.addOne().execute());
      expect(await lab.finish(calm)).toMatchObject({ succeeded: lab.records, clusterChanged: false });
      const node = lab.lab.emulator.nodes[LOST];
      if (what === "freeze") node?.freeze();
      else await node?.stop();
      await lab.lab.until(lab.lab.emulator.whenStable());
      while (lab.client.nodes.length === 3) await lab.lab.runtime.advance(100);
      // The others own everything, and the client knows. Then the node is back, and the client does not.
      await lab.lab.runtime.advance(3_000);
      if (what === "freeze") node?.thaw();
      else await node?.start();
      await lab.lab.until(lab.lab.emulator.whenStable());
      const task = await lab.lab.until(lab.addOne().execute());
      expect(task.nodes.length).toBe(2);
      const { state, succeeded, clusterChanged } = await lab.finish(task);
      expect(state).toBe("done");
      expect(succeeded).toBeLessThan(lab.records);
      expect(clusterChanged).toBe(true);
      await lab.lab.runtime.advance(5_000);
      const whole = await lab.lab.until(lab.addOne().execute());
      expect(await lab.finish(whole)).toMatchObject({ succeeded: lab.records, clusterChanged: false });
    },
  );
});

describe("a task over 1,000 records", () => {
  it("is noticed as done soon, even if it stood still: within half of the time that it took", async () => {
    await using lab = await TaskLab.open({ records: 1_000 });
    for (const runsMs of [1, 60, 150]) {
      using gate = lab.faults.holdJobs({ afterRecords: 100 });
      const task = await lab.lab.until(lab.addOne().execute());
      const ended = lab.finish(task);
      await lab.lab.runtime.advance(runsMs);
      gate.release();
      await ended;
      const sinceDone = [...(await lab.jobs(task.id)).values()].map((job) => job.msSinceDone ?? 0);
      expect(Math.min(...sinceDone)).toBeLessThanOrEqual(Math.max(10, (runsMs + 33) / 2));
    }
  });
});

describe("a list of jobs", () => {
  it("names the node that does not answer, and is whole again once that has left the cluster", async () => {
    await using lab = await TaskLab.open();
    const task = await lab.lab.until(lab.addOne().execute());
    await lab.finish(task);
    await lab.lab.emulator.nodes[LOST]?.stop();
    const error = await lab.lab.failure(lab.session.backgroundTask().list());
    expect(error).toMatchObject({ code: "CONNECTION", node: lab.idOf(LOST) });
    await lab.lab.runtime.advance(10_000);
    expect([...(await lab.jobs(task.id)).keys()].sort()).toEqual([0, 2]);
  });
});

describe("a task attached by its id", () => {
  it("is followed by another client, and ended by it", async () => {
    await using lab = await TaskLab.open();
    using gate = lab.faults.holdJobs({ afterRecords: 2 });
    const task = await lab.lab.until(lab.addOne().execute());
    await lab.lab.until(gate.whenHeld(3));
    const other = (await lab.lab.connect()).createSession();
    const attached = other.backgroundTask().attach(task.id);
    expect(attached.kind).toBe("unknown");
    expect(await lab.lab.until(attached.queryStatus())).toBe("inProgress");
    const { aborted } = await lab.lab.until(attached.abort());
    expect(aborted.length).toBe(3);
    for (const handle of [task, attached]) {
      const error = await lab.lab.failure(handle.waitTillComplete());
      expect(error).toMatchObject({ code: "TASK_ABORTED", summary: { state: "aborted", succeeded: 6 } });
    }
  });

  it("that no node knows is not found", async () => {
    await using lab = await TaskLab.open();
    const attached = lab.session.backgroundTask().attach(4_711n);
    expect(await lab.lab.until(attached.queryStatus())).toBe("notFound");
    expect(await lab.lab.until(attached.abort())).toMatchObject({ aborted: [], unreachable: [] });
  });

  it("that the servers have forgotten is done, with counters that nobody knows", async () => {
    await using lab = await TaskLab.open({ queryMaxDone: 0 });
    const task = await lab.lab.until(lab.addOne().execute());
    await lab.lab.runtime.advance(1_000);
    const summary = await lab.finish(task);
    expect(summary).toMatchObject({ state: "done", percent: 100, succeeded: null, failed: null, runTimeMs: null });
    expect(await lab.runsByNode()).toEqual([[1], [1], [1]]);
  });
});

describe("a throttled task", () => {
  it("keeps to the rate on each node and says so", async () => {
    await using lab = await TaskLab.open({ records: 300 });
    const task = await lab.lab.until(lab.addOne().recordsPerSecond(200).execute());
    const summary = await lab.finish(task);
    const most = Math.max(...(await lab.tally()).map((runs) => runs.length));
    expect(summary.throttled).toBe(300);
    expect(summary.runTimeMs).toBeGreaterThan((most / 200 - 0.1) * 1_000);
    expect(summary.runTimeMs).toBeLessThan((most / 200 + 0.2) * 1_000);
    for (const job of (await lab.jobs(task.id)).values()) expect(job.recordsPerSecond).toBe(200);
  });
});
