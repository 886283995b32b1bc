import { describe, expect, test } from "vitest";
import { Behavior } from "../../../../src/policy/behavior.js";

describe("predefined behaviors", () => {
  test("DEFAULT", () => {
    expect(Behavior.DEFAULT.getSettings("read", "point")).toEqual({
      totalTimeout: 1_000,
      socketTimeout: "auto",
      maxRetries: 2,
      retryDelay: 0,
      sendKey: false,
      durableDelete: false,
      commitLevel: "all",
      replica: "sequence",
      readModeAp: "one",
      readModeSc: "session",
      readTouchTtlPercent: 0,
      allowInline: true,
      allowInlineSsd: false,
      compress: false,
      errorDetailVerbosity: "message",
    });
    expect(Behavior.DEFAULT.getSettings("read", "query").maxRetries).toBe(5);
    expect(Behavior.DEFAULT.getSettings("writeNonRetryable", "point").maxRetries).toBe(0);
    expect(Behavior.DEFAULT.getSettings("writeRetryable", "point").maxRetries).toBe(2);
    expect(Behavior.DEFAULT.getSettings("read", "batch").totalTimeout).toBe(1_000);
    expect(Behavior.DEFAULT.getSettings("writeNonRetryable", "batch").totalTimeout).toBe(1_000);
    expect(Behavior.DEFAULT.getSettings("writeNonRetryable", "query").totalTimeout).toBe(30_000);
  });

  test("deletes are durable in strong-consistency namespaces alone", () => {
    for (const shape of ["point", "batch", "query"] as const) {
      expect(Behavior.DEFAULT.getSettings("writeNonRetryable", shape, "ap").durableDelete).toBe(false);
      expect(Behavior.DEFAULT.getSettings("writeNonRetryable", shape, "sc").durableDelete).toBe(true);
    }
  });

  test("limits no query, and no task, unless a behavior is derived that does", () => {
    const limit = (behavior: Behavior): number => behavior.getSettings("read", "query").totalTimeout;
    for (const behavior of [
      Behavior.DEFAULT,
      Behavior.READ_FAST,
      Behavior.STRICTLY_CONSISTENT,
      Behavior.FAST_RACK_AWARE,
    ]) {
      expect(limit(behavior)).toBe(0);
    }
    const hurried = Behavior.DEFAULT.deriveWithChanges("hurried", {
      all: { totalTimeout: 7, maxRetries: 9 },
      reads: { totalTimeout: 8 },
      readsAp: { totalTimeout: 9 },
      writes: { totalTimeout: 8 },
    });
    expect(limit(hurried)).toBe(0);
    expect(hurried.getSettings("read", "query").maxRetries).toBe(9);
    expect(hurried.getSettings("read", "batch").totalTimeout).toBe(9);
    expect(hurried.getSettings("writeNonRetryable", "query").totalTimeout).toBe(30_000);
    const limited = hurried.deriveWithChanges("limited", {
      readsQuery: { totalTimeout: 11 },
      writesQuery: { totalTimeout: 12 },
    });
    expect(limit(limited.deriveWithChanges("child", { all: { totalTimeout: 7 } }))).toBe(11);
    expect(limited.getSettings("writeNonRetryable", "query").totalTimeout).toBe(12);
  });

  test("READ_FAST hurries reads and leaves writes alone", () => {
    expect(Behavior.READ_FAST.getSettings("read", "point")).toMatchObject({
      socketTimeout: 50,
      totalTimeout: 200,
      maxRetries: 3,
    });
    expect(Behavior.READ_FAST.getSettings("writeNonRetryable", "point")).toEqual(
      Behavior.DEFAULT.getSettings("writeNonRetryable", "point"),
    );
  });

  test("STRICTLY_CONSISTENT and FAST_RACK_AWARE", () => {
    expect(Behavior.STRICTLY_CONSISTENT.getSettings("read", "point", "sc").readModeSc).toBe("linearize");
    expect(Behavior.STRICTLY_CONSISTENT.getSettings("read", "point", "ap").readModeSc).toBe("session");
    expect(Behavior.FAST_RACK_AWARE.getSettings("read", "batch")).toMatchObject({
      replica: "preferRack",
      totalTimeout: 200,
    });
    expect(Behavior.FAST_RACK_AWARE.parent).toBe(Behavior.READ_FAST);
  });
});

describe("deriveWithChanges", () => {
  test("special beats general, whatever order they were given in", () => {
    const behavior = Behavior.DEFAULT.deriveWithChanges("precedence", {
      readsQuery: { maxRetries: 40 },
      readsSc: { maxRetries: 30 },
      reads: { maxRetries: 20 },
      all: { maxRetries: 10 },
      writesPoint: { maxRetries: 70 },
      writesNonRetryable: { maxRetries: 60 },
      writes: { maxRetries: 50 },
    });
    expect(behavior.getSettings("read", "query", "sc").maxRetries).toBe(40);
    expect(behavior.getSettings("read", "point", "sc").maxRetries).toBe(30);
    expect(behavior.getSettings("read", "point", "ap").maxRetries).toBe(20);
    expect(behavior.getSettings("writeNonRetryable", "point").maxRetries).toBe(70);
    expect(behavior.getSettings("writeNonRetryable", "batch").maxRetries).toBe(60);
    expect(behavior.getSettings("writeRetryable", "batch").maxRetries).toBe(50);
  });

  test("a child's general change beats its parent's special one", () => {
    const parent = Behavior.DEFAULT.deriveWithChanges("parent", { readsPoint: { totalTimeout: 1 } });
    const child = parent.deriveWithChanges("child", { all: { totalTimeout: 2 } });
    expect(parent.getSettings("read", "point").totalTimeout).toBe(1);
    expect(child.getSettings("read", "point").totalTimeout).toBe(2);
  });

  test("what is undefined is inherited", () => {
    const changes: object = {
      all: { totalTimeout: undefined },
      reads: { socketTimeout: undefined },
      writes: undefined,
    };
    const behavior = Behavior.DEFAULT.deriveWithChanges("nothing", changes);
    expect(behavior.getSettings("read", "point")).toEqual(Behavior.DEFAULT.getSettings("read", "point"));
  });

  test("children are listed and found, depth first", () => {
    const top = Behavior.DEFAULT.deriveWithChanges("top", {});
    const left = top.deriveWithChanges("left", {});
    const leaf = left.deriveWithChanges("leaf", {});
    const right = top.deriveWithChanges("right", {});
    expect(top.children).toEqual([left, right]);
    expect(top.findBehavior("leaf")).toBe(leaf);
    expect(top.findBehavior("top")).toBe(top);
    expect(left.findBehavior("right")).toBeUndefined();
  });

  test("resolved settings can't be changed", () => {
    const settings = Behavior.DEFAULT.getSettings("read", "point");
    expect(Object.isFrozen(settings)).toBe(true);
    expect(Behavior.DEFAULT.getSettings("read", "point")).toBe(settings);
  });

  test.each<[string, object | null, string]>([
    [
      "an unknown setting",
      { all: { timeout: 5 } },
      'all: there is no setting "timeout". Did you mean totalTimeout? Known: totalTimeout, socketTimeout, maxRetries',
    ],
    [
      "an unknown setting of a scope",
      { reads: { retries: 5 } },
      'reads: there is no setting "retries". Did you mean maxRetries?',
    ],
    [
      "an unknown scope",
      { readPoint: {} },
      'there is no scope "readPoint". Did you mean readsPoint? Known: all, reads',
    ],
    [
      "a setting beside the scopes",
      { sendKey: true },
      'the setting "sendKey" needs the commands that it is for, such as { all: { sendKey: … } }',
    ],
    ["a setting beside the scopes that is undefined", { sendKey: undefined }, 'the setting "sendKey" needs'],
    ["a scope named like a method of objects", { toString: 1 }, 'there is no scope "toString"'],
    ["a setting named like a method of objects", { all: { toString: 1 } }, 'all: there is no setting "toString"'],
    ["a scope that is no object", { reads: 5 }, "reads: expected an object of settings, got 5"],
    ["a scope that is null", { reads: null }, "reads: expected an object of settings, got null"],
    ["no changes at all", null, "expected an object of changes, got null"],
  ])("refuses %s", (_what, changes, message) => {
    const derive = () => Reflect.apply(Behavior.DEFAULT.deriveWithChanges, Behavior.DEFAULT, ["bad", changes]);
    expect(derive).toThrow(TypeError);
    expect(derive).toThrow(message);
  });

  test.each<[object, string]>([
    [{ all: { totalTimeout: -1 } }, "expected totalTimeout to be a whole number from 0 to 2147483647, got -1"],
    [
      { all: { socketTimeout: 1.5 } },
      'expected socketTimeout to be a whole number from 0 to 2147483647, or "auto", got 1.5',
    ],
    [{ all: { maxRetries: "3" } }, 'expected maxRetries to be a whole number from 0 to 1000000, got "3"'],
    [{ all: { sendKey: 1 } }, "expected sendKey to be true or false, got 1"],
    [{ writes: { commitLevel: "most" } }, 'writes: expected commitLevel to be "all" or "master", got "most"'],
    [
      { all: { readTouchTtlPercent: 101 } },
      "expected readTouchTtlPercent to be a whole number from -1 to 100, got 101",
    ],
  ])("refuses %j", (changes, message) => {
    expect(() => Behavior.DEFAULT.deriveWithChanges("bad", changes)).toThrow(RangeError);
    expect(() => Behavior.DEFAULT.deriveWithChanges("bad", changes)).toThrow(message);
  });

  test("refuses an empty name", () => {
    expect(() => Behavior.DEFAULT.deriveWithChanges("", {})).toThrow(
      'deriveWithChanges(name): expected a name, got ""',
    );
  });

  test("a refused change leaves no child behind", () => {
    const parent = Behavior.DEFAULT.deriveWithChanges("tidy", {});
    expect(() => parent.deriveWithChanges("bad", { all: { maxRetries: -1 } })).toThrow(RangeError);
    expect(parent.children).toEqual([]);
  });
});

test("explain shows the changes and what is in force", () => {
  const lines = Behavior.READ_FAST.explain().split("\n");
  expect(lines[0]).toBe("READ_FAST (from DEFAULT)");
  expect(lines[1]).toBe('  reads: {"socketTimeout":50,"totalTimeout":200,"maxRetries":3}');
  expect(lines[2]).toBe('  readsQuery: {"socketTimeout":"auto","maxRetries":5}');
  expect(lines).toHaveLength(3 + 18 + 2);
  expect(lines.find((line) => line.startsWith("  read point ap"))).toContain('"totalTimeout":200,"socketTimeout":50,');
  expect(lines.find((line) => line.startsWith("  read query ap"))).toContain('"totalTimeout":0,"socketTimeout":5000,');
});

describe("the steps that end a transaction", () => {
  test("have time of their own, whatever holds for commands", () => {
    const hurried = Behavior.DEFAULT.deriveWithChanges("hurried", { all: { totalTimeout: 100, maxRetries: 0 } });
    for (const step of ["verify", "roll"] as const) {
      expect(hurried.getTxnSettings(step)).toMatchObject({
        totalTimeout: 10_000,
        socketTimeout: 3_000,
        maxRetries: 5,
        retryDelay: 1_000,
        replica: "master",
      });
    }
  });

  test("are set and inherited by themselves", () => {
    const parent = Behavior.DEFAULT.deriveWithChanges("parent", { systemTxnRoll: { totalTimeout: 20_000 } });
    const child = parent.deriveWithChanges("child", { systemTxnVerify: { maxRetries: 1 } });
    expect(child.getTxnSettings("roll")).toMatchObject({ totalTimeout: 20_000, maxRetries: 5 });
    expect(child.getTxnSettings("verify")).toMatchObject({ totalTimeout: 10_000, maxRetries: 1 });
  });

  test("take nothing that is fixed there", () => {
    expect(() => Behavior.DEFAULT.deriveWithChanges("x", { systemTxnRoll: { replica: "sequence" } as object })).toThrow(
      'behavior "x", systemTxnRoll: "replica" is fixed there; what can be set is totalTimeout, socketTimeout, maxRetries, retryDelay',
    );
  });
});
