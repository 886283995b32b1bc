import { expect, test } from "vitest";
import { Job, type JobStart } from "../../../../emulator/jobs/job.js";
import { JobList } from "../../../../emulator/jobs/job-list.js";

class LargeJob extends Job {
  readonly type = "basic";
  readonly plan = new Uint8Array(1_000_000);

  wake(): void {
    // It waits for nothing.
  }

  protected details(): string {
    return `:net-io-bytes=${this.plan.length}`;
  }
}

const start = (taskId: bigint): JobStart => ({
  taskId,
  namespace: "test",
  setName: "s",
  indexName: undefined,
  partitions: 4_096,
  digests: 0,
  recordsPerSecond: 10,
  peer: "127.0.0.1:40000",
  now: 5,
});

test("what is told of a job that has ended is as it was, without what it worked on", () => {
  const jobs = new JobList({ queryMaxDone: 2, queryThreadsLimit: 8 });
  for (const taskId of [1n, 2n, 3n]) {
    const job = new LargeJob(start(taskId));
    jobs.add(job);
    Object.assign(job, {
      begun: 4_096,
      throttled: 1,
      filteredByMetadata: 2,
      filteredByBins: 3,
      succeeded: 4,
      failed: 5,
    });
    expect(jobs.find(taskId)).toBe(job);
    jobs.finish(job, 105);
    const told = job.describe(205);
    if (taskId === 1n) continue;
    expect(jobs.find(taskId)).not.toBe(job);
    expect(jobs.find(taskId)).not.toHaveProperty("plan");
    expect(jobs.find(taskId)?.describe(205)).toBe(told);
    expect(told).toContain("recs-succeeded=4:recs-failed=5");
  }
  expect(jobs.all().map((job) => job.start.taskId)).toEqual([3n, 2n]);
});
