import { describe, expect, it } from "vitest";
import { DataSet } from "../../src/index.js";
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

  it("ends the campaign when the node will not take it later either", async () => {
    await using lab = await CampaignLab.open();
    lab.lab.emulator.faults.add({ node: 1, command: "background", do: "answer", resultCode: 4 });
    const campaign = await lab.until(lab.addOne("c").execute());
    expect(await lab.lab.failure(campaign.waitTillComplete())).toMatchObject({ code: "PARAMETER" });
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
