import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemRuntime } from "../../runtime/system-runtime.js";
import { newSession } from "../../src/client/new-session.js";
import { ClusterCore } from "../../src/cluster/cluster-core.js";
import { Behavior, Cluster, connect, DataSet, nodeTransport, type Session } from "../../src/index.js";
import { type Bundle, bundle } from "../support/bundle.js";
import { seededRandom } from "../support/faults/chance.js";
import { Ledger } from "../support/faults/ledger.js";
import { runs, some } from "../support/runs.js";

// A program that computes reads no sockets: its time limits pass although what it waits for is there, or only needs the
// program's attention. The node is in a process of its own, so that it goes on meanwhile.

const set = DataSet.of<{ n: number }>("test", "busy");
const HASTY = Behavior.DEFAULT.deriveWithChanges("hasty", {
  all: { totalTimeout: 200, maxRetries: 0 },
  reads: { maxRetries: 0 },
  readsQuery: { maxRetries: 0 },
  writesNonRetryable: { maxRetries: 0 },
});
/** Of the default times only the order matters here, and computing for seconds takes seconds. */
const CONNECT_TIMEOUT_MS = 1_000;
/** For what is tried at many times of the limit. */
const SHORT_TIMEOUT_MS = 300;
const PATIENT = Behavior.DEFAULT.deriveWithChanges("patient", { all: { totalTimeout: 0, socketTimeout: 0 } });

let programs: Bundle;
let node: ChildProcess;
let hosts: string;

beforeAll(async () => {
  programs = await bundle("test/support/faults/programs/emulator.ts");
  node = spawn(process.execPath, [programs.file("emulator")], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(node.stdout!, "data");
  hosts = String(line).trim();
});

afterAll(async () => {
  node.stdin?.end();
  await once(node, "close");
  await programs[Symbol.asyncDispose]();
});

/** Serves nothing for so long, as a program that computes, and leaves the machine to others. */
function compute(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Lets requests leave, as they do at the end of the turn. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function opened(behavior = HASTY): Promise<{ readonly client: Cluster; readonly session: Session }> {
  const client = await connect(hosts, { connectTimeoutMs: CONNECT_TIMEOUT_MS });
  const session = client.createSession(behavior);
  await client.createSession().put(set.id(1), { n: 1 });
  return { client, session };
}

// The node has to answer while this program computes. A machine that stalls its process for as long fails what it should
// not: only what fails each time is a failure.
describe("a program that computes for longer than a time limit", { retry: 2 }, () => {
  it("still gets the replies that came meanwhile", async () => {
    const { client, session } = await opened();
    await using _ = client;
    const results = Promise.all([
      session.get(set.id(1)),
      session.put(set.id(2), { n: 2 }),
      session.update(set.id(1)).bin("n").add(1).execute(),
      session.backgroundTask().touch(set).count(),
      session.info().build(),
    ]);
    await turn();
    compute(400);
    const [record] = await results;
    expect(record.bins.n).toBeGreaterThan(0);
  });

  it("still gets the replies to what it has not even sent yet", async () => {
    const { client, session } = await opened();
    await using _ = client;
    const results = Promise.all([session.get(set.id(1)), session.put(set.id(2), { n: 2 })]);
    compute(400);
    await results;
  });

  // Of the limit: it passes in the midst of connecting, of what is asked then, or long before anything is begun.
  it.each(some([1.01, 5, 2.01, 1.98, 0.5], 3))(
    "still connects, when it computes for %d of the limit right after",
    async (share) => {
      const addresses = [hosts, hosts.replace("127.0.0.1", "localhost")];
      for (const address of addresses) {
        const connecting = connect(address, { connectTimeoutMs: SHORT_TIMEOUT_MS });
        compute(share * SHORT_TIMEOUT_MS);
        await using _ = await connecting;
      }
    },
  );

  it("still connects and works, when it computes again and again, with one turn between", async () => {
    const random = seededRandom(1);
    const connecting = connect(hosts.replace("127.0.0.1", "localhost"), { connectTimeoutMs: SHORT_TIMEOUT_MS });
    const busily = async (): Promise<void> => {
      for (let i = 0; i < 4; i++) {
        compute((0.1 + 2 * random()) * SHORT_TIMEOUT_MS);
        await turn();
      }
    };
    await busily();
    await using client = await connecting;
    const session = client.createSession(HASTY);
    const results = Promise.all([session.put(set.id(3), { n: 3 }), session.getMany([set.id(3), set.id(4)])]);
    await busily();
    await results;
  });

  it("still opens the sockets for a great many puts at once", async () => {
    const { client, session } = await opened(PATIENT);
    await using _ = client;
    const puts = Array.from({ length: 5_000 }, (_, i) => session.put(set.id(i % 1_000), { n: i }));
    // As 200,000 puts would.
    compute(2 * CONNECT_TIMEOUT_MS);
    await Promise.all(puts);
  });

  it("still starts a background task, and waits for its end, when its time runs out before anything of it was sent", async () => {
    const { client, session } = await opened();
    await using _ = client;
    const starting = session.backgroundTask().update(set).bin("n").add(1).execute({ totalTimeout: 200 });
    compute(400);
    const task = await starting;
    const ending = task.waitTillComplete({ totalTimeout: 200 });
    compute(400);
    expect(await ending).toMatchObject({ failed: 0 });
  });

  it("still sends rows that are prepared in slices, when time runs out between two of them", async () => {
    const { client, session } = await opened();
    await using _ = client;
    const keys = Array.from({ length: 3_000 }, (_, i) => set.id(i));
    const reading = session.getMany(keys);
    // Between two slices.
    for (let i = 0; i < 3; i++) await turn();
    compute(400);
    expect(await reading).toHaveLength(keys.length);
  });

  it("still asks again, when time runs out in a pause", async () => {
    const { client, session } = await opened();
    await using _ = client;
    const created = await session.createIndex(set, { name: "busy_n", bin: "n", type: "integer" });
    const ending = created.waitTillComplete({ totalTimeout: 200 });
    compute(400);
    await ending;
    await (await session.dropIndex(set, "busy_n")).waitTillComplete({ totalTimeout: 20_000 });
  });

  it("still connects, when it computes for longer than the whole of connecting may take", async () => {
    const connecting = connect(hosts, { connectTimeoutMs: 100, readyTimeoutMs: 200 });
    await turn();
    compute(400);
    await using _ = await connecting;
  });

  it("still hears the nodes that it tends", async () => {
    const [host = "", port] = hosts.split(":");
    const seeds = [{ host, port: Number(port) }];
    const options = {
      seeds,
      transport: nodeTransport(),
      runtime: systemRuntime,
      tendIntervalMs: 50,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
    };
    const cluster = await ClusterCore.connect(options);
    await using _ = cluster;
    const token = cluster.nodes[0]?.connectionToken;
    for (let i = 0; i < 3; i++) {
      compute(CONNECT_TIMEOUT_MS + 50);
      await turn();
    }
    await cluster.info(cluster.nodes[0]!, ["node"], cluster.deadline(1_000));
    expect(cluster.nodes[0]?.connectionToken).toBe(token);
  });
});

it("a loop that is blocked at random, for longer than any limit too, fails nothing of all that is under way", async () => {
  const [host = "", port] = hosts.split(":");
  const seeds = [{ host, port: Number(port) }];
  const cluster = await ClusterCore.connect({ seeds, transport: nodeTransport(), runtime: systemRuntime });
  await using client = new Cluster(cluster, newSession, {});
  const random = seededRandom(1);
  const limits = { shortestTimeoutMs: 2_000, longestTimeoutMs: 2_000 };
  const ledger = new Ledger(client, cluster, random, { records: 40, ...limits, aborts: 0, isSettled: true });
  await ledger.open();
  // AEROWIRE_RUNS brings more of up to five seconds.
  const further = Array.from({ length: runs(1) - 1 }, () => 100 + 4_900 * random());
  const blocks = [100, 2_500, 300, 900, ...further];
  let calls = 0;
  const callsInAll = 60 * blocks.length;
  await ledger.run(callsInAll, 16, () => {
    if (++calls % 50 === 0) compute(blocks.shift() ?? 0);
  });
  expect(blocks).toEqual([]);
  expect(ledger.crossed).toEqual([]);
  expect([...ledger.outcomes]).toEqual([["ok", callsInAll]]);
  expect(await ledger.audit()).toEqual([]);
});

it("a limit ends what gets no reply, however busy the program was", async () => {
  const { client } = await opened();
  await using _ = client;
  node.kill("SIGSTOP");
  try {
    const session = client.createSession(HASTY);
    const get = session.get(set.id(1)).catch((error: unknown) => error);
    await turn();
    compute(400);
    expect(await get).toMatchObject({ code: "TIMEOUT" });
  } finally {
    node.kill("SIGCONT");
  }
});
