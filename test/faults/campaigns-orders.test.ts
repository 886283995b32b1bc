import { describe, expect, it } from "vitest";
import { type CampaignOptions, DataSet } from "../../src/index.js";
import { CampaignLab } from "../support/faults/campaign-lab.js";

const STORE = DataSet.of("test", "aerowire-campaigns");

/** A campaign whose process has died a moment ago, and who else is there. */
async function bereaved(options: CampaignOptions = {}) {
  const lab = await CampaignLab.open({ records: 120 });
  const dying = await lab.process();
  await lab.until(lab.addOne("c", { sliceSeconds: 0.05, ...options }, dying.session, 100).execute());
  await lab.lab.runtime.advance(300);
  await lab.until(dying.client.close());
  await lab.lab.runtime.advance(2_000);
  return { lab, campaigns: lab.tasks.session.backgroundTask().campaigns("test") };
}

describe("orders to a holder that has died", () => {
  it("don't prolong its lease", async () => {
    const { lab, campaigns } = await bereaved();
    await using _lab = lab;
    await lab.until(campaigns.abort("c"));
    await lab.lab.runtime.advance(8_000);
    const { holder } = await lab.until(campaigns.show("c"));
    expect(holder?.silentMs).toBeGreaterThanOrEqual(10_000);
    expect((holder?.silentMs ?? 0) + (holder?.msLeft ?? 0)).toBe(15_000);
    await lab.until(campaigns.abort("c"));
    await lab.lab.runtime.advance(8_000);
    expect((await lab.until(campaigns.show("c"))).holder).toBeUndefined();
    await lab.until(campaigns.abort("c"));
    expect(await lab.until(campaigns.show("c"))).toMatchObject({ status: "aborted", holder: undefined });
  });

  it("are heeded by whoever goes on: abort", async () => {
    const { lab, campaigns } = await bereaved();
    await using _lab = lab;
    await lab.until(campaigns.abort("c"));
    await lab.lab.runtime.advance(16_000);
    const before = await lab.runs();
    const campaign = await lab.until(campaigns.resume("c"));
    expect(await lab.lab.failure(campaign.waitTillComplete())).toMatchObject({ code: "CAMPAIGN_ABORTED" });
    expect(await lab.runs()).toEqual(before);
    expect(await lab.until(campaigns.show("c"))).toMatchObject({ status: "aborted", holder: undefined });
  });

  it("are heeded by whoever goes on: another rate", async () => {
    const { lab, campaigns } = await bereaved();
    await using _lab = lab;
    await lab.until(campaigns.setRate("c", 500));
    await lab.lab.runtime.advance(16_000);
    const campaign = await lab.until(campaigns.resume("c"));
    await lab.finish(campaign);
    expect(campaign.checkpoint.recordsPerSecond).toBe(500);
    expect(await lab.runs()).toEqual({ 1: 120 });
  });

  it("are over with a resume: pause", async () => {
    const { lab, campaigns } = await bereaved();
    await using _lab = lab;
    await lab.until(campaigns.pause("c"));
    await lab.lab.runtime.advance(16_000);
    expect(await lab.finish(await lab.until(campaigns.resume("c", { leaseMs: 1_000 })))).toMatchObject({
      state: "done",
    });
  });

  it("come before an order that is carried out where nobody runs it", async () => {
    const { lab, campaigns } = await bereaved();
    await using _lab = lab;
    await lab.until(campaigns.abort("c"));
    await lab.lab.runtime.advance(16_000);
    expect(await lab.lab.failure(campaigns.pause("c"))).toMatchObject({
      code: "CAMPAIGN_ENDED",
      message: "Campaign c is aborted: pause has nothing to do",
    });
    expect(await lab.until(campaigns.show("c"))).toMatchObject({ status: "aborted", holder: undefined });
  });

  it("stay where other work is refused under its id", async () => {
    const { lab, campaigns } = await bereaved();
    await using _lab = lab;
    await lab.until(campaigns.abort("c"));
    await lab.lab.runtime.advance(16_000);
    const other = lab.tasks.session.backgroundTask().touch(lab.tasks.set).recordsPerSecond(100).campaign("c");
    expect(await lab.lab.failure(other.execute({ onExisting: "resume" }))).toMatchObject({ code: "CAMPAIGN_DIFFERS" });
    const campaign = await lab.until(campaigns.resume("c"));
    expect(await lab.lab.failure(campaign.waitTillComplete())).toMatchObject({ code: "CAMPAIGN_ABORTED" });
  });
});

it("an order to abort is not replaced by a later one", async () => {
  await using lab = await CampaignLab.open();
  using gate = lab.tasks.faults.holdJobs();
  const campaign = await lab.until(lab.addOne("c").execute());
  await lab.until(gate.whenHeld(3));
  const campaigns = (await lab.process()).session.backgroundTask().campaigns("test");
  await lab.until(campaigns.setRate("c", 500));
  await lab.until(campaigns.abort("c"));
  await lab.until(campaigns.abort("c"));
  expect(await lab.lab.failure(campaigns.setRate("c", 900))).toMatchObject({
    code: "CAMPAIGN_ENDED",
    message: "Campaign c is to be aborted: setRate has nothing to do",
  });
  await lab.lab.runtime.advance(5_000);
  expect(campaign.progress.state).toBe("aborted");
});

describe("orders that come as a campaign ends", () => {
  it("are heeded before it is given back", async () => {
    await using lab = await CampaignLab.open();
    using gate = lab.tasks.faults.holdJobs();
    const campaign = await lab.until(lab.addOne("c", { leaseMs: 3_600_000 }).execute());
    await lab.until(gate.whenHeld(3));
    const campaigns = (await lab.process()).session.backgroundTask().campaigns("test");
    await lab.until(campaigns.abort("c"));
    const pausing = campaign.pause();
    gate.release();
    await lab.until(pausing);
    expect(campaign.progress).toMatchObject({ state: "aborted", reason: "somebody asked for it" });
    expect(await lab.until(campaigns.show("c"))).toMatchObject({ status: "aborted", holder: undefined });
  });

  it("change nothing when it is done, and don't hinder its end when they can't be read", async () => {
    for (const order of [undefined, "nonsense", 7]) {
      await using lab = await CampaignLab.open();
      using gate = lab.tasks.faults.holdJobs();
      const campaign = await lab.until(lab.addOne("c", { leaseMs: 3_600_000 }).execute());
      await lab.until(gate.whenHeld(3));
      const campaigns = (await lab.process()).session.backgroundTask().campaigns("test");
      const put = () =>
        lab.tasks.session
          .update(STORE.id("c"))
          .bin("order")
          .setTo(order ?? "")
          .execute();
      await lab.until<unknown>(order === undefined ? campaigns.pause("c") : put());
      gate.release();
      // A pause that is not heard of lets it come to its end.
      expect(await lab.finish(campaign)).toMatchObject({ state: "done", reason: "all is done" });
      expect(await lab.until(campaigns.show("c"))).toMatchObject({ status: "done", holder: undefined });
    }
  });
});

it("a campaign that an earlier version has written down is shown, held for its lease, and gone on with", async () => {
  const { lab, campaigns } = await bereaved();
  await using _lab = lab;
  await lab.until(lab.tasks.session.update(STORE.id("c")).bin("heard").remove().bin("beat").setTo(3).execute());
  await lab.lab.runtime.advance(10_000);
  const { holder } = await lab.until(campaigns.show("c"));
  expect(holder?.silentMs).toBeGreaterThanOrEqual(10_000);
  expect(holder?.msLeft).toBeLessThanOrEqual(5_000);
  await lab.lab.runtime.advance(6_000);
  expect(await lab.finish(await lab.until(campaigns.resume("c")))).toMatchObject({ state: "done" });
  expect(await lab.runs()).toEqual({ 1: 120 });
});
