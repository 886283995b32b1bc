import { describe, expect, it } from "vitest";
import type { StreamFlow } from "../../../../src/cluster/stream-operation.js";
import { RowQueue } from "../../../../src/query/row-queue.js";

class Flow implements StreamFlow {
  isPaused = false;
  pause(): void {
    this.isPaused = true;
  }
  resume(): void {
    this.isPaused = false;
  }
}

const stay = (): Promise<void> => Promise.reject(new Error("nobody left"));

async function rest<T>(queue: RowQueue<T>): Promise<T[]> {
  const rows: T[] = [];
  for await (const row of queue) rows.push(row);
  return rows;
}

describe("RowQueue", () => {
  it("hands rows on in their order, those that wait and those that are waited for", async () => {
    const queue = new RowQueue<number>(stay);
    queue.push(1, 10);
    queue.push(2, 10);
    const all = rest(queue);
    await Promise.resolve();
    for (let i = 3; i < 3_000; i++) queue.push(i, 1);
    queue.end();
    expect(await all).toEqual(Array.from({ length: 2_999 }, (_, i) => i + 1));
    expect(queue).toMatchObject({ length: 0, bytes: 0 });
    expect(await queue.next()).toEqual({ value: undefined, done: true });
  });

  it("serves several calls that wait, in their order", async () => {
    const queue = new RowQueue<number>(stay);
    const results = Promise.all([queue.next(), queue.next(), queue.next()]);
    queue.push(1, 1);
    queue.push(2, 1);
    queue.end();
    expect(await results).toEqual([
      { value: 1, done: false },
      { value: 2, done: false },
      { value: undefined, done: true },
    ]);
  });

  it.each([
    ["rows", { maxRows: 4, maxBytes: 1_000 }, 1],
    ["bytes", { maxRows: 1_000, maxBytes: 400 }, 100],
  ])("holds all streams up at so many %s, and lets them go at half of it", async (_, options, size) => {
    const queue = new RowQueue<number>(stay, options);
    const flows = [new Flow(), new Flow()];
    for (const flow of flows) queue.attach(flow);
    for (let i = 0; i < 3; i++) queue.push(i, size);
    expect(flows.map((flow) => flow.isPaused)).toEqual([false, false]);
    queue.push(3, size);
    expect(flows.map((flow) => flow.isPaused)).toEqual([true, true]);
    // What was under way still comes.
    queue.push(4, size);
    expect(queue).toMatchObject({ length: 5, bytes: 5 * size, isPaused: true });
    for (let i = 0; i < 2; i++) await queue.next();
    expect(flows.map((flow) => flow.isPaused)).toEqual([true, true]);
    await queue.next();
    expect(flows.map((flow) => flow.isPaused)).toEqual([false, false]);
    expect(queue).toMatchObject({ length: 2, bytes: 2 * size, isPaused: false });
  });

  it("holds up a stream that comes while it is full, and leaves those alone that have ended", async () => {
    const queue = new RowQueue<number>(stay, { maxRows: 2 });
    const [ended, late] = [new Flow(), new Flow()];
    queue.attach(ended)();
    queue.push(1, 1);
    queue.push(2, 1);
    queue.attach(late);
    expect([ended.isPaused, late.isPaused]).toEqual([false, true]);
    await queue.next();
    expect(late.isPaused).toBe(false);
  });

  it("holds nobody up while somebody waits", async () => {
    const queue = new RowQueue<number>(stay, { maxRows: 1 });
    const flow = new Flow();
    queue.attach(flow);
    const next = queue.next();
    queue.push(1, 1);
    expect(flow.isPaused).toBe(false);
    expect(await next).toEqual({ value: 1, done: false });
  });

  it("fails once, behind the rows that have come", async () => {
    const queue = new RowQueue<number>(stay);
    const error = new Error("lost");
    queue.push(1, 1);
    queue.fail(error);
    queue.fail(new Error("later"));
    queue.push(2, 1);
    expect(await queue.next()).toEqual({ value: 1, done: false });
    await expect(queue.next()).rejects.toBe(error);
    expect(await queue.next()).toEqual({ value: undefined, done: true });
  });

  it("fails who waits", async () => {
    const queue = new RowQueue<number>(stay);
    const waiting = [queue.next(), queue.next()];
    const error = new Error("lost");
    queue.fail(error);
    await expect(waiting[0]).rejects.toBe(error);
    expect(await waiting[1]).toEqual({ value: undefined, done: true });
  });

  it("stops the streams when the iteration is left, and waits for that", async () => {
    let stopped = 0;
    const queue = new RowQueue<number>(async () => {
      await Promise.resolve();
      queue.fail(new Error("stopped"));
      stopped++;
    });
    for (let i = 0; i < 10; i++) queue.push(i, 1);
    for await (const row of queue) if (row === 3) break;
    expect(stopped).toBe(1);
    queue.push(11, 1);
    expect(queue).toMatchObject({ length: 0, bytes: 0 });
    expect(await queue.next()).toEqual({ value: undefined, done: true });
    await queue.return();
    expect(stopped).toBe(1);
  });

  it("has nothing to stop once all rows have come", async () => {
    const queue = new RowQueue<number>(stay);
    queue.push(1, 1);
    queue.end();
    expect(await queue.return()).toEqual({ value: undefined, done: true });
    expect(await rest(queue)).toEqual([]);
  });

  it("ends the waits of others when it is left", async () => {
    const queue = new RowQueue<number>(() => Promise.resolve());
    const waiting = queue.next();
    await queue.return();
    expect(await waiting).toEqual({ value: undefined, done: true });
  });
});
