import { describe, expect, it } from "vitest";
import { combine, type NodeProgress, type TaskState } from "../../../../src/background/task-progress.js";

function part(node: string, state: TaskState, change: Partial<NodeProgress> = {}): NodeProgress {
  const counters = { succeeded: 10, failed: 1, filteredByMeta: 2, filteredByBins: 3, throttled: 4, runTimeMs: 50 };
  return { node, state, percent: state === "active" ? 40 : 100, ...counters, ...change };
}

describe("combine", () => {
  it("adds counters, averages percent and takes the longest run time", () => {
    const whole = combine([part("A", "active"), part("B", "done", { runTimeMs: 80, failed: 0 })]);
    expect(whole).toMatchObject({
      state: "active",
      percent: 70,
      succeeded: 20,
      failed: 1,
      filteredByMeta: 4,
      filteredByBins: 6,
      throttled: 8,
      runTimeMs: 80,
    });
    expect(Object.keys(whole.perNode)).toEqual(["A", "B"]);
  });

  it("does not invent a counter that one node has forgotten", () => {
    const forgotten = part("B", "done", { succeeded: null, runTimeMs: null });
    const whole = combine([part("A", "done"), forgotten]);
    expect(whole.succeeded).toBeNull();
    expect(whole.runTimeMs).toBeNull();
    expect(whole.failed).toBe(2);
  });

  it("does not say how far it came where one node does not", () => {
    expect(combine([part("A", "done"), part("B", "aborted", { percent: null })]).percent).toBeNull();
  });

  it.each<[TaskState[], TaskState]>([
    [["unknown", "unknown"], "unknown"],
    [["done", "unknown"], "done"],
    [["done", "done"], "done"],
    [["done", "abandoned"], "abandoned"],
    [["abandoned", "aborted"], "aborted"],
    [["aborted", "lost"], "lost"],
    [["lost", "active"], "active"],
  ])("is, of %j, %s", (states, expected) => {
    expect(combine(states.map((state, i) => part(String(i), state))).state).toBe(expected);
  });

  it("is done when there was nothing to do", () => {
    expect(combine([])).toMatchObject({ state: "done", percent: 100, succeeded: 0 });
  });
});
