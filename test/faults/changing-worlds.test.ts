import { networkInterfaces } from "node:os";
import { describe, expect, it } from "vitest";
import { Emulator } from "../../emulator/index.js";
import { type AerospikeError, connect, DataSet, type Session } from "../../src/index.js";
import type { Endpoint, Socket, SocketHandler, Transport } from "../../src/transport/transport.js";
import { Lab } from "../support/faults/lab.js";

const set = DataSet.of<{ n: number }>("test", "worlds");
const keys = set.ids(Array.from({ length: 40 }, (_, id) => id));

/** Reads and adds without a pause, with the default behavior. */
class Load {
  readonly #lab: Lab;
  readonly #session: Session;
  #isOver = false;
  readonly #running: Promise<unknown>;
  readonly failedReads: AerospikeError[] = [];
  readonly failedWrites: AerospikeError[] = [];
  reads = 0;
  confirmed = 0;

  constructor(lab: Lab, session: Session) {
    this.#lab = lab;
    this.#session = session;
    this.#running = Promise.all([
      this.#repeat(40, this.#read),
      this.#repeat(200, this.#readAll),
      this.#repeat(40, this.#add),
    ]);
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.#lab.until(this.#running);
  }

  get doubtful(): number {
    return this.failedWrites.filter(({ inDoubt }) => inDoubt).length;
  }

  async #repeat(ms: number, work: (i: number) => Promise<void>): Promise<void> {
    for (let i = 0; !this.#isOver; i++) {
      await work.call(this, i);
      await new Promise<void>((resolve) => void this.#lab.runtime.setTimer(ms, resolve, true));
    }
  }

  async #read(i: number): Promise<void> {
    this.reads++;
    await this.#session.get(keys[i % keys.length]!).catch((error) => this.failedReads.push(error));
  }

  async #readAll(): Promise<void> {
    this.reads++;
    await this.#session.getMany(keys.slice(0, 12)).catch((error) => this.failedReads.push(error));
  }

  async #add(i: number): Promise<void> {
    const key = keys[(7 * i) % keys.length]!;
    await this.#session
      .update(key)
      .bin("n")
      .add(1)
      .execute()
      .then(
        () => this.confirmed++,
        (error) => this.failedWrites.push(error),
      );
  }
}

describe("a rolling restart", () => {
  it.each([
    ["of processes that are killed", 2],
    ["with three copies", 3],
  ])("under load costs no read, and of writes those that were under way: %s", async (_, replicationFactor) => {
    await using lab = await Lab.open({ nodes: 3, replicationFactor, migrationMs: 300 });
    const session = await lab.session();
    await lab.until(Promise.all(keys.map((key) => session.put(key, { n: 0 }))));
    const load = new Load(lab, session);
    const { runtime, emulator } = lab;
    for (const node of emulator.nodes) {
      await runtime.advance(500);
      await node.stop();
      await runtime.advance(2_000);
      await node.start();
      await lab.until(emulator.whenStable());
    }
    await runtime.advance(1_500);
    await load.end();
    expect(load.reads).toBeGreaterThan(100);
    expect(load.failedReads).toEqual([]);
    for (const error of load.failedWrites) {
      // The node was gone, or another one waited for it until it knew; some were never sent.
      expect(["CONNECTION", "TIMEOUT", "INVALID_NODE", "MAX_ERROR_RATE"]).toContain(error.code);
    }
    // A moment for each node, out of more than seven seconds.
    expect(load.failedWrites.length).toBeLessThan(load.confirmed / 5);
    const records = await lab.until(session.getMany(keys));
    const happened = records.reduce((sum, record) => sum + (record?.bins.n ?? 0), 0);
    expect(happened).toBeGreaterThanOrEqual(load.confirmed);
    expect(happened).toBeLessThanOrEqual(load.confirmed + load.doubtful);
  });
});

/** A transport with names of its own, which lead elsewhere when told to, as a name server's do. */
class NamedTransport implements Transport {
  readonly #inner: Transport;
  readonly names = new Map<string, Endpoint>();

  constructor(inner: Transport) {
    this.#inner = inner;
  }

  connect(endpoint: Endpoint, handler: SocketHandler): Socket {
    return this.#inner.connect(this.names.get(endpoint.host) ?? endpoint, handler);
  }
}

describe("a cluster whose every address changes at once", () => {
  it.each([
    ["while it is away", 10_000],
    ["from one moment to the next", 0],
  ])("is found by the seed's name, which leads to one of the new ones: %s", async (_, awayMs) => {
    await using lab = await Lab.open({ nodes: 3, ports: [4000, 4001, 4002] });
    const { emulator, runtime } = lab;
    const transport = new NamedTransport(lab.transport);
    transport.names.set("db.example", { host: "127.0.0.1", port: 4000 });
    const { client } = await lab.connectCluster({ transport, seeds: [{ host: "db.example", port: 3000 }] });
    const session = client.createSession();
    await lab.until(Promise.all(keys.map((key) => session.put(key, { n: 1 }))));

    await Promise.all(emulator.nodes.map((node) => node.stop()));
    await runtime.advance(awayMs);
    await Promise.all(emulator.nodes.map((node, i) => node.start(5000 + i)));
    transport.names.set("db.example", { host: "127.0.0.1", port: 5002 });
    await lab.until(emulator.whenStable());
    await runtime.advance(10_000);

    expect(client.nodes.map(({ address }) => address).sort()).toEqual([
      "127.0.0.1:5000",
      "127.0.0.1:5001",
      "127.0.0.1:5002",
    ]);
    await lab.until(session.update(keys).bin("n").add(1).execute());
    for (const record of await lab.until(session.getMany(keys))) expect(record?.bins.n).toBe(2);
    expect(await lab.until(session.query(set).count())).toBe(keys.length);
  });
});

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === "::1"));

describe("a cluster that has IPv6 alone", () => {
  it.skipIf(!hasIpv6)("is reached, and its nodes are known by such addresses (needs ::1)", async () => {
    await using emulator = await Emulator.start({ nodes: 2, host: "::1", udf: "none" });
    expect(emulator.hosts).toMatch(/^\[::1\]:\d+,\[::1\]:\d+$/);
    await using client = await connect(emulator.hosts.split(",")[0]!);
    expect(client.nodes.map(({ address }) => address).sort()).toEqual(emulator.hosts.split(",").sort());
    const session = client.createSession();
    await session.upsert(keys).put({ n: 1 }).execute();
    expect(await session.query(set).count()).toBe(keys.length);
  });
});
