import { describe, expect, it } from "vitest";
import { DataSet } from "../../src/index.js";
import { Lab, type LabOptions } from "../support/faults/lab.js";

const mixed = DataSet.of("test", "mixed");
const failing = DataSet.of("test", "failing");
const RECORDS = 30;
const SOUND = 15;

/** Records of which every other one holds no list, so that an operation on lists fails on it. */
async function open(options: LabOptions = {}) {
  const lab = await Lab.open(options);
  const { client, cluster } = await lab.connectCluster();
  const session = client.createSession();
  const put = async (i: number): Promise<void> => session.put(mixed.id(i), { i, l: i % 2 === 0 ? i : [1, 2, 3] });
  await lab.until(Promise.all(Array.from({ length: RECORDS }, (_, i) => put(i))));
  const sizes = () => session.query(mixed).bin("l").listSize();
  /** The rows that come, and what ends them. */
  const read = async (query: Readable) => {
    const rows: unknown[] = [];
    const loop = (async () => {
      for await (const { operationResults } of await query.execute()) rows.push(operationResults[0]);
    })();
    const error = await lab.until(
      loop.then(
        () => undefined,
        (thrown: unknown) => thrown,
      ),
    );
    return { rows: rows.length, error };
  };
  return { lab, cluster, session, sizes, read, [Symbol.asyncDispose]: () => lab.close() };
}

/** A query with operations. */
interface Readable {
  execute(): Promise<AsyncIterable<{ readonly operationResults: readonly unknown[] }>>;
}

const notKnown = { code: "QUERY_RECORDS_FAILED", message: expect.stringContaining("it is not known whether") };
const upTo15 = { code: "QUERY_RECORDS_FAILED", message: expect.stringContaining("failed on up to 15 records, which") };

describe("how many records an operation failed on", () => {
  it.each([1, 3])("is not known of %i nodes that don't say: what is wanted comes, and the error", async (nodes) => {
    await using world = await open({ nodes });
    using _cut = world.lab.emulator.faults.add({ command: "info", do: "cut" });
    expect(await world.read(world.sizes())).toEqual({ rows: SOUND, error: expect.objectContaining(notKnown) });
    for (const limit of [SOUND, SOUND + 1, RECORDS, 1_000]) {
      const outcome = await world.read(world.sizes().limit(limit));
      expect(outcome).toEqual({ rows: SOUND, error: expect.objectContaining(notKnown) });
    }
  });

  it.each([1, 3])("is not known of %i nodes that remember no query", async (nodes) => {
    await using world = await open({ nodes, queryMaxDone: 0 });
    for (const limit of [SOUND, 1_000]) {
      const outcome = await world.read(world.sizes().limit(limit));
      expect(outcome).toEqual({ rows: SOUND, error: expect.objectContaining(notKnown) });
    }
  });

  it("is nothing where a node has sent as many records as it may, and nobody asks", async () => {
    await using world = await open({ nodes: 1, queryMaxDone: 0 });
    const sound = () => world.session.query(mixed).where("$.i % 2 == 1").bin("l").listSize();
    expect(await world.read(sound().limit(7))).toEqual({ rows: 7, error: undefined });
    expect(await world.read(sound().limit(SOUND + 1))).toMatchObject({ rows: SOUND, error: notKnown });
  });

  it("is nothing where no operation can fail, and nobody asks", async () => {
    await using world = await open({ nodes: 3, queryMaxDone: 0 });
    const { session } = world;
    const ids = () => session.query(mixed).bin("i").get();
    expect(await world.read(ids())).toEqual({ rows: RECORDS, error: undefined });
    const lenient = ids().bin("next").selectFrom("$.l:INT + 1", { ignoreEvalFailure: true });
    expect(await world.read(lenient.limit(1_000))).toEqual({ rows: RECORDS, error: undefined });
    const strict = ids().bin("next").selectFrom("$.l:INT + 1");
    expect(await world.read(strict)).toMatchObject({ rows: SOUND, error: notKnown });
  });

  it("is asked for again when the answer is lost", async () => {
    await using world = await open({ nodes: 1 });
    using _cut = world.lab.emulator.faults.add({ command: "info", do: "cut", times: 1 });
    expect(await world.read(world.sizes())).toEqual({ rows: SOUND, error: expect.objectContaining(upTo15) });
  });

  it("is known as far as some nodes say", async () => {
    await using world = await open({ nodes: 3 });
    using _cut = world.lab.emulator.faults.add({ node: 1, command: "info", do: "cut" });
    const { rows, error } = await world.read(world.sizes().limit(SOUND));
    expect(rows).toBe(SOUND);
    expect(error).toMatchObject({
      code: "QUERY_RECORDS_FAILED",
      message: expect.stringMatching(/up to \d+ records, or more, which did not come/),
    });
  });

  it("may be many before the first that comes, and takes few rounds", async () => {
    await using world = await open({ nodes: 1 });
    const { session, lab } = world;
    const put = (i: number): Promise<void> => session.put(failing.id(i), { i, l: i === 0 ? [1] : i });
    await lab.until(Promise.all(Array.from({ length: 1_000 }, (_, i) => put(i))));
    const queries = lab.emulator.faults.add({ command: "query", do: "delay", ms: 0 });
    const { rows, error } = await world.read(session.query(failing).bin("l").listSize().limit(1));
    expect(rows).toBe(1);
    expect(error).toMatchObject({ code: "QUERY_RECORDS_FAILED" });
    expect(queries.hits).toBeLessThan(12);
  });

  it("does not make a node send on when nothing more is wanted", async () => {
    await using world = await open({ nodes: 1, queryMaxDone: 0 });
    const stops: string[] = [];
    world.lab.transport.onRequest = (bytes) => {
      const text = Buffer.from(bytes).toString("latin1");
      if (text.includes("query-abort")) stops.push(text);
    };
    // Half of the first fourteen fail; then the node is asked for all that is left.
    expect(await world.read(world.sizes().limit(SOUND - 1))).toEqual({
      rows: SOUND - 1,
      error: expect.objectContaining(notKnown),
    });
    expect(stops).toHaveLength(1);
    expect(world.cluster.nodes.map((node) => node.breaker.isOpen)).toEqual([false]);
  });
});
