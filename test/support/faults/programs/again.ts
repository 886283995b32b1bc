import { connect, DataSet, type Session } from "../../../../src/index.js";
import { holdings } from "../holdings.js";
import { behaviorOf, Lab } from "../lab.js";

// Does the same again and again, `again NAME TURNS ROUNDS`, and prints what it holds after each round, as JSON.

const set = DataSet.of<{ n: number }>("test", "leaks");
/** Longer than most timers wait: a virtual clock keeps what was cancelled until then. */
const LONG_MS = 11_000;
/** Parents keep the behaviors that are derived of them, so a program derives each once. */
const HASTY = behaviorOf({ all: { totalTimeout: 50, maxRetries: 1 } });

type Turn = (i: number) => Promise<void>;

/** Clients that are opened and closed. */
async function clients(lab: Lab): Promise<Turn> {
  const { transport, runtime } = lab;
  return async (i) => {
    const client = await lab.until(connect(lab.emulator.hosts, { transport, runtime }));
    const session = client.createSession(HASTY);
    await lab.until(session.get(set.id(i % 30)));
    if (i % 10 === 0) await lab.until(session.query(set).collect());
    await lab.until(client.close());
  };
}

/** Queries one after another: read to their end, left, and given up. */
async function queries(lab: Lab): Promise<Turn> {
  const session = await lab.session();
  return async (i) => {
    const controller = new AbortController();
    const read = async (): Promise<number> => {
      let rows = 0;
      for await (const _row of await session.query(set).execute({ signal: controller.signal })) {
        rows++;
        if (i % 3 === 1 && rows === 5) break;
        if (i % 3 === 2 && rows === 5) controller.abort();
      }
      return rows;
    };
    if (i % 3 === 2) await lab.failure(read());
    else await lab.until(read());
  };
}

/** Commands that time out, that are given up, and whose nodes hang up or fall silent. */
async function commands(lab: Lab): Promise<Turn> {
  const client = await lab.connect({ maxErrorRate: 0 });
  const session: Session = client.createSession(HASTY);
  const { faults } = lab.emulator;
  const keys = set.ids(Array.from({ length: 20 }, (_, id) => id));
  return async (i) => {
    const controller = new AbortController();
    const { signal } = controller;
    using _ = faults.add(i % 2 === 0 ? { do: "silence", times: 2 } : { do: "cut", bytes: i % 40, times: 2 });
    const calls = Promise.allSettled([
      session.get(set.id(i % 30), undefined, { signal }),
      session
        .update(set.id(i % 30))
        .bin("n")
        .add(0)
        .execute({ signal }),
      session.getMany(keys, { signal }),
    ]);
    if (i % 5 === 0) lab.runtime.setTimer(10, () => controller.abort(), true);
    await lab.until(calls);
    await lab.runtime.advance(200);
  };
}

const WORK: Readonly<Record<string, (lab: Lab) => Promise<Turn>>> = { clients, queries, commands };

const [name = "", turns = "", rounds = ""] = process.argv.slice(2);
const work = WORK[name];
if (work === undefined) throw new Error(`There is no work ${name}; known: ${Object.keys(WORK).join(", ")}`);
const lab = await Lab.open({ nodes: 2, queryMaxDone: 0 });
const session = await lab.session();
await lab.until(session.putMany(Array.from({ length: 30 }, (_, n) => [set.id(n), { n }] as const)));
const turn = await work(lab);
for (let round = 0; round < Number(rounds); round++) {
  for (let i = 0; i < Number(turns); i++) await turn(i);
  await lab.runtime.advance(LONG_MS);
  const { bytes, resources } = await holdings();
  const timers = resources["Timeout"] ?? 0;
  console.log(
    JSON.stringify({ bytes, timers, sockets: lab.transport.open.length, pending: lab.runtime.pendingTimers }),
  );
}
await lab.close();
