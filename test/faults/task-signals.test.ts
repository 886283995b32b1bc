import { describe, expect, it } from "vitest";
import type { FaultSpec } from "../../emulator/index.js";
import { AbortError, type ExecuteTask, type TaskProgress } from "../../src/index.js";
import { TaskLab } from "../support/faults/task-lab.js";

const TROUBLED = 1;

describe("a signal while a task starts", () => {
  it("that has fired already keeps everything from being sent", async () => {
    await using lab = await TaskLab.open();
    const error = await lab.lab.failure(lab.addOne().execute({ signal: AbortSignal.abort("enough") }));
    expect(error).toBeInstanceOf(AbortError);
    expect(error).toMatchObject({ code: "ABORTED", cause: "enough", inDoubt: false });
    expect(lab.startsSent).toEqual([0, 0, 0]);
  });

  it.each<[string, FaultSpec | undefined]>([
    ["nothing else goes wrong", undefined],
    ["a node is slow", { node: TROUBLED, command: "background", do: "delay", ms: 300 }],
    ["a node's reply is lost", { node: TROUBLED, command: "background", do: "cut" }],
    ["a node's request is lost", { node: TROUBLED, command: "background", do: "cut", execute: false }],
    ["a node refuses", { node: TROUBLED, command: "background", do: "answer", resultCode: 22 }],
    ["a node falls silent", { node: TROUBLED, command: "background", do: "silence" }],
  ])("leaves no job behind, whenever it fires: %s", async (_, fault) => {
    await using lab = await TaskLab.open();
    const lengths = new Set<string>();
    for (let at = 1; at <= 14; at++) {
      using gate = lab.faults.holdJobs();
      const trouble = fault && lab.faults.add(fault);
      const controller = new AbortController();
      const taskId = BigInt(1_000 + at);
      const outcome = await (async () => {
        using _event = lab.onEvent(at, () => controller.abort());
        return await lab.lab.until(
          lab
            .addOne()
            .withTaskId(taskId)
            .execute({ signal: controller.signal })
            .catch((error: unknown) => error),
        );
      })();
      trouble?.lift();
      await lab.lab.runtime.advance(2_000);
      const active = [...(await lab.jobs(taskId)).values()].filter((job) => job.active);
      if (controller.signal.aborted) {
        expect(outcome, `after ${at} events`).toBeInstanceOf(AbortError);
        expect(active, `after ${at} events`).toEqual([]);
      }
      lengths.add(controller.signal.aborted ? "aborted" : "too late");
      await lab.lab.until(lab.session.backgroundTask().attach(taskId).abort());
      gate.release();
    }
    expect(lengths).toContain("aborted");
    expect(await lab.runsByNode()).toEqual([[0], [0], [0]]);
  });

  it("says that it is in doubt when a node can't be told to stop", async () => {
    await using lab = await TaskLab.open();
    using _gate = lab.faults.holdJobs();
    using _start = lab.faults.add({ node: TROUBLED, command: "background", do: "stall" });
    using _info = lab.faults.add({ node: TROUBLED, command: "info", do: "silence" });
    const controller = new AbortController();
    const started = lab.addOne().execute({ signal: controller.signal });
    const failed = lab.lab.failure(started);
    await lab.lab.runtime.advance(5);
    controller.abort();
    const error = await failed;
    expect(error).toBeInstanceOf(AbortError);
    expect(error).toMatchObject({ inDoubt: true, message: expect.stringContaining(lab.idOf(TROUBLED)) });
  });
});

describe("a partial start", () => {
  it("says where the task may still run when a node can't be told to stop", async () => {
    await using lab = await TaskLab.open();
    using _gate = lab.faults.holdJobs();
    using _start = lab.faults.add({ node: TROUBLED, command: "background", do: "answer", resultCode: 22 });
    using _info = lab.faults.add({ node: 0, command: "info", do: "silence" });
    const error = await lab.lab.failure(lab.addOne().execute());
    expect(error).toMatchObject({ code: "BACKGROUND_START", inDoubt: true });
    expect(error).toMatchObject({ message: expect.stringMatching(new RegExp(`may still run on .*${lab.idOf(0)}`)) });
  });
});

describe("a task that is done by the time that nodes fall silent one after the other", () => {
  async function silenced(): Promise<{ lab: TaskLab; task: ExecuteTask }> {
    const lab = await TaskLab.open({ nodes: 4, heartbeatTimeoutMs: 3_600_000 });
    const task = await lab.lab.until(lab.addOne().execute());
    await lab.lab.runtime.advance(1_000);
    await lab.lab.until(task.progress());
    for (const node of [1, 2]) {
      lab.faults.add({ node, command: "info", do: "stall" });
      await lab.lab.runtime.advance(400);
    }
    return { lab, task };
  }

  it.each([0, 500])("is summed up, within %i ms, without knowing whether the cluster has changed", async (ms) => {
    const { lab: tasks, task } = await silenced();
    await using lab = tasks;
    const startedAt = lab.lab.runtime.now();
    const summary = await lab.lab.until(task.waitTillComplete({ totalTimeout: ms }));
    expect(summary).toMatchObject({ state: "done", succeeded: lab.records, clusterChanged: null });
    expect(lab.lab.runtime.now() - startedAt).toBeLessThanOrEqual(ms === 0 ? 2_000 : ms);
  });

  it("is waited for until the signal fires", async () => {
    const { lab: tasks, task } = await silenced();
    await using lab = tasks;
    const controller = new AbortController();
    const startedAt = lab.lab.runtime.now();
    lab.lab.runtime.setTimer(100, () => controller.abort("enough"), true);
    const error = await lab.lab.failure(task.waitTillComplete({ signal: controller.signal }));
    expect(error).toBeInstanceOf(AbortError);
    expect(error).toMatchObject({ code: "ABORTED", cause: "enough" });
    expect(lab.lab.runtime.now() - startedAt).toBe(100);
  });

  it("is no reason to outlive the client", async () => {
    const { lab: tasks, task } = await silenced();
    await using lab = tasks;
    const ended = task.waitTillComplete();
    await lab.lab.runtime.advance(100);
    await lab.lab.until(lab.client.close());
    expect(await lab.lab.until(ended)).toMatchObject({ state: "done", clusterChanged: null });
  });
});

describe("aborting a task", () => {
  it("reaches the nodes that answer, and names the one that does not", async () => {
    await using lab = await TaskLab.open();
    using gate = lab.faults.holdJobs({ afterRecords: 1 });
    const task = await lab.lab.until(lab.addOne().execute());
    await lab.lab.until(gate.whenHeld(3));
    const startedAt = lab.lab.runtime.now();
    {
      using _ = lab.faults.add({ node: TROUBLED, command: "info", do: "silence", execute: false });
      const outcome = await lab.lab.until(task.abort());
      expect(outcome.unreachable).toEqual([lab.idOf(TROUBLED)]);
      expect([...outcome.aborted].sort()).toEqual([lab.idOf(0), lab.idOf(2)].sort());
      expect(lab.lab.runtime.now() - startedAt).toBeLessThan(3_000);
    }
    const again = await lab.lab.until(task.abort());
    expect(again).toMatchObject({ aborted: [lab.idOf(TROUBLED)], unreachable: [] });
    expect([...again.notActive].sort()).toEqual([lab.idOf(0), lab.idOf(2)].sort());
    const error = await lab.lab.failure(task.waitTillComplete());
    expect(error).toMatchObject({ code: "TASK_ABORTED", summary: { state: "aborted", succeeded: 3 } });
  });

  it("is no error once the task has ended", async () => {
    await using lab = await TaskLab.open();
    const task = await lab.lab.until(lab.addOne().execute());
    const summary = await lab.finish(task);
    expect((await lab.lab.until(task.abort())).notActive.length).toBe(3);
    expect(summary.succeeded).toBe(lab.records);
    expect(await lab.finish(task)).toEqual(summary);
  });

  it("ends a wait elsewhere", async () => {
    await using lab = await TaskLab.open();
    using gate = lab.faults.holdJobs();
    const task = await lab.lab.until(lab.addOne().execute());
    const ended = lab.lab.failure(task.waitTillComplete());
    await lab.lab.until(gate.whenHeld(3));
    await lab.lab.until(task.abort());
    expect(await ended).toMatchObject({ code: "TASK_ABORTED" });
  });
});

describe("waiting for a task", () => {
  /** A task that runs until the gate opens. */
  async function held(lab: TaskLab): Promise<ExecuteTask> {
    const task = await lab.lab.until(lab.addOne().execute());
    await lab.lab.runtime.advance(50);
    return task;
  }

  it("gives up after its time, and can be taken up again", async () => {
    await using lab = await TaskLab.open();
    using gate = lab.faults.holdJobs({ afterRecords: 4 });
    const task = await held(lab);
    for (const totalTimeout of [1, 250]) {
      const error = await lab.lab.failure(task.waitTillComplete({ totalTimeout }));
      expect(error).toMatchObject({ code: "TIMEOUT", message: expect.stringContaining(`${totalTimeout} ms`) });
    }
    gate.release();
    expect(await lab.finish(task)).toMatchObject({ state: "done", succeeded: lab.records });
  });

  it.each([0, 7, 500])("ends with AbortError when the signal fires after %i ms, and the job goes on", async (ms) => {
    await using lab = await TaskLab.open();
    using gate = lab.faults.holdJobs({ afterRecords: 4 });
    const task = await held(lab);
    const controller = new AbortController();
    if (ms === 0) controller.abort("enough");
    else lab.lab.runtime.setTimer(ms, () => controller.abort("enough"), true);
    for (const wait of [
      () => task.waitTillComplete({ signal: controller.signal }),
      () => task.waitTillComplete({ signal: controller.signal, totalTimeout: 60_000 }),
    ]) {
      const error = await lab.lab.failure(wait());
      expect(error).toBeInstanceOf(AbortError);
      expect(error).toMatchObject({ code: "ABORTED", cause: "enough" });
    }
    gate.release();
    expect(await lab.finish(task)).toMatchObject({ state: "done", succeeded: lab.records });
  });

  it("asks nothing of a signal that has fired already", async () => {
    await using lab = await TaskLab.open();
    const task = await lab.lab.until(lab.addOne().execute());
    const signal = AbortSignal.abort("enough");
    for (const ask of [
      () => task.progress({ signal }),
      () => task.queryStatus({ signal }),
      () => task.abort({ signal }),
      () => lab.session.backgroundTask().list({ signal }),
      () => lab.addOne().count({ signal }),
      () => lab.addOne().explain({ signal }),
    ]) {
      const error = await lab.lab.failure(ask());
      expect(error, String(ask)).toBeInstanceOf(AbortError);
      expect(error).toMatchObject({ cause: "enough" });
    }
  });

  it("leaves no timer behind when a reader breaks off", async () => {
    await using lab = await TaskLab.open();
    using gate = lab.faults.holdJobs({ afterRecords: 4 });
    const task = await held(lab);
    const before = lab.lab.runtime.pendingTimers;
    const seen: TaskProgress[] = [];
    await lab.lab.until(
      (async () => {
        for await (const progress of task) {
          seen.push(progress);
          if ((progress.succeeded ?? 0) > 0) break;
        }
      })(),
    );
    expect(seen.at(-1)?.state).toBe("active");
    await lab.lab.runtime.advance(5_000);
    expect(lab.lab.runtime.pendingTimers).toBeLessThanOrEqual(before);
    gate.release();
  });

  it("fails when the client is closed meanwhile", async () => {
    await using lab = await TaskLab.open();
    using gate = lab.faults.holdJobs();
    const task = await held(lab);
    const ended = lab.lab.failure(task.waitTillComplete());
    await lab.lab.until(lab.client.close());
    expect(await ended).toMatchObject({ code: "CLIENT_CLOSED" });
    gate.release();
  });
});
