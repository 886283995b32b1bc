import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { VirtualRuntime } from "../../../../runtime/virtual-runtime.js";
import { DeadlineHeap, type Expiring } from "../../../../src/time/deadline-heap.js";
import { runs } from "../../../support/runs.js";

class Entry implements Expiring {
  dueAt = Number.POSITIVE_INFINITY;
  heapIndex = -1;
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
    heap.set(new Entry(() => fired.push(runtime.now())), 40, 0);
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
    for (const entry of [later, sooner, never, withdrawn]) heap.set(entry, 50, runtime.now());
    heap.set(later, 80, runtime.now());
    heap.set(sooner, 20, runtime.now());
    heap.set(never, Number.POSITIVE_INFINITY, 0);
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
      if (fired.length < 3) heap.set(entry, runtime.now() + 10, runtime.now());
    });
    heap.set(again, 10, 0);
    await runtime.advance(100);
    expect(fired).toEqual([10, 20, 30]);
  });

  test("is not early on a clock with fractions", async () => {
    const runtime = new VirtualRuntime();
    await runtime.advance(0.25);
    const heap = new DeadlineHeap(runtime);
    const fired: number[] = [];
    heap.set(new Entry(() => fired.push(runtime.now())), 10.6, runtime.now());
    await runtime.advance(50);
    expect(fired).toHaveLength(1);
    expect(fired[0]).toBeGreaterThanOrEqual(10.6);
    expect(fired[0]).toBeLessThan(13);
  });

  test("of many costs one timer", () => {
    const runtime = new VirtualRuntime();
    const heap = new DeadlineHeap(runtime);
    for (let i = 0; i < 1_000; i++) heap.set(new Entry(), 1_000 + i, 0);
    expect(runtime.pendingTimers).toBe(1);
  });

  test("comes after what arrived by then was taken, though both came due together", async () => {
    const runtime = new VirtualRuntime();
    const heap = new DeadlineHeap(runtime);
    const log: string[] = [];
    const entry = new Entry(() => log.push("expired"));
    heap.set(entry, 10, runtime.now());
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
    heap.set(entry, 200, runtime.now());
    // The timer fires first, for it was set first; then the socket is read.
    runtime.setTimer(300, () => heap.remove(entry), false);
    runtime.stall(400);
    await runtime.advance(1_000);
    expect(expired).toBe(false);
  });

  // What was left when the block began is known to within a quarter: that is when the timer looks. Of the block itself, a
  // quarter counts, 25 ms at most.
  test.each([
    { limit: 200, blocks: [[0, 400]], ends: 525 },
    { limit: 200, blocks: [[0, 199]], ends: 324 },
    { limit: 200, blocks: [[0, 205]], ends: 330 },
    { limit: 200, blocks: [[120, 400]], ends: 558 },
    { limit: 200, blocks: [[0, 3_600_000]], ends: 3_600_125 },
    { limit: 2_000, blocks: [[0, 2_001]], ends: 3_476 },
    {
      limit: 1_000,
      blocks: [
        [0, 700],
        [1, 2_000],
      ],
      ends: 3_220,
    },
    { limit: 200, blocks: [[197, 400]], ends: 597 },
  ])(
    "of $limit ms comes after $ends ms when the program was busy ([after, for] in ms: $blocks): that time does not count",
    async ({ limit, blocks, ends }) => {
      const runtime = new VirtualRuntime();
      const heap = new DeadlineHeap(runtime);
      const fired: number[] = [];
      heap.set(new Entry(() => fired.push(runtime.now())), limit, 0);
      for (const [after = 0, busy = 0] of blocks) {
        await runtime.advance(after);
        runtime.stall(busy);
      }
      await runtime.advance(10_000_000);
      expect(fired).toEqual([ends]);
    },
  );

  test("comes at last, however busy the program is", async () => {
    const runtime = new VirtualRuntime();
    const heap = new DeadlineHeap(runtime);
    const fired: number[] = [];
    heap.set(new Entry(() => fired.push(runtime.now())), 1_000, 0);
    for (let i = 0; i < 20; i++) {
      runtime.stall(5_000);
      await runtime.advance(0);
    }
    expect(fired).toHaveLength(1);
  });

  test("comes at last, when the program computes in every turn", async () => {
    const runtime = new VirtualRuntime();
    const heap = new DeadlineHeap(runtime);
    let isOver = false;
    const entry = new Entry(() => {
      isOver = true;
    });
    heap.set(entry, 1_000, 0);
    const work = (): void => {
      runtime.stall(50);
      if (!isOver) runtime.nextTurn(work);
    };
    work();
    await runtime.advance(20_000);
    expect(isOver).toBe(true);
  });

  // As a server has it that is short of CPU: in each turn it does some work and begins another command, which asks for the time.
  test.each([
    { turn: 4, others: "none", within: 1_100 },
    { turn: 6, others: "none", within: 1_100 },
    { turn: 20, others: "none", within: 1_250 },
    { turn: 100, others: "none", within: 2_000 },
    { turn: 6, others: "many", within: 1_250 },
    { turn: 20, others: "many", within: 4_000 },
    { turn: 100, others: "many", within: 4_200 },
  ])(
    "of 1000 ms comes within $within ms where every turn takes $turn ms and sets another deadline, with $others due in every turn",
    async ({ turn, others, within }) => {
      const runtime = new VirtualRuntime();
      const heap = new DeadlineHeap(runtime);
      let endedAt: number | undefined;
      const entry = new Entry(() => {
        endedAt = runtime.now();
      });
      heap.set(entry, 1_000, 0);
      const work = (): void => {
        runtime.stall(turn);
        const now = runtime.now();
        const [reply, late] = [new Entry(), 100];
        heap.set(reply, now + 1_000, now);
        heap.remove(reply);
        if (others === "many") for (let ms = 0; ms < turn; ms += 0.5) heap.set(new Entry(), now + late - ms, now);
        if (endedAt === undefined && now < 100_000) runtime.nextTurn(work);
      };
      work();
      await runtime.advance(200_000);
      expect(endedAt).toBeLessThanOrEqual(within);
    },
  );

  test("is not turned back by who asks with a time of before", async () => {
    const runtime = new VirtualRuntime();
    const heap = new DeadlineHeap(runtime);
    heap.set(new Entry(), 200, 0);
    runtime.stall(1_000);
    heap.notice(1_000);
    const { busyMs } = heap;
    heap.notice(500);
    expect([busyMs, heap.busyMs]).toEqual([925, 925]);
  });

  test("that comes with many others finds the clock as it was for the first, and what is set meanwhile has its time", async () => {
    const runtime = new VirtualRuntime();
    const heap = new DeadlineHeap(runtime);
    const clocks: number[] = [];
    const fired: number[] = [];
    const next = new Entry(() => fired.push(runtime.now()));
    for (let i = 0; i < 3; i++) {
      const entry = new Entry(() => {
        runtime.stall(100);
        heap.set(next, runtime.now() + 40, runtime.now());
        clocks.push(heap.busyMs);
      });
      heap.set(entry, 10, 0);
    }
    await runtime.advance(10);
    expect(clocks).toEqual([0, 0, 0]);
    expect(runtime.pendingTimers).toBe(1);
    // The 300 ms that they took, less 25.
    expect(heap.busyMs).toBe(275);
    await runtime.advance(1_000);
    expect(fired).toEqual([625]);
  });

  test("that fails leaves the others their own", async () => {
    const runtime = new VirtualRuntime();
    const heap = new DeadlineHeap(runtime);
    const fired: number[] = [];
    heap.set(
      new Entry(() => {
        throw new Error("a defect");
      }),
      10,
      0,
    );
    heap.set(new Entry(() => fired.push(runtime.now())), 50, 0);
    await expect(runtime.advance(20)).rejects.toThrow("a defect");
    await runtime.advance(100);
    expect(fired).toEqual([50]);
  });

  test("that closes the heap is the last one", async () => {
    const runtime = new VirtualRuntime();
    const heap = new DeadlineHeap(runtime);
    const fired: string[] = [];
    const entry = new Entry(() => {
      fired.push("first");
      heap.close();
    });
    heap.set(entry, 10, 0);
    heap.set(new Entry(() => fired.push("with it")), 10, 0);
    heap.set(new Entry(() => fired.push("later")), 30, 0);
    await runtime.advance(100);
    expect(fired).toEqual(["first"]);
    expect(runtime.pendingTimers).toBe(0);
  });

  test("does not come when the program computes in the very turn in which sockets are to be read", async () => {
    const runtime = new VirtualRuntime();
    const heap = new DeadlineHeap(runtime);
    const fired: number[] = [];
    heap.set(new Entry(() => fired.push(runtime.now())), 100, 0);
    runtime.setTimer(25, () => runtime.stall(300), false);
    runtime.stall(200);
    await runtime.advance(0);
    await runtime.advance(0);
    expect(fired).toEqual([]);
    await runtime.advance(1_000);
    expect(fired).toEqual([513]);
  });

  test("has room for every turn that opening a socket takes, however long the program computes between them", async () => {
    const runtime = new VirtualRuntime();
    const heap = new DeadlineHeap(runtime);
    const fired: number[] = [];
    heap.set(new Entry(() => fired.push(runtime.now())), 1_000, 0);
    for (let i = 0; i < 6; i++) {
      runtime.stall(2_000);
      await runtime.advance(1);
    }
    expect(fired).toEqual([]);
  });

  test("that is set while others expire late has its own time", async () => {
    const runtime = new VirtualRuntime();
    const heap = new DeadlineHeap(runtime);
    const fired: string[] = [];
    const note = (name: string): Entry => new Entry(() => fired.push(`${name} ${runtime.now()}`));
    heap.set(note("old"), 100, 0);
    runtime.stall(150);
    heap.set(note("new"), 160, 150);
    await runtime.advance(1_000);
    expect(fired).toEqual(["new 160", "old 200"]);
  });

  test("that is put off stays in its order, and one that is set afterwards is on time", async () => {
    const runtime = new VirtualRuntime();
    const heap = new DeadlineHeap(runtime);
    const log: string[] = [];
    const note = (name: string): Entry => new Entry(() => log.push(`${name} at ${runtime.now()}`));
    for (const dueAt of [90, 20, 400, 100]) heap.set(note(`due ${dueAt}`), dueAt, 0);
    runtime.stall(100);
    await runtime.advance(0);
    expect(heap.busyMs).toBe(71.25);
    await runtime.advance(1_000);
    expect(log).toEqual(["due 20 at 100", "due 90 at 162", "due 100 at 172", "due 400 at 472"]);
    log.length = 0;
    heap.set(note("on time"), runtime.now() + 100, runtime.now());
    await runtime.advance(500);
    expect(log).toEqual(["on time at 1200"]);
  });

  test("that is a moment away when the program has done computing has what it had before", async () => {
    const runtime = new VirtualRuntime();
    const heap = new DeadlineHeap(runtime);
    const fired: number[] = [];
    heap.set(new Entry(() => fired.push(runtime.now())), 100, 0);
    runtime.stall(99);
    await runtime.advance(1_000);
    expect(fired).toEqual([156]);
  });

  test("of one of many that wait costs nothing to put off, however often the program is busy", () => {
    const runtime = new VirtualRuntime();
    const heap = new DeadlineHeap(runtime);
    let touched = 0;
    const entries = Array.from({ length: 1_000 }, () => {
      const entry = new Entry();
      let dueAt = 0;
      Object.defineProperty(entry, "dueAt", {
        get: () => dueAt,
        set: (value: number) => {
          touched++;
          dueAt = value;
        },
      });
      return entry;
    });
    for (const entry of entries) heap.set(entry, 1_000, 0);
    touched = 0;
    for (const entry of entries) {
      runtime.stall(10);
      heap.set(entry, runtime.now() + 1_000, runtime.now());
    }
    expect(heap.busyMs).toBe(9_725);
    expect(touched).toBe(1_000);
  });

  test("never comes after close, and no timer is left", async () => {
    const runtime = new VirtualRuntime();
    const heap = new DeadlineHeap(runtime);
    let fired = false;
    const entry = new Entry(() => {
      fired = true;
    });
    heap.set(entry, 10, 0);
    heap.close();
    heap.set(entry, 5, 0);
    expect(runtime.pendingTimers).toBe(0);
    await runtime.advance(100);
    expect(fired).toBe(false);
  });

  test("comes however times are rounded: the clock does not have to go on for it", async () => {
    const ms = fc.double({ min: 0.001, max: 400, noNaN: true });
    const limit = fc.integer({ min: 1, max: 400 });
    const steps = fc.array(fc.record({ limit, pause: ms, stall: ms }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const runtime = new VirtualRuntime();
        const heap = new DeadlineHeap(runtime);
        const setTimer = runtime.setTimer.bind(runtime);
        let timers = 0;
        runtime.setTimer = (...timer) => {
          if (++timers > 5_000) throw new Error(`a timer is set again and again at ${runtime.now()}`);
          return setTimer(...timer);
        };
        let left = all.length;
        for (const { limit, pause, stall } of all) {
          heap.set(new Entry(() => left--), runtime.now() + limit, runtime.now());
          await runtime.advance(pause);
          runtime.stall(stall);
        }
        await runtime.advance(10_000);
        expect([left, heap.size]).toEqual([0, 0]);
      }),
      {
        numRuns: runs(300),
        // Found so: a limit that was over by a subtraction, and not by an addition.
        examples: [
          [
            [
              { limit: 316, pause: 0.001, stall: 322.89636083389024 },
              { limit: 1, pause: 0.9999999999999717, stall: 0.001 },
            ],
          ],
        ],
      },
    );
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
            heap.set(entry, dueAt, runtime.now());
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
