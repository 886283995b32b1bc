import { describe, expect, test } from "vitest";
import { VirtualRuntime } from "../../../../runtime/virtual-runtime.js";
import { AbortError } from "../../../../src/errors/errors.js";
import { Deadline } from "../../../../src/time/deadline.js";
import { DeadlineHeap, type Expiring } from "../../../../src/time/deadline-heap.js";

class Waiting implements Expiring {
  dueAt = Number.POSITIVE_INFINITY;
  heapIndex = -1;
  onDue(): void {}
}

describe("a deadline", () => {
  test("counts down to nothing and not below", async () => {
    const runtime = new VirtualRuntime();
    const deadline = new Deadline(new DeadlineHeap(runtime), 100);
    await runtime.advance(40);
    expect(deadline.remainingMs).toBe(60);
    expect(deadline.isOver).toBe(false);
    await runtime.advance(100);
    expect(deadline.remainingMs).toBe(0);
    expect(deadline.isOver).toBe(true);
  });

  test("is put off for an operation that goes on after its time ran out unnoticed", () => {
    const runtime = new VirtualRuntime();
    const deadline = new Deadline(new DeadlineHeap(runtime), 100);
    expect(deadline.hasTime(99)).toBe(true);
    expect(deadline.hasTime(100)).toBe(false);
    runtime.stall(250);
    expect(deadline.hasTime()).toBe(true);
    expect(deadline.remainingMs).toBe(150);
    expect(deadline.within(100).remainingMs).toBe(100);
  });

  test("of 0 never comes", async () => {
    const runtime = new VirtualRuntime();
    const deadline = new Deadline(new DeadlineHeap(runtime), 0);
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
    const deadline = new Deadline(new DeadlineHeap(runtime), total);
    await runtime.advance(after);
    expect(deadline.attemptMs(socket)).toBe(ms);
  });

  test("ends an attempt with itself at the latest", async () => {
    const runtime = new VirtualRuntime();
    const deadline = new Deadline(new DeadlineHeap(runtime), 100);
    expect(deadline.attemptEndsAt(30)).toBe(30);
    await runtime.advance(90);
    expect(deadline.attemptEndsAt(30)).toBe(100);
    expect(deadline.attemptEndsAt(0)).toBe(100);
  });

  test("that has passed when the operation goes on is put off three times: by as much, by enough to begin, by five seconds at most", () => {
    const runtime = new VirtualRuntime();
    const [deadline, long] = [
      new Deadline(new DeadlineHeap(runtime), 100),
      new Deadline(new DeadlineHeap(runtime), 1_000),
    ];
    const ends: [boolean, number][] = [];
    for (const ms of [100, 10, 200, 6_000, 10_000]) {
      runtime.stall(ms);
      ends.push([deadline.hasTime(), deadline.endsAt]);
    }
    expect(ends).toEqual([
      [false, 100],
      [true, 160],
      [true, 460],
      [true, 11_310],
      [false, 11_310],
    ]);
    runtime.stall(984_690);
    expect([long.hasTime(), long.endsAt]).toEqual([true, 1_006_000]);
  });

  test("is put off with a step of it that goes on, which would have no time otherwise", () => {
    const runtime = new VirtualRuntime();
    const deadline = new Deadline(new DeadlineHeap(runtime), 100);
    const step = deadline.within(1_000);
    runtime.stall(250);
    expect(step.hasTime()).toBe(true);
    expect([step.endsAt, deadline.endsAt]).toEqual([400, 400]);
    expect(deadline.isOver).toBe(false);
  });

  test("that has just ended is over: its timer is rounded up, and sockets are read once more", () => {
    const runtime = new VirtualRuntime();
    const deadline = new Deadline(new DeadlineHeap(runtime), 22);
    runtime.stall(26);
    expect([deadline.hasTime(), deadline.endsAt]).toEqual([false, 22]);
    runtime.stall(1);
    expect([deadline.hasTime(), deadline.endsAt]).toEqual([true, 38]);
  });

  test("stands still while the program is busy, with its steps and scopes, as soon as anybody asks", async () => {
    const runtime = new VirtualRuntime();
    const heap = new DeadlineHeap(runtime);
    const deadline = new Deadline(heap, 100);
    const step = deadline.within(40);
    // Something waits, so that there is a timer that can be late.
    heap.set(new Waiting(), 40, 0);
    runtime.stall(60);
    // Looked at after 10 ms, so 50 of them were busy, of which a quarter counts.
    expect([step.remainingMs, deadline.remainingMs]).toEqual([17.5, 77.5]);
    runtime.stall(200);
    await deadline.run((scope) =>
      scope.run(async (inner) => {
        expect(inner.hasTime(64)).toBe(true);
        expect([step.endsAt, inner.endsAt, scope.endsAt, deadline.endsAt]).toEqual([265, 325, 325, 325]);
      }),
    );
    const later = new Deadline(heap, 100);
    expect([later.endsAt, later.remainingMs, deadline.within(1_000).endsAt]).toEqual([360, 100, 325]);
  });

  test("gives an attempt the time that it has now, though nobody had noticed yet how busy the program was", () => {
    const runtime = new VirtualRuntime();
    const heap = new DeadlineHeap(runtime);
    const deadline = new Deadline(heap, 1_000);
    heap.set(new Waiting(), 400, 0);
    runtime.stall(900);
    // 800 late, less 25.
    expect([deadline.attemptEndsAt(0), deadline.attemptEndsAt(500)]).toEqual([1_775, 1_400]);
  });

  test("that begins before anybody has noticed how busy the program was has its own time and no more", () => {
    const runtime = new VirtualRuntime();
    const heap = new DeadlineHeap(runtime);
    heap.set(new Waiting(), 40, 0);
    runtime.stall(500);
    expect(new Deadline(heap, 100).endsAt).toBe(600);
  });

  test("of 0 is never put off", () => {
    const runtime = new VirtualRuntime();
    const heap = new DeadlineHeap(runtime);
    const deadline = new Deadline(heap, 0);
    heap.set(new Waiting(), 40, 0);
    runtime.stall(500);
    expect(deadline.hasTime()).toBe(true);
    expect(deadline.endsAt).toBe(Number.POSITIVE_INFINITY);
  });

  test("passes the caller's abort on, with its reason", () => {
    const controller = new AbortController();
    const deadline = new Deadline(new DeadlineHeap(new VirtualRuntime()), 100, controller.signal);
    deadline.throwIfAborted("query");
    controller.abort("enough");
    const abort = (): void => deadline.throwIfAborted("query");
    expect(abort).toThrow(AbortError);
    expect(abort).toThrow(expect.objectContaining({ message: "The query was aborted", cause: "enough" }));
  });
});

describe("work under a deadline", () => {
  const interrupted = (signal: AbortSignal | undefined): Promise<never> =>
    new Promise((_, reject) => signal?.addEventListener("abort", () => reject(new Error("interrupted"))));

  test("has the same end, returns what it returns, and stops what still runs of it", async () => {
    const runtime = new VirtualRuntime();
    const deadline = new Deadline(new DeadlineHeap(runtime), 100);
    await runtime.advance(40);
    let seen: Deadline | undefined;
    const result = await deadline.run(async (scope) => {
      seen = scope;
      expect(scope.signal?.aborted).toBe(false);
      expect(scope.remainingMs).toBe(60);
      return 7;
    });
    expect(result).toBe(7);
    expect(seen?.signal?.aborted).toBe(true);
  });

  test("is interrupted by the caller's signal, with its reason", async () => {
    const caller = new AbortController();
    const work = new Deadline(new DeadlineHeap(new VirtualRuntime()), 0, caller.signal).run(async ({ signal }) => {
      caller.abort("enough");
      expect(signal?.reason).toBe("enough");
      throw new Error("interrupted");
    });
    await expect(work).rejects.toThrow("interrupted");
  });

  test("is interrupted by another end of its own", async () => {
    const over = new AbortController();
    const work = new Deadline(new DeadlineHeap(new VirtualRuntime()), 0).run(
      ({ signal }) => interrupted(signal),
      over.signal,
    );
    over.abort();
    await expect(work).rejects.toThrow("interrupted");
  });

  test("fails with the client's end, whatever it makes of it", async () => {
    const closed = new AbortController();
    const work = new Deadline(new DeadlineHeap(new VirtualRuntime()), 0, undefined, closed.signal).run(({ signal }) =>
      interrupted(signal),
    );
    closed.abort(new Error("The client is closed"));
    await expect(work).rejects.toThrow("The client is closed");
  });

  test("passes its failure on", async () => {
    const work = new Deadline(new DeadlineHeap(new VirtualRuntime()), 0).run(() =>
      Promise.reject(new RangeError("no")),
    );
    await expect(work).rejects.toThrow(RangeError);
  });
});

describe("a wait", () => {
  test("ends after its time, and leaves no timer", async () => {
    const runtime = new VirtualRuntime();
    const wait = new Deadline(new DeadlineHeap(runtime), 10).sleep(50);
    await runtime.until(wait);
    expect(runtime.now()).toBe(50);
    expect(runtime.pendingTimers).toBe(0);
  });

  test("ends with the caller's signal, also one that fired before", async () => {
    const runtime = new VirtualRuntime();
    const caller = new AbortController();
    const deadline = new Deadline(new DeadlineHeap(runtime), 0, caller.signal);
    const wait = deadline.sleep(50);
    caller.abort("enough");
    await expect(wait).rejects.toMatchObject({ code: "ABORTED", message: "The wait was aborted", cause: "enough" });
    await expect(deadline.sleep(50)).rejects.toMatchObject({ code: "ABORTED" });
    expect(runtime.pendingTimers).toBe(0);
  });

  test("ends with the client, and says so", async () => {
    const runtime = new VirtualRuntime();
    const closed = new AbortController();
    const deadline = new Deadline(new DeadlineHeap(runtime), 0, new AbortController().signal, closed.signal);
    const wait = deadline.sleep(50);
    closed.abort(new Error("The client is closed"));
    await expect(wait).rejects.toThrow("The client is closed");
    expect(() => deadline.throwIfAborted("count")).toThrow("The client is closed");
    expect(runtime.pendingTimers).toBe(0);
  });
});
