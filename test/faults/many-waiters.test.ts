import { afterEach, beforeEach, expect, it } from "vitest";
import { AbortError } from "../../src/index.js";
import { TaskLab } from "../support/faults/task-lab.js";

const MANY = 30;
const warnings: Error[] = [];
const keep = (warning: Error): void => {
  warnings.push(warning);
};

beforeEach(() => {
  warnings.length = 0;
  process.on("warning", keep);
});

afterEach(async () => {
  // Node.js tells of warnings a little later.
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", keep);
  expect(warnings).toEqual([]);
});

it("one signal serves commands on many keys, and Node.js finds no leak in it", async () => {
  await using lab = await TaskLab.open();
  using _ = lab.faults.add({ command: ["write", "operate"], do: "delay", ms: 10 });
  const { signal } = new AbortController();
  const keys = lab.set.ids(Array.from({ length: MANY }, (_, id) => id));
  await lab.lab.until(lab.session.update(keys).bin("runs").add(1).execute({ signal }));
  await lab.lab.until(Promise.all(keys.map((key) => lab.session.get(key, undefined, { signal }))));
  await lab.lab.until(Promise.all(keys.map(() => lab.addOne().count({ signal }))));
});

it("many wait for one task, with one signal or none, and all are told when it fires", async () => {
  await using lab = await TaskLab.open();
  using _gate = lab.faults.holdJobs();
  const task = await lab.lab.until(lab.addOne().execute());
  const controller = new AbortController();
  const { signal } = controller;
  const patient = Array.from({ length: MANY }, () => lab.lab.failure(task.waitTillComplete()));
  const impatient = Array.from({ length: MANY }, () => lab.lab.failure(task.waitTillComplete({ signal })));
  await lab.lab.runtime.advance(100);
  controller.abort();
  for (const error of await Promise.all(impatient)) expect(error).toBeInstanceOf(AbortError);
  await lab.lab.until(task.abort());
  for (const error of await Promise.all(patient)) expect(error).toMatchObject({ code: "TASK_ABORTED" });
});

it("many connect and close at once", async () => {
  await using lab = await TaskLab.open();
  const { signal } = new AbortController();
  const clients = await Promise.all(Array.from({ length: MANY }, () => lab.lab.connect({ signal })));
  await lab.lab.until(Promise.all(clients.map((client) => client.close())));
  expect(lab.client.isConnected).toBe(true);
});
