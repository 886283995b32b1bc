import { describe, expect, test } from "vitest";
import { VirtualRuntime } from "../../../../runtime/virtual-runtime.js";
import { AbortError } from "../../../../src/errors/errors.js";
import { Deadline } from "../../../../src/time/deadline.js";

describe("a deadline", () => {
  test("counts down to nothing and not below", async () => {
    const runtime = new VirtualRuntime();
    const deadline = new Deadline(runtime, 100);
    await runtime.advance(40);
    expect(deadline.remainingMs).toBe(60);
    expect(deadline.isOver).toBe(false);
    await runtime.advance(100);
    expect(deadline.remainingMs).toBe(0);
    expect(deadline.isOver).toBe(true);
  });

  test("of 0 never comes", async () => {
    const runtime = new VirtualRuntime();
    const deadline = new Deadline(runtime, 0);
    await runtime.advance(1e9);
    expect(deadline.isOver).toBe(false);
    expect(deadline.remainingMs).toBe(Number.POSITIVE_INFINITY);
    expect(deadline.attemptMs(0)).toBe(0);
  });

  test.each([
    { total: 1_000, socket: 0, after: 0, ms: 1_000 },
    { total: 1_000, socket: 300, after: 0, ms: 300 },
    { total: 1_000, socket: 300, after: 800, ms: 200 },
    { total: 0, socket: 300, after: 5_000, ms: 300 },
    { total: 1_000, socket: 0, after: 999.5, ms: 1 },
    { total: 1_000, socket: 0, after: 2_000, ms: 1 },
  ])("of $total ms with $socket ms an attempt leaves $ms ms after $after ms", async ({ total, socket, after, ms }) => {
    const runtime = new VirtualRuntime();
    const deadline = new Deadline(runtime, total);
    await runtime.advance(after);
    expect(deadline.attemptMs(socket)).toBe(ms);
  });

  test("ends an attempt with itself at the latest", async () => {
    const runtime = new VirtualRuntime();
    const deadline = new Deadline(runtime, 100);
    expect(deadline.attemptEndsAt(30)).toBe(30);
    await runtime.advance(90);
    expect(deadline.attemptEndsAt(30)).toBe(100);
    expect(deadline.attemptEndsAt(0)).toBe(100);
  });

  test("passes the caller's abort on, with its reason", () => {
    const controller = new AbortController();
    const deadline = new Deadline(new VirtualRuntime(), 100, controller.signal);
    deadline.throwIfAborted("query");
    controller.abort("enough");
    const abort = (): void => deadline.throwIfAborted("query");
    expect(abort).toThrow(AbortError);
    expect(abort).toThrow(expect.objectContaining({ message: "The query was aborted", cause: "enough" }));
  });
});
