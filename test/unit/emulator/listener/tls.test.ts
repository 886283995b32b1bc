import { createServer } from "node:net";
import { connect as connectTls } from "node:tls";
import { generate } from "selfsigned";
import { beforeAll, describe, expect, test } from "vitest";
import { Emulator, type EmulatorOptions, type EmulatorTlsOptions } from "../../../../emulator/index.js";
import { connect, DataSet, Host } from "../../../../src/index.js";

const users = DataSet.of<{ n: number }>("test", "users");

interface Pems {
  readonly key: string;
  readonly cert: string;
}

/** A certificate that is its own authority, good from now on for a day. */
async function certify(name: string, clientAuth = false): Promise<Pems> {
  const altNames = [
    { type: 2, value: name },
    { type: 7, ip: "127.0.0.1" },
  ] as const;
  const { private: key, cert } = await generate([{ name: "commonName", value: name }], {
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "subjectAltName", altNames: [...altNames] },
      { name: "extKeyUsage", serverAuth: true, clientAuth },
    ],
  });
  return { key, cert };
}

let server: Pems;
let client: Pems;
beforeAll(async () => {
  [server, client] = await Promise.all([certify("db.example"), certify("app", true)]);
});

describe("nodes that speak TLS", () => {
  test("serve clients that trust their certificate, by the address that it is for", async () => {
    await using emulator = await Emulator.start({ nodes: 3, udf: "none", tls: server });
    await using cluster = await connect(emulator.hosts, { tls: { ca: server.cert } });
    const session = cluster.createSession();
    for (let i = 0; i < 20; i++) await session.put(users.id(i), { n: i });
    expect((await session.getMany(users.ids(0, 1, 19))).map((record) => record?.bins.n)).toEqual([0, 1, 19]);
    expect(emulator.nodes.every(({ connections }) => connections > 0)).toBe(true);
  });

  test("are given out by their TLS name, and replies keep their order through it", async () => {
    await using emulator = await Emulator.start({ nodes: 2, udf: "none", tls: { ...server, name: "db.example" } });
    const [seed] = emulator.nodes;
    const hosts = [new Host("127.0.0.1", seed?.port, "db.example")];
    await using cluster = await connect(hosts, { tls: { ca: server.cert } });
    const session = cluster.createSession();
    const text = "x".repeat(100_000);
    const wide = DataSet.of<{ text: string }>("test", "wide");
    await session.put(wide.id(1), { text });
    expect((await session.get(wide.id(1))).bins.text).toBe(text);
    expect(await session.info().getClusterSize()).toBe(2);
  });

  test("ask clients for a certificate when they know an authority of theirs", async () => {
    await using emulator = await Emulator.start({ udf: "none", tls: { ...server, ca: client.cert } });
    await using cluster = await connect(emulator.hosts, { tls: { ca: server.cert, ...client } });
    await cluster.createSession().put(users.id(1), { n: 1 });
    await expect(connect(emulator.hosts, { tls: { ca: server.cert }, readyTimeoutMs: 500 })).rejects.toMatchObject({
      code: expect.any(String),
    });
  });

  test("are not for clients that don't trust them, or speak clear text", async () => {
    await using emulator = await Emulator.start({ udf: "none", tls: server });
    await expect(connect(emulator.hosts, { tls: true, readyTimeoutMs: 500 })).rejects.toThrow(/certificate/);
    await expect(connect(emulator.hosts, { readyTimeoutMs: 500 })).rejects.toThrow(/TLS/);
    await using cluster = await connect(emulator.hosts, { tls: { ca: server.cert } });
    await cluster.createSession().put(users.id(1), { n: 1 });
  });

  test("have no port in clear text to give out", async () => {
    await using emulator = await Emulator.start({ nodes: 2, udf: "none", tls: { ...server, name: "db.example" } });
    await using cluster = await connect(emulator.hosts, { tls: { ca: server.cert } });
    const [node, other] = emulator.nodes;
    const info = cluster.createSession().info();
    const ask = async (command: string): Promise<string | undefined> =>
      (await info.infoOnAllNodes(command))[node?.id ?? ""];
    expect(await ask("service-clear-std")).toBe("");
    expect(await ask("service-tls-std")).toBe(`${node?.host}:${node?.port}`);
    expect(await ask("peers-tls-std")).toBe(`1,3000,[[${other?.id},db.example,[${other?.host}:${other?.port}]]]`);
    expect(await ask("peers-clear-std")).toBe(`1,3000,[[${other?.id},db.example,[]]]`);
  });

  test("close a socket whose client breaks the handshake off, and go on", async () => {
    await using emulator = await Emulator.start({ udf: "none", tls: server });
    const { host, port } = emulator.nodes[0]!;
    const socket = connectTls({ host, port, rejectUnauthorized: false });
    socket.destroy();
    await using cluster = await connect(emulator.hosts, { tls: { ca: server.cert } });
    await cluster.createSession().put(users.id(1), { n: 1 });
  });

  test.each<[string, () => EmulatorOptions]>([
    [
      "tls: key: expected the contents of a PEM file, got a value of type undefined",
      () => ({ tls: { cert: "x" } as EmulatorTlsOptions }),
    ],
    ["tls: key and certificate can't be used: ", () => ({ tls: { ...server, key: "no key" } })],
    ["tls: key and certificate can't be used: ", () => ({ tls: { key: client.key, cert: server.cert } })],
    [
      'tls: there is no option "crt". Did you mean cert?',
      () => ({ tls: { ...server, crt: "x" } as EmulatorTlsOptions }),
    ],
    ['tls: name: expected a TLS name such as "db.example", got "a,b"', () => ({ tls: { ...server, name: "a,b" } })],
    ["tls: sockets in memory carry clear text", () => ({ tls: server, listen: "memory" })],
  ])("are refused: %s", async (message, options) => {
    await expect(Emulator.start({ udf: "none", ...options() })).rejects.toThrow(message);
  });
});

describe("fixed ports", () => {
  /** A port that is free, and likely stays so for a moment; with the next two. */
  async function freePorts(): Promise<number> {
    const emulator = await Emulator.start({ udf: "none" });
    const port = emulator.nodes[0]?.port ?? 0;
    await emulator.close();
    return Math.min(port, 65_533);
  }

  test("follow the first", async () => {
    // Others on this machine may take one of them meanwhile: then the next try has others.
    for (let tries = 0; ; tries++) {
      const first = await freePorts();
      try {
        await using emulator = await Emulator.start({ nodes: 3, udf: "none", ports: first });
        expect(emulator.nodes.map(({ port }) => port)).toEqual([first, first + 1, first + 2]);
        return;
      } catch (error) {
        if (tries === 20 || !(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) throw error;
      }
    }
  });

  test("that are in use are an error that says which, and leaves none of the others taken", async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
    const address = holder.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const started = Emulator.start({ nodes: 2, udf: "none", ports: [0, port] });
    await expect(started).rejects.toMatchObject({
      code: "EADDRINUSE",
      message: `The emulator can't listen on port ${port} of 127.0.0.1: the port is in use: choose another one, or 0 for any that is free`,
    });
    await new Promise((resolve) => holder.close(resolve));
  });

  test.each<[string, unknown]>([
    ["ports: expected a whole number from 0 to 65533, got 65534", 65_534],
    ["ports: expected a whole number from 0 to 65533, got -1", -1],
    ['ports: expected a port or an array, got "3000"', "3000"],
  ])("are checked: %s", async (message, ports) => {
    await expect(Emulator.start({ nodes: 3, udf: "none", ports: ports as number })).rejects.toThrow(message);
  });
});
