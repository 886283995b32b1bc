import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import type { JobStatus } from "../../../../protocol/info/job-status.js";
import { VirtualRuntime } from "../../../../runtime/virtual-runtime.js";
import { ExecuteTask } from "../../../../src/background/execute-task.js";
import type { JobNodes } from "../../../../src/background/job-nodes.js";
import { NodeJob } from "../../../../src/background/node-job.js";
import { TaskAbortedError, TaskRecordsFailedError } from "../../../../src/background/task-errors.js";
import { TaskJobs } from "../../../../src/background/task-jobs.js";
import type { TaskProgress } from "../../../../src/background/task-progress.js";
import { AbortError, AuthorizationError, ConnectionError, TimeoutError } from "../../../../src/errors/errors.js";
import { Deadline } from "../../../../src/time/deadline.js";
import { DeadlineHeap } from "../../../../src/time/deadline-heap.js";

/** A node that runs a job for so long and then ends it in some way. */
interface FakeNode {
  readonly runsMs: number;
  readonly outcome?: string;
  readonly failed?: number;
  /** How long an answer takes. */
  readonly answerMs?: number;
  /** From this time on it does not answer. */
  readonly silentFromMs?: number;
  readonly goneFromMs?: number;
  readonly forgets?: boolean;
  readonly restarts?: boolean;
}

function jobStatus(node: FakeNode, now: number): JobStatus {
  const done = now >= node.runsMs;
  return {
    taskId: 7n,
    namespace: "test",
    setName: "users",
    indexName: undefined,
    status: done ? `done(${node.outcome ?? "ok"})` : "active(ok)",
    done,
    outcome: done ? (node.outcome ?? "ok") : "ok",
    progress: done ? 100 : (100 * now) / node.runsMs,
    runTimeMs: Math.min(now, node.runsMs),
    timeSinceDoneMs: 0,
    recordsPerSecond: 0,
    activeThreads: 1,
    throttled: 0,
    filteredMeta: 0,
    filteredBins: 0,
    succeeded: done ? 100 : 50,
    failed: node.failed ?? 0,
    jobType: "background-ops",
    from: undefined,
    udfPackage: undefined,
    udfFunction: undefined,
  };
}

async function setUp(nodes: Readonly<Record<string, FakeNode>>, causes: readonly string[] = []) {
  const runtime = new VirtualRuntime();
  const start = runtime.now();
  const asked: { node: string; at: number }[] = [];
  const aborted: string[] = [];
  const find = (id: string): FakeNode => {
    const node = nodes[id];
    if (node === undefined) throw new Error(`no node ${id}`);
    return node;
  };
  const elapsed = (): number => runtime.now() - start;
  const closing = new AbortController();
  const connection = {};
  const isSilent = (node: FakeNode): boolean => elapsed() >= (node.silentFromMs ?? Number.POSITIVE_INFINITY);
  const statusOf = (node: FakeNode): JobStatus | undefined =>
    node.forgets === true && elapsed() >= node.runsMs ? undefined : jobStatus(node, elapsed());
  const jobNodes: JobNodes = {
    deadline: (totalMs, signal) => new Deadline(new DeadlineHeap(runtime), totalMs, signal, closing.signal),
    async show(id) {
      const node = find(id);
      asked.push({ node: id, at: elapsed() });
      if (node.answerMs !== undefined) {
        await new Promise<void>((resolve) => runtime.setTimer(node.answerMs ?? 0, resolve, true));
      }
      if (isSilent(node)) throw new ConnectionError("Connection lost");
      return statusOf(node);
    },
    async stop(id) {
      const node = find(id);
      if (isSilent(node)) throw new ConnectionError("Connection lost");
      const wasActive = elapsed() < node.runsMs;
      if (wasActive) aborted.push(id);
      return { wasActive, status: statusOf(node) };
    },
    changes: 5,
    async haveChangedSince(before) {
      return Object.values(nodes).some(isSilent) ? undefined : before !== 5;
    },
    connectionTo(id) {
      const { goneFromMs = Number.POSITIVE_INFINITY, restarts } = find(id);
      if (elapsed() >= goneFromMs) return undefined;
      return restarts === true ? {} : connection;
    },
  };
  const handle = (parts: readonly NodeJob[], changesBefore?: number): ExecuteTask => {
    const jobs = new TaskJobs({
      changesBefore,
      origin: { taskId: 7n, kind: "update" },
      jobs: parts,
      nodes: jobNodes,
      channel: { hasSubscribers: false, publish: () => undefined },
      findCauses: async () => causes,
    });
    return new ExecuteTask({ taskId: 7n, kind: "update", nodes: jobs.nodes, jobs: () => jobs });
  };
  const jobs = (): NodeJob[] => Object.keys(nodes).map((id) => new NodeJob(jobNodes, 7n, id));
  const started = jobs();
  for (const job of started) await job.start(async () => "started", jobNodes.deadline(0));
  const attach = (): ExecuteTask => handle(jobs());
  const close = (): void => closing.abort(new ConnectionError("The client is closed", { code: "CLIENT_CLOSED" }));
  return {
    runtime,
    jobNodes,
    asked,
    aborted,
    close,
    attach,
    task: handle(started, jobNodes.changes),
    handle: (changes: number) => handle(started, changes),
  };
}

describe("waitTillComplete", () => {
  it("notices a short job within a fraction of a second and asks no node again that has finished", async () => {
    const { runtime, task, asked } = await setUp({ A: { runsMs: 30 }, B: { runsMs: 120 } });
    const summary = await runtime.until(task.waitTillComplete());
    expect(summary).toMatchObject({ taskId: 7n, state: "done", percent: 100, succeeded: 200, runTimeMs: 120 });
    expect(runtime.now()).toBeLessThanOrEqual(120 + 50);
    const questionsToA = asked.filter(({ node }) => node === "A");
    expect(questionsToA.filter(({ at }) => at >= 30)).toHaveLength(1);
  });

  it("shows its id, its kind and its nodes", async () => {
    const { runtime, task } = await setUp({ A: { runsMs: 30 }, B: { runsMs: 120 } });
    expect(inspect(task)).toBe(`ExecuteTask { id: 7n, kind: '${task.kind}', nodes: [ 'A', 'B' ] }`);
    await runtime.until(task.waitTillComplete());
  });

  it("notices the end of a job of seconds when it was to be expected", async () => {
    const { runtime, task, asked } = await setUp({ A: { runsMs: 3_000 } });
    await runtime.until(task.waitTillComplete());
    expect(runtime.now()).toBeLessThanOrEqual(3_000 + 75);
    expect(asked.length).toBeLessThan(35);
  });

  it("gives no report of a node that does not answer", async () => {
    const { runtime, task, asked } = await setUp({ A: { runsMs: 60_000, silentFromMs: 500 } });
    let reports = 0;
    const wait = task.waitTillComplete({ totalTimeout: 10_000, onProgress: () => reports++ });
    await expect(runtime.until(wait.catch((reason: unknown) => reason))).resolves.toBeInstanceOf(TimeoutError);
    expect(reports).toBe(1 + asked.filter(({ at }) => at < 500).length);
    expect(asked.length).toBeGreaterThan(reports + 5);
  });

  it("asks a long job once a second", async () => {
    const { runtime, task, asked } = await setUp({ A: { runsMs: 60_000 } });
    await runtime.until(task.waitTillComplete());
    expect(asked.length).toBeLessThan(60 + 25);
    expect(asked.at(-1)?.at).toBeLessThanOrEqual(61_000);
  });

  it("keeps to a shorter interval when asked", async () => {
    const { runtime, task, asked } = await setUp({ A: { runsMs: 10_000 } });
    await runtime.until(task.waitTillComplete({ pollIntervalMs: 100 }));
    const gaps = asked.slice(1).map(({ at }, i) => at - (asked[i]?.at ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(101);
  });

  it("does not let a slow node delay what is known of the others", async () => {
    const { runtime, task } = await setUp({ slow: { runsMs: 0, answerMs: 5_000 }, fast: { runsMs: 100 } });
    let fastSeenAt = Number.NaN;
    const wait = task.waitTillComplete({
      onProgress: ({ perNode }) => {
        if (Number.isNaN(fastSeenAt) && perNode["fast"]?.state === "done") fastSeenAt = runtime.now();
      },
    });
    await runtime.until(wait);
    expect(fastSeenAt).toBeLessThan(200);
  });

  it("rejects a job that somebody aborted, with how far it came", async () => {
    const { runtime, task } = await setUp({ A: { runsMs: 50 }, B: { runsMs: 20, outcome: "user-aborted" } });
    const error = await runtime.until(task.waitTillComplete().catch((reason: unknown) => reason));
    expect(error).toBeInstanceOf(TaskAbortedError);
    expect(error).toMatchObject({ code: "TASK_ABORTED", summary: { taskId: 7n, state: "aborted", succeeded: 200 } });
    expect(String(error)).toContain("node B");
  });

  it("rejects an abandoned job", async () => {
    const { runtime, task } = await setUp({ A: { runsMs: 20, outcome: "abandoned-unknown" } });
    await expect(runtime.until(task.waitTillComplete())).rejects.toThrow("Task 7 was abandoned by node A");
  });

  it("rejects a task whose node left, naming it, once the others are done", async () => {
    const { runtime, task } = await setUp({
      A: { runsMs: 9_000, silentFromMs: 300, goneFromMs: 2_000 },
      B: { runsMs: 4_000 },
    });
    const error = await runtime.until(task.waitTillComplete().catch((reason: unknown) => reason));
    expect(error).toMatchObject({ code: "TASK_LOST", inDoubt: true, summary: { state: "lost" } });
    expect(String(error)).toContain("node A");
    expect(runtime.now()).toBeGreaterThanOrEqual(4_000);
  });

  it("bears with a node that is silent for a while", async () => {
    const nodes = { A: { runsMs: 3_000, silentFromMs: 300 } as FakeNode };
    const { runtime, task } = await setUp(nodes);
    const wait = task.waitTillComplete();
    await runtime.advance(1_500);
    nodes.A = { runsMs: 3_000 };
    await expect(runtime.until(wait)).resolves.toMatchObject({ state: "done" });
  });

  it("is lost when a node knows nothing of the job after its connection broke", async () => {
    const { runtime, task } = await setUp({ A: { runsMs: 15, forgets: true, restarts: true }, B: { runsMs: 15 } });
    const error = await runtime.until(task.waitTillComplete().catch((reason: unknown) => reason));
    expect(error).toBeInstanceOf(TaskAbortedError);
    expect(error).toMatchObject({
      code: "TASK_LOST",
      summary: { perNode: { A: { state: "lost" }, B: { state: "done" } } },
    });
  });

  it("answers a forgotten job without numbers", async () => {
    const { runtime, task } = await setUp({ A: { runsMs: 15, forgets: true } });
    await expect(runtime.until(task.waitTillComplete())).resolves.toMatchObject({
      state: "done",
      percent: 100,
      succeeded: null,
      failed: null,
    });
  });

  it("stops waiting after totalTimeout and leaves the job alone", async () => {
    const { runtime, task, aborted } = await setUp({ A: { runsMs: 60_000 } });
    const error = await runtime.until(task.waitTillComplete({ totalTimeout: 500 }).catch((reason: unknown) => reason));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(runtime.now()).toBe(500);
    expect(aborted).toEqual([]);
    expect(runtime.pendingTimers).toBe(0);
  });

  it("stops waiting when the signal fires", async () => {
    const { runtime, task } = await setUp({ A: { runsMs: 60_000 } });
    const controller = new AbortController();
    runtime.setTimer(200, () => controller.abort("enough"), true);
    const error = await runtime.until(
      task.waitTillComplete({ signal: controller.signal }).catch((reason: unknown) => reason),
    );
    expect(error).toBeInstanceOf(AbortError);
    expect(error).toMatchObject({ cause: "enough" });
    expect(runtime.now()).toBe(200);
    expect(runtime.pendingTimers).toBe(0);
  });

  it("counts failed records in the summary, and throws them when asked to", async () => {
    const failing = { A: { runsMs: 15, failed: 3 } };
    const lenient = await setUp(failing);
    await expect(lenient.runtime.until(lenient.task.waitTillComplete())).resolves.toMatchObject({ failed: 3 });
    const strict = await setUp(failing);
    const wait = strict.task.waitTillComplete({ failOnRecordErrors: true });
    await expect(strict.runtime.until(wait)).rejects.toBeInstanceOf(TaskRecordsFailedError);
  });

  it("passes on a refusal instead of asking for ever", async () => {
    const { runtime, task, jobNodes } = await setUp({ A: { runsMs: 1_000 } });
    vi.spyOn(jobNodes, "show").mockRejectedValue(new AuthorizationError("No right to ask", { code: "ROLE_VIOLATION" }));
    await expect(runtime.until(task.waitTillComplete())).rejects.toThrow("No right to ask");
    expect(runtime.pendingTimers).toBe(0);
  });

  it("ends at once when the client is closed, however long the pause until the next question", async () => {
    const { runtime, task, close } = await setUp({ A: { runsMs: 600_000 } });
    const options = { pollIntervalMs: 60_000 };
    const waits = [
      task.waitTillComplete(options),
      (async () => {
        for await (const _ of task);
      })(),
    ];
    const reasons = Promise.all(waits.map((wait) => wait.catch((reason: unknown) => reason)));
    await runtime.advance(200_000);
    const at = runtime.now();
    close();
    for (const reason of await runtime.until(reasons)) expect(reason).toMatchObject({ code: "CLIENT_CLOSED" });
    expect(runtime.now()).toBe(at);
    expect(runtime.pendingTimers).toBe(0);
    await expect(runtime.until(task.waitTillComplete())).rejects.toMatchObject({ code: "CLIENT_CLOSED" });
  });

  it("rejects a task that no node knows, with the state unknown", async () => {
    const { runtime, attach } = await setUp({ A: { runsMs: 0, forgets: true }, B: { runsMs: 0, forgets: true } });
    const error = await runtime.until(
      attach()
        .waitTillComplete()
        .catch((reason: unknown) => reason),
    );
    expect(error).toBeInstanceOf(TaskAbortedError);
    expect(error).toMatchObject({
      code: "TASK_UNKNOWN",
      inDoubt: true,
      summary: { state: "unknown", percent: null, succeeded: null },
    });
  });

  it("says whether the cluster has changed since the start, and that it does not know of a task that was attached", async () => {
    const { runtime, task, handle, attach } = await setUp({ A: { runsMs: 15 }, B: { runsMs: 15 } });
    expect(await runtime.until(task.waitTillComplete())).toMatchObject({ state: "done", clusterChanged: false });
    expect(await runtime.until(handle(4).waitTillComplete())).toMatchObject({ state: "done", clusterChanged: true });
    expect(await runtime.until(attach().waitTillComplete())).toMatchObject({ state: "done", clusterChanged: null });
  });

  it("says of failed records what was found, in the summary and in the error", async () => {
    const failing = { A: { runsMs: 15, failed: 3 } };
    const lenient = await setUp(failing, ["no time to live", "no such function"]);
    await expect(lenient.runtime.until(lenient.task.waitTillComplete())).resolves.toMatchObject({
      failureCauses: ["no time to live", "no such function"],
    });
    const strict = await setUp(failing, ["no time to live"]);
    const wait = strict.task.waitTillComplete({ failOnRecordErrors: true });
    await expect(strict.runtime.until(wait)).rejects.toThrow("could not change 3 of its records: no time to live");
    const none = await setUp({ A: { runsMs: 15 } }, ["no time to live"]);
    await expect(none.runtime.until(none.task.waitTillComplete())).resolves.toMatchObject({ failureCauses: [] });
  });

  it("refuses options that do not exist", async () => {
    const { task } = await setUp({ A: { runsMs: 10 } });
    await expect(task.waitTillComplete({ timeout: 5 } as never)).rejects.toThrow('no option "timeout"');
    await expect(task.progress({ timeoutMs: 5 } as never)).rejects.toThrow(TypeError);
    await expect(task.queryStatus({ timeoutMs: 5 } as never)).rejects.toThrow(TypeError);
    await expect(task.abort("now" as never)).rejects.toThrow(TypeError);
    await expect(task.progress({ signal: new AbortController() } as never)).rejects.toThrow("AbortSignal");
    await expect(task.waitTillComplete({ onProgress: "draw" } as never)).rejects.toThrow("onProgress");
    await expect(task.waitTillComplete({ failOnRecordErrors: 1 } as never)).rejects.toThrow("failOnRecordErrors");
  });

  it.each([-1, Number.NaN, 2 ** 31, Number.POSITIVE_INFINITY, "5" as never])(
    "refuses a timeout of %s",
    async (totalTimeout) => {
      const { task } = await setUp({ A: { runsMs: 10 } });
      await expect(task.waitTillComplete({ totalTimeout })).rejects.toThrow(RangeError);
    },
  );

  it.each([0, 0.5, -5, Number.NaN, 2 ** 31])("refuses a poll interval of %s", async (pollIntervalMs) => {
    const { task } = await setUp({ A: { runsMs: 10 } });
    await expect(task.waitTillComplete({ pollIntervalMs })).rejects.toThrow(RangeError);
  });
});

describe("iteration", () => {
  it("goes from the first progress to the last, never backwards", async () => {
    const { runtime, task } = await setUp({ A: { runsMs: 200 }, B: { runsMs: 400 } });
    const seen: TaskProgress[] = [];
    const read = (async () => {
      for await (const progress of task) seen.push(progress);
    })();
    await runtime.until(read);
    expect(seen.at(0)).toMatchObject({ state: "active" });
    expect(seen.at(-1)).toMatchObject({ state: "done", percent: 100, succeeded: 200 });
    const percents = seen.map(({ percent }) => percent ?? Number.NaN);
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
    expect(seen.length).toBeGreaterThan(3);
  });

  it("leaves no timer behind when the reader breaks off", async () => {
    const { runtime, task } = await setUp({ A: { runsMs: 5_000 } });
    const read = (async () => {
      for await (const progress of task) if ((progress.percent ?? 0) > 10) break;
    })();
    await runtime.until(read);
    expect(runtime.pendingTimers).toBe(0);
  });

  it("gives a slow reader the latest and skips what it missed", async () => {
    const { runtime, task, asked } = await setUp({ A: { runsMs: 5_000 } });
    let seen = 0;
    const read = (async () => {
      for await (const _ of task) {
        seen++;
        await new Promise<void>((resolve) => runtime.setTimer(2_000, resolve, true));
      }
    })();
    await runtime.until(read);
    expect(seen).toBeLessThan(asked.length);
  });
});

describe("queryStatus and progress", () => {
  it("tell running, complete and unknown apart", async () => {
    const { runtime, task } = await setUp({ A: { runsMs: 1_000 } });
    await expect(task.queryStatus()).resolves.toBe("inProgress");
    await runtime.advance(1_000);
    await expect(task.queryStatus()).resolves.toBe("complete");
    const unknown = (await setUp({ A: { runsMs: 0, forgets: true } })).attach();
    await expect(unknown.queryStatus()).resolves.toBe("notFound");
  });

  it("tell a task that the nodes have forgotten from one that they never knew", async () => {
    const { runtime, task, attach } = await setUp({ A: { runsMs: 100, forgets: true } });
    const attached = attach();
    await expect(attached.queryStatus()).resolves.toBe("inProgress");
    await runtime.advance(1_000);
    await expect(attached.queryStatus()).resolves.toBe("complete");
    await expect(task.queryStatus()).resolves.toBe("complete");
  });

  it("asks all nodes at once", async () => {
    const { runtime, task } = await setUp({ A: { runsMs: 0, answerMs: 100 }, B: { runsMs: 0, answerMs: 100 } });
    await expect(runtime.until(task.progress())).resolves.toMatchObject({ succeeded: 200 });
    expect(runtime.now()).toBe(100);
  });
});

describe("an attached task", () => {
  it("claims nothing before a node has spoken", async () => {
    const { runtime, attach } = await setUp({ A: { runsMs: 1_000 } });
    const progress = attach()[Symbol.asyncIterator]();
    const first = await progress.next();
    expect(first.value).toMatchObject({ state: "active", percent: null, succeeded: null, runTimeMs: null });
    const second = await runtime.until(progress.next());
    expect(second.value).toMatchObject({ state: "active", succeeded: 50 });
    await progress.return?.();
    expect(runtime.pendingTimers).toBe(0);
  });
});

describe("abort", () => {
  it("is how a task ended, also on a node that forgets ended jobs at once", async () => {
    const node = { runsMs: 60_000, forgets: true };
    const { runtime, task, jobNodes } = await setUp({ A: node });
    vi.spyOn(jobNodes, "stop").mockImplementation(async () => {
      Object.assign(node, { runsMs: 0 });
      return { wasActive: true, status: undefined };
    });
    const wait = task.waitTillComplete().catch((reason: unknown) => reason);
    await runtime.advance(500);
    await expect(task.abort()).resolves.toMatchObject({ aborted: ["A"] });
    const error = await runtime.until(wait);
    expect(error).toMatchObject({ code: "TASK_ABORTED", summary: { state: "aborted", succeeded: null } });
  });

  it("is not overtaken by the news that the node has forgotten the job", async () => {
    const node = { runsMs: 60_000, forgets: true };
    const { runtime, task, jobNodes } = await setUp({ A: node });
    vi.spyOn(jobNodes, "stop").mockImplementation(async () => {
      Object.assign(node, { runsMs: 0 });
      await new Promise<void>((resolve) => runtime.setTimer(700, resolve, true));
      return { wasActive: true, status: undefined };
    });
    const wait = task.waitTillComplete({ pollIntervalMs: 50 }).catch((reason: unknown) => reason);
    await runtime.advance(500);
    await runtime.until(task.abort());
    expect(await runtime.until(wait)).toMatchObject({ code: "TASK_ABORTED" });
  });

  it("tells every node and sorts their answers", async () => {
    const { task, aborted } = await setUp({
      running: { runsMs: 1_000 },
      ended: { runsMs: 0 },
      silent: { runsMs: 1_000, silentFromMs: 0 },
    });
    await expect(task.abort()).resolves.toEqual({
      aborted: ["running"],
      notActive: ["ended"],
      unreachable: ["silent"],
    });
    expect(aborted).toEqual(["running"]);
  });
});
