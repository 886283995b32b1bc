import { describe, expect, it } from "vitest";
import { VirtualRuntime } from "../../../../runtime/virtual-runtime.js";
import { ClusterJobNodes, isNoReply } from "../../../../src/background/job-nodes.js";
import type { ClusterCore } from "../../../../src/cluster/cluster-core.js";
import { AerospikeError, ConnectionError, SerializationError } from "../../../../src/errors/errors.js";
import { Deadline } from "../../../../src/time/deadline.js";
import { DeadlineHeap } from "../../../../src/time/deadline-heap.js";

const JOB =
  "trid=7:ns=test:rps=0:active-threads=1:status=active(ok):job-progress=1.00:run-time=1:time-since-done=0:" +
  "recs-throttled=0:recs-filtered-meta=0:recs-filtered-bins=0:recs-succeeded=3:recs-failed=0:job-type=background-ops";
const NOT_FOUND = "ERROR:2:job not found";

function setUp(replies: Readonly<Record<string, string>>) {
  const runtime = new VirtualRuntime();
  const closing = new AbortController();
  const requests: (readonly string[])[] = [];
  const cluster = {
    runtime,
    nodes: [{ id: "A", connectionToken: {} }],
    closed: closing.signal,
    deadline: (ms: number, signal?: AbortSignal) => new Deadline(new DeadlineHeap(runtime), ms, signal),
    info: async (_node: unknown, commands: readonly string[]) => {
      requests.push(commands);
      return new Map(commands.map((command) => [command, replies[command.split(":")[0] ?? ""] ?? ""]));
    },
  } as unknown as ClusterCore;
  return {
    nodes: new ClusterJobNodes(cluster),
    deadline: new Deadline(new DeadlineHeap(runtime), 0),
    requests,
    closing,
  };
}

describe("ClusterJobNodes", () => {
  it("reads a job, and nothing where there is none", async () => {
    const { nodes, deadline } = setUp({ "query-show": JOB, "query-abort": "ok" });
    await expect(nodes.show("A", 7n, deadline)).resolves.toMatchObject({ taskId: 7n, succeeded: 3 });
    await expect(nodes.list("A", deadline)).resolves.toMatchObject([{ taskId: 7n }]);
    await expect(nodes.stop("A", 7n, deadline)).resolves.toMatchObject({ wasActive: true, status: { taskId: 7n } });
    const { nodes: unknown } = setUp({ "query-show": NOT_FOUND, "query-abort": NOT_FOUND });
    await expect(unknown.show("A", 7n, deadline)).resolves.toBeUndefined();
    await expect(unknown.stop("A", 7n, deadline)).resolves.toEqual({ wasActive: false, status: undefined });
    await expect(unknown.list("A", deadline)).resolves.toEqual([]);
  });

  it("asks how far a job has come in the message that stops it, before it is stopped", async () => {
    const { nodes, deadline, requests } = setUp({ "query-show": JOB, "query-abort": "ok" });
    await nodes.stop("A", 7n, deadline);
    expect(requests).toEqual([["query-show:trid=7", "query-abort:trid=7"]]);
  });

  it.each(["ERROR:20:x", "ERROR:22:x", "ERROR:200:x"])(
    "takes %s for a refusal, not for an unknown job",
    async (value) => {
      const { nodes, deadline } = setUp({ "query-show": value });
      await expect(nodes.show("A", 7n, deadline)).rejects.toBeInstanceOf(AerospikeError);
    },
  );

  it.each(["trid=7", "trid=x:status=done(ok)", "", JOB.replace("recs-succeeded=3", "recs-succeeded=many")])(
    "fails on %j instead of asking for ever",
    async (value) => {
      const { nodes, deadline } = setUp({ "query-show": value });
      const error = await nodes.show("A", 7n, deadline).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(AerospikeError);
      expect(error).toMatchObject({ code: "BAD_REPLY", node: "A" });
      expect(isNoReply(error)).toBe(false);
    },
  );

  it("takes broken connections and garbled frames for no reply, the client's end not", () => {
    expect(isNoReply(new ConnectionError("lost"))).toBe(true);
    expect(isNoReply(new SerializationError("garbled"))).toBe(true);
    expect(isNoReply(new ConnectionError("closed", { code: "CLIENT_CLOSED" }))).toBe(false);
    expect(isNoReply(new TypeError("broken"))).toBe(false);
  });

  it("says that the client is closed, rather than that a node has left", async () => {
    const { nodes, deadline, closing } = setUp({ "query-show": JOB });
    const reason = new ConnectionError("The client is closed", { code: "CLIENT_CLOSED" });
    closing.abort(reason);
    await expect(nodes.show("A", 7n, deadline)).rejects.toBe(reason);
    await expect(nodes.stop("B", 7n, deadline)).rejects.toBe(reason);
  });
});
