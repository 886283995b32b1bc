import { describe, expect, test } from "vitest";
import { ClusterCore } from "../../../../src/cluster/cluster-core.js";
import type { ClusterOptions } from "../../../../src/cluster/options.js";
import {
  AbortError,
  type AerospikeError,
  AuthenticationError,
  ConnectionError,
} from "../../../../src/errors/errors.js";
import type { Peer } from "../../../support/fake/fake-network.js";
import { World } from "../../../support/fake/world.js";

/** Why a connect fails; nothing of it may be left then. */
async function refusal(world: World, changes: Partial<ClusterOptions>, signal?: AbortSignal): Promise<AerospikeError> {
  const error: unknown = await world.runtime.until(
    ClusterCore.connect(world.options(changes), signal).then(
      () => {
        throw new Error("It connected");
      },
      (reason) => reason,
    ),
  );
  expect(world.network.links.size).toBe(0);
  expect(world.runtime.pendingTimers).toBe(0);
  if (!(error instanceof Error) || !("attempts" in error)) throw error;
  return error as AerospikeError;
}

/** Something at seed:1 that is no Aerospike node. */
function stranger(world: World, onData: (peer: Peer) => void): Partial<ClusterOptions> {
  world.network.listen("seed", 1, (peer) => {
    peer.onData = () => onData(peer);
  });
  return { seeds: [{ host: "seed", port: 1 }] };
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

describe("connect", () => {
  test("finds every node from one seed and knows every partition", async () => {
    const world = new World({ nodes: 3 });
    const cluster = await world.connect();
    expect(cluster.nodes.map((node) => `${node}`).sort()).toEqual([
      "A1 (10.0.0.1:3000)",
      "A2 (10.0.0.2:3000)",
      "A3 (10.0.0.3:3000)",
    ]);
    expect(cluster.namespaces).toEqual(["test", "bar"]);
    expect(`${cluster.minVersion}`).toBe("8.1.2.0");
    const owners = cluster.partitionOwners("test");
    expect([...owners.values()].flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 4_096 }, (_, i) => i));
    for (const [node, partitions] of owners) {
      expect(partitions.every((partition) => world.fake.owner(partition)?.id === node.id)).toBe(true);
    }
    await world.close(cluster);
  });

  test("does not wait for a seed that does not answer when another does", async () => {
    const world = new World({ nodes: 2 });
    world.network.blackHoles.add("nowhere:3000");
    const start = world.runtime.now();
    const cluster = await world.connect({ seeds: [{ host: "nowhere", port: 3000 }, world.fake.seed] });
    expect(world.runtime.now() - start).toBeLessThan(200);
    expect(cluster.nodes).toHaveLength(2);
    await world.close(cluster);
  });

  test("takes a node that knows others before one that knows none", async () => {
    const world = new World({ nodes: 2 });
    const lonely = world.fake.addNode("B1", "lonely");
    const cluster = await world.connect({ seeds: [{ host: lonely.host, port: lonely.port }, world.fake.seed] });
    expect(cluster.nodes.map(({ id }) => id).sort()).toEqual(["A1", "A2"]);
    await world.close(cluster);
  });

  test.each([undefined, 2])(
    "keeps no socket to a seed that tells its peers wrongly, of at most %s",
    async (maxConnections) => {
      const world = new World();
      const [node] = world.fake.nodes;
      node!.answers.set("peers-clear-std", "what?");
      const cluster = await world.connect({ failIfNotConnected: false, maxConnections });
      await world.runtime.advance(10_000);
      expect(world.network.links.size).toBe(0);
      node!.answers.clear();
      await world.runtime.advance(2_000);
      expect(cluster.nodes).toHaveLength(1);
      await world.close(cluster);
    },
  );

  test("goes to a node's own address when the seed is something in between", async () => {
    const world = new World({ nodes: 2 });
    const [first] = world.fake.nodes;
    // A load balancer: another address that leads to the node.
    world.network.listen("balancer", 3000, (peer) => first?.accept(peer));
    const cluster = await world.connect({ seeds: [{ host: "balancer", port: 3000 }] });
    expect(cluster.nodes.map(({ address }) => address).sort()).toEqual(["10.0.0.1:3000", "10.0.0.2:3000"]);
    await world.close(cluster);
  });

  test("keeps the seed's address when the node's own can't be reached", async () => {
    const world = new World();
    const [node] = world.fake.nodes;
    node!.serviceHosts = "172.17.0.2:3000";
    const cluster = await world.connect();
    expect(cluster.nodes.map(({ address }) => address)).toEqual(["10.0.0.1:3000"]);
    await world.close(cluster);
  });

  test("uses alternate addresses when asked to, for the seed's node and for its peers", async () => {
    const world = new World({ nodes: 2 });
    const [first, second] = world.fake.nodes;
    for (const [node, other] of [
      [first!, second!],
      [second!, first!],
    ] as const) {
      const outside = (each: typeof node): string => `203.0.113.${each.id.slice(1)}`;
      node.answers.set("service-clear-alt", `${outside(node)}:3000`);
      node.answers.set("peers-clear-alt", `1,3000,[[${other.id},,[${outside(other)}]]]`);
      // The usual addresses lead nowhere from here.
      node.answers.set("service-clear-std", "192.0.2.1:3000").set("peers-clear-std", "1,3000,[]");
      world.network.listen(outside(node), 3000, (peer) => node.accept(peer));
    }
    const cluster = await world.connect({ useServicesAlternate: true });
    expect(cluster.nodes.map((node) => `${node}`).sort()).toEqual(["A1 (203.0.113.1:3000)", "A2 (203.0.113.2:3000)"]);
    await world.close(cluster);
  });

  test("translates addresses that servers announce", async () => {
    const world = new World({ nodes: 2 });
    const [, second] = world.fake.nodes;
    world.network.listen("outside", 3000, (peer) => second?.accept(peer));
    world.network.unlisten("10.0.0.2", 3000);
    const cluster = await world.connect({ ipMap: { "10.0.0.2": "outside" } });
    expect(cluster.nodes.map(({ host }) => host).sort()).toEqual(["10.0.0.1", "outside"]);
    await world.close(cluster);
  });

  test("waits for a node that is only just starting", async () => {
    const world = new World();
    const [node] = world.fake.nodes;
    node!.partitionGeneration = -1;
    world.runtime.setTimer(
      2_000,
      () => {
        node!.partitionGeneration = 1;
      },
      false,
    );
    const cluster = await world.connect();
    expect(world.runtime.now()).toBeGreaterThanOrEqual(2_000);
    expect(world.runtime.now()).toBeLessThan(2_200);
    await world.close(cluster);
  });

  test("waits until every partition has a master", async () => {
    const world = new World({ nodes: 2 });
    const [, second] = world.fake.nodes;
    world.network.unlisten(second!.host, second!.port);
    world.runtime.setTimer(1_500, () => second!.start(), false);
    const cluster = await world.connect();
    expect(world.runtime.now()).toBeGreaterThanOrEqual(1_500);
    expect(cluster.nodes).toHaveLength(2);
    await world.close(cluster);
  });

  test("announces the program to servers from 8.1 on", async () => {
    const world = new World({ nodes: 2 });
    const [first, second] = world.fake.nodes;
    first!.build = "8.0.0.5";
    const cluster = await world.connect({ appId: "shop" });
    await world.runtime.advance(3_000);
    const announcements = (node = second!) => node.asked.flat().filter((command) => command.startsWith("user-agent"));
    expect(announcements(first)).toEqual([]);
    expect(announcements()).toHaveLength(1);
    const value = announcements()[0]?.split("value=")[1] ?? "";
    expect(atob(value)).toMatch(/^1,aerowire-\d+\.\d+\.\d+,shop$/);
    await world.close(cluster);
  });

  test("cuts a long name of the program at a letter", async () => {
    const world = new World();
    const cluster = await world.connect({ appId: "ä".repeat(60) });
    await world.runtime.advance(100);
    const announcement = world.fake.nodes[0]?.asked.flat().find((command) => command.startsWith("user-agent")) ?? "";
    const bytes = Uint8Array.from(atob(announcement.split("value=")[1] ?? ""), (letter) => letter.charCodeAt(0));
    expect(bytes.length).toBeLessThanOrEqual(63);
    expect(new TextDecoder("utf-8", { fatal: true }).decode(bytes)).toMatch(/ä$/);
    await world.close(cluster);
  });

  test("holds the process while it is under way and not after", async () => {
    const world = new World();
    const connecting = ClusterCore.connect(world.options());
    const cluster = await world.runtime.until(connecting);
    expect(world.network.holding).toBe(0);
    await world.close(cluster);
  });
});

describe("connect fails", () => {
  test("when nobody listens, and says so of each seed", async () => {
    const world = new World();
    const error = await refusal(world, {
      seeds: [
        { host: "one", port: 3000 },
        { host: "::1", port: 3100 },
      ],
    });
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.message).toBe(
      [
        "No cluster to connect to; none of the 2 seeds led to one:",
        "  No connection to one:3000: connect ECONNREFUSED",
        "  No connection to [::1]:3100: connect ECONNREFUSED",
      ].join("\n"),
    );
    expect(error.cause).toBeInstanceOf(AggregateError);
  });

  test("when the only seed can't be reached in time", async () => {
    const world = new World();
    world.network.blackHoles.add("seed:1");
    const error = await refusal(world, { seeds: [{ host: "seed", port: 1 }], connectTimeoutMs: 250 });
    expect(error.message).toBe("No cluster to connect to: No connection to seed:1 within 250 ms");
    expect(world.runtime.now()).toBe(250);
  });

  test("when a web server is there", async () => {
    const world = new World();
    const error = await refusal(
      world,
      stranger(world, (peer) => peer.write(ascii("HTTP/1.1 400 Bad Request\r\n\r\n"))),
    );
    expect(error.message).toBe("No cluster to connect to: seed:1 is no Aerospike server: it is a web server");
  });

  test("when random bytes come back", async () => {
    const world = new World();
    const error = await refusal(
      world,
      stranger(world, (peer) => peer.write(new Uint8Array(100).fill(0xee))),
    );
    expect(error.message).toBe(
      "No cluster to connect to: seed:1 sent bytes that are not Aerospike's protocol: " +
        "a message starts with byte 0xee; expected Aerospike's protocol version, 0x02",
    );
  });

  test("when a record comes back where info was asked for", async () => {
    const world = new World();
    const error = await refusal(
      world,
      stranger(world, (peer) => peer.write(Uint8Array.from([2, 3, 0, 0, 0, 0, 0, 1, 0]))),
    );
    expect(error.message).toContain("the reply to an info request is of type 3");
  });

  test("when the port is one for TLS", async () => {
    const world = new World();
    const error = await refusal(
      world,
      stranger(world, (peer) => peer.write(Uint8Array.from([0x15, 3, 1, 0, 2, 2, 22]))),
    );
    expect(error.message).toContain("seed:1 expects TLS");
  });

  test("when somebody accepts and says nothing", async () => {
    const world = new World();
    const error = await refusal(
      world,
      stranger(world, () => undefined),
    );
    expect(error.message).toBe("No cluster to connect to: seed:1 accepted the connection, but sent no reply in time");
  });

  test("when somebody hangs up", async () => {
    const world = new World();
    const error = await refusal(
      world,
      stranger(world, (peer) => peer.cut()),
    );
    expect(error.message).toBe(
      "No cluster to connect to: The connection to seed:1 was lost: the server closed it. " +
        "The port may be one for TLS: connect with TLS, or to the port for clear connections",
    );
  });

  test("when the cluster has another name", async () => {
    const world = new World({ name: "production" });
    const error = await refusal(world, { clusterName: "staging" });
    expect(error.code).toBe("CLUSTER_NAME");
    expect(error.message).toContain('is named "production"; "staging" was asked for');
  });

  test("when the cluster has no name and one was asked for", async () => {
    const world = new World({ name: "null" });
    const error = await refusal(world, { clusterName: "staging" });
    expect(error.message).toContain('has no name; "staging" was asked for');
  });

  test("when the port is the one for administrators", async () => {
    const world = new World();
    world.fake.nodes[0]!.answers.set("connection", "admin=true");
    const error = await refusal(world, {});
    expect(error.message).toContain("10.0.0.1:3000 is the port for administrators of node A1");
  });

  test("when the server is too old", async () => {
    const world = new World();
    world.fake.nodes[0]!.build = "5.7.0.8";
    const error = await refusal(world, {});
    expect(error.message).toContain("runs server 5.7.0.8; this client needs 6.0 or newer");
  });

  test("when the node does not get ready", async () => {
    const world = new World();
    world.fake.nodes[0]!.partitionGeneration = -1;
    const error = await refusal(world, { readyTimeoutMs: 3_000 });
    expect(error.message).toContain("Node A1 at 10.0.0.1:3000 is not ready: it has no partitions yet");
    expect(world.runtime.now()).toBeLessThanOrEqual(3_000);
  });

  test("when some partitions have no master that can be reached", async () => {
    const world = new World({ nodes: 2 });
    const [, second] = world.fake.nodes;
    world.network.unlisten(second!.host, second!.port);
    const error = await refusal(world, { readyTimeoutMs: 2_000 });
    expect(error.message.split("\n")).toEqual([
      "The cluster did not become ready within 2000 ms: " +
        "4096 partitions have no master among the nodes that could be reached (A1 (10.0.0.1:3000))",
      "Other nodes announce addresses that could not be reached from here:",
      "  node A2: No connection to 10.0.0.2:3000: connect ECONNREFUSED",
      "Either set access-address in the servers' network.service to addresses that can be reached from here, or replace " +
        "the announced addresses with the option ipMap, or use the addresses that the servers have configured as " +
        "alternate (option useServicesAlternate).",
      "With failIfNotConnected: false, connect resolves with the nodes that can be reached and goes on trying the others.",
    ]);
    expect(error.cause).toMatchObject({ message: expect.stringContaining("ECONNREFUSED") });
  });

  test("when announced addresses lead nowhere, and names each that was tried with its cause", async () => {
    const world = new World({ nodes: 3 });
    const [first, second, third] = world.fake.nodes;
    const peers = `1,3000,[[${second!.id},,[172.17.0.3:3000,172.18.0.3:3000]],[${third!.id},,[[fd00::4]:3000]]]`;
    first!.answers.set("peers-clear-std", peers);
    world.network.blackHoles.add("172.17.0.3:3000");
    const error = await refusal(world, { readyTimeoutMs: 5_000, ipMap: { "fd00::4": "outside" } });
    expect(error.message).toContain(
      [
        "  node A2: No connection to 172.17.0.3:3000 within 1000 ms; " +
          "No connection to 172.18.0.3:3000: connect ECONNREFUSED",
        "  node A3: No connection to outside:3000: connect ECONNREFUSED (ipMap, announced as fd00::4)",
        "Either",
      ].join("\n"),
    );
    expect(error.cause).toMatchObject({ errors: { length: 3 } });
  });

  test("when an announced address leads to another node", async () => {
    const world = new World({ nodes: 2 });
    const [first, second] = world.fake.nodes;
    first!.answers.set("peers-clear-std", `1,3000,[[${second!.id},,[${first!.host}:${first!.port}]]]`);
    const error = await refusal(world, { readyTimeoutMs: 1_000 });
    expect(error.message).toContain("\n  node A2: 10.0.0.1:3000 is node A1, not A2\n");
  });

  test("before an attempt at an announced address has ended", async () => {
    const world = new World({ nodes: 2 });
    const [, second] = world.fake.nodes;
    world.network.blackHoles.add(`${second!.host}:${second!.port}`);
    const error = await refusal(world, { readyTimeoutMs: 500, connectTimeoutMs: 500 });
    expect(error.message).toMatch(/\n {2}node A2: (no attempt has ended yet|No connection to .* within 500 ms)\n/);
  });

  test("when alternate addresses are asked for and none is configured", async () => {
    const world = new World({ nodes: 2 });
    for (const node of world.fake.nodes) {
      node.answers.set("peers-clear-alt", "1,3000,[]").set("service-clear-alt", "");
    }
    const error = await refusal(world, { readyTimeoutMs: 1_000, useServicesAlternate: true });
    expect(error.message).toContain(
      "\nAlternate addresses were asked for (option useServicesAlternate), and no node announces any: " +
        "set alternate-access-address in the servers' network.service, or leave the option out.\n" +
        "With failIfNotConnected: false, ",
    );
  });

  test("when alternate addresses lead nowhere either", async () => {
    const world = new World({ nodes: 2 });
    const [first, second] = world.fake.nodes;
    first!.answers.set("peers-clear-alt", `1,3000,[[${second!.id},,[203.0.113.7:3000]]]`).set("service-clear-alt", "");
    const error = await refusal(world, { readyTimeoutMs: 1_000, useServicesAlternate: true });
    expect(error.message).toContain("No connection to 203.0.113.7:3000: connect ECONNREFUSED");
    expect(error.message).toContain(
      "\nEither set alternate-access-address in the servers' network.service to addresses that can be reached from here, " +
        "or replace the announced addresses with the option ipMap.\n",
    );
  });

  test("when nodes announce no addresses for TLS", async () => {
    const world = new World({ nodes: 2 });
    for (const node of world.fake.nodes) {
      node.answers.set("peers-tls-std", "1,3000,[]").set("service-tls-std", "");
    }
    const error = await refusal(world, { readyTimeoutMs: 1_000, tls: true });
    expect(error.message).toContain("\nNo node announces other nodes with an address for TLS: set tls-port and");
  });

  test("with credentials at a server without security", async () => {
    const world = new World();
    const error = await refusal(world, { credentials: { kind: "internal", user: "u", password: "secret" } });
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error.code).toBe("SECURITY_NOT_SUPPORTED");
    expect(error.message).toContain("Connect without credentials");
    expect(`${error.message}${error.stack}`).not.toContain("secret");
  });

  test("when the caller aborts", async () => {
    const world = new World();
    world.network.blackHoles.add("10.0.0.1:3000");
    const controller = new AbortController();
    world.runtime.setTimer(300, () => controller.abort(), false);
    const error = await refusal(world, { connectTimeoutMs: 10_000 }, controller.signal);
    expect(error).toBeInstanceOf(AbortError);
    expect(world.runtime.now()).toBeLessThan(310);
  });

  test("when the caller has aborted already", async () => {
    const world = new World();
    const error = await refusal(world, {}, AbortSignal.abort());
    expect(error).toBeInstanceOf(AbortError);
    expect(world.network.attempts).toEqual([]);
  });

  test.each([
    [{ seeds: [] }, "The list of seeds is empty; at least one host is needed"],
    [{ tendIntervalMs: 0 }, "expected the option tendIntervalMs to be a whole number from 1 to 2147483647, got 0"],
    [{ pipelinedSockets: 1.5 }, "expected the option pipelinedSockets to be a whole number from 1 to 1000, got 1.5"],
  ])("with options that make no sense: %o", async (changes, message) => {
    const world = new World();
    await expect(ClusterCore.connect(world.options(changes))).rejects.toThrow(message);
  });
});

describe("with failIfNotConnected off, connect", () => {
  test("resolves without a node and finds the cluster later", async () => {
    const world = new World();
    const [node] = world.fake.nodes;
    node!.stop();
    const cluster = await world.connect({ failIfNotConnected: false });
    expect(cluster.nodes).toEqual([]);
    node!.start();
    await world.runtime.advance(1_500);
    expect(cluster.nodes).toHaveLength(1);
    await world.close(cluster);
  });
});
