import { generate } from "selfsigned";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Emulator } from "../../emulator/index.js";
import { type Cluster, ClusterDefinition, type ConnectOptions, connect, DataSet } from "../../src/index.js";
import { nodeTransport } from "../../src/transport/node.js";
import type { Transport } from "../../src/transport/transport.js";

const users = DataSet.of("test", "login-only");
const PASSWORD = "hunter2";
let tls: { readonly key: string; readonly cert: string };
let emulator: Emulator;
let options: ConnectOptions;

beforeAll(async () => {
  const { private: key, cert } = await generate([{ name: "commonName", value: "db.example" }], {
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "subjectAltName", altNames: [{ type: 2, value: "db.example" }] },
    ],
  });
  tls = { key, cert };
  emulator = await Emulator.start({
    nodes: 2,
    udf: "none",
    tls: { ...tls, name: "db.example", alsoClear: true },
    security: { users: { app: { password: PASSWORD, roles: ["read-write"] } } },
  });
  // Hashes of passwords take their time, above all where several tests do.
  options = { tls: { ca: cert, forLoginOnly: true }, user: "app", password: PASSWORD, connectTimeoutMs: 20_000 };
});

afterAll(() => emulator.close());

const seeds = (of = emulator): string => of.hosts.replaceAll("127.0.0.1:", "127.0.0.1:db.example:");
const connected = (extra: ConnectOptions = {}): Promise<Cluster> => connect(seeds(), { ...options, ...extra });

/** Sockets of Node.js, and what is written to those without TLS. */
function listening(): { readonly transport: Transport; readonly inTheClear: Uint8Array[]; overTls: number } {
  const inner = nodeTransport({ tls: { ca: tls.cert } });
  const heard = {
    inTheClear: [] as Uint8Array[],
    overTls: 0,
    transport: {
      ...inner,
      connect(endpoint, handler) {
        const socket = inner.connect(endpoint, handler);
        const write = socket.write.bind(socket);
        socket.write = (bytes) => {
          if (endpoint.tlsName === undefined) heard.inTheClear.push(bytes.slice());
          else heard.overTls++;
          return write(bytes);
        };
        return socket;
      },
    } satisfies Transport,
  };
  return heard;
}

describe("TLS for logins only", () => {
  it("commands go to ports without TLS, and the cluster is known as over TLS", async () => {
    await using cluster = await connected();
    const session = cluster.createSession();
    await session.putMany(Array.from({ length: 40 }, (_, i) => [users.id(i), { i }] as const));
    expect((await session.get(users.id(7))).bins).toEqual({ i: 7 });
    expect((await session.query(users).collect()).length).toBeGreaterThanOrEqual(40);
    expect(cluster.nodes.length).toBe(2);
    // Many commands at a time share a socket, as they never do over TLS.
    await Promise.all(Array.from({ length: 40 }, (_, i) => session.get(users.id(i))));
    const opened = Object.values(cluster.metrics().nodes).map(({ lanes }) => lanes.short!.opened);
    expect(Math.max(...opened)).toBeLessThan(20);
    expect(cluster.exportTable()).toBeUndefined();
  });

  it("neither the password nor what is sent in its place goes in the clear; data does", async () => {
    const heard = listening();
    await using cluster = await connected({ transport: heard.transport });
    const session = cluster.createSession();
    await session.put(users.id("seen"), { text: "plain as day" });
    await session.query(users).collect();
    await session.info().getClusterSize();
    const text = Buffer.concat(heard.inTheClear).toString("latin1");
    expect(text).toContain("plain as day");
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain("$2a$");
    expect(heard.overTls).toBeGreaterThan(2);
  });

  it("a session that has ended is renewed over TLS, and commands go on", async () => {
    const heard = listening();
    await using cluster = await connected({ transport: heard.transport, tendIntervalMs: 100 });
    const session = cluster.createSession();
    await session.put(users.id("renewed"), { a: 1 });
    const fault = emulator.faults.add({ do: "answer", resultCode: 80, times: 1 });
    const patient = { totalTimeout: 20_000, maxRetries: 50 };
    const ended: unknown = await session.get(users.id("renewed"), patient).catch((error: unknown) => error);
    expect(fault.hits).toBe(1);
    expect(ended).toMatchObject({ code: "NOT_AUTHENTICATED" });
    await expect
      .poll(() => session.get(users.id("renewed"), patient).then(({ bins }) => bins, String), { timeout: 20_000 })
      .toEqual({ a: 1 });
    expect(Buffer.concat(heard.inTheClear).toString("latin1")).not.toContain("$2a$");
  });

  it("by the fluent form, too", async () => {
    const [host = "", port] = emulator.hosts.split(",")[0]!.split(":");
    const definition = new ClusterDefinition(host, Number(port))
      .withTls({ ca: tls.cert, tlsName: "db.example", forLoginOnly: true })
      .withNativeCredentials("app", PASSWORD)
      .withSystemSettings({ connectTimeoutMs: 20_000 });
    await using cluster = await definition.connect();
    await cluster.createSession().put(users.id("fluent"), { a: 1 });
  });

  it("a cluster without such ports is refused with what was looked for", async () => {
    await using only = await Emulator.start({ tls: { ...tls, name: "db.example" }, security: true, udf: "none" });
    await expect(connect(seeds(only), { ...options, user: "admin", password: "admin" })).rejects.toThrow(
      /announces no address without TLS that leads to it, which tls\.forLoginOnly takes/,
    );
  });

  it.each<[ConnectOptions, string]>([
    [{ user: undefined, password: undefined }, "tls.forLoginOnly takes a user"],
    [{ tls: { forLoginOnly: 1 as unknown as boolean } }, "expected tls.forLoginOnly to be true or false, got 1"],
    [{ tls: { forLogin: true } as ConnectOptions["tls"] }, 'there is no option "forLogin"'],
  ])("%j is refused", async (extra, message) => {
    await expect(connect(seeds(), { ...options, ...extra })).rejects.toThrow(message);
  });
});
