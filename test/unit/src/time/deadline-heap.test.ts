import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { VirtualRuntime } from "../../../../runtime/virtual-runtime.js";
import { DeadlineHeap, type Expiring } from "../../../../src/time/deadline-heap.js";
import { runs } from "../../../support/runs.js";

class Entry implements Expiring {
  dueAt = Number.POSITIVE_INFINITY;
  heapIndex = -1;
  hadGrace = false;
  readonly #call: (entry: Entry) => void;

  constructor(call: (entry: Entry) => void = () => undefined) {
    this.#call = call;
  }

  onDue(): void {
    this.#call(this);
  }
}

describe("a deadline", () => {
  test("comes when it is due, once", async () => {
    const runtime = new VirtualRuntime();
    const heap = new DeadlineHeap(runtime);
    const fired: number[] = [];
    heap.set(new Entry(() => fired.push(runtime.now())), 40);
    await runtime.advance(39);
    expect(fired).toEqual([]);
    await runtime.advance(500);
    expect(fired).toEqual([40]);
    expect(heap.size).toBe(0);
  });

  test("can be moved, both ways, and taken back", async () => {
    const runtime = new VirtualRuntime();
    const heap = new DeadlineHeap(runtime);
    const fired: string[] = [];
    const note = (name: string): Entry => new Entry(() => fired.push(`${name} ${runtime.now()}`));
    const [later, sooner, never, withdrawn] = [note("later"), note("sooner"), note("never"), note("withdrawn")];
    for (const entry of [later, sooner, never, withdrawn]) heap.set(entry, 50);
    heap.set(later, 80);
    heap.set(sooner, 20);
    heap.set(never, Number.POSITIVE_INFINITY);
    heap.remove(withdrawn);
    heap.remove(withdrawn);
    await runtime.advance(1_000);
    expect(fired).toEqual(["sooner 20", "later 80"]);
  });

  test("may be set anew while it falls due", async () => {
    const runtime = new VirtualRuntime();
    const heap = new DeadlineHeap(runtime);
    const fired: number[] = [];
    const again = new Entry((entry) => {
      fired.push(runtime.now());
      if (fired.length < 3) heap.set(entry, runtime.now() + 10);
    });
    heap.set(again, 10);
    await runtime.advance(100);
    expect(fired).toEqual([10, 20, 30]);
  });

  test("is not early on a clock with fractions", async () => {
    const runtime = new VirtualRuntime();
    await runtime.advance(0.25);
    const heap = new DeadlineHeap(runtime);
    const fired: number[] = [];
    heap.set(new Entry(() => fired.push(runtime.now())), 10.6);
    await runtime.advance(50);
    expect(fired).toHaveLength(1);
    expect(fired[0]).toBeGreaterThanOrEqual(10.6);
    expect(fired[0]).toBeLessThan(13);
  });

  test("of many costs one timer", () => {
    const runtime = new VirtualRuntime();
    const heap = new DeadlineHeap(runtime);
    for (let i = 0; i < 1_000; i++) heap.set(new Entry(), 1_000 + i);
    expect(runtime.pendingTimers).toBe(1);
  });

  test("comes after what arrived by then was taken, though both came due together", async () => {
    const runtime = new VirtualRuntime();
    const heap = new DeadlineHeap(runtime);
    const log: string[] = [];
    const entry = new Entry(() => log.push("expired"));
    heap.set(entry, 10);
    runtime.setTimer(10, () => log.push("read"), false);
    await runtime.advance(10);
    expect(log).toEqual(["read", "expired"]);
  });

  test("does not come when the reply was there, however late the timer is", async () => {
    const runtime = new VirtualRuntime();
    const heap = new DeadlineHeap(runtime);
    let expired = false;
    const entry = new Entry(() => {
      expired = true;
    });
    heap.set(entry, 200);
    // The timer fires first, for it was set first; then the socket is read.
    runtime.setTimer(300, () => heap.remove(entry), false);
    runtime.stall(400);
    await runtime.advance(1_000);
    expect(expired).toBe(false);
  });

  test.each([
    { limit: 200, busy: 400, ends: 600 },
    { limit: 200, busy: 199, ends: 200 },
    { limit: 200, busy: 205, ends: 210 },
    { limit: 200, busy: 60_000, ends: 65_000 },
  ])(
    "of $limit ms comes after $ends ms when the program was busy for $busy ms: late by as much as it was, up to five seconds",
    async ({ limit, busy, ends }) => {
      const runtime = new VirtualRuntime();
      const heap = new DeadlineHeap(runtime);
      const fired: number[] = [];
      heap.set(new Entry(() => fired.push(runtime.now())), limit);
      runtime.stall(busy);
      await runtime.advance(100_000);
      expect(fired).toEqual([ends]);
    },
  );

  test("is put off once, however often the program is busy", async () => {
    const runtime = new VirtualRuntime();
    const heap = new DeadlineHeap(runtime);
    const fired: number[] = [];
    heap.set(new Entry(() => fired.push(runtime.now())), 100);
    for (let i = 0; i < 10; i++) {
      runtime.stall(150);
      await runtime.advance(0);
    }
    expect(fired).toEqual([300]);
  });

  test("that is set while others expire late has its own time", async () => {
    const runtime = new VirtualRuntime();
    const heap = new DeadlineHeap(runtime);
    const fired: string[] = [];
    const note = (name: string): Entry => new Entry(() => fired.push(`${name} ${runtime.now()}`));
    heap.set(note("old"), 100);
    runtime.stall(150);
    heap.set(note("new"), 160);
    await runtime.advance(1_000);
    expect(fired).toEqual(["new 160", "old 200"]);
  });

  test("that is late says so before sockets are read; one that is not does not", async () => {
    const runtime = new VirtualRuntime();
    const heap = new DeadlineHeap(runtime);
    const log: string[] = [];
    const note = (name: string): Entry =>
      Object.assign(new Entry(), { onLate: (now: number) => log.push(`${name} ${now}`) });
    const entries = [90, 20, 400, 30, 100, 150, 10, 99].map((dueAt) => ({ dueAt, entry: note(`due ${dueAt}`) }));
    for (const { dueAt, entry } of entries) heap.set(entry, dueAt);
    runtime.setTimer(10, () => log.push("read"), false);
    runtime.stall(100);
    await runtime.advance(0);
    expect(log.slice(0, -1).sort()).toEqual(["due 10 100", "due 20 100", "due 30 100", "due 90 100", "due 99 100"]);
    expect(log.at(-1)).toBe("read");
    for (const { entry } of entries) heap.remove(entry);
    heap.set(note("on time"), 200);
    await runtime.advance(500);
    expect(log).toHaveLength(6);
  });

  test("never comes after close, and no timer is left", async () => {
    const runtime = new VirtualRuntime();
    const heap = new DeadlineHeap(runtime);
    let fired = false;
    const entry = new Entry(() => {
      fired = true;
    });
    heap.set(entry, 10);
    heap.close();
    heap.set(entry, 5);
    expect(runtime.pendingTimers).toBe(0);
    await runtime.advance(100);
    expect(fired).toBe(false);
  });

  test("comes in order, whatever was set, moved and taken back before", async () => {
    const step = fc.tuple(fc.nat({ max: 30 }), fc.nat({ max: 100 }), fc.boolean());
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 120 }), async (steps) => {
        const runtime = new VirtualRuntime();
        const heap = new DeadlineHeap(runtime);
        const fired: Entry[] = [];
        const entries = Array.from({ length: 31 }, () => new Entry((entry) => fired.push(entry)));
        const model = new Map<Entry, number>();
        for (const [index, dueAt, remove] of steps) {
          const entry = entries[index]!;
          if (remove) {
            heap.remove(entry);
            model.delete(entry);
          } else {
            heap.set(entry, dueAt);
            model.set(entry, dueAt);
          }
          expect(heap.size).toBe(model.size);
        }
        await runtime.advance(100);
        expect(new Set(fired)).toEqual(new Set(model.keys()));
        const times = fired.map((entry) => model.get(entry)!);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(heap.size).toBe(0);
      }),
      { numRuns: runs(12) },
    );
  });
});
