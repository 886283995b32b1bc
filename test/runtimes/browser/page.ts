// What the page of browser.test.ts does: `run(gateway, token, hosts)` answers what it has found.
import { connect, DataSet } from "aerowire";
import { webSocketTransport } from "../../../examples/browser/web-socket-transport.js";

const users = DataSet.of<{ age: number; score?: number }>("test", "browser");

async function run(gateway: string, token: string, hosts: string): Promise<unknown> {
  const cluster = await connect(hosts, { transport: webSocketTransport(gateway, token), connectTimeoutMs: 10_000 });
  const session = cluster.createSession();
  const patient = { totalTimeout: 30_000 };
  for (let id = 0; id < 50; id++) await session.put(users.id(id), { age: id }, patient);
  const ages: number[] = [];
  for await (const { bins } of await session.query(users).where("$.age >= ?0", 40).execute()) ages.push(bins.age);
  const task = await session.backgroundTask().update(users).where("$.age < ?0", 10).bin("score").setTo(7).execute();
  const { state, succeeded } = await task.waitTillComplete();
  const { score } = (await session.get(users.id(3), patient)).bins;
  await cluster.close();
  return { ages: ages.sort((a, b) => a - b), state, succeeded, score };
}

/** Why `connect` fails. */
const why = (connecting: Promise<unknown>): Promise<unknown> =>
  connecting.then(
    () => "connected",
    (error: Error) => error.message,
  );

Object.assign(globalThis, {
  run,
  refusal: (gateway: string, token: string, hosts: string) =>
    why(connect(hosts, { transport: webSocketTransport(gateway, token) })),
  withoutTransport: () => why(connect("localhost:3000")),
});
