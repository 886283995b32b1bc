import { describe, expect, test } from "vitest";
import type { CommandSettings } from "../../../../src/cluster/options.js";
import { type AttemptState, decideRetry, type Failure } from "../../../../src/cluster/retry.js";

const SETTINGS: CommandSettings = { socketTimeoutMs: 0, maxRetries: 2, retryDelayMs: 7, replica: "sequence" };
const READ: AttemptState = {
  attempts: 1,
  attemptsLeft: 2,
  isWrite: false,
  isRepeatable: false,
  wasSent: true,
  wasInDoubt: false,
  isPinned: false,
  remainingMs: 1_000,
};
const WRITE: AttemptState = { ...READ, isWrite: true };
const UNSENT: AttemptState = { ...WRITE, wasSent: false };

const SAME = (pauseMs: number) => ({ pauseMs, nextReplica: false });
const NEXT = (pauseMs: number) => ({ pauseMs, nextReplica: true });
const NONE = undefined;

describe("a failed attempt", () => {
  test.each<[Failure, object | undefined, object | undefined, object | undefined, boolean, boolean]>([
    // failure         read        write sent  unsent     in doubt  counts
    ["timeout", /*      */ NEXT(0), NONE, SAME(0), true, true],
    ["serverTimeout", /**/ NEXT(0), NONE, SAME(7), true, true],
    ["unavailable", /*  */ NEXT(0), NEXT(0), NEXT(0), false, true],
    ["lost", /*         */ NEXT(0), NONE, NEXT(0), true, false],
    ["noNode", /*       */ SAME(50), SAME(50), SAME(50), false, false],
    ["breakerOpen", /*  */ NEXT(0), SAME(50), SAME(50), false, false],
    ["refused", /*      */ NONE, NONE, NONE, false, false],
    ["badReply", /*     */ NONE, NONE, NONE, true, false],
    ["nodeLeft", /*     */ NONE, NONE, NONE, false, false],
    ["expired", /*      */ NONE, NONE, NONE, true, true],
    ["outlasted", /*    */ NONE, NONE, NONE, true, false],
    ["aborted", /*      */ NONE, NONE, NONE, true, false],
    ["closed", /*       */ NONE, NONE, NONE, true, false],
  ])("by %s", (failure, read, write, unsent, inDoubt, countsAgainstNode) => {
    expect(decideRetry(failure, SETTINGS, READ)).toEqual({ retry: read, inDoubt: false, countsAgainstNode });
    expect(decideRetry(failure, SETTINGS, WRITE)).toEqual({ retry: write, inDoubt, countsAgainstNode });
    expect(decideRetry(failure, SETTINGS, UNSENT)).toMatchObject({ retry: unsent, inDoubt: false });
  });

  test("counts against the node only when it could have replied", () => {
    for (const failure of ["timeout", "expired"] as const) {
      expect(decideRetry(failure, SETTINGS, UNSENT).countsAgainstNode).toBe(false);
    }
  });

  test("is the last one when no other is left, or no time for it", () => {
    expect(decideRetry("lost", SETTINGS, { ...READ, attemptsLeft: 0 }).retry).toBeUndefined();
    expect(decideRetry("lost", SETTINGS, { ...READ, remainingMs: 0 }).retry).toBeUndefined();
    expect(decideRetry("noNode", SETTINGS, { ...READ, remainingMs: 50 }).retry).toBeUndefined();
    expect(decideRetry("noNode", SETTINGS, { ...READ, remainingMs: 51 }).retry).toEqual(SAME(50));
  });

  test("on another replica pauses from the second retry on", () => {
    expect(decideRetry("lost", SETTINGS, { ...READ, attempts: 2 }).retry).toEqual(NEXT(7));
    expect(decideRetry("breakerOpen", SETTINGS, { ...READ, attempts: 2 }).retry).toEqual(NEXT(7));
    expect(decideRetry("timeout", SETTINGS, { ...READ, attempts: 2 }).retry).toEqual(NEXT(0));
  });

  test("stays with the master, or with the one node, where that is meant", () => {
    const master = { ...SETTINGS, replica: "master" } as const;
    for (const failure of ["lost", "unavailable", "serverTimeout"] as const) {
      expect(decideRetry(failure, master, READ).retry).toEqual(SAME(7));
      expect(decideRetry(failure, SETTINGS, { ...READ, isPinned: true }).retry).toEqual(SAME(7));
    }
    expect(decideRetry("breakerOpen", master, READ).retry).toEqual(SAME(50));
  });

  test("of a linearized read goes to another replica only when the first surely did not answer", () => {
    const linearized = { ...SETTINGS, linearize: true };
    expect(decideRetry("timeout", linearized, READ).retry).toEqual(SAME(0));
    expect(decideRetry("serverTimeout", linearized, READ).retry).toEqual(SAME(7));
    expect(decideRetry("lost", linearized, READ).retry).toEqual(NEXT(0));
  });

  test("of a write for one certain node stays there, and is tried again only if it surely left no trace", () => {
    const unsent = { ...UNSENT, isPinned: true };
    for (const failure of ["lost", "unavailable", "breakerOpen"] as const) {
      expect(decideRetry(failure, SETTINGS, unsent).retry?.nextReplica).toBe(false);
    }
    const sent = { ...unsent, wasSent: true };
    expect(decideRetry("unavailable", SETTINGS, sent).retry).toEqual(SAME(7));
    for (const failure of ["timeout", "lost", "serverTimeout"] as const) {
      expect(decideRetry(failure, SETTINGS, sent)).toMatchObject({ retry: undefined, inDoubt: true });
    }
  });

  test("of a write that comes to the same however often it happens is tried again, and stays in doubt once it was", () => {
    const repeatable = { ...WRITE, isRepeatable: true };
    expect(decideRetry("lost", SETTINGS, repeatable)).toMatchObject({ retry: NEXT(0), inDoubt: true });
    expect(decideRetry("expired", SETTINGS, repeatable)).toMatchObject({ retry: undefined, inDoubt: true });
    const again = { ...repeatable, wasInDoubt: true, attempts: 2 };
    expect(decideRetry("unavailable", SETTINGS, again)).toMatchObject({ retry: NEXT(7), inDoubt: true });
    expect(decideRetry("refused", SETTINGS, again)).toMatchObject({ retry: undefined, inDoubt: true });
  });
});
