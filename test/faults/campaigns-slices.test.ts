import { describe, expect, it } from "vitest";
import { type CampaignCheckpoint, DataSet } from "../../src/index.js";
import { CampaignLab } from "../support/faults/campaign-lab.js";

describe("a slice that one node refuses while the others take it", () => {
  it("is given to them again, ever more slowly, and its repeats are told", async () => {
    await using lab = await CampaignLab.open();
    const { runtime, emulator } = lab.lab;
    emulator.faults.add({ node: 1, command: "background", do: "answer", resultCode: 22, times: 4 });
    const startedAt = runtime.now();
    const campaign = await lab.until(lab.addOne("c").execute());
    const summary = await lab.finish(campaign);
    // One second, two, four and eight.
    expect(runtime.now() - startedAt).toBeGreaterThan(15_000);
    expect(summary).toMatchObject({ state: "done", succeeded: 60 });
    expect(summary.repeated).toHaveLength(4);
    expect(lab.reasons("waiting")).toContainEqual(expect.stringContaining("the servers don't start it: "));
    expect(Math.max(...Object.keys(await lab.runs()).map(Number))).toBeLessThanOrEqual(5);
  });

  it("is as slow where the node breaks the connection, so that its start is in doubt", async () => {
    await using lab = await CampaignLab.open();
    const { runtime, emulator } = lab.lab;
    emulator.faults.add({ node: 1, command: "background", do: "cut", execute: false, times: 3 });
    const startedAt = runtime.now();
    const summary = await lab.finish(await lab.until(lab.addOne("c").execute()));
    expect(runtime.now() - startedAt).toBeGreaterThan(7_000);
    expect(summary.repeated).toHaveLength(3);
    expect(lab.reasons("waiting")).toHaveLength(3);
  });

  it("is waited for, which a pause ends at once", async () => {
    await using lab = await CampaignLab.open();
    lab.lab.emulator.faults.add({ node: 1, command: "background", do: "answer", resultCode: 22 });
    const campaign = await lab.until(lab.addOne("c").execute());
    await lab.lab.runtime.advance(100_000);
    const reason = expect.stringContaining("they are asked again in 64 s");
    expect(campaign.progress).toMatchObject({ state: "waiting", reason });
    expect(campaign.checkpoint.repeated).toHaveLength(7);
    const pausing = campaign.pause();
    await lab.lab.runtime.advance(2_000);
    expect(campaign.progress.state).toBe("paused");
    await lab.until(pausing);
  });

  it.each([
    ["for what it forbids", { do: "answer", resultCode: 22 }, "FORBIDDEN"],
    ["for what may pass", { do: "answer", resultCode: 18 }, "DEVICE_OVERLOAD"],
  ] as const)("ends the run after ten minutes: %s", async (_, refusal, code) => {
    await using lab = await CampaignLab.open();
    lab.lab.emulator.faults.add({ node: 1, command: "background", ...refusal });
    const campaign = await lab.until(lab.addOne("c").execute());
    await lab.lab.runtime.advance(700_000);
    expect(await lab.lab.failure(campaign.waitTillComplete())).toMatchObject({ code });
    expect(campaign.progress.state).toBe("failed");
    expect(campaign.checkpoint.repeated).toHaveLength(16);
  });

  it("ends the run when the node will not take it later either, and whoever resumes goes on", async () => {
    await using lab = await CampaignLab.open();
    using refusing = lab.lab.emulator.faults.add({ node: 1, command: "background", do: "answer", resultCode: 4 });
    const campaign = await lab.until(lab.addOne("c").once().execute());
    expect(await lab.lab.failure(campaign.waitTillComplete())).toMatchObject({ code: "PARAMETER" });
    refusing.lift();
    await lab.until(campaign.resume());
    const { state, repeated } = await lab.finish(campaign);
    expect({ state, repeated: repeated.length }).toEqual({ state: "done", repeated: 1 });
    expect(await lab.runs()).toEqual({ 1: 60 });
  });
});

describe("a slice of a set that not every node has", () => {
  // Three records lie on two of three nodes, or on all, by chance: of these seeds on two for some.
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "is known to be through when another process goes on with it: seed %i",
    async (seed) => {
      await using lab = await CampaignLab.open({ seed, records: 0 });
      const set = DataSet.of<{ runs: number }>("test", `few${seed}`);
      const keys = set.ids(1, 2, 3);
      await lab.until(Promise.all(keys.map((key) => lab.tasks.session.put(key, { runs: 0 }))));
      const first = await lab.process();
      using gate = lab.tasks.faults.holdJobs();
      const begun = first.session.backgroundTask().update(set).bin("runs").add(1).campaign("c", { leaseMs: 3_000 });
      const campaign = await lab.until(begun.execute());
      const waiting = campaign.waitTillComplete().catch(() => undefined);
      await lab.lab.runtime.advance(500);
      expect(campaign.checkpoint.open).not.toBeNull();
      await lab.until(first.client.close());
      await lab.until(waiting);
      gate.release();
      await lab.lab.runtime.advance(5_000);
      const second = await lab.process();
      const again = await lab.until(second.session.backgroundTask().campaigns("test").resume("c", {}));
      expect(await lab.finish(again)).toMatchObject({ state: "done", repeated: [], succeeded: 3, failed: 0 });
      const records = await lab.until(Promise.all(keys.map((key) => lab.tasks.session.get(key))));
      expect(records.map(({ bins }) => bins.runs)).toEqual([1, 1, 1]);
    },
  );
});

describe("a slice whose counters the nodes have forgotten", () => {
  it("is repeated after nodes took no writes, where that changes no record twice", async () => {
    await using lab = await CampaignLab.open();
    using gate = lab.tasks.faults.holdJobs();
    const campaign = await lab.until(lab.addOne("c", { leaseMs: 3_000 }).once().execute());
    await lab.until(gate.whenHeld(3));
    await configure(lab, "context=service;query-max-done=0");
    await configure(lab, "context=namespace;id=test;stop-writes-avail-pct=100");
    // Nodes decide about it once in ten seconds.
    await lab.lab.runtime.advance(12_000);
    gate.release();
    await lab.lab.runtime.advance(10_000);
    await configure(lab, "context=namespace;id=test;stop-writes-avail-pct=0");
    await lab.lab.runtime.advance(12_000);
    const { repeated } = await lab.finish(campaign);
    expect(repeated).toMatchObject([{ reason: "records failed while a node took no writes" }]);
    expect(await lab.runs()).toEqual({ 1: 60 });
  });
});

describe("the rate of a polite campaign", () => {
  it("is never above what the slowest node allows, whichever replies first", async () => {
    await using lab = await CampaignLab.open({ records: 300 });
    await configure(lab, "context=namespace;id=test;background-query-max-rps=250", lab.tasks.idOf(2));
    const rates: (number | null)[] = [];
    const onCheckpoint = ({ open }: CampaignCheckpoint): void => {
      if (open !== null) rates.push(open.recordsPerSecond);
    };
    const options = { sliceSeconds: 0.05, politeness: { maxLatencyMs: 1_000 }, onCheckpoint };
    const update = lab.tasks.session.backgroundTask().update(lab.tasks.set).bin("runs").add(1);
    const campaign = await lab.until(update.campaign("c", options).execute());
    expect(await lab.finish(campaign)).toMatchObject({ succeeded: 300, repeated: [] });
    expect(Math.max(...rates.map(Number))).toBe(250);
  });
});

/** Changes a setting of a node, or of all. */
async function configure(lab: CampaignLab, setting: string, node?: string): Promise<void> {
  const ids = node === undefined ? [0, 1, 2].map((place) => lab.tasks.idOf(place)) : [node];
  const info = lab.tasks.session.info();
  await lab.until(Promise.all(ids.map((id) => info.info(`set-config:${setting}`, { node: id }))));
}
