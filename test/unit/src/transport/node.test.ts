import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { readFileSync } from "node:fs";
import { createServer, type Socket as NetSocket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { describe, expect, test } from "vitest";
import { makeKey } from "../../../../protocol/key/make-key.js";
import { systemRuntime } from "../../../../runtime/system-runtime.js";
import { ClusterCore } from "../../../../src/cluster/cluster-core.js";
import { nodeTransport } from "../../../../src/transport/node.js";
import type { Endpoint, Transport } from "../../../../src/transport/transport.js";
import { TcpNode } from "../../../support/fake/tcp-node.js";
import { PLAIN } from "../../../support/fake/world.js";
import { execute } from "../../../support/operations.js";
import { writeCommand } from "../../../support/record-commands.js";

const pem = (name: string): string =>
  readFileSync(new URL(`../../../support/tls/${name}.pem`, import.meta.url), "utf8");
const ca = pem("ca");
const SERVER = { cert: pem("server"), key: pem("server.key") };
const CLIENT = { cert: pem("client"), key: pem("client.key") };

/** How a connection ends that is closed by us as soon as it is open. */
function tryConnect(transport: Transport, endpoint: Endpoint): Promise<string> {
  return new Promise((resolve) => {
    let opened = false;
    const socket = transport.connect(endpoint, {
      onConnect: () => {
        opened = true;
        socket.destroy();
      },
      onData: () => undefined,
      onDrain: () => undefined,
      onClose: (error) => resolve(opened ? "opened" : (error?.message ?? "closed")),
    });
  });
}

describe.each(["clear", "TLS"])("%s sockets", (kind) => {
  test("read to where the handler wants it, and pause there", async () => {
    const sent = Uint8Array.from({ length: 600_000 }, (_, i) => (i * 31) ^ (i >> 8));
    const serve = (socket: NetSocket): void => {
      socket.end(sent);
    };
    const server = kind === "TLS" ? createTlsServer(SERVER, serve) : createServer(serve);
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const came = new Uint8Array(sent.length);
    let length = 0;
    let inPlace = 0;
    await new Promise<void>((resolve) => {
      const socket = nodeTransport({ tls: { ca } }).connect(
        { host: "127.0.0.1", port, ...(kind === "TLS" && { tlsName: "server.test" }) },
        {
          onConnect: () => undefined,
          onData: (bytes) => {
            if (bytes.buffer === came.buffer) inPlace += bytes.length;
            came.set(bytes, length);
            length += bytes.length;
            if (length % 7 !== 0) return;
            socket.pause();
            setImmediate(() => socket.resume());
          },
          // Now and then it wants no place, or a small one.
          target: () => (length % 5 === 0 ? undefined : came.subarray(length, length + 1 + ((length * 7) % 40_000))),
          onDrain: () => undefined,
          onClose: () => resolve(),
        },
      );
    });
    server.close();
    expect(length).toBe(sent.length);
    expect(Buffer.compare(came, sent)).toBe(0);
    expect(inPlace).toBeGreaterThan(0);
  });
});

describe("clear sockets", () => {
  test("carry commands", async () => {
    await using node = await TcpNode.start();
    await using cluster = await ClusterCore.connect({
      seeds: [{ host: "localhost", port: node.port }],
      transport: nodeTransport(),
      runtime: systemRuntime,
    });
    const writes = Array.from({ length: 500 }, (_, i) =>
      execute(cluster, writeCommand(makeKey("test", "set", i), { text: "x".repeat(2_000) }), {
        ...PLAIN,
        totalTimeoutMs: 20_000,
      }),
    );
    const metas = await Promise.all(writes);
    expect(metas.every(({ generation }) => generation === 1)).toBe(true);
  });

  test("say why they could not be opened", async () => {
    // A port that was free a moment ago.
    const port = await (async () => {
      await using node = await TcpNode.start();
      return node.port;
    })();
    const message = await tryConnect(nodeTransport(), { host: "localhost", port });
    expect(message).toMatch(/^connect ECONNREFUSED /);
    expect(await tryConnect(nodeTransport(), { host: "no-such-host.invalid", port })).toMatch(/ENOTFOUND|EAI_AGAIN/);
  });

  test("end when the server says goodbye", async () => {
    const server = createServer((socket) => socket.end("bye"));
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const received = await new Promise<string>((resolve) => {
      let text = "";
      nodeTransport().connect(
        { host: "127.0.0.1", port },
        {
          onConnect: () => undefined,
          onData: (bytes) => {
            text += new TextDecoder().decode(bytes);
          },
          onDrain: () => undefined,
          onClose: (error) => resolve(`${text}, then ${error === undefined ? "the end" : error.message}`),
        },
      );
    });
    expect(received).toBe("bye, then the end");
    server.close();
  });

  test("are not read while they are paused", async () => {
    const server = createServer((socket) => {
      socket.write("a");
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const log: string[] = [];
    await new Promise<void>((resolve) => {
      const socket = nodeTransport().connect(
        { host: "127.0.0.1", port },
        {
          onConnect: () => {
            socket.pause();
            log.push("paused");
            setTimeout(() => {
              log.push("resumed");
              socket.resume();
            }, 50);
          },
          onData: () => {
            log.push("data");
            socket.destroy();
          },
          onDrain: () => undefined,
          onClose: () => resolve(),
        },
      );
    });
    expect(log).toEqual(["paused", "resumed", "data"]);
    server.close();
  });
});

describe("TLS sockets", () => {
  test("carry commands", async () => {
    await using node = await TcpNode.start(SERVER);
    await using cluster = await ClusterCore.connect({
      seeds: [{ host: "127.0.0.1", port: node.port, tlsName: "server.test" }],
      transport: nodeTransport({ tls: { ca } }),
      runtime: systemRuntime,
      tls: true,
    });
    const writes = Array.from({ length: 50 }, (_, i) =>
      execute(cluster, writeCommand(makeKey("test", "set", i), { i }), { ...PLAIN, totalTimeoutMs: 20_000 }),
    );
    expect(await Promise.all(writes)).toHaveLength(50);
  });

  test("show a certificate where the server wants one", async () => {
    await using node = await TcpNode.start({ ...SERVER, ca, requestCert: true, rejectUnauthorized: true });
    const endpoint = { host: "127.0.0.1", port: node.port, tlsName: "server.test" };
    await using cluster = await ClusterCore.connect({
      seeds: [endpoint],
      transport: nodeTransport({ tls: { ca: [ca], ...CLIENT } }),
      runtime: systemRuntime,
      tls: true,
    });
    expect(cluster.nodes).toHaveLength(1);
    const without = ClusterCore.connect({
      seeds: [endpoint],
      transport: nodeTransport({ tls: { ca } }),
      runtime: systemRuntime,
      tls: true,
    });
    await expect(without).rejects.toThrow(/No cluster to connect to/);
  });

  test.each([
    ["of another name", { ca }, "other.test", /does not match certificate's altnames/],
    ["of an unknown authority", {}, "server.test", /unable to verify|self-signed|unable to get/],
    ["that is revoked", { ca, revokedSerials: [serial()] }, "server.test", /certificate .* is revoked/],
  ])("turn down a server with a certificate %s", async (_, tls, tlsName, message) => {
    await using node = await TcpNode.start(SERVER);
    const end = await tryConnect(nodeTransport({ tls }), { host: "127.0.0.1", port: node.port, tlsName });
    expect(end).toMatch(message);
  });

  test("to a clear port fail and do not hang", async () => {
    await using node = await TcpNode.start();
    const connecting = ClusterCore.connect({
      seeds: [{ host: "127.0.0.1", port: node.port, tlsName: "server.test" }],
      transport: nodeTransport({ tls: { ca } }),
      runtime: systemRuntime,
      tls: true,
      connectTimeoutMs: 300,
    });
    await expect(connecting).rejects.toMatchObject({
      code: "CONNECTION",
      message: expect.stringMatching(
        /\. The port may be one for clear connections: connect without TLS, or to the port for TLS$/,
      ),
    });
  });

  test("that fail because of a certificate say so, and nothing of clear ports", async () => {
    await using node = await TcpNode.start(SERVER);
    const connecting = ClusterCore.connect({
      seeds: [{ host: "127.0.0.1", port: node.port, tlsName: "server.test" }],
      transport: nodeTransport(),
      runtime: systemRuntime,
      tls: true,
    });
    await expect(connecting).rejects.toThrow(/unable to verify|self-signed|unable to get/);
    await expect(connecting).rejects.not.toThrow("clear connections");
  });
});

test("a clear client at a TLS port is told so", async () => {
  await using node = await TcpNode.start(SERVER);
  const connecting = ClusterCore.connect({
    seeds: [{ host: "127.0.0.1", port: node.port }],
    transport: nodeTransport(),
    runtime: systemRuntime,
  });
  await expect(connecting).rejects.toThrow(/expects TLS|was lost/);
});

test("the runtime's diagnostics channels hear of commands", async () => {
  const names: unknown[] = [];
  const hear = (message: unknown): void => {
    if (typeof message === "object" && message !== null && "attributes" in message) names.push(message.attributes);
  };
  subscribe("aerowire:command", hear);
  await using node = await TcpNode.start();
  await using cluster = await ClusterCore.connect({
    seeds: [{ host: "127.0.0.1", port: node.port }],
    transport: nodeTransport(),
    runtime: systemRuntime,
  });
  await execute(cluster, writeCommand(makeKey("test", "set", 1), { i: 1 }), PLAIN);
  unsubscribe("aerowire:command", hear);
  expect(names).toEqual([
    expect.objectContaining({ "db.system.name": "aerospike", "db.operation.name": "upsert", "server.port": node.port }),
  ]);
});

/** The server certificate's serial number, as `openssl x509 -serial` prints it. */
function serial(): string {
  return "387C36D836E1188E2EB72912A8C13CEFC6516566";
}
