import { deflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Emulator } from "../../../../emulator/index.js";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { beginProto, finishProto, ProtoType } from "../../../../protocol/frame/proto.js";
import { Behavior, type Cluster, connect, DataSet, type Session } from "../../../../src/index.js";

const compressing = Behavior.DEFAULT.deriveWithChanges("compressing", {
  all: { compress: true, totalTimeout: 30_000 },
});
const docs = DataSet.of("test", "docs");
const TEXT = "The quick brown fox jumps over the lazy dog. ".repeat(200);
let emulator: Emulator;
let cluster: Cluster;
let session: Session;

beforeAll(async () => {
  emulator = await Emulator.start({ listen: "memory", edition: "enterprise" });
  cluster = await connect(emulator.hosts, { transport: emulator.transport });
  session = cluster.createSession(compressing);
});

afterAll(async () => {
  await cluster.close();
  await emulator.close();
});

/** Bytes that something sends and gets, over all lanes but the tend's. */
async function traffic(work: () => Promise<unknown>): Promise<{ out: number; in: number }> {
  const sum = () => {
    const lanes = Object.values(cluster.metrics().nodes).flatMap(({ lanes: all }) => [all.short!, all.streams!]);
    return { out: lanes.reduce((n, lane) => n + lane.bytesOut, 0), in: lanes.reduce((n, lane) => n + lane.bytesIn, 0) };
  };
  const before = sum();
  await work();
  const after = sum();
  return { out: after.out - before.out, in: after.in - before.in };
}

test("requests and replies are shorter on the wire and the same beyond it", async () => {
  const put = await traffic(() => session.put(docs.id(1), { text: TEXT, n: 1 }));
  expect(put.out).toBeLessThan(TEXT.length / 10);
  const get = await traffic(async () => expect((await session.get(docs.id(1))).bins).toEqual({ text: TEXT, n: 1 }));
  expect(get.in).toBeLessThan(TEXT.length / 10);
  const plain = cluster.createSession();
  const inTheClear = await traffic(async () =>
    expect((await plain.get(docs.id(1))).bins).toEqual({ text: TEXT, n: 1 }),
  );
  expect(inTheClear.in).toBeGreaterThan(TEXT.length);
});

test("operations that read and write reply compressed, too", async () => {
  const { in: bytesIn } = await traffic(async () => {
    const rows = await session.upsert(docs.id(2)).bin("text").setTo(TEXT).bin("text").get().execute();
    const bins: unknown = (await rows.first())?.recordOrThrow().bins;
    expect(bins).toMatchObject({ text: TEXT });
  });
  expect(bytesIn).toBeLessThan(TEXT.length / 10);
});

describe("several records", () => {
  const keys = docs.ids(...Array.from({ length: 60 }, (_, i) => 100 + i));

  test("batches and queries", async () => {
    const put = await traffic(() => session.putMany(keys.map((key) => [key, { text: TEXT }] as const)));
    expect(put.out).toBeLessThan((60 * TEXT.length) / 10);
    const get = await traffic(async () => {
      const rows = await session.getMany(keys);
      expect(rows.every((row) => row?.bins["text"] === TEXT)).toBe(true);
    });
    expect(get.in).toBeLessThan((60 * TEXT.length) / 10);
    const query = await traffic(async () => {
      const rows = await session.query(docs).where("$.text =~ /quick/").collect();
      expect(rows.length).toBeGreaterThanOrEqual(61);
      expect(rows.every(({ bins }) => bins["text"] === TEXT)).toBe(true);
    });
    expect(query.in).toBeLessThan((60 * TEXT.length) / 5);
  });

  test("a background task starts and ends", async () => {
    const task = await session
      .backgroundTask()
      .update(docs)
      .where("$.text =~ /quick/")
      .bin("seen")
      .setTo(true)
      .execute();
    expect(await task.waitTillComplete()).toMatchObject({ state: "done" });
    expect((await session.get(docs.id(1))).bins["seen"]).toBe(true);
  });

  test("short messages stay as they are", async () => {
    await session.put(docs.id("short"), { a: 1 });
    const [small, plain] = [session, cluster.createSession()].map((each) => () => each.get(docs.id("short")));
    expect(await traffic(small!)).toEqual(await traffic(plain!));
  });
});

test.each<[string, number, Uint8Array]>([
  ["a bomb", 2_000, deflateSync(new Uint8Array(50_000_000))],
  ["too large", 100_000_000, deflateSync(new Uint8Array(100))],
  ["no stream", 2_000, new Uint8Array(100).fill(5)],
  ["a stream of something else", 100, deflateSync(new Uint8Array(100))],
])("a compressed reply that is %s costs its socket and nothing else", async (_, size, stream) => {
  const w = new Writer();
  const start = beginProto(w);
  w.u64(BigInt(size));
  w.bytes(stream);
  finishProto(w, start, ProtoType.COMPRESSED);
  await session.put(docs.id(1), { text: TEXT });
  const fault = emulator.faults.add({ do: "garbage", bytes: w.take(), times: 1 });
  await expect(session.get(docs.id(1), { maxRetries: 0 })).rejects.toMatchObject({ code: "BAD_REPLY" });
  expect(fault.hits).toBe(1);
  fault.lift();
  expect((await session.get(docs.id(1))).bins["text"]).toBe(TEXT);
});

test("the edition is enterprise where it was asked for, and what can't be is refused", async () => {
  expect(cluster.nodes[0]).toMatchObject({ edition: expect.stringContaining("Enterprise") });
  await expect(Emulator.start({ edition: "federal" as "enterprise" })).rejects.toThrow(
    'expected "community" or "enterprise"',
  );
  await expect(
    Emulator.start({ edition: "community", namespaces: [{ name: "a", strongConsistency: true }] }),
  ).rejects.toThrow('expected "enterprise" with namespaces in strong consistency');
  expect(() => Behavior.DEFAULT.deriveWithChanges("x", { all: { compress: 1 as unknown as boolean } })).toThrow(
    "expected compress to be true or false, got 1",
  );
});
