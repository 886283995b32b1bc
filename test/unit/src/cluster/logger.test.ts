import { afterAll, beforeAll, expect, test } from "vitest";
import { Emulator } from "../../../../emulator/index.js";
import { Log } from "../../../../src/cluster/logger.js";
import { type Cluster, connect, DataSet, type LogEntry } from "../../../../src/index.js";

const users = DataSet.of<{ n: number; seen?: boolean }>("test", "logged");
const entries: LogEntry[] = [];
let emulator: Emulator;
let cluster: Cluster;

beforeAll(async () => {
  emulator = await Emulator.start({ listen: "memory" });
  const logger = (entry: LogEntry): void => void entries.push(entry);
  cluster = await connect(emulator.hosts, { transport: emulator.transport, logger, logLevel: "debug" });
  await cluster.createSession().putMany(Array.from({ length: 20 }, (_, n) => [users.id(n), { n }] as const));
});

afterAll(async () => {
  await cluster.close();
  await emulator.close();
});

const about = (word: string): readonly LogEntry[] => entries.filter(({ message }) => message.includes(word));

test("background tasks are told when they start and end, with what became of them", async () => {
  const session = cluster.createSession();
  const task = await session.backgroundTask().update(users).where("$.n < 5").bin("seen").setTo(true).execute();
  await task.waitTillComplete();
  const attributes = { "db.operation.name": "background update", "db.collection.name": "logged" };
  expect(about("Background task")).toMatchObject([
    { level: "info", message: "Background task started", fields: { ...attributes, taskId: String(task.id) } },
    {
      level: "info",
      message: "Background task ended",
      fields: { ...attributes, state: "done", succeeded: 5, failed: 0 },
    },
  ]);
  expect(() => JSON.stringify(entries)).not.toThrow();
});

test("one whose records failed is a warning", async () => {
  entries.length = 0;
  const session = cluster.createSession();
  await session.put(users.id("text"), { n: "no number" as unknown as number });
  const task = await session.backgroundTask().update(users).bin("n").add(1).execute();
  await task.waitTillComplete().catch(() => undefined);
  expect(about("ended")).toMatchObject([{ level: "warn", fields: { state: "done", failed: 1 } }]);
});

test("campaigns are told from start to end, and their steps at the level debug", async () => {
  entries.length = 0;
  const session = cluster.createSession();
  const campaign = await session
    .backgroundTask()
    .update(users)
    .where("$.n >= 0")
    .bin("seen")
    .setTo(false)
    .campaign("logged")
    .execute();
  await campaign.waitTillComplete();
  const told = about("Campaign").map(({ level, message }) => `${level} ${message}`);
  expect(told[0]).toBe("info Campaign: started");
  expect(told.at(-1)).toBe("info Campaign: done");
  expect(told).toContain("debug Campaign: slice");
  expect(about("Campaign")[0]?.fields).toMatchObject({ campaign: "logged", "db.collection.name": "logged" });
});

test("what fails and what goes on is told apart by the level", () => {
  const log: LogEntry[] = [];
  const channel = new Log((entry) => void log.push(entry), "debug").campaigns({
    hasSubscribers: false,
    publish: () => undefined,
  });
  for (const event of ["failed", "trouble", "waiting"]) {
    channel.publish({ attributes: {}, event: { campaign: "c", event, reason: "because" } });
  }
  expect(log.map(({ level, fields }) => [level, fields["reason"]])).toEqual([
    ["error", "because"],
    ["warn", "because"],
    ["debug", "because"],
  ]);
});
