import { describe, expect, it } from "vitest";
import { systemRuntime } from "../../../../runtime/system-runtime.js";
import { ClusterJobMonitor } from "../../../../src/background/cluster-job-monitor.js";
import type { Cluster } from "../../../../src/cluster/cluster.js";
import { AerospikeError, ConnectionError, SerializationError } from "../../../../src/errors/errors.js";
import { Deadline } from "../../../../src/time/deadline.js";

const JOB =
  "trid=7:ns=test:rps=0:active-threads=1:status=active(ok):job-progress=1.00:run-time=1:time-since-done=0:" +
  "recs-throttled=0:recs-filtered-meta=0:recs-filtered-bins=0:recs-succeeded=3:recs-failed=0:job-type=background-ops";

function setUp(answer: string) {
  const closing = new AbortController();
  const cluster = {
    nodes: [{ id: "A", line: {} }],
    closed: closing.signal,
    deadline: (totalMs: number, signal?: AbortSignal) => new Deadline(systemRuntime, totalMs, signal),
    info: async (_node: unknown, commands: readonly string[]) => new Map(commands.map((command) => [command, answer])),
  } as unknown as Cluster;
  return { monitor: new ClusterJobMonitor(cluster), closing };
}

describe("ClusterJobMonitor", () => {
  it("reads a job, and nothing where there is none", async () => {
    await expect(setUp(JOB).monitor.show("A", 7n, undefined)).resolves.toMatchObject({ taskId: 7n, succeeded: 3 });
    await expect(setUp(JOB).monitor.list("A", undefined)).resolves.toMatchObject([{ taskId: 7n }]);
    const unknown = setUp("ERROR:2:job not found").monitor;
    await expect(unknown.show("A", 7n, undefined)).resolves.toBeUndefined();
    await expect(unknown.abort("A", 7n, undefined)).resolves.toBe(false);
    await expect(unknown.list("A", undefined)).resolves.toEqual([]);
    await expect(setUp("ok").monitor.abort("A", 7n, undefined)).resolves.toBe(true);
  });

  it.each(["ERROR:20:x", "ERROR:22:x", "ERROR:200:x"])(
    "takes %s for a refusal, not for an unknown job",
    async (value) => {
      await expect(setUp(value).monitor.show("A", 7n, undefined)).rejects.toBeInstanceOf(AerospikeError);
    },
  );

  it.each(["trid=7", "trid=x:status=done(ok)", "", JOB.replace("recs-succeeded=3", "recs-succeeded=many")])(
    "fails on %j instead of asking for ever",
    async (value) => {
      const { monitor } = setUp(value);
      const error = await monitor.show("A", 7n, undefined).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(AerospikeError);
      expect(error).toMatchObject({ code: "BAD_REPLY", node: "A" });
      expect(monitor.isSilence(error)).toBe(false);
    },
  );

  it("takes broken connections and garbled frames for silence, the client's end not", () => {
    const { monitor } = setUp(JOB);
    expect(monitor.isSilence(new ConnectionError("lost"))).toBe(true);
    expect(monitor.isSilence(new SerializationError("garbled"))).toBe(true);
    expect(monitor.isSilence(new ConnectionError("closed", { code: "CLIENT_CLOSED" }))).toBe(false);
    expect(monitor.isSilence(new TypeError("broken"))).toBe(false);
  });

  it("says that the client is closed, rather than that a node has left", async () => {
    const { monitor, closing } = setUp(JOB);
    const reason = new ConnectionError("The client is closed", { code: "CLIENT_CLOSED" });
    closing.abort(reason);
    await expect(monitor.show("A", 7n, undefined)).rejects.toBe(reason);
    await expect(monitor.abort("B", 7n, undefined)).rejects.toBe(reason);
  });
});
