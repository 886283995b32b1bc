import { describe, expect, test } from "vitest";
import type { ClusterCore } from "../../../../src/cluster/cluster-core.js";
import { World } from "../../../support/fake/world.js";
import { info } from "../../../support/operations.js";

const outcome = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

async function connected(nodes = 1): Promise<{ world: World; cluster: ClusterCore }> {
  const world = new World({ nodes });
  return { world, cluster: await world.connect() };
}

test("a question gets two seconds, or as long as connecting may take where that is longer, and never more than is left", async () => {
  for (const [connectTimeoutMs, totalMs, expected] of [
    [1_000, 0, 2_000],
    [20_000, 0, 20_000],
    [20_000, 5_000, 5_000],
  ] as const) {
    const world = new World();
    const cluster = await world.connect({ connectTimeoutMs });
    expect(cluster.forQuestion(cluster.deadline(totalMs)).remainingMs).toBe(expected);
    await world.close(cluster);
  }
});

describe("info", () => {
  test("brings every answer, refusals included", async () => {
    const { world, cluster } = await connected();
    const reply = await world.runtime.until(info(cluster, cluster.nodes[0]!, ["node", "nonsense", "build"], 1_000));
    expect([...reply]).toEqual([
      ["node", "A1"],
      ["nonsense", "ERROR:4:unrecognized command"],
      ["build", "8.1.2.0"],
    ]);
    await world.close(cluster);
  });

  test("times out, and names the commands without what they carry", async () => {
    const { world, cluster } = await connected();
    world.fake.nodes[0]!.infoDelayMs = Number.POSITIVE_INFINITY;
    const start = world.runtime.now();
    const error = await world.runtime.until(
      outcome(info(cluster, cluster.nodes[0]!, ["udf-put:filename=a.lua;content=secret"], 250)),
    );
    expect(error).toMatchObject({
      code: "TIMEOUT",
      message: "No reply within 250 ms (info udf-put, node A1)",
    });
    expect(world.runtime.now() - start).toBe(250);
    await world.close(cluster);
  });

  test("can be aborted", async () => {
    const { world, cluster } = await connected();
    world.fake.nodes[0]!.infoDelayMs = 500;
    const controller = new AbortController();
    const error = outcome(info(cluster, cluster.nodes[0]!, ["node"], 1_000, controller.signal));
    await world.runtime.advance(100);
    controller.abort();
    expect(await error).toMatchObject({ name: "AbortError", message: "Aborted by the caller (info node, node A1)" });
    await world.close(cluster);
  });

  test("of several nodes is asked at the same time, and a slow one holds nobody up", async () => {
    const { world, cluster } = await connected(3);
    world.fake.nodes[1]!.infoDelayMs = 800;
    const answered: string[] = [];
    const all = cluster.nodes.map((node) =>
      info(cluster, node, ["node"], 1_000).then((reply) => answered.push(reply.get("node") ?? "")),
    );
    await world.runtime.advance(10);
    expect(answered.sort()).toEqual(["A1", "A3"]);
    await world.runtime.until(Promise.all(all));
    await world.close(cluster);
  });

  test("with a command that can't be sent is a TypeError", async () => {
    const { world, cluster } = await connected();
    const error = await world.runtime.until(outcome(info(cluster, cluster.nodes[0]!, ["two\nlines"], 1_000)));
    expect(error).toBeInstanceOf(TypeError);
    await world.close(cluster);
  });
});

describe("info", () => {
  test("is not asked of a node with too many errors; another one is", async () => {
    const { world, cluster } = await connected(2);
    const [first] = cluster.nodes;
    while (!first!.breaker.isOpen) first!.breaker.countError();
    expect(await outcome(info(cluster, first!, ["node"], 1_000))).toMatchObject({ code: "MAX_ERROR_RATE" });
    for (let i = 0; i < 5; i++) {
      const reply = await world.runtime.until(cluster.infoOnAny(["node"], cluster.deadline(1_000)));
      expect(reply.get("node")).not.toBe(first!.id);
    }
    await world.close(cluster);
  });

  test("on all nodes says each one's value, by a command for its version", async () => {
    const { world, cluster } = await connected(2);
    const versions: string[] = [];
    const all = cluster.infoOnAll((version) => {
      versions.push(`${version}`);
      return "node";
    }, cluster.deadline(1_000));
    expect([...(await world.runtime.until(all))]).toEqual([
      ["A1", "A1"],
      ["A2", "A2"],
    ]);
    expect(versions).toEqual(["8.1.2.0", "8.1.2.0"]);
    await world.close(cluster);
  });

  test("without a node to ask fails, and so it does after close", async () => {
    const { world, cluster } = await connected(1);
    world.fake.nodes[0]!.stop();
    await world.runtime.advance(10_000);
    const ask = () => outcome(cluster.infoOnAny(["node"], cluster.deadline(1_000)));
    expect(await ask()).toMatchObject({ code: "CONNECTION", message: "No node of the cluster can be reached" });
    await world.close(cluster);
    expect(await ask()).toMatchObject({ code: "CLIENT_CLOSED" });
  });
});

describe("info on any node", () => {
  test("goes on to the next when a connection fails", async () => {
    const { world, cluster } = await connected(3);
    for (const node of world.fake.nodes.slice(0, 2)) node.stop();
    for (let i = 0; i < 5; i++) {
      const reply = await world.runtime.until(cluster.infoOnAny(["node"], cluster.deadline(1_000)));
      expect(reply.get("node")).toBe("A3");
    }
    await world.close(cluster);
  });

  test("fails with the last failure when none can be reached", async () => {
    const { world, cluster } = await connected(2);
    for (const node of world.fake.nodes) node.stop();
    const error = await world.runtime.until(outcome(cluster.infoOnAny(["node"], cluster.deadline(1_000))));
    expect(error).toMatchObject({ code: "CONNECTION" });
    await world.close(cluster);
  });

  test("asks the next node when one does not answer in its share of the time", async () => {
    const { world, cluster } = await connected(2);
    const [first] = world.fake.nodes;
    if (first !== undefined) first.infoDelayMs = 5_000;
    const start = world.runtime.now();
    // Whichever node comes first: of several questions, some meet the slow one.
    for (let i = 0; i < 6; i++) {
      const reply = await world.runtime.until(cluster.infoOnAny(["build"], cluster.deadline(1_000)));
      expect(reply.get("build")).toBeDefined();
    }
    expect(world.runtime.now() - start).toBeGreaterThanOrEqual(500);
    await world.close(cluster);
  });

  test("does not hide that an answer took too long", async () => {
    const { world, cluster } = await connected(2);
    for (const node of world.fake.nodes) node.infoDelayMs = 5_000;
    const error = await world.runtime.until(outcome(cluster.infoOnAny(["node"], cluster.deadline(200))));
    expect(error).toMatchObject({ code: "TIMEOUT" });
    await world.close(cluster);
  });
});
