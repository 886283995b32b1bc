import { readFileSync } from "node:fs";
import { connect as connectTcp, type Server } from "node:net";
import { createServer } from "node:tls";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { Emulator } from "../../emulator/index.js";
import { connect, DataSet } from "../../src/index.js";
import { eventually } from "../support/faults/counted-runtime.js";
import { blocksOf } from "../support/run-guide.js";
import { bundleWorker, type Found, startWorker, type Worker } from "./workers/start-worker.js";

const RECORDS = 40;
const SUM = (RECORDS * (RECORDS - 1)) / 2;

let script = "";

beforeAll(async () => {
  script = await bundleWorker(inject("documentsProject"));
});

/** An emulator with records, and a Worker that serves them. */
async function served(
  nodes: number,
  bindings: Readonly<Record<string, string>> = {},
): Promise<AsyncDisposable & { emulator: Emulator; worker: Worker }> {
  const emulator = await Emulator.start({ nodes, udf: "none" });
  const worker = await startWorker(script, { AEROSPIKE_HOSTS: emulator.hosts, ...bindings });
  const filled = (await worker.ask("fill", { count: RECORDS })) as Found;
  expect(filled).toMatchObject({ found: RECORDS });
  // Until the request is over, which is when it has left what it knows.
  await eventually("the request has closed its client", () => connections(emulator) === 0);
  return {
    emulator,
    worker,
    async [Symbol.asyncDispose]() {
      await worker[Symbol.asyncDispose]();
      await emulator.close();
    },
  };
}

const connections = (emulator: Emulator): number => emulator.nodes.reduce((sum, node) => sum + node.connections, 0);

describe("on Cloudflare Workers (workerd)", () => {
  test("one request after another has a client of its own, and asks the nodes nothing", async () => {
    await using made = await served(3);
    const { emulator, worker } = made;
    const info = emulator.faults.add({ command: "info", do: "delay", ms: 0 });
    for (let id = 0; id < 5; id++) {
      expect(await worker.ask("put", { id, n: 100 + id })).toEqual({ found: "done", sockets: { opened: 1, most: 1 } });
      expect(await worker.ask("get", { id })).toEqual({ found: 100 + id, sockets: { opened: 1, most: 1 } });
    }
    expect(info.hits).toBe(0);
    await eventually("every client is closed", () => connections(emulator) === 0);
  });

  test("values are packed and read where no code may be compiled", async () => {
    await using made = await served(1);
    expect(await made.worker.ask("packed")).toMatchObject({ found: 50 });
  });

  test("requests at the same time do not touch each other's sockets", async () => {
    await using made = await served(3);
    const answers = await Promise.all(Array.from({ length: 20 }, () => made.worker.ask("sum", { count: RECORDS })));
    for (const answer of answers) expect(answer).toEqual({ found: SUM, sockets: { opened: 3, most: 3 } });
    await eventually("every client is closed", () => connections(made.emulator) === 0);
  });

  test("the request that finds the table old asks what has changed, beside its work, and leaves it for the next", async () => {
    await using made = await served(2);
    const { emulator, worker } = made;
    const options = JSON.stringify({ tendIntervalMs: 1 });
    await worker.ask("sum", { count: RECORDS, options });
    const info = emulator.faults.add({ command: "info", do: "delay", ms: 0 });
    expect(await worker.ask("sum", { count: RECORDS, options })).toMatchObject({ found: SUM });
    await eventually("the nodes are asked", () => info.hits > 0);
  });

  test("a node that goes between two requests costs neither of them", async () => {
    await using made = await served(3);
    const { emulator, worker } = made;
    await emulator.nodes[0]?.stop();
    await emulator.whenStable();
    expect(await worker.ask("sum", { count: RECORDS })).toMatchObject({ found: SUM });
    expect(await worker.ask("sum", { count: RECORDS })).toMatchObject({ found: SUM });
    await emulator.nodes[0]?.start();
    await emulator.whenStable();
    expect(await worker.ask("sum", { count: RECORDS })).toMatchObject({ found: SUM });
  });

  test("a node that goes in the middle of a request does not end it", async () => {
    await using made = await served(3);
    const { emulator, worker } = made;
    const reads = emulator.faults.add({ command: "read", do: "delay", ms: 0 });
    const patrol = worker.ask("patrol", { count: RECORDS, ms: 10 });
    await eventually("it reads", () => reads.hits > 3);
    await emulator.nodes[1]?.stop();
    expect(await patrol).toMatchObject({ found: RECORDS });
  });

  test("no more than five sockets are open at a time, however many nodes there are", async () => {
    await using made = await served(8);
    const { worker } = made;
    for (let i = 0; i < 2; i++) {
      const { found, sockets } = (await worker.ask("nested", { count: RECORDS })) as Found;
      expect(found).toEqual([SUM, RECORDS]);
      expect(sockets.most).toBeLessThanOrEqual(5);
    }
    // Records of nodes without a socket come by way of those that have one.
    expect(await worker.ask("sum", { count: RECORDS })).toEqual({ found: SUM, sockets: { opened: 4, most: 4 } });
  });

  test("a background task that one request starts is watched by the next", async () => {
    await using made = await served(3);
    const { emulator, worker } = made;
    const gate = emulator.faults.holdJobs();
    const { found: task } = (await worker.ask("start")) as { found: string };
    await gate.whenHeld(1);
    const watched = worker.ask("watch", { task });
    gate.release();
    expect(await watched).toMatchObject({ found: { state: "done", succeeded: RECORDS } });
    expect(await worker.ask("sum", { count: RECORDS })).toMatchObject({ found: SUM + 1_000 * RECORDS });
  });

  test("work that outlives the answer has its client until it is done", async () => {
    await using made = await served(1);
    const { emulator, worker } = made;
    const writes = emulator.faults.add({ command: "write", do: "delay", ms: 0 });
    expect(await worker.ask("late", { id: 3, n: 77, ms: 50 })).toMatchObject({ found: "answered" });
    await eventually("it is written", () => writes.hits > 0);
    expect(await worker.ask("get", { id: 3 })).toMatchObject({ found: 77 });
  });

  test("what the program throws comes through, and the client is closed", async () => {
    await using made = await served(1);
    expect(await made.worker.ask("fail")).toEqual({ error: "the program's own" });
    await eventually("the client is closed", () => connections(made.emulator) === 0);
  });

  test("a Durable Object has one client for many requests, and none once nobody needs it", async () => {
    await using made = await served(3);
    const { emulator, worker } = made;
    const ask = (id: number): Promise<unknown> => worker.ask("object", { work: "get", id });
    expect(await Promise.all([ask(1), ask(2), ask(3)])).toEqual([1, 2, 3]);
    expect(await worker.ask("object")).toEqual({ isOpen: true });
    await eventually("it is closed", () => connections(emulator) === 0);
    expect(await worker.ask("object")).toEqual({ isOpen: false });
    expect(await ask(4)).toBe(4);
  });

  test("a client logs in once for all requests, and shows its token from then on", async () => {
    const emulator = await Emulator.start({ security: true, udf: "none" });
    const worker = await startWorker(script, {
      AEROSPIKE_HOSTS: emulator.hosts,
      AEROSPIKE_USER: "admin",
      AEROSPIKE_PASSWORD: "admin",
    });
    const login = emulator.faults.add({ command: "security", do: "delay", ms: 0 });
    const first = (await worker.ask("get", { id: 1 })) as { code: string };
    // `admin` may not read; how often it knocks is what counts.
    expect(first.code).toBe("ROLE_VIOLATION");
    const before = login.hits;
    expect(await worker.ask("get", { id: 1 })).toMatchObject({ code: "ROLE_VIOLATION" });
    expect(login.hits).toBe(before + 1);
    await worker[Symbol.asyncDispose]();
    await emulator.close();
  });
});

describe("connect on Cloudflare Workers", () => {
  let emulator: Emulator;
  let worker: Worker;

  beforeAll(async () => {
    emulator = await Emulator.start({ udf: "none" });
    worker = await startWorker(script, { AEROSPIKE_HOSTS: emulator.hosts });
  });

  afterAll(async () => {
    await worker[Symbol.asyncDispose]();
    await emulator.close();
  });

  test("works by itself within a request", async () => {
    expect(await worker.ask("connect")).toBe(1);
  });

  test("says where nobody answers", async () => {
    expect(await worker.ask("connect", { hosts: "127.0.0.1:1" })).toMatchObject({
      code: "CONNECTION",
      error: expect.stringMatching(/^No cluster to connect to: No connection to 127\.0\.0\.1:1: /),
    });
  });

  test("refuses what sockets of the platform can't do", async () => {
    expect(await worker.ask("connect", { options: JSON.stringify({ tls: { ca: "pem" } }) })).toEqual({
      error:
        "connect(options): tls.ca can't be kept on Cloudflare Workers, whose sockets trust public authorities only and have no client certificates; allowed is tls: true.",
    });
    expect(await worker.ask("connect", { hosts: "127.0.0.1:prod:4333" })).toMatchObject({
      error: expect.stringContaining(
        'Cloudflare Workers check a certificate for the name that is connected to, "127.0.0.1"; expected no other TLS name, got "prod"',
      ),
    });
  });

  test("speaks TLS", async () => {
    const proxy = await startTlsProxy(emulator.hosts);
    const { port } = proxy.address() as { port: number };
    // What comes back is the word of a Community server, which has no nodes with TLS; it came over TLS.
    expect(await worker.ask("connect", { hosts: `localhost:localhost:${port}` })).toMatchObject({
      error: expect.stringContaining("result code 25: enterprise only"),
    });
    const options = JSON.stringify({ tls: true });
    expect(await worker.ask("connect", { hosts: `127.0.0.1:${port}`, options })).toMatchObject({
      error: expect.stringMatching(/^No cluster to connect to: (No|The) connection to 127\.0\.0\.1:/),
    });
    proxy.close();
  });
});

describe("the programs of the guide", () => {
  const [forRequests = "", behindTheAnswer = "", forObjects = ""] = blocksOf(
    readFileSync(new URL("../../docs/edge-workers.md", import.meta.url), "utf8"),
    "js",
  );

  /** What a program answers when Ada is there. */
  async function answers(program: string): Promise<{ first: unknown; second: unknown; ada: unknown }> {
    await using emulator = await Emulator.start({ udf: "none" });
    await using client = await connect(emulator.hosts);
    const session = client.createSession();
    const ada = DataSet.of("test", "users").id("ada");
    await session.put(ada, { age: 36, visits: 3 });
    const bundle = await bundleWorker(inject("plainProject"), program);
    await using worker = await startWorker(bundle, { AEROSPIKE_HOSTS: emulator.hosts }, "Counter");
    const first = await worker.ask("");
    const second = await worker.ask("");
    await eventually("every client but this one is closed", () => connections(emulator) <= 4);
    return { first, second, ada: (await session.get(ada)).bins };
  }
  const noObjects = "export class Counter {}";

  test("serve a record", async () => {
    const found = await answers(`${forRequests}\n${noObjects}`);
    expect(found).toMatchObject({ first: { age: 36, visits: 3 }, second: { age: 36, visits: 3 } });
  });

  test("start a task and wait for it behind the answer", async () => {
    const imports = forRequests
      .split("\n")
      .filter((line) => /^(import|const)/.test(line))
      .join("\n");
    const program = `${imports}\nexport default { fetch: (request, env, ctx) => ${behindTheAnswer.replace(/;\s*$/, "")} };\n${noObjects}`;
    expect(await answers(program)).toMatchObject({
      first: { task: expect.stringMatching(/^\d+$/) },
      ada: { visits: 0 },
    });
  });

  test("count in a Durable Object", async () => {
    const route =
      "export default { fetch: (request, { OBJECT }) => OBJECT.get(OBJECT.idFromName('one')).fetch(request) };";
    expect(await answers(`${forObjects}\n${route}`)).toMatchObject({ first: { n: 1 }, second: { n: 2 } });
  });
});

/** TLS in front of a node. */
async function startTlsProxy(hosts: string): Promise<Server> {
  const pem = (name: string): Buffer => readFileSync(new URL(`../support/tls/${name}.pem`, import.meta.url));
  const [host = "", port = ""] = hosts.split(":");
  const server = createServer({ cert: pem("localhost"), key: pem("localhost.key") }, (socket) => {
    const inner = connectTcp(Number(port), host);
    socket.pipe(inner).pipe(socket);
    socket.on("error", () => inner.destroy());
    inner.on("error", () => socket.destroy());
  });
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return server;
}
