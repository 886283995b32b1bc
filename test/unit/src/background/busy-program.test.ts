import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DataSet, type Session } from "../../../../src/index.js";
import { Lab } from "../../../support/faults/lab.js";

const users = DataSet.of<{ name: string; age: number }>("test", "users");

let lab: Lab;
let session: Session;

beforeEach(async () => {
  lab = await Lab.open({ nodes: 2 });
  session = await lab.session();
  for (let id = 0; id < 5; id++) await lab.until(session.put(users.id(id), { name: "Ada", age: id }));
});

afterEach(() => lab.close());

const start = (totalTimeout: number) =>
  session.backgroundTask().update(users).where("$.age > ?0", 1).bin("name").setTo("Bob").execute({ totalTimeout });

describe("a background start whose limit passes while the program computes", () => {
  test("goes on with the step that comes next", async () => {
    const started = start(200);
    // The first step is on its way: which indexes there are.
    lab.runtime.stall(400);
    const task = await lab.until(started);
    await lab.until(task.waitTillComplete());
    expect(await lab.until(session.query(users).where("$.name == 'Bob'").count())).toBe(3);
  });

  test("ends at the time that it was put off to, though steps are left", async () => {
    lab.emulator.faults.add({ command: "info", do: "delay", ms: 350 });
    const started = lab.failure(start(200));
    lab.runtime.stall(300);
    expect(await started).toMatchObject({ code: "TIMEOUT", inDoubt: false });
    expect(lab.runtime.now()).toBeLessThan(1_000);
    lab.emulator.faults.liftAll();
    expect(await lab.until(session.query(users).where("$.name == 'Bob'").count())).toBe(0);
  });
});

test("a chain whose limit passes while the program computes goes on with the command that comes next", async () => {
  const rows = session
    .update(users.id(1))
    .bin("age")
    .add(1)
    .update(users.id(1))
    .bin("age")
    .add(1)
    .execute({ totalTimeout: 200 });
  lab.runtime.stall(400);
  await lab.until(rows);
  expect((await lab.until(session.get(users.id(1)))).bins.age).toBe(3);
});
