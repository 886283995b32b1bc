import { expect, it } from "vitest";
import { Emulator } from "../../emulator/index.js";
import { type ConnectOptions, connect, DataSet, nodeTransport } from "../../src/index.js";
import { eventually } from "../support/faults/counted-runtime.js";
import { StrangeServer } from "../support/faults/strange-server.js";
import { WatchedTransport } from "../support/faults/watched-transport.js";

const QUICK: ConnectOptions = { tendIntervalMs: 30, connectTimeoutMs: 200 };
const set = DataSet.of<{ n: number }>("test", "moved");
const keys = set.ids(Array.from({ length: 20 }, (_, id) => id));

it("a port where something else listens by now costs the node, and only until that is back", async () => {
  await using emulator = await Emulator.start({ nodes: 2, heartbeatTimeoutMs: 20, udf: "none" });
  const transport = new WatchedTransport(nodeTransport());
  await using client = await connect(emulator.hosts, { ...QUICK, transport });
  const session = client.createSession();
  await session.upsert(keys).put({ n: 1 }).execute();
  const [, lost] = emulator.nodes;
  if (lost === undefined) throw new Error("There is one node only");

  await lost.stop();
  {
    await using _ = await StrangeServer.http(lost.port);
    await eventually("the node is given up", () => client.nodes.length === 1);
    await session.update(keys).bin("n").add(1).execute();
    for (const key of keys) expect((await session.get(key)).bins.n).toBe(2);
  }
  await lost.start();
  await eventually("the node is found again", () => client.nodes.length === 2);
  for (const key of keys) expect((await session.get(key)).bins.n).toBe(2);
  await client.close();
  expect(transport.open).toEqual([]);
});

it("nodes that have changed places are followed", async () => {
  const before = await Emulator.start({ nodes: 2, udf: "none" });
  await using client = await connect(before.hosts, QUICK);
  const ports = before.nodes.map(({ port }) => port);
  const addressOf = (id: string | undefined): string | undefined =>
    client.nodes.find((node) => node.id === id)?.address;
  const [first, second] = before.nodes.map(({ id }) => id);
  expect(addressOf(first)).toBe(`127.0.0.1:${ports[0]}`);
  await before.close();

  await using _after = await Emulator.start({ nodes: 2, ports: ports.toReversed(), udf: "none" });
  await eventually(
    "each is known where it is now",
    () => addressOf(first) === `127.0.0.1:${ports[1]}` && addressOf(second) === `127.0.0.1:${ports[0]}`,
  );
  const session = client.createSession();
  await session.upsert(keys).put({ n: 3 }).execute();
  for (const key of keys) expect((await session.get(key)).bins.n).toBe(3);
});
