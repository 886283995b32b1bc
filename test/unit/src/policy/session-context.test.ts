import { describe, expect, test } from "vitest";
import {
  Behavior,
  type CommandKind,
  type CommandShape,
  type NamespaceMode,
  type ReadModeSc,
  type Replica,
} from "../../../../src/index.js";
import type { CallSettings } from "../../../../src/policy/call-options.js";
import { commandPolicyOf } from "../../../../src/policy/command-policy.js";
import { contextOfCall, createSessionContext } from "../../../../src/policy/session-context.js";
import { World } from "../../../support/fake/world.js";

describe("what the cluster carries out", () => {
  test("times, retries and replica are those of the behavior", () => {
    const behavior = Behavior.DEFAULT.deriveWithChanges("times", {
      all: { totalTimeout: 1, socketTimeout: 2, maxRetries: 3, retryDelay: 4, replica: "random" },
    });
    expect(commandPolicyOf(behavior, "read", "point", "ap", {})).toMatchObject({
      totalTimeoutMs: 1,
      socketTimeoutMs: 2,
      maxRetries: 3,
      retryDelayMs: 4,
      replica: "random",
      linearize: false,
    });
  });

  test.each<[CommandKind, CommandShape, CallSettings, number]>([
    ["read", "point", {}, 334],
    ["read", "point", { maxRetries: 9 }, 334],
    ["read", "point", { maxRetries: 1 }, 500],
    ["read", "point", { maxRetries: 0 }, 1_000],
    ["read", "point", { totalTimeout: 6_000 }, 2_000],
    ["read", "point", { totalTimeout: 0 }, 5_000],
    ["read", "point", { totalTimeout: 6_000, socketTimeout: 70 }, 70],
    ["read", "batch", {}, 500],
    ["read", "batch", { maxRetries: 0 }, 1_000],
    ["read", "query", {}, 5_000],
    ["read", "query", { totalTimeout: 100 }, 5_000],
    ["writeNonRetryable", "point", {}, 0],
    ["writeRetryable", "batch", { totalTimeout: 0 }, 0],
    ["writeNonRetryable", "query", {}, 5_000],
  ])("the time of an attempt, unless it is said: %s %s with %j has %i ms", (kind, shape, own, ms) => {
    const policy = commandPolicyOf(Behavior.DEFAULT, kind, shape, "ap", {}, false, own);
    expect(policy.socketTimeoutMs).toBe(ms);
    expect(policy.totalTimeoutMs).toBe(own.totalTimeout ?? policy.totalTimeoutMs);
  });

  test.each<[ReadModeSc, Replica, Replica, boolean]>([
    ["session", "sequence", "master", false],
    ["session", "preferRack", "master", false],
    ["linearize", "sequence", "sequence", true],
    ["linearize", "preferRack", "sequence", true],
    ["allowReplica", "preferRack", "preferRack", false],
    ["allowUnavailable", "random", "random", false],
  ])("a strong-consistency read: %s and %s go to %s", (readModeSc, wanted, replica, linearize) => {
    const behavior = Behavior.DEFAULT.deriveWithChanges("strict", { all: { readModeSc, replica: wanted } });
    const policy = (kind: CommandKind, mode: NamespaceMode) => commandPolicyOf(behavior, kind, "point", mode, {});
    expect(policy("read", "sc")).toMatchObject({ replica, linearize });
    expect(policy("read", "ap")).toMatchObject({ replica: wanted, linearize: false });
    expect(policy("writeNonRetryable", "sc")).toMatchObject({ replica: wanted, linearize: false });
  });

  test("operations of a write read as reads of the behavior do; reads send no user key", () => {
    const behavior = Behavior.DEFAULT.deriveWithChanges("all", {
      all: { sendKey: true },
      reads: { readModeAp: "all", readTouchTtlPercent: 80 },
    });
    expect(commandPolicyOf(behavior, "writeNonRetryable", "point", "ap", {})).toMatchObject({
      readModeAp: "all",
      readTouchTtlPercent: 80,
      sendKey: true,
    });
    expect(commandPolicyOf(behavior, "read", "point", "ap", {}).sendKey).toBe(false);
  });

  test("the namespace's mode is the partition map's", async () => {
    const world = new World();
    const cluster = await world.connect();
    const context = createSessionContext(cluster, Behavior.DEFAULT);
    expect(context.behavior).toBe(Behavior.DEFAULT);
    expect(context.policy("writeNonRetryable", "point", "test").durableDeletes).toBe(false);
    const policy = context.policy("read", "query", "test");
    expect(policy.maxRetries).toBe(5);
    expect(Object.isFrozen(policy)).toBe(true);
    expect(context.policy("read", "query", "bar")).toBe(policy);
    const own = contextOfCall(context, { maxRetries: 1, totalTimeout: 7 });
    expect(own.policy("read", "query", "test")).toMatchObject({ maxRetries: 1, totalTimeoutMs: 7 });
    expect(contextOfCall(context, {})).toBe(context);
    await world.close(cluster);
  });

  test("a strong-consistency namespace has the settings of such", async () => {
    const world = new World({ nodes: 1 });
    for (const node of world.fake.nodes) {
      node.answers.set("replicas", world.fake.answer(node, "replicas").replaceAll(":0,", ":5,"));
    }
    const cluster = await world.connect();
    const context = createSessionContext(cluster, Behavior.STRICTLY_CONSISTENT);
    expect(context.policy("writeNonRetryable", "point", "test").durableDeletes).toBe(true);
    expect(context.policy("read", "point", "test").linearize).toBe(true);
    await world.close(cluster);
  });
});
