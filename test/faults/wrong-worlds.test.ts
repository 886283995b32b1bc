import type { Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Emulator } from "../../emulator/index.js";
import {
  AerospikeError,
  AuthenticationError,
  ConnectionError,
  type ConnectOptions,
  connect,
  DataSet,
  Filter,
  nodeTransport,
} from "../../src/index.js";
import { eventually, openTcpHandles } from "../support/faults/counted-runtime.js";
import { Lab } from "../support/faults/lab.js";
import { StrangeServer } from "../support/faults/strange-server.js";
import { WatchedTransport } from "../support/faults/watched-transport.js";

const FAST: ConnectOptions = { connectTimeoutMs: 200, readyTimeoutMs: 2_000 };
const TLS_ALERT = Uint8Array.of(0x15, 3, 1, 0, 2, 2, 70);

let transport: WatchedTransport;
let handlesBefore: number;

beforeEach(() => {
  transport = new WatchedTransport(nodeTransport());
  handlesBefore = openTcpHandles();
});

afterEach(async () => {
  expect(transport.open).toEqual([]);
  await eventually("no socket is left", () => openTcpHandles() <= handlesBefore);
});

/** The error that connecting ends with. */
async function failToConnect(hosts: string, options: ConnectOptions = {}): Promise<AerospikeError> {
  try {
    const client = await connect(hosts, { ...FAST, transport, ...options });
    await client.close();
  } catch (error) {
    if (error instanceof AerospikeError) return error;
    throw error;
  }
  throw new Error(`There is a cluster at ${hosts}`);
}

describe("connecting to", () => {
  it("a port where nobody listens", async () => {
    const port = await StrangeServer.freePort();
    const error = await failToConnect(`127.0.0.1:${port}`);
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.message).toMatch(new RegExp(`No connection to 127.0.0.1:${port}: .*ECONNREFUSED`));
    expect(error.code).toBe("CONNECTION");
  });

  it("a host that does not exist", async () => {
    const error = await failToConnect("no-such-host.invalid:3000", { connectTimeoutMs: 2_000 });
    expect(error).toBeInstanceOf(ConnectionError);
    // Without any name server the answer may not come in time.
    expect(error.message).toMatch(/No connection to no-such-host\.invalid:3000( within|: getaddrinfo)/);
  });

  it.each<[string, () => Promise<StrangeServer>, RegExp]>([
    ["a web server", () => StrangeServer.http(), /is no Aerospike server: it is a web server/],
    [
      "an SSH server",
      () => StrangeServer.start((socket: Socket) => socket.write("SSH-2.0-OpenSSH_9.6\r\n")),
      /is no Aerospike server: it is an SSH server/,
    ],
    ["a server of lines", () => StrangeServer.answering("-ERR unknown command\r\n"), /not Aerospike's protocol/],
    [
      "a server that sends random bytes",
      () => StrangeServer.answering(Uint8Array.from({ length: 500 }, (_, i) => (i * 167 + 13) % 256)),
      /not Aerospike's protocol/,
    ],
    ["a port for TLS that says so", () => StrangeServer.answering(TLS_ALERT), /expects TLS: connect with TLS/],
    ["a port for TLS that only hangs up", () => StrangeServer.tls(), /may be one for TLS|expects TLS/],
    ["a silent server", () => StrangeServer.start(() => undefined), /sent no reply in time/],
    ["a server that hangs up at once", () => StrangeServer.start((socket) => socket.destroy()), /closed|ECONNRESET/],
    [
      "a server that hangs up when asked",
      () => StrangeServer.start((socket) => socket.once("data", () => socket.destroy())),
      /closed|ECONNRESET/,
    ],
    [
      "a server that answers an info request with nothing",
      () => StrangeServer.answering(Uint8Array.of(2, 1, 0, 0, 0, 0, 0, 0)),
      /lacks the command "node"/,
    ],
    [
      "a server that announces half a terabyte",
      () => StrangeServer.answering(Uint8Array.of(2, 1, 0, 0x7f, 255, 255, 255, 255)),
      /549755813887 bytes, more than the \d+ allowed/,
    ],
  ])("%s", async (_, start, message) => {
    await using server = await start();
    const error = await failToConnect(server.address);
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.message).toMatch(message);
    expect(error.message).toContain(server.address);
    // The address is said once: nothing wraps the reason in itself.
    expect(error.message.split(server.address).length - 1).toBeLessThanOrEqual(2);
  });

  it("several seeds, none of them good, tells of each what is wrong with it", async () => {
    await using http = await StrangeServer.http();
    await using silent = await StrangeServer.start(() => undefined);
    await using hangsUp = await StrangeServer.start((socket) => socket.destroy());
    const nobody = `127.0.0.1:${await StrangeServer.freePort()}`;
    const error = await failToConnect([nobody, http.address, silent.address, hangsUp.address].join(","));
    const lines = error.message.split("\n");
    expect(lines.length).toBe(5);
    expect(lines[0]).toContain("4 seeds");
    const of = (address: string): string => lines.find((line) => line.includes(address)) ?? "";
    expect(of(nobody)).toContain("ECONNREFUSED");
    expect(of(http.address)).toContain("web server");
    expect(of(silent.address)).toContain("sent no reply in time");
    expect(of(hangsUp.address)).toMatch(/closed|ECONNRESET/);
    expect(error.cause).toBeInstanceOf(AggregateError);
  });

  it("several seeds of which one is good is fine", async () => {
    await using http = await StrangeServer.http();
    await using silent = await StrangeServer.start(() => undefined);
    await using emulator = await Emulator.start({ nodes: 2, udf: "none" });
    const client = await connect(`${http.address},${silent.address},${emulator.hosts}`, { ...FAST, transport });
    expect(client.nodes.length).toBe(2);
    await client.close();
  });

  it("nobody, without insisting, goes on trying until there is somebody", async () => {
    const port = await StrangeServer.freePort();
    const client = await connect(`127.0.0.1:${port}`, {
      ...FAST,
      transport,
      failIfNotConnected: false,
      tendIntervalMs: 50,
    });
    expect(client.isConnected).toBe(false);
    await using _emulator = await Emulator.start({ ports: [port], udf: "none" });
    await eventually("the client is connected", () => client.isConnected);
    await client.close();
  });

  it("a cluster of another name", async () => {
    await using emulator = await Emulator.start({ nodes: 2, clusterName: "blue", udf: "none" });
    const error = await failToConnect(emulator.hosts, { clusterName: "green" });
    expect(error).toMatchObject({ name: "ConnectionError", code: "CLUSTER_NAME" });
    expect(error.message).toContain('named "blue"; "green" was asked for');
  });

  it("a cluster without security with credentials", async () => {
    await using emulator = await Emulator.start({ nodes: 2, udf: "none" });
    const error = await failToConnect(emulator.hosts, { user: "bob", password: "secret" });
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ code: "SECURITY_NOT_SUPPORTED" });
    expect(error.message).toContain("Connect without credentials");
  });

  it("a port for clear connections with TLS", async () => {
    await using emulator = await Emulator.start({ udf: "none" });
    const error = await failToConnect(emulator.hosts, { tls: true });
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.message).toContain(emulator.hosts);
    expect(error.message).toContain("port may be one for clear connections: connect without TLS");
  });

  it("a silent server stops when the signal fires", async () => {
    await using silent = await StrangeServer.start(() => undefined);
    const controller = new AbortController();
    const failure = failToConnect(silent.address, { signal: controller.signal, connectTimeoutMs: 60_000 });
    await eventually("a socket is open", () => transport.open.length > 0);
    controller.abort("enough");
    expect(await failure).toMatchObject({ name: "AbortError", cause: "enough" });
  });
});

describe("a namespace that does not exist", () => {
  it("is refused with the names of those that do, whatever is asked of it", async () => {
    await using lab = await Lab.open({ nodes: 2, namespaces: [{ name: "red" }, { name: "blue" }] });
    const session = await lab.session();
    const set = DataSet.of("green", "users");
    const requests = lab.transport.open.length;
    for (const ask of [
      () => session.get(set.id(1)),
      () => session.put(set.id(1), { a: 1 }),
      () => session.exists(set.id(1)).execute(),
      () => session.backgroundTask().update(set).bin("a").add(1).execute(),
      () => session.backgroundTask().delete(set).count(),
      () => session.backgroundTask().touch(set).explain(),
      () => session.truncate(set),
      async () => session.isNamespaceSc("green"),
    ]) {
      const error = await lab.failure(ask());
      expect(error, String(ask)).toMatchObject({ name: "InvalidNamespaceError", code: "INVALID_NAMESPACE" });
      expect(error).toMatchObject({ message: expect.stringMatching(/"green" does not exist.*"red", "blue"/) });
    }
    expect(lab.transport.open.length).toBe(requests);
  });
});

describe("a background task that the cluster can't run", () => {
  const users = DataSet.of("test", "users");

  async function open(options: Parameters<typeof Lab.open>[0] = {}) {
    const lab = await Lab.open({ nodes: 3, ...options });
    const session = await lab.session();
    await lab.until(Promise.all(users.ids([1, 2, 3, 4, 5, 6]).map((key) => session.put(key, { age: 30 }))));
    return { lab, session };
  }

  it("for its function is not known", async () => {
    const { lab, session } = await open();
    await using _lab = lab;
    const task = session.backgroundTask().executeUdf(users).function("nothing", "run");
    const error = await lab.failure(task.execute());
    expect(error).toMatchObject({ name: "UdfError" });
    expect(error).toMatchObject({ message: expect.stringMatching(/"nothing".*no module is registered/) });
  });

  it("for its index is still being built", async () => {
    const { lab, session } = await open({ indexBuildMs: 5_000 });
    await using _lab = lab;
    const index = await lab.until(session.index(users).onBin("age").named("users_age").integer().create());
    const start = () =>
      session
        .backgroundTask()
        .update(users)
        .filter(Filter.range("age", 0, 99))
        .bin("age")
        .add(1)
        .execute();
    const error = await lab.failure(start());
    expect(error).toMatchObject({ name: "SecondaryIndexError", code: "INDEX_NOT_READABLE" });
    expect(await lab.failure(index.waitTillComplete({ totalTimeout: 100 }))).toMatchObject({ name: "TimeoutError" });
    await lab.until(index.waitTillComplete({ totalTimeout: 20_000 }));
    const summary = await lab.until((await lab.until(start())).waitTillComplete());
    expect(summary.succeeded).toBe(6);
  });

  it("for there is no index", async () => {
    const { lab, session } = await open();
    await using _lab = lab;
    const task = session
      .backgroundTask()
      .update(users)
      .filter(Filter.range("age", 0, 99))
      .bin("age")
      .add(1);
    expect(await lab.failure(task.execute())).toMatchObject({ name: "IndexNotFoundError" });
  });

  it("for its rate is above the cap of the namespace", async () => {
    const { lab, session } = await open({ namespaces: [{ name: "test", backgroundQueryMaxRps: 500 }] });
    await using _lab = lab;
    const task = session.backgroundTask().update(users).bin("age").add(1).recordsPerSecond(501);
    const error = await lab.failure(task.execute());
    expect(error).toMatchObject({ code: "PARAMETER" });
    expect(error).toMatchObject({
      message: expect.stringMatching(/recordsPerSecond 501 .*background-query-max-rps 500/),
    });
    const { warnings } = await lab.until(task.explain());
    expect(warnings.join()).toContain("501");
  });

  it("for no node has a free thread", async () => {
    const { lab, session } = await open({ queryThreadsLimit: 1 });
    await using _lab = lab;
    using _gate = lab.emulator.faults.holdJobs();
    const start = () => session.backgroundTask().update(users).bin("age").add(1).execute();
    const first = await lab.until(start());
    expect(await lab.failure(start())).toMatchObject({ code: "FORBIDDEN", resultCode: 22, inDoubt: false });
    expect((await lab.until(first.abort())).aborted.length).toBe(3);
  });

  it("for every node has gone", async () => {
    const { lab, session } = await open();
    await using _lab = lab;
    await Promise.all(lab.emulator.nodes.map((node) => node.stop()));
    await lab.runtime.advance(30_000);
    const error = await lab.failure(session.backgroundTask().update(users).bin("age").add(1).execute());
    expect(error).toBeInstanceOf(ConnectionError);
  });
});
