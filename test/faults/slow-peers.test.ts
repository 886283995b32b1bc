import { describe, expect, it } from "vitest";
import { MemoryNetwork } from "../../emulator/index.js";
import { MAX_MESSAGE_BODY, MAX_REPLY_BODY } from "../../protocol/limits.js";
import { AerospikeError, DataSet, type Key, type Session } from "../../src/index.js";
import { behaviorOf, Lab, type LabOptions, masterOf } from "../support/faults/lab.js";
import { asTheyCame, type WatchedSocket } from "../support/faults/watched-transport.js";

// Peers that take their time, that are gone without a word, that do not read: what waits on them waits no longer than it
// may, says what became of it, and nobody else notices.

const set = DataSet.of<{ n: number; text: string }>("test", "slow");
const SLOW = 0;

interface Opened {
  readonly lab: Lab;
  readonly session: Session;
  /** Without any limit of time. */
  readonly patient: Session;
  /** Records of the slow node, and of the other one. */
  readonly slow: readonly Key<{ n: number; text: string }>[];
  readonly others: readonly Key<{ n: number; text: string }>[];
  idle(): boolean;
}

async function open(options: LabOptions = {}): Promise<Opened> {
  const lab = await Lab.open({ nodes: 2, ...options });
  const { client, cluster } = await lab.connectCluster({ maxErrorRate: 0, drainTimeoutMs: 500 });
  const session = client.createSession();
  const keys = set.ids(Array.from({ length: 24 }, (_, id) => id));
  await lab.until(Promise.all(keys.map((key, n) => session.put(key, { n, text: "" }))));
  const isSlow = (key: Key<unknown>): boolean => masterOf(lab.emulator, cluster, key) === SLOW;
  return {
    lab,
    session,
    patient: client.createSession(behaviorOf({ all: { totalTimeout: 0, socketTimeout: 0 } })),
    slow: keys.filter(isSlow),
    others: keys.filter((key) => !isSlow(key)),
    idle: () =>
      cluster.nodes.every((node) => {
        const { pending, waiting } = cluster.loadOf(node);
        return pending === 0 && waiting === 0;
      }),
  };
}

async function outcomesOf(lab: Lab, work: readonly Promise<unknown>[]) {
  const startedAt = lab.runtime.now();
  const settled = await lab.until(Promise.allSettled(work));
  const errors = settled.flatMap((one) => (one.status === "rejected" ? [one.reason as AerospikeError] : []));
  return { errors, ms: lab.runtime.now() - startedAt };
}

describe("bytes that drip", () => {
  /** A byte a millisecond, both ways, while `drips`. */
  async function openDripping() {
    let drips = false;
    const opened = await open({
      network: (runtime) =>
        new MemoryNetwork(runtime, {
          pieces: (size) => (drips ? new Array<number>(size).fill(1) : [size]),
          latencyMs: () => 0,
        }),
    });
    const { runtime } = opened.lab;
    opened.lab.transport.onReply = asTheyCame;
    return { ...opened, runtime, drip: (on: boolean) => (drips = on) };
  }

  it("are read, whatever it is that comes byte by byte", async () => {
    const { lab, session, drip, slow } = await openDripping();
    await using _lab = lab;
    drip(true);
    expect((await lab.until(session.get(slow[0]!))).bins.n).toBeGreaterThanOrEqual(0);
    await lab.until(session.update(slow[0]!).bin("n").add(0).execute());
    expect(await lab.until(session.getMany(slow))).toHaveLength(slow.length);
    expect(await lab.until(session.query(set).collect())).toHaveLength(24);
    expect([...(await lab.until(session.info().namespaces()))]).toEqual(["test"]);
  });

  it("end with the time of the command, and what comes later is nobody else's", async () => {
    const { lab, session, slow, others } = await open();
    await using _lab = lab;
    const { runtime, transport } = lab;
    const port = lab.emulator.nodes[SLOW]?.port;
    let isDripping = true;
    // What comes from the slow node is handed over at a byte a second.
    transport.onReply = (bytes, socket) => {
      if (!isDripping || socket.endpoint.port !== port || bytes[1] === 1) return [bytes];
      return [bytes.subarray(0, 1)];
    };
    const { errors, ms } = await outcomesOf(lab, [
      ...others.map((key) => session.get(key)),
      ...slow.map((key) => session.put(key, { n: 1, text: "dripped" })),
    ]);
    expect(errors).toHaveLength(slow.length);
    for (const error of errors) expect(error).toMatchObject({ code: "TIMEOUT", inDoubt: true, attempts: 1 });
    expect(ms).toBe(1_000);
    isDripping = false;
    await runtime.advance(1_000);
    // Those sockets are given up: nothing on them can be told apart any more.
    for (const key of slow) expect((await lab.until(session.get(key))).bins.text).toBe("dripped");
  });
});

describe("a peer that is gone without a word", () => {
  /** Its sockets stay open; nothing leaves or comes on those that there were. */
  function vanish(lab: Lab): ReadonlySet<WatchedSocket> {
    const port = lab.emulator.nodes[SLOW]?.port;
    const gone = new Set(lab.transport.open.filter(({ endpoint }) => endpoint.port === port));
    lab.transport.onReply = (bytes, socket) => (gone.has(socket) ? [] : [bytes]);
    return gone;
  }

  it("costs reads a part of their time, writes theirs, and is left for new sockets", async () => {
    const { lab, session, slow, others, idle } = await open();
    await using _lab = lab;
    const gone = vanish(lab);
    const reads = await outcomesOf(
      lab,
      [...slow, ...others].map((key) => session.get(key)),
    );
    expect(reads.errors).toEqual([]);
    expect(reads.ms).toBeLessThan(400);
    // By now its sockets block, so that writes get new ones; those that are on them still are in doubt.
    await lab.runtime.advance(1_000);
    const writes = await outcomesOf(
      lab,
      [...slow, ...others].map((key) => session.put(key, { n: 5, text: "new" })),
    );
    for (const error of writes.errors) expect(error).toMatchObject({ inDoubt: true });
    expect(writes.ms).toBeLessThanOrEqual(1_000);
    await lab.runtime.advance(5_000);
    for (const socket of gone) expect(socket.isDestroyed).toBe(true);
    expect(idle()).toBe(true);
    const { errors, ms } = await outcomesOf(
      lab,
      slow.map((key) => session.put(key, { n: 6, text: "at last" })),
    );
    expect(errors).toEqual([]);
    expect(ms).toBeLessThan(50);
  });
});

describe("a peer that does not read", () => {
  it("fills its own buffers alone: what has not left says that it did not happen, what has is in doubt", async () => {
    const { lab, session, slow, others, idle } = await open();
    await using _lab = lab;
    const text = "x".repeat(30_000);
    lab.transport.hold(lab.emulator.nodes[SLOW]?.port);
    const work = [
      ...Array.from({ length: 400 }, (_, i) => session.put(slow[i % slow.length]!, { n: i, text })),
      ...others.map((key) => session.put(key, { n: 1, text: "fine" })),
    ];
    const { errors, ms } = await outcomesOf(lab, work);
    expect(ms).toBe(1_000);
    expect(errors).toHaveLength(400);
    const inDoubt = errors.filter((error) => error.inDoubt).length;
    expect(inDoubt).toBeGreaterThan(0);
    expect(inDoubt).toBeLessThan(200);
    // No more was handed to the sockets than what is in doubt.
    expect(lab.transport.held).toBeLessThan((inDoubt + 1) * (text.length + 200));
    lab.transport.hold(undefined);
    await lab.runtime.advance(5_000);
    expect(idle()).toBe(true);
    const after = await outcomesOf(
      lab,
      slow.map((key) => session.put(key, { n: 1, text: "again" })),
    );
    expect(after.errors).toEqual([]);
  });
});

describe("a reply that is wrong", () => {
  const claim = (size: number): Uint8Array => {
    const bytes = new Uint8Array(30);
    bytes.set([2, 3, 0, 0]);
    new DataView(bytes.buffer).setUint32(4, size);
    return bytes;
  };

  const WRONG: Readonly<Record<string, (reply: Uint8Array) => Uint8Array>> = {
    "is too short": (reply) => reply.subarray(0, reply.length - 1),
    "is too long": (reply) => new Uint8Array([...reply, 0]),
    "is garbage": () => new Uint8Array(64).fill(0x21),
    "is of another kind": () => Uint8Array.from([2, 1, 0, 0, 0, 0, 0, 5, 98, 117, 105, 108, 100]),
    "claims as much as is believed": () => claim(MAX_REPLY_BODY),
    "claims a byte more": () => claim(MAX_REPLY_BODY + 1),
    "claims 128 MB": () => claim(MAX_MESSAGE_BODY),
  };
  const ROWS = 9;
  /** What is asked, and whether what comes of it is either whole or an error that says the truth. */
  const ASKED: Readonly<
    Record<string, (session: Session, keys: readonly Key<{ n: number; text: string }>[]) => Promise<void>>
  > = {
    get: async (session, keys) => {
      expect((await session.get(keys[0]!)).bins.text).toBe("");
    },
    put: async (session, keys) => {
      await session.put(keys[0]!, { n: 1, text: "" }).catch((error: AerospikeError) => {
        expect(error).toMatchObject({ inDoubt: true, attempts: 1 });
        throw error;
      });
    },
    "batch of reads": async (session, keys) => {
      const records = await session.getMany(keys.slice(0, ROWS));
      expect(records.map((record) => record?.bins.text)).toEqual(new Array(ROWS).fill(""));
    },
    "batch of writes": async (session, keys) => {
      const stream = await session.update(keys.slice(0, ROWS)).bin("text").setTo("").execute({ onError: "inStream" });
      for (const row of await stream.collect()) {
        if (row.isOk) continue;
        expect(row).toMatchObject({ inDoubt: true });
        row.orThrow();
      }
    },
    query: async (session) => {
      expect(await session.query(set).collect()).toHaveLength(24);
    },
  };
  /** How it ends with an error, by its code. Everything else is asked for elsewhere, or was whole all the same. */
  const FAILS: Readonly<Record<string, string>> = {
    "get is of another kind": "BAD_REPLY",
    "put is too short": "TIMEOUT",
    "put is garbage": "CONNECTION",
    "put is of another kind": "BAD_REPLY",
    "put claims as much as is believed": "TIMEOUT",
    "put claims a byte more": "CONNECTION",
    "put claims 128 MB": "CONNECTION",
    "batch of reads is of another kind": "BATCH_FAILED",
    "batch of reads claims as much as is believed": "BATCH_FAILED",
    "batch of writes is garbage": "CONNECTION",
    "batch of writes is of another kind": "BAD_REPLY",
    "batch of writes claims as much as is believed": "BAD_REPLY",
    "batch of writes claims a byte more": "CONNECTION",
    "batch of writes claims 128 MB": "CONNECTION",
    "query is of another kind": "BAD_REPLY",
    "query claims as much as is believed": "BAD_REPLY",
  };
  const CASES = Object.keys(ASKED).flatMap((asked) => Object.keys(WRONG).map((wrong) => [asked, wrong] as const));

  it.each(CASES)("to a %s %s: its socket ends, and nothing else", async (asked, wrong) => {
    const { lab, session, patient, slow, others, idle } = await open();
    await using _lab = lab;
    const { transport } = lab;
    // Something else waits for both nodes at the same time.
    const isQuery = asked === "query";
    using stall = lab.emulator.faults.add({ command: isQuery ? "read" : "query", times: 2, do: "stall" });
    const waiting = isQuery
      ? Promise.all([slow, others].map(([key]) => patient.get(key!)))
      : patient.query(set).collect();
    await lab.runtime.advance(1);
    expect(stall.hits).toBe(2);
    const before = new Set(transport.open);
    let victim: WatchedSocket | undefined;
    transport.onReply = (bytes, socket) => {
      if (bytes[1] !== 3) return [bytes];
      transport.onReply = asTheyCame;
      victim = socket;
      return [WRONG[wrong]!(bytes)];
    };
    const code = await lab.until(
      ASKED[asked]!(session, slow).then(
        () => undefined,
        (error: unknown) => (error instanceof AerospikeError ? error.code : error),
      ),
    );
    expect(code).toBe(FAILS[`${asked} ${wrong}`]);
    expect(victim).toBeDefined();
    await lab.runtime.advance(500);
    stall.lift();
    expect(await lab.until(waiting)).toHaveLength(isQuery ? 2 : 24);
    await lab.runtime.advance(5_000);
    expect(victim!.isDestroyed).toBe(true);
    expect([...before].filter((socket) => socket.isDestroyed && socket !== victim)).toEqual([]);
    expect(idle()).toBe(true);
  });
});
