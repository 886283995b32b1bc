import { describe, expect, test } from "vitest";
import { CountCommand } from "../../../../protocol/command/query.js";
import { makeKey } from "../../../../protocol/key/make-key.js";
import { ClusterCore } from "../../../../src/cluster/cluster-core.js";
import type { SecurityRequest } from "../../../support/fake/security.js";
import { PLAIN, World } from "../../../support/fake/world.js";
import { execute, executeOn, stream } from "../../../support/operations.js";
import { writeCommand } from "../../../support/record-commands.js";

const credentials = { kind: "internal", user: "ada", password: "secret" } as const;
const key = makeKey("test", "set", 1);

/** A world whose nodes give each login a token of its own and accept only the latest. */
function secured(nodes: number, ttl?: number): { world: World; seen: string[] } {
  const world = new World({ nodes });
  const seen: string[] = [];
  for (const node of world.fake.nodes) {
    let logins = 0;
    node.onSecurity = ({ command, user, token }: SecurityRequest) => {
      seen.push(`${command} ${user} ${token ?? "-"} at ${node.id}`);
      if (command === "login") return { code: 0, token: `${node.id}-${++logins}`, ...(ttl !== undefined && { ttl }) };
      return { code: token === `${node.id}-${logins}` ? 0 : 66 };
    };
  }
  return { world, seen };
}

describe("a cluster with security", () => {
  test("is logged in to node by node, and every further socket shows its node's token", async () => {
    const { world, seen } = secured(2);
    const cluster = await world.connect({ credentials });
    expect(seen.sort()).toEqual(["login ada - at A1", "login ada - at A2"]);
    seen.length = 0;
    for (const node of cluster.nodes) {
      await world.runtime.until(executeOn(cluster, node, writeCommand(key, { i: 1 }), PLAIN));
    }
    expect(seen.sort()).toEqual(["authenticate ada A1-1 at A1", "authenticate ada A2-1 at A2"]);
    await world.close(cluster);
  });

  test("is logged in to anew before the session ends", async () => {
    const { world, seen } = secured(1, 300);
    const cluster = await world.connect({ credentials });
    seen.length = 0;
    await world.runtime.advance(239_000);
    expect(seen).toEqual([]);
    await world.runtime.advance(3_000);
    expect(seen).toEqual(["login ada - at A1"]);
    await world.runtime.until(execute(cluster, writeCommand(key, { i: 1 }), PLAIN));
    expect(seen.at(-1)).toBe("authenticate ada A1-2 at A1");
    await world.close(cluster);
  });

  test("is logged in to anew when it does not know the session any more", async () => {
    const { world } = secured(1);
    const cluster = await world.connect({ credentials });
    const [node] = world.fake.nodes;
    await world.runtime.until(execute(cluster, writeCommand(key, { i: 1 }), PLAIN));
    node!.onRequest = () => ({ kind: "code", code: 80 });
    const error = await world.runtime.until(
      execute(cluster, writeCommand(key, { i: 1 }), { ...PLAIN, maxRetries: 3 }).catch((reason: unknown) => reason),
    );
    expect(error).toMatchObject({ code: "NOT_AUTHENTICATED", attempts: 1 });
    node!.onRequest = () => undefined;
    await world.runtime.advance(500);
    await world.runtime.until(execute(cluster, writeCommand(key, { i: 1 }), PLAIN));
    await world.close(cluster);
  });

  test("that turns a socket's token down is logged in to anew by the next attempt", async () => {
    const { world, seen } = secured(1);
    const cluster = await world.connect({ credentials });
    const [node] = world.fake.nodes;
    const before = node!.onSecurity;
    // The server has forgotten all sessions, as after a restart.
    let forgotten = true;
    node!.onSecurity = (request) => {
      if (request.command === "login") forgotten = false;
      return forgotten ? { code: 66 } : before(request);
    };
    seen.length = 0;
    await world.runtime.until(execute(cluster, writeCommand(key, { i: 1 }), { ...PLAIN, maxRetries: 1 }));
    expect(forgotten).toBe(false);
    expect(seen).toContain("login ada - at A1");
    await world.close(cluster);
  });

  test("that turns down a stream is logged in to anew, too", async () => {
    const { world, seen } = secured(1);
    const cluster = await world.connect({ credentials });
    const logins = () => seen.filter((line) => line.startsWith("login")).length;
    const before = logins();
    world.fake.nodes[0]!.onRequest = () => ({ kind: "code", code: 80 });
    const count = new CountCommand({ namespace: "test", setName: "set", taskId: 1n, partitions: [0] });
    const error = await world.runtime.until(
      stream(cluster, cluster.nodes[0]!, count, PLAIN).catch((reason: unknown) => reason),
    );
    expect(error).toMatchObject({ code: "NOT_AUTHENTICATED" });
    await world.runtime.advance(2_000);
    expect(logins()).toBeGreaterThan(before);
    await world.close(cluster);
  });

  test("that does not know the user fails connect with that", async () => {
    const world = new World();
    world.fake.nodes[0]!.onSecurity = () => ({ code: 60 });
    const error = await world.runtime.until(
      ClusterCore.connect(world.options({ credentials })).catch((reason: unknown) => reason),
    );
    expect(error).toMatchObject({ name: "AuthenticationError", code: "INVALID_USER" });
  });
});

test("a server with security switched off lets everybody in", async () => {
  const world = new World();
  world.fake.nodes[0]!.onSecurity = () => ({ code: 52 });
  const cluster = await world.connect({ credentials });
  await world.runtime.until(execute(cluster, writeCommand(key, { i: 1 }), PLAIN));
  await world.close(cluster);
});

test("a certificate logs in without a name", async () => {
  const world = new World();
  const [node] = world.fake.nodes;
  node!.answers.set("peers-tls-std", "1,4333,[]");
  node!.answers.set("service-tls-std", "");
  const seen: SecurityRequest[] = [];
  node!.onSecurity = (request) => {
    seen.push(request);
    return { code: 0, token: "t" };
  };
  const cluster = await world.connect({ tls: true, credentials: { kind: "certificate" } });
  await world.runtime.until(execute(cluster, writeCommand(key, { i: 1 }), PLAIN));
  expect(seen).toEqual([
    { command: "login", user: undefined, token: undefined },
    { command: "authenticate", user: undefined, token: "t" },
  ]);
  await world.close(cluster);
});
