import { describe, expect, it } from "vitest";
import { AbortError, InvalidNodeError, TimeoutError } from "../../src/index.js";
import { TaskLab } from "../support/faults/task-lab.js";

const TROUBLED = 1;
/** More than there are sockets, or errors that a node may have before it is left alone. */
const REFUSED = 110;

function isIdle(lab: TaskLab): boolean {
  const { cluster } = lab;
  return cluster.nodes.every((node) => {
    const { pending, waiting } = cluster.loadOf(node);
    return pending === 0 && waiting === 0;
  });
}

describe("count()", () => {
  it("has patience with a node whose reply is long in coming", async () => {
    await using lab = await TaskLab.open();
    using fault = lab.faults.add({ node: TROUBLED, command: "query", do: "delay", ms: 9_000 });
    const startedAt = lab.lab.runtime.now();
    expect(await lab.lab.until(lab.addOne().count())).toBe(lab.records);
    expect(lab.lab.runtime.now() - startedAt).toBeLessThan(10_000);
    expect(fault.hits).toBe(1);
  });

  it("keeps to the time that the behavior allows for the whole of it", async () => {
    await using lab = await TaskLab.open({ behavior: { readsQuery: { totalTimeout: 2_000 } } });
    using _ = lab.faults.add({ node: TROUBLED, command: "query", do: "silence" });
    const startedAt = lab.lab.runtime.now();
    const error = await lab.lab.failure(lab.addOne().count());
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ node: lab.idOf(TROUBLED), message: expect.stringContaining("2000 ms") });
    expect(lab.lab.runtime.now() - startedAt).toBe(2_000);
  });

  it.each([0, 12, 40, 200])(
    "asks the replicas, and counts nothing twice, after a reply that was cut at %i bytes",
    async (bytes) => {
      await using lab = await TaskLab.open();
      using fault = lab.faults.add({ node: TROUBLED, command: "query", do: "cut", bytes });
      expect(await lab.lab.until(lab.addOne().count())).toBe(lab.records);
      expect(fault.hits).toBe(1);
    },
  );

  it("asks a node again that has the only copy", async () => {
    await using lab = await TaskLab.open({ replicationFactor: 1 });
    using fault = lab.faults.add({ node: TROUBLED, command: "query", do: "cut", times: 5 });
    expect(await lab.lab.until(lab.addOne().count())).toBe(lab.records);
    expect(fault.hits).toBe(5);
  });

  it("says what keeps it from partitions that it can't read", async () => {
    await using lab = await TaskLab.open({ replicationFactor: 1, behavior: { readsQuery: { maxRetries: 2 } } });
    using fault = lab.faults.add({ node: TROUBLED, command: "query", do: "cut" });
    const error = await lab.lab.failure(lab.addOne().count());
    expect(error).toBeInstanceOf(InvalidNodeError);
    expect(error).toMatchObject({
      attempts: 3,
      cause: expect.objectContaining({ code: "CONNECTION", node: lab.idOf(TROUBLED) }),
    });
    expect(String(error)).toMatch(/count: \d+ of 4096 partitions of namespace test can't be read just now: /);
    expect(fault.hits).toBe(3);
  });

  it("tries again when a node is at its limit of queries, and says so when it stays there", async () => {
    await using lab = await TaskLab.open({ replicationFactor: 1 });
    using passing = lab.faults.add({ node: TROUBLED, command: "query", do: "answer", resultCode: 22, times: 2 });
    expect(await lab.lab.until(lab.addOne().count())).toBe(lab.records);
    expect(passing.hits).toBe(2);
    using _lasting = lab.faults.add({ node: TROUBLED, command: "query", do: "answer", resultCode: 22 });
    const error = await lab.lab.failure(lab.addOne().count());
    expect(error).toMatchObject({ code: "FORBIDDEN", resultCode: 22, node: lab.idOf(TROUBLED) });
    expect(String(error)).toContain(
      `count: node ${lab.idOf(TROUBLED)} forbids it: it runs as many queries and background tasks as it may (query-threads-limit 128); try again`,
    );
  });

  it("gets there with many counts at once, where nodes refuse some of them", async () => {
    await using lab = await TaskLab.open({ queryThreadsLimit: 16 });
    const counts = await lab.lab.until(Promise.all(Array.from({ length: 40 }, () => lab.addOne().count())));
    expect(new Set(counts)).toEqual(new Set([lab.records]));
    expect(isIdle(lab)).toBe(true);
  });

  it("costs neither sockets nor the good name of a node when it is refused", async () => {
    await using lab = await TaskLab.open();
    expect(await lab.lab.until(lab.addOne().count())).toBe(lab.records);
    const { opened } = lab.lab.transport;
    using fault = lab.faults.add({ node: TROUBLED, command: "query", do: "answer", resultCode: 4 });
    for (let i = 0; i < REFUSED; i++) {
      expect(await lab.lab.failure(lab.addOne().count())).toMatchObject({
        code: "PARAMETER",
        node: lab.idOf(TROUBLED),
      });
    }
    expect(fault.hits).toBe(REFUSED);
    // What the others still sent was given up with its sockets; those of the node that refused are the same ones. The
    // others are told to stop, over one socket each.
    expect(lab.lab.transport.opened - opened).toBeLessThanOrEqual(2 * REFUSED + 2);
    fault.lift();
    const { bins } = await lab.lab.until(lab.session.get(lab.set.id(1)));
    expect(bins.id).toBe(1);
    expect(await lab.lab.until(lab.addOne().count())).toBe(lab.records);
  });

  it("leaves no node at work when another refuses", async () => {
    await using lab = await TaskLab.open();
    using _stalled = lab.faults.add({ node: 0, command: "query", do: "stall" });
    using _refusing = lab.faults.add({ node: TROUBLED, command: "query", do: "answer", resultCode: 210 });
    const error = await lab.lab.failure(lab.addOne().count());
    expect(error).toMatchObject({ name: "QueryTerminatedError", node: lab.idOf(TROUBLED) });
    await lab.lab.runtime.advance(1);
    expect(isIdle(lab)).toBe(true);
  });

  it("ends with the client, also between two rounds", async () => {
    await using lab = await TaskLab.open({ replicationFactor: 1, behavior: { readsQuery: { retryDelay: 5_000 } } });
    using fault = lab.faults.add({ node: TROUBLED, command: "query", do: "cut" });
    const failed = lab.lab.failure(lab.addOne().count());
    await lab.lab.runtime.advance(1_000);
    expect(fault.hits).toBe(1);
    const closedAt = lab.lab.runtime.now();
    await lab.lab.until(lab.client.close());
    expect(await failed).toMatchObject({ code: "CLIENT_CLOSED" });
    expect(lab.lab.runtime.now() - closedAt).toBeLessThan(10);
  });

  it("leaves no node at work when the caller gives up", async () => {
    await using lab = await TaskLab.open();
    using _ = lab.faults.add({ command: "query", do: "stall" });
    const controller = new AbortController();
    const failed = lab.lab.failure(lab.addOne().count({ signal: controller.signal }));
    await lab.lab.runtime.advance(5);
    controller.abort("enough");
    const error = await failed;
    expect(error).toBeInstanceOf(AbortError);
    expect(error).toMatchObject({ cause: "enough" });
    await lab.lab.runtime.advance(1);
    expect(isIdle(lab)).toBe(true);
  });
});
