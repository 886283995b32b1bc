import { describe, expect, it } from "vitest";
import type { CampaignEvent } from "../../src/index.js";
import { CampaignLab } from "../support/faults/campaign-lab.js";
import { warningsOf } from "../support/warnings.js";

describe("a campaign whose onEvent throws", () => {
  const nameless = ({ event }: CampaignEvent): never => {
    throw new Error(`no ${event} for me`);
  };

  it("goes on to its end, and the runtime warns once", async () => {
    const warnings = await warningsOf(async () => {
      await using lab = await CampaignLab.open();
      const campaign = await lab.until(lab.addOne("c", { onEvent: (event) => nameless(event) }).execute());
      expect(await lab.finish(campaign)).toMatchObject({ state: "done" });
      expect(await lab.runs()).toEqual({ 1: 60 });
    });
    expect(warnings).toEqual([expect.stringContaining("The onEvent handler has thrown")]);
  });

  it("tells its waiters even when only the last event is too much", async () => {
    await warningsOf(async () => {
      await using lab = await CampaignLab.open();
      const onEvent = (event: CampaignEvent): void => void (event.event === "done" && nameless(event));
      const campaign = await lab.until(lab.addOne("c", { onEvent }).execute());
      expect(await lab.finish(campaign)).toMatchObject({ state: "done" });
    });
  });

  it("does not fail because a heartbeat got no reply", async () => {
    await warningsOf(async () => {
      await using lab = await CampaignLab.open();
      const troubles: string[] = [];
      const onEvent = (event: CampaignEvent): void => {
        if (event.event !== "trouble") return;
        troubles.push(event.reason);
        nameless(event);
      };
      using gate = lab.tasks.faults.holdJobs();
      const campaign = await lab.until(lab.addOne("c", { onEvent }).execute());
      await lab.until(gate.whenHeld(3));
      using silent = lab.lab.emulator.faults.add({ command: ["write", "operate"], do: "silence" });
      await lab.lab.runtime.advance(10_000);
      silent.lift();
      gate.release();
      expect(await lab.finish(campaign)).toMatchObject({ state: "done" });
      expect(troubles).toContainEqual(expect.stringContaining("the lease was not renewed"));
    });
  });
});

describe("a campaign without a store", () => {
  const paused = async (lab: CampaignLab) => {
    using gate = lab.tasks.faults.holdJobs();
    const campaign = await lab.until(
      lab.addOne("c", { store: null, onCheckpoint: () => undefined, sliceSeconds: 0.05 }, undefined, 100).execute(),
    );
    await lab.until(gate.whenHeld(3));
    const pausing = campaign.pause();
    gate.release();
    await lab.until(pausing);
    return campaign;
  };

  it("runs once although it is told twice to go on", async () => {
    await using lab = await CampaignLab.open();
    const campaign = await paused(lab);
    await lab.until(Promise.all([campaign.resume(), campaign.resume()]));
    expect(await lab.finish(campaign)).toMatchObject({ state: "done", repeated: [] });
    expect(await lab.runs()).toEqual({ 1: 60 });
    expect(lab.reasons("resumed")).toHaveLength(1);
  });

  it.each(["resume first", "abort first"])("is aborted although it is told to go on at once: %s", async (order) => {
    await using lab = await CampaignLab.open();
    const campaign = await paused(lab);
    const calls = [() => campaign.resume(), () => campaign.abort(), () => campaign.abort()];
    if (order === "abort first") calls.reverse();
    await lab.until(Promise.all(calls.map((call) => call())));
    expect(campaign.progress.state).toBe("aborted");
    expect(lab.reasons("resumed")).toHaveLength(1);
  });

  it("pauses, at its new rate, although it is told to go on a moment before", async () => {
    await using lab = await CampaignLab.open();
    const campaign = await paused(lab);
    await lab.until(Promise.all([campaign.resume(), campaign.setRate(50), campaign.pause()]));
    expect(campaign.progress.state).toBe("paused");
    expect(campaign.checkpoint.recordsPerSecond).toBe(50);
  });
});
