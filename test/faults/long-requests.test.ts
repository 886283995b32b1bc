import { expect, it } from "vitest";
import { DataSet } from "../../src/index.js";
import { FullTransport } from "../support/faults/full-transport.js";
import { Lab } from "../support/faults/lab.js";

const MEGABYTE = 1_000_000;
const blobs = DataSet.of<{ blob: Uint8Array }>("test", "blobs");

/** Bytes that say which they are: a buffer that is used again too early shows. */
function blobOf(id: number, size: number): Uint8Array {
  const blob = new Uint8Array(size);
  for (let at = 0; at < size; at++) blob[at] = (at * 7 + id * 31) & 0xff;
  return blob;
}

async function open() {
  const lab = await Lab.open({ nodes: 2 });
  const transport = new FullTransport(lab.transport, lab.runtime);
  const { client, cluster } = await lab.connectCluster({ transport });
  for (const node of cluster.nodes) {
    const set = "set-config:context=namespace;id=test;max-record-size=8388608";
    expect((await lab.until(cluster.info(node, [set], cluster.deadline(0)))).get(set)).toBe("ok");
  }
  return { lab, transport, cluster, session: client.createSession() };
}

it("requests of megabytes arrive as they were where sockets are full after each write, among short ones and batches", async () => {
  const { lab, transport, cluster, session } = await open();
  await using _ = lab;
  const sizes = [5 * MEGABYTE, 100, 3 * MEGABYTE, 40_000, 33_000, 1, 2 * MEGABYTE, 70_000, 6 * MEGABYTE, 10];
  const keys = blobs.ids(sizes.map((_size, id) => id));
  const batch = blobs.ids(Array.from({ length: 20 }, (_none, id) => 100 + id));
  for (let round = 0; round < 3; round++) {
    await lab.until(
      Promise.all([
        ...keys.map((key, id) => session.put(key, { blob: blobOf(id + round, sizes[id]!) })),
        session.putMany(batch.map((key, id) => [key, { blob: blobOf(id + round, 200_000) }] as const)),
        ...keys.map((key) => session.exists(key).execute()),
      ]),
    );
    for (const [id, key] of keys.entries()) {
      const { bins } = await lab.until(session.get(key));
      expect(Buffer.compare(bins.blob, blobOf(id + round, sizes[id]!)), `record ${id}, round ${round}`).toBe(0);
    }
    for (const [id, record] of (await lab.until(session.getMany(batch))).entries()) {
      expect(Buffer.compare(record!.bins.blob, blobOf(id + round, 200_000)), `row ${id}, round ${round}`).toBe(0);
    }
  }
  expect(Math.max(...transport.writes)).toBeGreaterThan(6 * MEGABYTE);
  for (const node of cluster.nodes) expect(cluster.loadOf(node)).toMatchObject({ pending: 0, waiting: 0 });
});

it("a request of megabytes that is given up before it could leave has not happened, and those around it have", async () => {
  const { lab, session } = await open();
  await using _ = lab;
  // All of one record, so that they stand in line before one node.
  const key = blobs.id(1);
  const caller = new AbortController();
  const signal = caller.signal;
  const puts = [4, 5, 6].map((id) =>
    session
      .put(key, { blob: blobOf(id, 3 * MEGABYTE) }, id === 5 ? { signal } : {})
      .then(() => "ok" as const)
      .catch((error: { code: string; inDoubt: boolean }) => `${error.code} ${error.inDoubt}`),
  );
  caller.abort();
  const short = session.put(blobs.id(2), { blob: blobOf(2, 10) });
  expect(await lab.until(Promise.all(puts))).toEqual(["ok", "ABORTED false", "ok"]);
  await lab.until(short);
  const { bins, generation } = await lab.until(session.get(key));
  expect(generation).toBe(2);
  expect(Buffer.compare(bins.blob, blobOf(6, 3 * MEGABYTE))).toBe(0);
});
