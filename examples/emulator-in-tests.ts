// A test of your own code without a server: an emulated cluster in the same process, and faults on demand. Here with the
// test runner of Node.js; any other does as well. Takes no server.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Cluster, connect, DataSet, TaskAbortedError } from "aerowire";
import { Emulator } from "aerowire/emulator";

interface User {
  visits: number;
}
const users = DataSet.of<User>("test", "users");

/** The code under test. */
async function countVisit(cluster: Cluster): Promise<number | null> {
  const task = await cluster.createSession().backgroundTask().update(users).bin("visits").add(1).execute();
  return (await task.waitTillComplete()).succeeded;
}

function load(emulator: Emulator): void {
  emulator.load(
    users,
    Array.from({ length: 100 }, (_, id) => [id, { visits: 0 }]),
  );
}

test("counts a visit of everybody", async () => {
  await using emulator = await Emulator.start({ nodes: 3 });
  await using cluster = await connect(emulator.hosts);
  load(emulator);
  assert.equal(await countVisit(cluster), 100);
  assert.equal((await cluster.createSession().get(users.id(42))).bins.visits, 1);
});

test("says so when a node is lost half-way", async () => {
  await using emulator = await Emulator.start({ nodes: 3 });
  await using cluster = await connect(emulator.hosts);
  load(emulator);
  using gate = emulator.faults.holdJobs({ afterRecords: 10 });
  const counting = countVisit(cluster);
  await gate.whenHeld(3);
  await emulator.nodes[2]?.stop();
  gate.release();
  await assert.rejects(counting, (error) => error instanceof TaskAbortedError && error.code === "TASK_LOST");
});
