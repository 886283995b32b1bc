import { expect, test } from "vitest";
import { Emulator } from "../../../../../emulator/index.js";
import { connect, DataSet, type Transport } from "../../../../../src/index.js";

/** A transport that counts for itself what the client says that it counts. */
function counting(inner: Transport): { readonly transport: Transport; readonly seen: { in: number; out: number } } {
  const seen = { in: 0, out: 0 };
  const transport: Transport = {
    connect: (endpoint, handler) => {
      const socket = inner.connect(endpoint, {
        onConnect: () => handler.onConnect(),
        onData: (bytes) => {
          seen.in += bytes.length;
          handler.onData(bytes);
        },
        onDrain: () => handler.onDrain(),
        onClose: (error) => handler.onClose(error),
      });
      return {
        write: (bytes) => {
          seen.out += bytes.length;
          return socket.write(bytes);
        },
        pause: () => socket.pause(),
        resume: () => socket.resume(),
        destroy: () => socket.destroy(),
        keepAlive: (keep) => socket.keepAlive(keep),
      };
    },
  };
  return { transport, seen };
}

test("every byte of every socket is counted, those of logins, of the tend and of sockets that are closed again among them", async () => {
  await using emulator = await Emulator.start({
    listen: "memory",
    edition: "enterprise",
    security: { users: { ada: { password: "secret", roles: ["read-write", "sys-admin"] } } },
  });
  const { transport, seen } = counting(emulator.transport);
  await using cluster = await connect(emulator.hosts, { transport, user: "ada", password: "secret" });
  const session = cluster.createSession();
  const set = DataSet.of<{ n: number; text: string }>("test", "bytes");
  const keys = set.ids(Array.from({ length: 300 }, (_, id) => id));
  await Promise.all(keys.map((key, n) => session.put(key, { n, text: "x".repeat(n) })));
  await session.getMany(keys);
  expect(await session.query(set).collect()).toHaveLength(keys.length);
  // A query that is left closes its socket.
  for await (const _ of await session.query(set).execute()) break;
  await session.info().namespaces();
  const sums = (): { in: number; out: number } => {
    const lanes = Object.values(cluster.metrics().nodes).flatMap((node) => Object.values(node.lanes));
    return {
      in: lanes.reduce((sum, { bytesIn }) => sum + bytesIn, 0),
      out: lanes.reduce((sum, { bytesOut }) => sum + bytesOut, 0),
    };
  };
  expect(sums()).toEqual(seen);
  expect(seen.out).toBeGreaterThan(45_000);
});
