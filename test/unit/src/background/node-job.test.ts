import { describe, expect, it } from "vitest";
import type { BackgroundStart } from "../../../../protocol/command/background-job.js";
import { type JobStatus, parseJobStatus } from "../../../../protocol/info/job-status.js";
import { VirtualRuntime } from "../../../../runtime/virtual-runtime.js";
import type { JobNodes, StopReply } from "../../../../src/background/job-nodes.js";
import { NodeJob } from "../../../../src/background/node-job.js";
import type { NodeStart } from "../../../../src/background/task-errors.js";
import { ConnectionError, SecondaryIndexError } from "../../../../src/errors/errors.js";
import { Deadline } from "../../../../src/time/deadline.js";
import { DeadlineHeap } from "../../../../src/time/deadline-heap.js";

function status(state: string, progress = "100.00", counters: Readonly<Record<string, number>> = {}): JobStatus {
  const { meta = 1, bins = 2, succeeded = 30, failed = 4 } = counters;
  return parseJobStatus(
    `trid=7:ns=test:set=users:rps=10000:active-threads=1:status=${state}:job-progress=${progress}:run-time=12:` +
      `time-since-done=0:recs-throttled=5:recs-filtered-meta=${meta}:recs-filtered-bins=${bins}:` +
      `recs-succeeded=${succeeded}:recs-failed=${failed}:` +
      "from=127.0.0.1+5000:job-type=background-ops:net-io-bytes=30:socket-timeout=10000:ops-active=0",
  );
}

const SILENCE = new ConnectionError("Connection lost");
const LOST_REPLY = new ConnectionError("Connection lost", { inDoubt: true });
const CLOSED = new ConnectionError("The client is closed", { code: "CLIENT_CLOSED" });

/** A node that says what it is told to say, in order; the last of it again and again. */
class ScriptedNode implements JobNodes {
  readonly runtime = new VirtualRuntime();
  readonly deadline = (ms: number, signal?: AbortSignal) => new Deadline(new DeadlineHeap(this.runtime), ms, signal);
  connection: object | undefined = {};
  shows: (JobStatus | undefined | Error)[] = [undefined];
  stops: (StopReply | Error)[] = [{ wasActive: false, status: undefined }];
  asked = 0;
  stopped = 0;
  readonly changes = 0;

  async haveChangedSince(): Promise<boolean> {
    return false;
  }

  async show(): Promise<JobStatus | undefined> {
    return said(this.shows, this.asked++);
  }

  async stop(): Promise<StopReply> {
    return said(this.stops, this.stopped++);
  }

  connectionTo(): object | undefined {
    return this.connection;
  }
}

function said<T>(script: readonly (T | Error)[], index: number): T {
  const word = script[Math.min(index, script.length - 1)] as T | Error;
  if (word instanceof Error) throw word;
  return word;
}

class Part {
  readonly node = new ScriptedNode();
  readonly job = new NodeJob(this.node, 7n, "A");

  static async started(reply: BackgroundStart = "started"): Promise<Part> {
    const part = new Part();
    await part.start(async () => reply);
    return part;
  }

  /** A part of which nobody knows whether the node took it. */
  static async inDoubt(): Promise<Part> {
    const part = new Part();
    await part.start(() => Promise.reject(LOST_REPLY));
    return part;
  }

  start(send: () => Promise<BackgroundStart>, signal?: AbortSignal): Promise<NodeStart> {
    return this.node.runtime.until(this.job.start(send, this.node.deadline(0, signal)));
  }

  async hears(...words: (JobStatus | undefined | Error)[]): Promise<void> {
    for (const word of words) {
      this.node.shows = [word];
      await this.job.poll(this.node.deadline(0));
    }
  }

  stop(reply: StopReply | Error) {
    this.node.stops = [reply];
    return this.job.stop(this.node.deadline(0));
  }

  revoke(start: NodeStart): Promise<boolean> {
    return this.node.runtime.until(this.job.revoke(start, this.node.deadline(5_000)));
  }
}

describe("the state of a node's part", () => {
  it("is what the node counts", async () => {
    const part = await Part.started();
    await part.hears(status("active(ok)", "12.34"));
    expect(part.job.hasEnded).toBe(false);
    expect(part.job.progress).toEqual({
      node: "A",
      state: "active",
      percent: 12.34,
      succeeded: 30,
      failed: 4,
      filteredByMeta: 1,
      filteredByBins: 2,
      throttled: 5,
      runTimeMs: 12,
    });
  });

  it.each([
    ["done(ok)", "done"],
    ["done(user-aborted)", "aborted"],
    ["done(abandoned-unknown)", "abandoned"],
    ["done(abandoned-response-timeout)", "abandoned"],
  ])("is, of %s, %s", async (word, state) => {
    const part = await Part.started();
    let ends = 0;
    part.job.onEnd = () => ends++;
    await part.hears(status(word), status(word));
    expect(part.job.hasEnded).toBe(true);
    expect(part.job.progress.state).toBe(state);
    expect(ends).toBe(1);
  });

  it("is done, counters unknown, when the server has forgotten the job", async () => {
    const part = await Part.started();
    await part.hears(undefined);
    expect(part.job.progress).toMatchObject({ state: "done", percent: 100, succeeded: null, failed: null });
  });

  it("stays as it ended", async () => {
    const part = await Part.started();
    await part.hears(status("done(user-aborted)"));
    part.node.connection = undefined;
    await part.hears(undefined, SILENCE);
    expect(part.job.progress).toMatchObject({ state: "aborted", succeeded: 30 });
  });

  it("is lost when the node left, with what was last known", async () => {
    const part = await Part.started();
    await part.hears(status("active(ok)", "50.00"), SILENCE);
    expect(part.job.progress.state).toBe("active");
    part.node.connection = undefined;
    await part.hears(SILENCE);
    expect(part.job.progress).toMatchObject({ state: "lost", percent: 50, succeeded: 30 });
  });

  it("is lost when the node comes back without the job, whether the silence was noticed or only the new connection", async () => {
    const silent = await Part.started();
    await silent.hears(SILENCE, undefined);
    expect(silent.job.progress.state).toBe("lost");
    const reconnected = await Part.started();
    reconnected.node.connection = {};
    await reconnected.hears(undefined);
    expect(reconnected.job.progress.state).toBe("lost");
  });

  it("goes on when the node comes back with the job", async () => {
    const part = await Part.started();
    part.node.connection = {};
    await part.hears(SILENCE, status("active(ok)", "60.00"), undefined);
    expect(part.job.progress).toMatchObject({ state: "done", succeeded: null });
  });

  it("of an uncertain start is lost unless the node knows the job", async () => {
    const unknown = await Part.inDoubt();
    await unknown.hears(undefined);
    expect(unknown.job.progress.state).toBe("lost");
    const known = await Part.inDoubt();
    await known.hears(status("done(ok)"));
    expect(known.job.progress.state).toBe("done");
  });

  it("claims nothing of a job that was attached before the node has spoken", async () => {
    const part = new Part();
    expect(part.job.progress).toMatchObject({ state: "active", percent: null, succeeded: null, runTimeMs: null });
    await part.hears(status("active(ok)", "40.00"));
    expect(part.job.progress).toMatchObject({ state: "active", percent: 40, succeeded: 30 });
    await part.hears(undefined);
    expect(part.job.progress).toMatchObject({ state: "done", percent: 100, succeeded: null });
  });

  it("is unknown when the node has never known the job, also when the connection broke meanwhile", async () => {
    for (const connection of [undefined, {}]) {
      const part = new Part();
      if (connection !== undefined) part.node.connection = connection;
      await part.hears(undefined);
      expect(part.job.progress).toMatchObject({ state: "unknown", percent: null, succeeded: null });
    }
  });

  it("takes no older reply for newer", async () => {
    const part = await Part.started();
    await part.hears(status("active(ok)", "50.00"), { ...status("active(ok)", "20.00"), runTimeMs: 5 });
    expect(part.job.progress).toMatchObject({ percent: 50, runTimeMs: 12 });
  });

  it("of a node without the set is that there is nothing to do", async () => {
    const part = await Part.started("no such set");
    expect(part.job.progress).toMatchObject({ state: "done", percent: 100, succeeded: 0 });
  });
});

describe("how far a job came that was stopped", () => {
  const NONE = { meta: 0, bins: 0, failed: 0 };
  const stopped = (succeeded: number) => status("done(user-aborted)", "100.00", { ...NONE, succeeded });

  it("is what it said when it was told to stop, not the 100 % that the server says afterwards", async () => {
    const part = await Part.started();
    await part.stop({ wasActive: true, status: status("active(ok)", "4.93", { ...NONE, succeeded: 948 }) });
    await part.hears(stopped(948));
    expect(part.job.progress).toMatchObject({ state: "aborted", percent: 4.93, succeeded: 948 });
  });

  it("follows the records that it has counted since", async () => {
    const part = await Part.started();
    await part.hears(status("active(ok)", "5.00", { ...NONE, succeeded: 1_000 }), stopped(18_000));
    expect(part.job.progress).toMatchObject({ state: "aborted", percent: 90, succeeded: 18_000 });
  });

  it("does not take for work what the server skips while it stops", async () => {
    const part = await Part.started();
    await part.hears(
      status("active(ok)", "5.00", { ...NONE, succeeded: 1_000 }),
      status("active(user-aborted)", "63.00", { ...NONE, succeeded: 1_001 }),
    );
    expect(part.job.progress).toMatchObject({ state: "active", percent: 5.01 });
  });

  it("is unknown where nobody saw it run", async () => {
    const attached = new Part();
    await attached.hears(stopped(909));
    expect(attached.job.progress).toMatchObject({ state: "aborted", percent: null, succeeded: 909 });
    const notSeen = await Part.started();
    await notSeen.hears(stopped(909));
    expect(notSeen.job.progress).toMatchObject({ state: "aborted", percent: null, succeeded: 909 });
    const atOnce = await Part.started();
    await atOnce.hears(stopped(0));
    expect(atOnce.job.progress).toMatchObject({ state: "aborted", percent: 0, succeeded: 0 });
  });

  it("goes for jobs that the server gave up too", async () => {
    const part = await Part.started();
    const counters = { ...NONE, succeeded: 500 };
    await part.hears(status("active(ok)", "25.00", counters), status("done(abandoned-unknown)", "100.00", counters));
    expect(part.job.progress).toMatchObject({ state: "abandoned", percent: 25 });
  });
});

describe("stopping", () => {
  it("is how the part ended, whatever becomes of the node's memory, or of the node", async () => {
    for (const forget of [
      (part: Part) => part.hears(undefined),
      (part: Part) => {
        part.node.connection = undefined;
        return part.hears(SILENCE);
      },
      (part: Part) => part.hears(SILENCE, undefined),
    ]) {
      const part = await Part.started();
      await expect(part.stop({ wasActive: true, status: status("active(ok)", "50.00") })).resolves.toBe("aborted");
      await forget(part);
      expect(part.job.progress).toMatchObject({ state: "aborted", percent: null, succeeded: null });
    }
  });

  it("of a job that is not active says so, and the job has ended by itself", async () => {
    const part = await Part.started();
    await expect(part.stop({ wasActive: false, status: undefined })).resolves.toBe("notActive");
    expect(part.job.hasEnded).toBe(false);
    await part.hears(undefined);
    expect(part.job.progress.state).toBe("done");
  });

  it("takes what the node says of a job that has ended", async () => {
    const part = await Part.started();
    await expect(part.stop({ wasActive: false, status: status("done(ok)") })).resolves.toBe("notActive");
    expect(part.job.progress).toMatchObject({ state: "done", succeeded: 30 });
  });

  it("says that the node does not reply", async () => {
    const part = await Part.started();
    await expect(part.stop(SILENCE)).resolves.toBe("unreachable");
    expect(part.job.progress.state).toBe("active");
    await expect(part.stop(CLOSED)).rejects.toBe(CLOSED);
  });
});

describe("starting", () => {
  it("takes a refusal for what it is, and a node that could not be reached as refused: nothing was sent", async () => {
    for (const error of [new SecondaryIndexError("No such index"), new ConnectionError("Nobody listens")]) {
      const start = await new Part().start(() => Promise.reject(error));
      expect(start).toEqual({ node: "A", outcome: "refused", error });
    }
  });

  it("asks for the id when the reply was lost, and never sends the request twice", async () => {
    const part = new Part();
    part.node.shows = [undefined, status("active(ok)")];
    let sent = 0;
    const start = await part.start(() => {
      sent++;
      return Promise.reject(LOST_REPLY);
    });
    expect(start).toEqual({ node: "A", outcome: "started" });
    expect(sent).toBe(1);
    expect(part.node.asked).toBe(2);
    expect(part.job.progress).toMatchObject({ state: "active", percent: 0, succeeded: 0 });
  });

  it("keeps asking through failures, and is in doubt when nobody can tell", async () => {
    const part = new Part();
    part.node.shows = [SILENCE];
    const start = await part.start(() => Promise.reject(LOST_REPLY));
    expect(start).toEqual({ node: "A", outcome: "inDoubt", error: LOST_REPLY });
    expect(part.node.asked).toBeGreaterThan(1);
  });

  it("asks no longer than the start may take, and not when the caller has given up or the client is closed", async () => {
    const late = new Part();
    const deadline = late.node.deadline(150);
    await late.node.runtime.until(late.job.start(() => Promise.reject(LOST_REPLY), deadline));
    expect(late.node.asked).toBe(2);
    const aborted = new Part();
    const controller = new AbortController();
    const start = await aborted.start(() => {
      controller.abort();
      aborted.node.shows = [CLOSED];
      return Promise.reject(LOST_REPLY);
    }, controller.signal);
    expect(start.outcome).toBe("inDoubt");
    expect(aborted.node.asked).toBe(1);
  });

  it("does not hide a mistake of its own", async () => {
    await expect(new Part().start(() => Promise.reject(new RangeError("broken")))).rejects.toThrow(RangeError);
  });
});

describe("taking a start back", () => {
  const STARTED: NodeStart = { node: "A", outcome: "started" };
  const IN_DOUBT: NodeStart = { node: "A", outcome: "inDoubt" };

  it("asks only where the job runs or may run", async () => {
    const part = new Part();
    expect(await part.revoke({ node: "A", outcome: "refused" })).toBe(false);
    expect(await part.revoke({ node: "A", outcome: "noSuchSet" })).toBe(false);
    expect(part.node.stopped).toBe(0);
    part.node.stops = [{ wasActive: true, status: status("active(ok)") }];
    expect(await part.revoke(STARTED)).toBe(false);
    expect(part.node.stopped).toBe(1);
  });

  it("takes a job that started and is not active for ended, and one that is in doubt for still on its way", async () => {
    expect(await (await Part.started()).revoke(STARTED)).toBe(false);
    const part = await Part.inDoubt();
    expect(await part.revoke(IN_DOUBT)).toBe(true);
    expect(part.node.stopped).toBeGreaterThan(1);
  });

  it("stops a job that was in doubt when it turns up late, or finds that it has ended", async () => {
    const late = await Part.inDoubt();
    late.node.stops = [
      { wasActive: false, status: undefined },
      { wasActive: true, status: status("active(ok)") },
    ];
    expect(await late.revoke(IN_DOUBT)).toBe(false);
    const ended = await Part.inDoubt();
    ended.node.stops = [{ wasActive: false, status: status("done(ok)") }];
    expect(await ended.revoke(IN_DOUBT)).toBe(false);
  });

  it("tries again when the connection breaks, and says when it stays broken", async () => {
    const part = await Part.started();
    part.node.stops = [SILENCE, { wasActive: true, status: undefined }];
    expect(await part.revoke(STARTED)).toBe(false);
    const gone = await Part.started();
    gone.node.stops = [SILENCE];
    expect(await gone.revoke(STARTED)).toBe(true);
  });
});
