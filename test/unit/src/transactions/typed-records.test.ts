import { afterEach, beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { BatchError, DataSet, dateAsMilliseconds, SchemaError, type Session } from "../../../../src/index.js";
import { Lab } from "../../../support/faults/lab.js";

const visits = DataSet.of("test", "visits", {
  bins: { page: z.string().min(1), at: dateAsMilliseconds, price: z.number().optional() },
  doubles: ["price"],
});
const stored = DataSet.of<{ page: string; at: number; price: number }>("test", "visits", { doubles: ["price"] });
const at = new Date("2026-11-30T12:00:00Z");

let lab: Lab;
let session: Session;

const run = <T>(promise: Promise<T>): Promise<T> => lab.until(promise);

beforeEach(async () => {
  lab = await Lab.open({ nodes: 2, namespaces: [{ name: "test", strongConsistency: true }] });
  session = await lab.session();
});

afterEach(() => lab.close());

test("a transaction writes and reads what schemas and codecs say, its own writes included", async () => {
  const read = await run(
    session.doInTransaction(async (tx) => {
      await tx.put(visits.id(1), { page: "/", at, price: 2 });
      await tx.upsert(visits.ids(2, 3)).put({ page: "/more" }).execute();
      await tx
        .update(visits.id(1))
        .bin("at")
        .setTo(new Date(at.getTime() + 1))
        .bin("price")
        .add(1)
        .execute();
      const many = await tx.getMany(visits.ids(1, 2, 9));
      return [(await tx.get(visits.id(1))).bins, ...many.map((record) => record?.bins)];
    }),
  );
  const first = { page: "/", at: new Date(at.getTime() + 1), price: 3 };
  expect(read).toEqual([first, first, { page: "/more" }, undefined]);
  expect((await run(session.get(stored.id(1)))).bins).toEqual({ page: "/", at: at.getTime() + 1, price: 3 });
});

test("what a schema refuses is not sent, and the transaction goes on", async () => {
  const tx = session.transaction();
  await run(tx.put(visits.id(1), { page: "/", at }));
  await expect(run(tx.put(visits.id(2), { page: "" }))).rejects.toMatchObject({ code: "SCHEMA", inDoubt: false });
  expect(() => tx.update(visits.id(1)).bin("page").setTo("")).toThrow(SchemaError);
  await run(tx.commit());
  expect((await run(session.getMany(stored.ids(1, 2)))).map((record) => record?.bins.page)).toEqual(["/", undefined]);
});

test("a record that can't be read fails the work, and the transaction is given up", async () => {
  await run(session.put(stored.id(1), { page: "", at: 5, price: 1 }));
  const work = session.doInTransaction(async (tx) => {
    await tx.put(visits.id(2), { page: "/" });
    await tx.get(visits.id(1));
  });
  await expect(run(work)).rejects.toMatchObject({ code: "SCHEMA", direction: "reading", bin: "page" });
  expect((await run(session.getMany(stored.ids(2))))[0]).toBeNull();
});

test("a row that can't be read is a failure among the others, in doubt where it wrote, and commits with them", async () => {
  await run(session.put(stored.id(1), { page: "", at: 5, price: 1 }));
  await run(session.put(stored.id(2), { page: "/", at: 5, price: 1 }));
  const tx = session.transaction();
  const error = await run(
    tx
      .update(visits.ids(1, 2))
      .bin("price")
      .add(1)
      .bin("page")
      .get()
      .execute()
      .then(
        () => undefined,
        (reason: unknown) => reason,
      ),
  );
  expect(error).toBeInstanceOf(BatchError);
  expect((error as BatchError).failures.map((row) => [row.key.userKey, row.error?.code, row.error?.inDoubt])).toEqual([
    [1, "SCHEMA", true],
  ]);
  await run(tx.commit());
  expect((await run(session.getMany(stored.ids(1, 2)))).map((record) => record?.bins.price)).toEqual([2, 2]);
});
