import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { Info3 } from "../../../../protocol/message/flags.js";
import {
  Behavior,
  type Cluster,
  ClusterDefinition,
  ConnectionError,
  type ConnectOptions,
  connect,
  DataSet,
  Host,
  InvalidNodeError,
  ResultCode,
} from "../../../../src/index.js";
import { openFakeSession } from "../../../support/fake/session.js";
import { World } from "../../../support/fake/world.js";

/** Connects to a fake cluster, whose first node is 10.0.0.1:3000. */
async function open(
  target: Parameters<typeof connect>[0],
  options: ConnectOptions = {},
  world = new World({ nodes: 2 }),
): Promise<Cluster> {
  const { network: transport, runtime } = world;
  return runtime.until(connect(target, { transport, runtime, ...options }), 120_000);
}

describe("connect", () => {
  test("by hosts or by definition", async () => {
    for (const target of [
      "10.0.0.1:3000",
      "10.9.9.9,10.0.0.1",
      ["10.9.9.9:3000", "10.0.0.1"],
      ["10.9.9.9,10.9.9.8", Host.of("10.0.0.1")],
      new ClusterDefinition("10.0.0.1", 3000),
    ]) {
      const client = await open(target);
      expect(client.isConnected).toBe(true);
      expect(client.nodes).toMatchObject([
        { id: "A1", address: "10.0.0.1:3000", version: "8.1.2.0" },
        { id: "A2", address: "10.0.0.2:3000", version: "8.1.2.0" },
      ]);
      expect(client.namespaces).toEqual(["test", "bar"]);
    }
  });

  test("tells of the nodes, of their versions and of what they can do", async () => {
    const world = new World({ nodes: 2, name: "gold" });
    const [, newer] = world.fake.nodes;
    if (newer !== undefined) newer.build = "8.2.0.1";
    const client = await open("10.0.0.1", {}, world);
    expect(client.nodes[0]).toEqual({
      id: "A1",
      host: "10.0.0.1",
      port: 3000,
      address: "10.0.0.1:3000",
      version: "8.1.2.0",
      edition: "Aerospike Community Edition",
      failures: 0,
      racks: {},
      masterPartitions: { test: 2048, bar: 2048 },
      sockets: expect.any(Number),
      pendingRequests: 0,
      waitingRequests: 0,
    });
    expect(client.getNode("A2").version).toBe("8.2.0.1");
    expect(() => client.getNode("A9")).toThrow(InvalidNodeError);
    expect(() => client.getNode("A9")).toThrow('there is no node "A9" in the cluster; it has A1, A2');
    expect(client.clusterName).toBe("gold");
    expect(client.serverVersion).toBe("8.1.2.0");
    expect(client.supports("setIndex")).toBe(true);
    expect(client.supports("errorDetails")).toBe(false);
    // Not with the Community Edition, whatever the version.
    expect(client.supports("transactions")).toBe(false);
    expect(() => Reflect.apply(client.supports, client, ["setindex"])).toThrow("Did you mean setIndex");
    await world.runtime.until(client.close());
    expect(client.supports("setIndex")).toBe(false);
    expect([client.serverVersion, client.clusterName, client.nodes]).toEqual([undefined, undefined, []]);
  });

  test("nobody there: each host is named", async () => {
    const failure = open("10.9.9.9,10.9.9.8:3100");
    await expect(failure).rejects.toBeInstanceOf(ConnectionError);
    await expect(failure).rejects.toThrow("10.9.9.9:3000");
    await expect(failure).rejects.toThrow("10.9.9.8:3100");
  });

  test.each<[unknown, unknown, string]>([
    ["", {}, 'expected hosts such as "localhost:3000", an array of them, or a ClusterDefinition, got ""'],
    [5, {}, "or a ClusterDefinition, got 5"],
    [undefined, {}, "or a ClusterDefinition, got undefined"],
    [{ hosts: ["h:3000"] }, {}, "or a ClusterDefinition, got an Object"],
    [[], {}, "got an empty array"],
    [["h", 5], {}, 'expected hosts[1] to be text such as "localhost:3000" or a Host, got 5'],
    [["h", ""], {}, 'expected hosts[1] to be text such as "localhost:3000" or a Host, got ""'],
    [["h", "aerospike://u:secret@h"], {}, "hosts[1] is a URL, which stands alone"],
    [["h:0"], {}, 'expected the port of "h" to be a number from 1 to 65535, got 0'],
    ["h", { hosts: "h" }, 'there is no option "hosts"'],
    ["h", { tendIntervalMs: 0 }, "tendIntervalMs to be a whole number from 1 to 2147483647, got 0"],
    ["h", { tendIntervall: 5 }, "Did you mean tendIntervalMs?"],
    ["h", null, "expected an object of options, got null"],
    ["h", { ipMap: ["a"] }, "expected ipMap to be an object with an address for each announced address, got an Array"],
    ["h", { ipMap: { a: 5 } }, "expected ipMap to be"],
    ["h", { racks: 1 }, "expected racks to be an array of whole numbers from 0, got 1"],
    ["h", { racks: [0.5] }, "expected racks to be"],
    ["h", { clusterName: "" }, 'expected clusterName to be text, got ""'],
    ["h", { useServicesAlternate: "yes" }, 'expected useServicesAlternate to be true or false, got "yes"'],
    ["h", { forceSingleNode: 1 }, "expected forceSingleNode to be true or false, got 1"],
    ["h", { signal: new AbortController() }, "expected signal to be an AbortSignal, got an AbortController"],
    ["h", { transport: {} }, "expected transport to be a Transport, got an Object"],
    ["h", { runtime: 5 }, "expected runtime to be a Runtime, got 5"],
    ["h", { tls: { certificate: "…" } }, 'tls: there is no option "certificate". Known: ca, cert'],
    ["h", { tls: "on" }, 'tls: expected an object of options, got "on"'],
  ])("%j with %j rejects", async (target, options, message) => {
    await expect(Reflect.apply(connect, undefined, [target, options])).rejects.toThrow(message);
  });
});

describe("a client", () => {
  test("closes as often as one likes; then nothing works any more, and says why", async () => {
    const { client, session, until, world } = await openFakeSession();
    await until(client.close());
    await until(client.close());
    await until(client[Symbol.asyncDispose]());
    expect(client.isConnected).toBe(false);
    expect(world.network.links.size).toBe(0);
    expect(world.runtime.pendingTimers).toBe(0);
    expect(() => client.createSession()).toThrow("The client is closed");
    await expect(until(session.get(DataSet.of("test", "s").id(1)))).rejects.toMatchObject({ code: "CLIENT_CLOSED" });
    await expect(until(session.info().build())).rejects.toMatchObject({ code: "CLIENT_CLOSED" });
    await expect(until(session.listUdfs())).rejects.toMatchObject({ code: "CLIENT_CLOSED" });
  });

  test("makes sessions by behavior", async () => {
    const { client } = await openFakeSession();
    expect(client.createSession().behavior).toBe(Behavior.DEFAULT);
    expect(client.createSession(Behavior.READ_FAST).behavior).toBe(Behavior.READ_FAST);
    expect(() => Reflect.apply(client.createSession, client, ["DEFAULT"])).toThrow(
      'expected a Behavior, got "DEFAULT"',
    );
  });

  test("a session leads to another one with another behavior", async () => {
    const { session, until, world } = await openFakeSession({ nodes: 1 });
    const hasty = session.behavior.deriveWithChanges("hasty", { writes: { commitLevel: "master" } });
    const other = session.sessionFor(hasty);
    expect([session.behavior, other.behavior]).toEqual([Behavior.DEFAULT, hasty]);
    for (const each of [session, other]) await until(each.put(DataSet.of("test", "s").id(1), { a: 1 }));
    expect(world.fake.nodes[0]?.requests.map(({ info3 }) => info3 & Info3.COMMIT_LEVEL_MASTER)).toEqual([
      0,
      Info3.COMMIT_LEVEL_MASTER,
    ]);
  });

  test("is not connected while no node answers", async () => {
    const { client, world } = await openFakeSession();
    const [node] = world.fake.nodes;
    if (node === undefined) throw new Error("a node is needed");
    node.stop();
    await world.runtime.advance(30_000);
    expect(client.isConnected).toBe(false);
    node.start();
    await world.runtime.advance(5_000);
    expect(client.isConnected).toBe(true);
  });
});

describe("errors of commands", () => {
  test("carry the key of the record", async () => {
    const { session, until, world } = await openFakeSession();
    for (const node of world.fake.nodes) node.onRequest = () => ({ kind: "code", code: ResultCode.KEY_BUSY });
    const users = DataSet.of("test", "users");
    const key = users.id("ada@example.org");
    const calls: (() => Promise<unknown>)[] = [
      () => session.get(key),
      () => session.update(key).bin("age").add(1).execute(),
    ];
    for (const call of calls) await expect(until(call())).rejects.toMatchObject({ key, isTransient: true });
    const lost = DataSet.of("nowhere", "users").id(1);
    await expect(until(session.get(lost))).rejects.toMatchObject({ code: "INVALID_NAMESPACE", key: lost });
  });
});

describe("hosts", () => {
  test("are read from text", () => {
    expect(Host.parseHosts("a:3100,[::1]:prod:4333,b", 3200)).toEqual([
      new Host("a", 3100),
      new Host("::1", 4333, "prod"),
      Host.of("b", 3200),
    ]);
    expect(String(new Host("::1", 4333, "prod"))).toBe("[::1]:4333");
    expect(Host.of("a").port).toBe(3000);
  });

  test.each<[unknown[], string]>([
    [["", 3000], 'The host is ""'],
    [["a b", 3000], 'The host is "a b"'],
    [["u:p@h", 3000], "must be a name or an address"],
    [["a", 0], "port is 0"],
    [["a", "3000"], 'port is "3000"'],
    [["a", 3000, ""], 'TLS name is ""'],
  ])("%j is none", (args, message) => {
    expect(() => Reflect.construct(Host, args)).toThrow(message);
  });
});

describe("a definition", () => {
  test("takes a host, a list of hosts, or Hosts", async () => {
    for (const definition of [
      new ClusterDefinition("10.0.0.1"),
      new ClusterDefinition("10.9.9.9:3100,10.0.0.1:3000"),
      new ClusterDefinition({ hosts: [Host.of("10.0.0.1", 3000)] }),
    ]) {
      const world = new World({ nodes: 2 });
      const { network: transport, runtime } = world;
      const client = await runtime.until(definition.connect({ transport, runtime }), 120_000);
      expect(client.nodes).toHaveLength(2);
    }
  });

  test.each<[unknown[], string]>([
    [[{ hosts: [] }], "expected a host name or { hosts: [Host.of(name, port)] }, got an Object"],
    [[undefined], "expected a host name or { hosts: [Host.of(name, port)] }, got undefined"],
    [[{ hosts: [Host.of("a")], port: 3000 }], 'ClusterDefinition: there is no option "port". Known: hosts'],
    [[{ hosts: ["a"] }], 'expected each host to be Host.of(name, port), got "a"'],
    [[""], "has no host name"],
    [["a", 70000], "port is 70000"],
  ])("%j is refused", (args, message) => {
    expect(() => Reflect.construct(ClusterDefinition, args)).toThrow(message);
  });

  test("checks the cluster's name", async () => {
    const world = new World({ name: "prod" });
    const right = new ClusterDefinition("10.0.0.1").clusterName("prod");
    const wrong = new ClusterDefinition("10.0.0.1").clusterName("staging");
    expect((await open(right, {}, world)).isConnected).toBe(true);
    await expect(open(wrong, {}, world)).rejects.toThrow("staging");
  });

  test("gives the program a name, which must be text", async () => {
    expect(inspect(new ClusterDefinition("10.0.0.1").appId("shop"))).toContain("appId: 'shop'");
    await expect(open(new ClusterDefinition("10.0.0.1").appId(""))).rejects.toThrow("expected appId to be text");
  });

  test("logs in, or not", async () => {
    const definition = new ClusterDefinition("10.0.0.1").withNativeCredentials("ann", "secret");
    expect(definition.authMode).toBe("internal");
    expect(definition.withExternalCredentials("ann", "secret").authMode).toBe("external");
    expect(definition.withNativeCredentials("", "").authMode).toBeUndefined();
    expect((await open(definition)).isConnected).toBe(true);
    // The fake cluster has no security, as a Community Edition server.
    await expect(open(definition.withNativeCredentials("ann", "secret"))).rejects.toMatchObject({
      code: "SECURITY_NOT_SUPPORTED",
    });
  });

  test("certificate credentials need a TLS name for every host", async () => {
    const definition = new ClusterDefinition({ hosts: [new Host("a", 4333, "prod"), Host.of("b"), Host.of("c")] });
    await expect(definition.withCertificateCredentials().connect()).rejects.toThrow("these have none: b, c");
  });

  test("options of the call beat what was said before", async () => {
    const definition = new ClusterDefinition("10.0.0.1").withSystemSettings({ tendIntervalMs: 0 });
    await expect(open(definition)).rejects.toThrow("tendIntervalMs to be a whole number from 1 to 2147483647, got 0");
    expect((await open(definition, { tendIntervalMs: 500 })).isConnected).toBe(true);
  });

  test("refuses settings that do not exist", () => {
    const definition = new ClusterDefinition("a");
    expect(() => Reflect.apply(definition.withSystemSettings, definition, [{ tendInterval: 5 }])).toThrow(
      new TypeError(
        'withSystemSettings: there is no option "tendInterval". Did you mean tendIntervalMs? Known: connectTimeoutMs, ' +
          "readyTimeoutMs, tendIntervalMs, maxConnectionsPerNode, minConnectionsPerNode, maxConnections, pipelinedSockets, pipelineDepth, maxSocketIdleMs, " +
          "maxErrorRate, errorRateWindow, transactions",
      ),
    );
    expect(() => Reflect.apply(definition.withTls, definition, [{ servername: "a" }])).toThrow(
      'withTls: there is no option "servername"',
    );
    expect(() => Reflect.apply(definition.withTls, definition, [() => undefined])).toThrow(
      "withTls: expected an object of options",
    );
  });

  test("racks are whole numbers", () => {
    const definition = new ClusterDefinition("a");
    expect(definition.preferringRacks(1, 2).preferringRacks()).toBe(definition);
    expect(() => definition.preferringRacks(1.5)).toThrow("preferringRacks: expected a whole number from 0, got 1.5");
  });
});
