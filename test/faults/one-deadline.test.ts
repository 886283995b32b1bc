import { expect, it } from "vitest";
import { DataSet } from "../../src/index.js";
import { Lab } from "../support/faults/lab.js";

const set = DataSet.of<{ n: number }>("test", "many");

it("a limit holds for all keys of a call together, and what it ends before it was sent is not in doubt", async () => {
  await using lab = await Lab.open();
  const session = await lab.session({ totalTimeout: 1_500 });
  using _ = lab.emulator.faults.add({ command: ["write", "operate"], do: "delay", ms: 400 });
  const keys = set.ids(Array.from({ length: 8_000 }, (_, id) => id));
  const start = lab.runtime.now();
  const rows = await lab.until(session.upsert(keys).bin("n").add(1).execute({ onError: "inStream" }));
  const errors = (await lab.until(rows.collect())).map(({ error }) => error);
  expect(lab.runtime.now() - start).toBeLessThanOrEqual(1_500);
  const late = errors.filter((error) => error?.code === "TIMEOUT");
  expect(late.length).toBeGreaterThan(1_000);
  expect(late.at(-1)).toMatchObject({ inDoubt: false, attempts: 0 });
});
