import { connect, DataSet } from "../../src/index.js";

// One process of a campaign, to be killed: goes on with the campaign where the one before left it, and prints a line of JSON
// for whatever happens. AEROSPIKE_HOSTS, CAMPAIGN_ID, CAMPAIGN_RATE, CAMPAIGN_ONCE.

const {
  AEROSPIKE_HOSTS = "127.0.0.1:3000",
  CAMPAIGN_ID = "kill",
  CAMPAIGN_RATE = "700",
  CAMPAIGN_ONCE = "1",
} = process.env;

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line, (_, value) => (typeof value === "bigint" ? String(value) : value))}\n`);
}

async function run(): Promise<void> {
  const cluster = await connect(AEROSPIKE_HOSTS);
  const counters = DataSet.of<{ runs: number }>("test", "killed");
  const campaign = cluster
    .createSession()
    .backgroundTask()
    .update(counters)
    .bin("runs")
    .add(1)
    .recordsPerSecond(Number(CAMPAIGN_RATE))
    .campaign(CAMPAIGN_ID, {
      sliceSeconds: 1,
      leaseMs: 1_000,
      onEvent: ({ event, reason }) => print({ event, reason }),
    });
  if (CAMPAIGN_ONCE === "1") campaign.once();
  const running = await campaign.execute({ onExisting: "resume" });
  const summary = await running.waitTillComplete();
  print({ done: summary });
  await cluster.close();
}

run().catch((error: unknown) => {
  print({ error: String(error), code: (error as { readonly code?: unknown }).code });
  process.exitCode = 1;
});
