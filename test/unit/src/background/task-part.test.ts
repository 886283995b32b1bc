import { describe, expect, it } from "vitest";
import { parseJobStatus } from "../../../../protocol/info/job-status.js";
import { TaskPart } from "../../../../src/background/task-part.js";

function status(state: string, progress = "100.00") {
  return parseJobStatus(
    `trid=7:ns=test:set=users:rps=10000:active-threads=1:status=${state}:job-progress=${progress}:run-time=12:` +
      "time-since-done=0:recs-throttled=5:recs-filtered-meta=1:recs-filtered-bins=2:recs-succeeded=30:recs-failed=4:" +
      "from=127.0.0.1+5000:job-type=background-ops:net-io-bytes=30:socket-timeout=10000:ops-active=0",
  );
}

describe("TaskPart", () => {
  it("takes over what the node counts", () => {
    const part = TaskPart.started("A");
    part.observe(status("active(ok)", "12.34"));
    expect(part.ended).toBe(false);
    expect(part.progress).toEqual({
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
  ])("reads %s as %s", (word, state) => {
    const part = TaskPart.started("A");
    part.observe(status(word));
    expect(part.ended).toBe(true);
    expect(part.progress.state).toBe(state);
  });

  it("is done, counters unknown, when the server has forgotten the job", () => {
    const part = TaskPart.started("A");
    part.observe(undefined);
    expect(part.progress).toMatchObject({ state: "done", percent: 100, succeeded: null, failed: null });
  });

  it("stays as it ended", () => {
    const part = TaskPart.started("A");
    part.observe(status("done(user-aborted)"));
    part.observe(undefined);
    part.observeSilence(true);
    expect(part.progress).toMatchObject({ state: "aborted", succeeded: 30 });
  });

  it("is lost when the node left, with what was last known", () => {
    const part = TaskPart.started("A");
    part.observe(status("active(ok)", "50.00"));
    part.observeSilence(false);
    expect(part.progress.state).toBe("active");
    part.observeSilence(true);
    expect(part.progress).toMatchObject({ state: "lost", percent: 50, succeeded: 30 });
  });

  it("is lost when the node comes back without the job", () => {
    const part = TaskPart.started("A");
    part.observeSilence(false);
    part.observe(undefined);
    expect(part.progress.state).toBe("lost");
  });

  it("goes on when the node comes back with the job", () => {
    const part = TaskPart.started("A");
    part.observeSilence(false);
    part.observe(status("active(ok)", "60.00"));
    part.observe(undefined);
    expect(part.progress).toMatchObject({ state: "done", succeeded: null });
  });

  it("of an uncertain start is lost unless the node knows the job", () => {
    const unknown = TaskPart.uncertain("A");
    unknown.observe(undefined);
    expect(unknown.progress.state).toBe("lost");
    const known = TaskPart.uncertain("A");
    known.observe(status("done(ok)"));
    expect(known.progress.state).toBe("done");
  });

  it("is known once a node has accepted it or spoken of it", () => {
    expect([TaskPart.started("A"), TaskPart.empty("A")].map(({ isKnown }) => isKnown)).toEqual([true, true]);
    for (const part of [TaskPart.attached("A"), TaskPart.uncertain("A")]) {
      expect(part.isKnown).toBe(false);
      expect(part.progress).toMatchObject({ state: "active", percent: 0, succeeded: null, runTimeMs: null });
      part.observe(status("active(ok)"));
      expect(part.isKnown).toBe(true);
    }
  });

  it("tells how long it would go on", () => {
    const part = TaskPart.started("A");
    expect(part.leftMs).toBe(Number.POSITIVE_INFINITY);
    part.observe(status("active(ok)", "25.00"));
    expect(part.leftMs).toBe(36);
    expect(TaskPart.attached("A").leftMs).toBe(Number.POSITIVE_INFINITY);
  });

  it("that was stopped is aborted, whatever becomes of the node's memory, or of the node", () => {
    for (const forget of [
      (part: TaskPart) => part.observe(undefined),
      (part: TaskPart) => part.observeSilence(true),
      (part: TaskPart) => {
        part.observeSilence(false);
        part.observe(undefined);
      },
    ]) {
      const part = TaskPart.started("A");
      part.observe(status("active(ok)", "50.00"));
      part.stopOrdered();
      part.stopAnswered(true);
      forget(part);
      expect(part.progress).toMatchObject({ state: "aborted", percent: 100, succeeded: null });
    }
  });

  it("that was not active when it was told to stop has ended by itself", () => {
    const part = TaskPart.started("A");
    part.stopOrdered();
    part.observe(undefined);
    expect(part.ended).toBe(false);
    part.stopAnswered(false);
    part.observe(undefined);
    expect(part.progress.state).toBe("done");
  });

  it("without the set has nothing to do", () => {
    expect(TaskPart.empty("A").progress).toMatchObject({ state: "done", percent: 100, succeeded: 0 });
  });
});
