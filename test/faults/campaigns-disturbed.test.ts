import { describe, expect, it } from "vitest";
import { AbortError, CampaignBusyError, type CampaignEvent, DataSet, type Session } from "../../src/index.js";
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

describe("a campaign that is aborted while a node is silent", () => {
  /** Slow, in one long slice, and the cluster does not drop a node that is silent. */
  const slow = async () => {
    const lab = await CampaignLab.open({ records: 600, heartbeatTimeoutMs: 3_600_000 });
    return {
      lab,
      begin: (by?: Session) => lab.until(lab.addOne("c", { sliceSeconds: 60, leaseMs: 15_000 }, by, 100).execute()),
    };
  };
  const silence = (lab: CampaignLab) => lab.tasks.faults.add({ node: 1, command: "info", do: "stall" });

  it("ends in time, and says what may go on", async () => {
    const { lab, begin } = await slow();
    await using _lab = lab;
    const campaign = await begin();
    await lab.lab.runtime.advance(500);
    using _silent = silence(lab);
    const aborting = campaign.abort();
    await lab.lab.runtime.advance(35_000);
    expect(campaign.progress.state).toBe("aborted");
    await lab.until(aborting);
    expect(lab.reasons("trouble")).toContainEqual(expect.stringContaining("a slice may go on to its end"));
    const campaigns = lab.tasks.session.backgroundTask().campaigns("test");
    expect(await lab.until(campaigns.show("c"))).toMatchObject({ status: "aborted", holder: undefined });
  });

  const abandoned = async () => {
    const { lab, begin } = await slow();
    const dying = await lab.process();
    await begin(dying.session);
    await lab.lab.runtime.advance(500);
    await lab.until(dying.client.close());
    await lab.lab.runtime.advance(16_000);
    return lab;
  };

  it("and that nobody runs is held until it is aborted", async () => {
    await using lab = await abandoned();
    using _silent = silence(lab);
    const campaigns = lab.tasks.session.backgroundTask().campaigns("test");
    const aborting = campaigns.abort("c");
    await lab.lab.runtime.advance(20_000);
    expect(await lab.lab.failure(campaigns.resume("c"))).toBeInstanceOf(CampaignBusyError);
    await lab.lab.runtime.advance(15_000);
    await lab.until(aborting);
    expect(await lab.until(campaigns.show("c"))).toMatchObject({ status: "aborted", holder: undefined });
  });

  it("and that nobody runs is as it was when the caller has no time for it", async () => {
    await using lab = await abandoned();
    using _silent = silence(lab);
    const campaigns = lab.tasks.session.backgroundTask().campaigns("test");
    const hurry = new AbortController();
    const aborting = lab.lab.failure(campaigns.abort("c", { signal: hurry.signal }));
    await lab.lab.runtime.advance(5_000);
    hurry.abort();
    expect(await aborting).toBeInstanceOf(AbortError);
    expect(await lab.until(campaigns.show("c"))).toMatchObject({ status: "running", holder: undefined });
  });

  it("and that somebody else has taken over is not said to be aborted", async () => {
    await using lab = await abandoned();
    const other = (await lab.process()).session.backgroundTask().campaigns("test");
    const stall = silence(lab);
    const aborting = lab.lab.failure(lab.tasks.session.backgroundTask().campaigns("test").abort("c"));
    await lab.lab.runtime.advance(5_000);
    // As if its heartbeats had not got through for longer than its lease.
    const set = DataSet.of("test", "aerowire-campaigns");
    await lab.until(lab.tasks.session.update(set.id("c")).bin("token").setTo("").execute());
    await lab.until(other.resume("c"));
    await lab.lab.runtime.advance(30_000);
    stall.lift();
    expect(await aborting).toBeInstanceOf(CampaignBusyError);
  });
});
