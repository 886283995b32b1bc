import { describe, expect, it } from "vitest";
import type { FaultAction } from "../../emulator/index.js";
import { BackgroundStartError, ExecuteTask, TaskAbortedError } from "../../src/index.js";
import { TaskLab } from "../support/faults/task-lab.js";

/** The node that something happens to. */
const TROUBLED = 1;
const OTHERS = [0, 2];

/** Replies that are lost although the node has started its part. */
const LOST_REPLIES: readonly FaultAction[] = [
  { do: "cut" },
  { do: "cut", bytes: 12 },
  { do: "truncate", bytes: 10 },
  { do: "silence" },
  { do: "stall" },
  { do: "garbage" },
];
/** The same when the node has not. */
const LOST_REQUESTS: readonly FaultAction[] = [
  { do: "cut", execute: false },
  { do: "truncate", bytes: 10, execute: false },
  { do: "silence", execute: false },
  { do: "garbage", execute: false },
];

/** Starts a task of which a node's part does not start as it should. */
async function startWith(lab: TaskLab, action: FaultAction, onPartialStart: "abort" | "continue" = "abort") {
  using _ = lab.faults.add({ node: TROUBLED, command: "background", ...action });
  let started: { readonly task?: ExecuteTask; readonly error?: unknown };
  try {
    started = { task: await lab.lab.until(lab.addOne().execute({ onPartialStart })) };
  } catch (error) {
    started = { error };
  }
  expect(lab.startsSent).toEqual([1, 1, 1]);
  return started;
}

function expectTask(task: ExecuteTask | undefined): ExecuteTask {
  if (task === undefined) throw new Error("The task did not start");
  return task;
}

function expectStartError(error: unknown): BackgroundStartError {
  expect(error).toBeInstanceOf(BackgroundStartError);
  if (!(error instanceof BackgroundStartError)) throw error;
  return error;
}

describe("a node that started and whose reply was lost", () => {
  it.each(LOST_REPLIES)("is asked, and nothing is sent twice: %j", async (action) => {
    await using lab = await TaskLab.open();
    const { task } = await startWith(lab, action);
    const summary = await lab.finish(expectTask(task));
    expect(summary).toMatchObject({ state: "done", succeeded: lab.records, failed: 0 });
    expect(Object.keys(summary.perNode).length).toBe(3);
    expect(await lab.runsByNode()).toEqual([[1], [1], [1]]);
  });

  it("counts as started even when its part has ended before it is asked", async () => {
    await using lab = await TaskLab.open({ records: 3 });
    const { task } = await startWith(lab, { do: "truncate", bytes: 10 });
    await lab.lab.runtime.advance(1_000);
    expect((await lab.finish(expectTask(task))).succeeded).toBe(3);
  });
});

describe("a node that did not get the request", () => {
  it.each(LOST_REQUESTS)("is in doubt, and the others are stopped: %j", async (action) => {
    await using lab = await TaskLab.open();
    using gate = lab.faults.holdJobs();
    const { error } = await startWith(lab, action);
    const failure = expectStartError(error);
    expect(failure).toMatchObject({ code: "BACKGROUND_START", inDoubt: true });
    expect(failure.nodes.map(({ node, outcome }) => [node, outcome])).toEqual(
      expect.arrayContaining([
        [lab.idOf(0), "started"],
        [lab.idOf(TROUBLED), "inDoubt"],
        [lab.idOf(2), "started"],
      ]),
    );
    expect(failure.nodes.length).toBe(3);
    expect(failure.message).toContain(lab.idOf(TROUBLED));
    expect(failure.message).toContain(`${failure.taskId}`);
    gate.release();
    const jobs = await lab.jobs(failure.taskId);
    expect([...jobs.keys()].sort()).toEqual(OTHERS);
    for (const job of jobs.values()) expect(job).toMatchObject({ active: false, outcome: "user-aborted" });
    expect(await lab.runsByNode()).toEqual([[0], [0], [0]]);
  });

  it.each(LOST_REQUESTS)("is lost to a task that goes on: %j", async (action) => {
    await using lab = await TaskLab.open();
    const { task } = await startWith(lab, action, "continue");
    const { notStarted, nodes } = expectTask(task);
    expect(notStarted).toMatchObject([{ node: lab.idOf(TROUBLED), outcome: "inDoubt" }]);
    expect(nodes.length).toBe(3);
    const error = await lab.lab.failure(expectTask(task).waitTillComplete());
    expect(error).toBeInstanceOf(TaskAbortedError);
    expect(error).toMatchObject({
      code: "TASK_LOST",
      inDoubt: true,
      summary: {
        state: "lost",
        perNode: { [lab.idOf(TROUBLED)]: { state: "lost" }, [lab.idOf(0)]: { state: "done" } },
      },
    });
    expect(await lab.runsByNode()).toEqual([[1], [0], [1]]);
  });
});

describe("a node that refuses", () => {
  const refusal = { do: "answer", resultCode: 22 } as const;

  it("stops the others by default", async () => {
    await using lab = await TaskLab.open();
    using gate = lab.faults.holdJobs();
    const { error } = await startWith(lab, refusal);
    const failure = expectStartError(error);
    expect(failure.taskId).not.toBe(0n);
    const refused = failure.nodes.find(({ node }) => node === lab.idOf(TROUBLED));
    expect(refused).toMatchObject({ outcome: "refused", error: { resultCode: 22, node: lab.idOf(TROUBLED) } });
    expect(failure.cause).toBe(refused?.error);
    gate.release();
    const jobs = await lab.jobs(failure.taskId);
    expect([...jobs.keys()].sort()).toEqual(OTHERS);
    for (const job of jobs.values()) expect(job).toMatchObject({ active: false, outcome: "user-aborted" });
    expect(await lab.runsByNode()).toEqual([[0], [0], [0]]);
  });

  it("is left out when asked to go on", async () => {
    await using lab = await TaskLab.open();
    const { task } = await startWith(lab, refusal, "continue");
    const { notStarted, nodes } = expectTask(task);
    expect(notStarted).toMatchObject([{ node: lab.idOf(TROUBLED), outcome: "refused", error: { resultCode: 22 } }]);
    expect([...nodes].sort()).toEqual(OTHERS.map((place) => lab.idOf(place)).sort());
    const summary = await lab.finish(expectTask(task));
    expect(summary.state).toBe("done");
    expect(summary.succeeded).toBe((await lab.tally()).flat().filter((runs) => runs === 1).length);
    expect(await lab.runsByNode()).toEqual([[1], [0], [1]]);
  });

  it.each(["abort", "continue"] as const)("is no partial start when all do: %s", async (onPartialStart) => {
    await using lab = await TaskLab.open();
    using _ = lab.faults.add({ command: "background", ...refusal });
    const error = await lab.lab.failure(lab.addOne().execute({ onPartialStart }));
    expect(error).not.toBeInstanceOf(BackgroundStartError);
    expect(error).toMatchObject({ resultCode: 22, inDoubt: false });
    expect(await lab.runsByNode()).toEqual([[0], [0], [0]]);
  });

  it("is told of with every other answer, each in its own words", async () => {
    await using lab = await TaskLab.open();
    using _0 = lab.faults.add({ node: 0, command: "background", do: "answer", resultCode: 22 });
    using _1 = lab.faults.add({ node: 1, command: "background", do: "answer", resultCode: 18 });
    using _2 = lab.faults.add({ node: 2, command: "background", do: "answer", resultCode: 2 });
    const failure = expectStartError(await lab.lab.failure(lab.addOne().execute()));
    expect(failure.inDoubt).toBe(false);
    const answers = new Map(failure.nodes.map(({ node, outcome, error }) => [node, [outcome, error?.resultCode]]));
    expect(answers.get(lab.idOf(0))).toEqual(["refused", 22]);
    expect(answers.get(lab.idOf(1))).toEqual(["refused", 18]);
    expect(answers.get(lab.idOf(2))).toEqual(["noSuchSet", undefined]);
    for (const { node } of failure.nodes) expect(failure.message).toContain(node);
  });

  it("does not keep a node from having nothing to do", async () => {
    await using lab = await TaskLab.open();
    const { task, error } = await startWith(lab, { do: "answer", resultCode: 2 });
    expect(error).toBeUndefined();
    const summary = await lab.finish(expectTask(task));
    expect(summary.perNode[lab.idOf(TROUBLED)]).toMatchObject({ state: "done", succeeded: 0 });
  });
});

describe("a start in any order", () => {
  it("reaches every node at once, whichever answers first", async () => {
    await using lab = await TaskLab.open();
    using _ = lab.faults.answerInOrder([2, 0, 1], "background");
    const task = await lab.lab.until(lab.addOne().execute());
    expect((await lab.finish(task)).succeeded).toBe(lab.records);
    expect(await lab.runsByNode()).toEqual([[1], [1], [1]]);
  });

  it("is not held up by a node that takes its time", async () => {
    await using lab = await TaskLab.open();
    using _ = lab.faults.add({ node: 0, command: "background", do: "delay", ms: 700 });
    using gate = lab.faults.holdJobs();
    const started = lab.addOne().execute();
    await lab.lab.runtime.advance(5);
    expect(gate.held).toBe(3);
    gate.release();
    const task = await lab.lab.until(started);
    expect((await lab.finish(task)).succeeded).toBe(lab.records);
  });

  it("is sent once to each node, also under an id of the caller's", async () => {
    await using lab = await TaskLab.open();
    const first = await lab.lab.until(lab.addOne().withTaskId(77n).execute());
    await lab.finish(first);
    const error = await lab.lab.failure(lab.addOne().withTaskId(77n).execute());
    expect(error).toMatchObject({ code: "PARAMETER", message: expect.stringContaining("77") });
    expect(await lab.runsByNode()).toEqual([[1], [1], [1]]);
  });
});

describe("a node that goes away while a task starts", () => {
  it("was not reached, which is no doubt, and the others are stopped", async () => {
    await using lab = await TaskLab.open();
    using gate = lab.faults.holdJobs();
    await lab.lab.emulator.nodes[TROUBLED]?.stop();
    // The client has seen its sockets close; what it doesn't know yet is that nobody listens.
    await lab.lab.runtime.advance(1);
    const failure = expectStartError(await lab.lab.failure(lab.addOne().execute()));
    const outcomes = new Map(failure.nodes.map(({ node, outcome, error }) => [node, [outcome, error?.code]]));
    expect(outcomes.get(lab.idOf(TROUBLED))).toEqual(["refused", "CONNECTION"]);
    for (const place of OTHERS) expect(outcomes.get(lab.idOf(place))).toEqual(["started", undefined]);
    gate.release();
    await lab.lab.runtime.advance(5_000);
    for (const job of (await lab.jobs(failure.taskId)).values()) expect(job.outcome).toBe("user-aborted");
    expect((await lab.tally()).flat().every((runs) => runs === 0)).toBe(true);
  });

  it.each(["abort", "continue"] as const)("leaves a clear end, whenever it goes: %s", async (onPartialStart) => {
    const ends = new Set<string>();
    for (let at = 1; at <= 12; at++) {
      await using lab = await TaskLab.open({ records: 12 });
      using gate = lab.faults.holdJobs();
      const taskId = BigInt(at);
      const outcome = await (async () => {
        using _ = lab.onEvent(at, () => void lab.lab.emulator.nodes[TROUBLED]?.stop());
        const started = lab.addOne().withTaskId(taskId).execute({ onPartialStart });
        return await lab.lab.until(started.catch((error: unknown) => error));
      })();
      if (outcome instanceof ExecuteTask) {
        const ended = lab.lab.until(outcome.waitTillComplete().catch((error: unknown) => error));
        await lab.lab.runtime.advance(5_000);
        gate.release();
        const end = await ended;
        ends.add(end instanceof TaskAbortedError ? end.code : "done");
        if (end instanceof TaskAbortedError) expect(end.message).toContain(lab.idOf(TROUBLED));
      } else {
        const { code, nodes } = expectStartError(outcome);
        ends.add(code);
        expect(nodes.find(({ node }) => node === lab.idOf(TROUBLED))?.outcome, `${at}`).toMatch(/refused|inDoubt/);
        await lab.lab.runtime.advance(5_000);
        for (const job of (await lab.jobs(taskId)).values()) expect(job.active).toBe(false);
      }
      // The others may have taken over what the node had, and then done it; nothing is done twice.
      expect((await lab.tally()).flat().every((runs) => runs <= 1)).toBe(true);
    }
    expect(ends).toContain(onPartialStart === "abort" ? "BACKGROUND_START" : "TASK_LOST");
  });
});
