import { describe, expect, test } from "vitest";
import { Behavior, type ReadModeSc, type Replica } from "../../../../src/index.js";
import { commandSettingsOf, createSessionContext } from "../../../../src/policy/session-context.js";
import { World } from "../../../support/fake/world.js";

describe("what the cluster carries out", () => {
  test("times, retries and replica are those of the behavior", () => {
    const behavior = Behavior.DEFAULT.deriveWithChanges("times", {
      totalTimeout: 1,
      socketTimeout: 2,
      maxRetries: 3,
      retryDelay: 4,
      replica: "random",
    });
    expect(commandSettingsOf(behavior.getSettings("read", "point"), "read", "ap")).toEqual({
      totalTimeoutMs: 1,
      socketTimeoutMs: 2,
      maxRetries: 3,
      retryDelayMs: 4,
      replica: "random",
      linearize: false,
    });
  });

  test.each<[ReadModeSc, Replica, Replica, boolean]>([
    ["session", "sequence", "master", false],
    ["session", "preferRack", "master", false],
    ["linearize", "sequence", "sequence", true],
    ["linearize", "preferRack", "sequence", true],
    ["allowReplica", "preferRack", "preferRack", false],
    ["allowUnavailable", "random", "random", false],
  ])("a strong-consistency read: %s and %s go to %s", (readModeSc, wanted, replica, linearize) => {
    const settings = { ...Behavior.DEFAULT.getSettings("read", "point", "sc"), readModeSc, replica: wanted };
    expect(commandSettingsOf(settings, "read", "sc")).toMatchObject({ replica, linearize });
    expect(commandSettingsOf(settings, "read", "ap")).toMatchObject({ replica: wanted, linearize: false });
    expect(commandSettingsOf(settings, "writeNonRetryable", "sc")).toMatchObject({ replica: wanted, linearize: false });
  });

  test("the namespace's mode is the partition map's", async () => {
    const world = new World();
    const cluster = await world.connect();
    const context = createSessionContext(cluster, Behavior.DEFAULT);
    expect(context.behavior).toBe(Behavior.DEFAULT);
    expect(context.settings("writeNonRetryable", "point", "test").durableDelete).toBe(false);
    const settings = context.commandSettings("read", "query", "test");
    expect(settings.maxRetries).toBe(5);
    expect(context.commandSettings("read", "query", "bar")).toBe(settings);
    await world.close(cluster);
  });

  test("a strong-consistency namespace has the settings of such", async () => {
    const world = new World({ nodes: 1 });
    for (const node of world.fake.nodes) {
      node.answers.set("replicas", world.fake.answer(node, "replicas").replaceAll(":0,", ":5,"));
    }
    const cluster = await world.connect();
    const context = createSessionContext(cluster, Behavior.STRICTLY_CONSISTENT);
    expect(context.settings("writeNonRetryable", "point", "test").durableDelete).toBe(true);
    expect(context.commandSettings("read", "point", "test").linearize).toBe(true);
    await world.close(cluster);
  });
});
