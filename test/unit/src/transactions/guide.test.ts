import { readFileSync } from "node:fs";
import { transform } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Emulator } from "../../../../emulator/index.js";
import * as aerowire from "../../../../src/index.js";

// Every block of docs/transactions.md is run, in the order of the page, on one emulator.

const page = readFileSync(new URL("../../../../docs/transactions.md", import.meta.url), "utf8");
const blocks = Array.from(page.matchAll(/^```ts\n(.*?)^```$/gms), ([, code = ""]) => code);

let emulator: Emulator;
let cluster: aerowire.Cluster;
let session: aerowire.Session;
const connected: aerowire.Cluster[] = [];

beforeAll(async () => {
  emulator = await Emulator.start({ namespaces: [{ name: "test", strongConsistency: true }], udf: "none" });
  cluster = await aerowire.connect(emulator.hosts);
  session = cluster.createSession();
  const accounts = aerowire.DataSet.of<{ balance: number }>("test", "accounts");
  await session.putMany([
    [accounts.id("from"), { balance: 100 }],
    [accounts.id("to"), { balance: 0 }],
  ]);
});

afterAll(async () => {
  await Promise.all(connected.map((one) => one.close()));
  await cluster.close();
  await emulator.close();
});

/** What stands at the end of a block as a comment is what the line prints. */
async function run(code: string): Promise<string[]> {
  const printed: string[] = [];
  const given = {
    ...aerowire,
    session,
    Emulator,
    connect: async (hosts: string, options?: aerowire.ConnectOptions) => {
      const own = await aerowire.connect(hosts === "localhost:3000" ? emulator.hosts : hosts, options);
      connected.push(own);
      return own;
    },
    console: { log: (...values: unknown[]) => printed.push(values.join(" ")) },
  };
  const body = code.replace(/^import .*;$/gm, "");
  const wrapped = `export async function example({ ${Object.keys(given).join(", ")} }) {\n${body}\n}`;
  const { code: script } = await transform(wrapped, { loader: "ts", target: "es2022", format: "esm" });
  const module = await import(`data:text/javascript,${encodeURIComponent(script)}`);
  await module.example(given);
  return printed;
}

describe("the guide to transactions", () => {
  test("has blocks", () => expect(blocks.length).toBeGreaterThan(5));

  test.each(blocks.map((code, i) => [i + 1, code] as const))("block %i runs", async (_, code) => {
    const printed = await run(code);
    if (code.includes("console.log(tx.active")) expect(printed).toEqual([expect.stringMatching(/^true -?\d+ open$/)]);
  });

  test("has changed what it says", async () => {
    const accounts = aerowire.DataSet.of<{ balance: number }>("test", "accounts");
    const records = await session.getMany(accounts.ids("from", "to", "a", "b"));
    expect(records.map((record) => record?.bins.balance)).toEqual([90, 10, 1, 7]);
  });
});
