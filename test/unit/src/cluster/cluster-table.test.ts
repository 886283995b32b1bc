import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeKey } from "../../../../protocol/key/make-key.js";
import { LoginMemory } from "../../../../src/cluster/auth/login-memory.js";
import { ClusterCore } from "../../../../src/cluster/cluster-core.js";
import type { ClusterTable } from "../../../../src/cluster/cluster-table.js";
import type { ClusterOptions } from "../../../../src/cluster/options.js";
import { readTable } from "../../../../src/cluster/read-table.js";
import type { SecurityRequest } from "../../../support/fake/security.js";
import { PLAIN, World } from "../../../support/fake/world.js";
import { execute } from "../../../support/operations.js";
import { readCommand, writeCommand } from "../../../support/record-commands.js";

const KEYS = Array.from({ length: 40 }, (_, i) => makeKey("test", "set", i));
const SETTINGS = { ...PLAIN, totalTimeoutMs: 5_000, maxRetries: 5 };

/** A world with records, and what a client that was there knows of it. */
async function explored(
  nodes: number,
  changes: Partial<ClusterOptions> = {},
): Promise<{ world: World; table: ClusterTable }> {
  const world = new World({ nodes });
  const cluster = await world.connect(changes);
  for (const key of KEYS) await world.runtime.until(execute(cluster, writeCommand(key, { i: 1 }), SETTINGS));
  const table = cluster.exportTable();
  await world.close(cluster);
  if (table === undefined) throw new Error("A connected client knows no cluster");
  // As it comes back from wherever it was kept.
  return { world, table: JSON.parse(JSON.stringify(table)) };
}

async function readAll(world: World, cluster: ClusterCore, keys = KEYS): Promise<void> {
  await world.runtime.until(Promise.all(keys.map((key) => execute(cluster, readCommand(key), SETTINGS))));
}

/** Info commands that the nodes were sent. */
const asked = (world: World): number => world.fake.nodes.reduce((sum, node) => sum + node.asked.length, 0);

function forget(world: World): void {
  for (const node of world.fake.nodes) node.asked.length = 0;
}

describe("a client that begins with a table", () => {
  test("asks nobody anything, and sends each command to the node that owns its record", async () => {
    const { world, table } = await explored(3);
    forget(world);
    const cluster = await world.connect({ table, seeds: [{ host: "nowhere", port: 1 }] });
    expect(cluster.nodes.map((node) => `${node}`)).toEqual([
      "A1 (10.0.0.1:3000)",
      "A2 (10.0.0.2:3000)",
      "A3 (10.0.0.3:3000)",
    ]);
    expect(cluster.namespaces).toEqual(["test", "bar"]);
    expect(`${cluster.minVersion}`).toBe("8.1.2.0");
    await readAll(world, cluster);
    expect(asked(world)).toBe(0);
    expect(cluster.exportTable()).toEqual(table);
    await world.close(cluster);
  });

  test("asks what has changed once the table is as old as a tend interval, beside its commands", async () => {
    const { world, table } = await explored(3);
    const joined = world.fake.addNode();
    world.fake.settle(world.fake.nodes);
    forget(world);
    await world.runtime.advance(5_000);
    const cluster = await world.connect({ table });
    await readAll(world, cluster);
    await world.runtime.until(cluster.settle());
    expect(cluster.nodes.map(({ id }) => id)).toContain(joined.id);
    const newer = cluster.exportTable();
    expect(newer?.takenAt).toBeGreaterThanOrEqual(table.takenAt + 5_000);
    expect(newer?.nodes).toHaveLength(4);
    expect(asked(world)).toBeGreaterThan(0);
    await world.close(cluster);
  });

  test("goes by the seeds when the table is older than a minute, or of the future", async () => {
    const { world, table } = await explored(2);
    for (const takenAt of [table.takenAt - 61_000, table.takenAt + 61_000]) {
      forget(world);
      const cluster = await world.connect({ table: { ...table, takenAt } });
      expect(asked(world)).toBeGreaterThan(0);
      await world.close(cluster);
    }
  });

  test("gets on when a node of the table is gone, and leaves a table that the next looks after", async () => {
    const { world, table } = await explored(3);
    world.fake.kill(world.fake.nodes[1]!);
    const cluster = await world.connect({ table });
    await readAll(world, cluster);
    await world.runtime.until(cluster.settle());
    const left = cluster.exportTable();
    expect(left?.nodes.map(({ id }) => id)).toEqual(["A1", "A3"]);
    await world.close(cluster);
    const next = await world.connect({ table: left });
    await readAll(world, next);
    await world.close(next);
  });

  test("exports a table as old while it does not know how its trouble ended", async () => {
    const { world, table } = await explored(2);
    const cluster = await world.connect({ table, tendIntervalMs: 1_000 });
    world.network.blackHoles.add("10.0.0.2:3000");
    for (const node of world.fake.nodes) node.cutAll();
    await world.runtime.until(
      Promise.allSettled(KEYS.map((key) => execute(cluster, readCommand(key), { ...PLAIN, totalTimeoutMs: 1_500 }))),
    );
    const left = cluster.exportTable();
    expect(world.runtime.wallClock() - (left?.takenAt ?? 0)).toBeGreaterThanOrEqual(1_000);
    await world.close(cluster);
  });

  test("finds the cluster by its seeds when every node of the table is gone", async () => {
    const { world, table } = await explored(1);
    const moved = { ...table, nodes: table.nodes.map((node) => ({ ...node, host: "10.9.9.9" })) };
    const cluster = await world.connect({ table: moved });
    await world.runtime.until(
      Promise.all(KEYS.map((key) => execute(cluster, readCommand(key), { ...SETTINGS, retryDelayMs: 200 }))),
    );
    expect(cluster.nodes.map(({ address }) => address)).toEqual(["10.0.0.1:3000"]);
    await world.close(cluster);
  });

  test("drops a node that is another one now", async () => {
    const { world, table } = await explored(2);
    const swapped = { ...table, nodes: table.nodes.map((node, i) => ({ ...node, host: `10.0.0.${2 - i}` })) };
    const cluster = await world.connect({ table: swapped });
    await world.runtime.advance(3_000);
    expect(cluster.nodes.map((node) => `${node}`).sort()).toEqual(["A1 (10.0.0.1:3000)", "A2 (10.0.0.2:3000)"]);
    await world.close(cluster);
  });

  test("with credentials logs in on the socket that it needs, and not at all where a client before it has", async () => {
    const { world, table } = await explored(2);
    const seen: string[] = [];
    for (const node of world.fake.nodes) {
      node.onSecurity = ({ command }: SecurityRequest) => {
        seen.push(`${command} at ${node.id}`);
        return command === "login" ? { code: 0, token: node.id, ttl: 3_600 } : { code: 0 };
      };
    }
    const options = {
      table,
      credentials: { kind: "internal", user: "ada", password: "pw" },
      logins: new LoginMemory(),
    } as const;
    const first = await world.connect(options);
    await readAll(world, first, KEYS.slice(0, 8));
    await world.close(first);
    expect(seen.sort()).toEqual(["login at A1", "login at A2"]);
    seen.length = 0;
    const second = await world.connect(options);
    await readAll(world, second, KEYS.slice(0, 8));
    expect(seen.sort()).toEqual(["authenticate at A1", "authenticate at A2"]);
    await world.close(second);
  });

  test("refuses a table for other addresses or of another cluster", async () => {
    const { world, table } = await explored(1);
    await expect(ClusterCore.connect(world.options({ table, tls: true }))).rejects.toThrow(
      "The cluster table can't be used: it has addresses without TLS, and the client speaks with it",
    );
    await expect(ClusterCore.connect(world.options({ table, clusterName: "other" }))).rejects.toThrow(
      'node A1 is of cluster "fake"; "other" was asked for',
    );
  });
});

describe("a value that is said to be a table", () => {
  const wrongs: readonly [string, (table: ClusterTable) => unknown, string][] = [
    ["null", () => null, "expected it to be an object, got null"],
    ["another form", (table) => ({ ...table, format: 2 }), "expected format to be 1, as this version writes it, got 2"],
    [
      "no time",
      (table) => ({ ...table, takenAt: Number.NaN }),
      "expected takenAt to be milliseconds since 1970, got NaN",
    ],
    ["no nodes", (table) => ({ ...table, nodes: [] }), "expected nodes to be an array of 1 to 1024 items, got 0"],
    ["one node twice", (table) => ({ ...table, nodes: [table.nodes[0], table.nodes[0]] }), "a node id occurs twice"],
    [
      "a host that is none",
      (table) => ({ ...table, nodes: [{ ...table.nodes[0], host: "a b" }] }),
      'expected nodes[0].host to be a name or an address, got "a b"',
    ],
    [
      "a port that is none",
      (table) => ({ ...table, nodes: [{ ...table.nodes[0], port: "3000" }] }),
      'expected nodes[0].port to be a port, got "3000"',
    ],
    [
      "an owner who is nobody",
      (table) => ({ ...table, namespaces: [{ ...table.namespaces[0], owners: [new Array(4_096).fill(9)] }] }),
      "expected namespaces[0].owners[0][0] to be a whole number from -1 to 0, got 9",
    ],
    [
      "too few partitions",
      (table) => ({ ...table, namespaces: [{ ...table.namespaces[0], owners: [[0]] }] }),
      "expected namespaces[0].owners[0] to be an array of 4096 items, got 1",
    ],
  ];

  test.each(wrongs)("is refused: %s", async (_, change, message) => {
    const { table } = await explored(1);
    expect(() => readTable(change(table))).toThrow(message);
  });

  test("is read or refused with a TypeError or RangeError, whatever it is", async () => {
    const { world, table } = await explored(1);
    const paths = [["nodes"], ["nodes", "0"], ["namespaces"], ["namespaces", "0"], []] as const;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...paths),
        fc.string(),
        fc.anything(),
        fc.boolean(),
        async (path, name, value, known) => {
          const damaged = JSON.parse(JSON.stringify(table));
          let place = damaged;
          for (const step of path) place = place[step];
          const names = Object.keys(place);
          // JavaScript itself refuses most lengths of arrays.
          fc.pre(!Array.isArray(place) || name !== "length");
          place[known ? names[name.length % names.length]! : name] = value;
          const options = world.options({ table: damaged });
          const ended = await world.runtime.until(
            ClusterCore.connect(options).then(
              async (cluster) => {
                await cluster.close();
                return undefined;
              },
              (error: unknown) => error,
            ),
          );
          if (ended !== undefined) expect(ended instanceof TypeError || ended instanceof RangeError).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });
});
