import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AbortError, DataSet, type Key, type Session } from "../../../../src/index.js";
import { ROWS_A_TURN } from "../../../../src/time/turns.js";
import { Lab } from "../../../support/faults/lab.js";

const rows = DataSet.of<{ n: number }>("test", "rows");
const COUNT = 2 * ROWS_A_TURN + 2;

let lab: Lab;
let session: Session;

beforeEach(async () => {
  lab = await Lab.open();
  session = await lab.session();
});

afterEach(() => lab.close());

interface CountedRows {
  readonly objects: { readonly n: number }[];
  /** Resolves once the first of them was read, and with it all of the same turn. */
  readonly begun: Promise<void>;
  count(): number;
}

/** Rows that count how many of them were read; the last one is wrong. */
function countedRows(): CountedRows {
  let count = 0;
  let begin: (() => void) | undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const objects = Array.from({ length: COUNT }, (_, i) => ({
    get n() {
      count++;
      begin?.();
      if (i === COUNT - 1) throw new RangeError("no such row");
      return i;
    },
  }));
  return { objects, begun, count: () => count };
}

const METHODS: readonly [string, (objects: { readonly n: number }[], signal?: AbortSignal) => Promise<void>][] = [
  [
    "putMany",
    (objects, signal) => {
      const key = rows.id(1);
      const entries = objects.map((bins): [Key<{ n: number }>, { readonly n: number }] => [key, bins]);
      return session.putMany(entries, { signal });
    },
  ],
  ["upsertRows", (objects, signal) => session.upsertRows(rows, objects, { id: () => 1, signal })],
];

describe.each(METHODS)("%s of many thousands of rows", (_name, write) => {
  test("gives the rest of the program its turns, and sends nothing before it has seen all of them", async () => {
    const { objects, begun, count } = countedRows();
    const written = lab.failure(write(objects));
    objects.length = 0;
    await begun;
    expect(count()).toBe(ROWS_A_TURN);
    expect(await written).toMatchObject({ message: "no such row" });
    expect(count()).toBe(COUNT);
    expect(await lab.until(session.getMany([rows.id(1)]))).toEqual([null]);
  });

  test("ends when the caller's signal fires meanwhile", async () => {
    const { objects, count } = countedRows();
    const stop = new AbortController();
    const written = lab.failure(write(objects, stop.signal));
    stop.abort();
    expect(await written).toBeInstanceOf(AbortError);
    expect(count()).toBe(ROWS_A_TURN);
  });
});
