import { describe, expect, it } from "vitest";
import {
  CampaignBusyError,
  type CampaignCheckpoint,
  CampaignError,
  type CampaignProgress,
  DataSet,
  type Key,
} from "../../src/index.js";
import { CampaignLab } from "../support/faults/campaign-lab.js";
import { masterOf } from "../support/faults/lab.js";
import { some } from "../support/runs.js";

/** After how many events a process dies. */
const MOMENTS = [1, 6, 11, 16, 21, 26, 31, 36, 41, 46, 51, 56];

describe("a campaign", () => {
  it("changes every record once, in slices that it writes down", async () => {
    await using lab = await CampaignLab.open({ records: 120 });
    const positions: number[] = [];
    const onCheckpoint = ({ position }: { readonly position: number }): void => void positions.push(position);
    const campaign = await lab.until(lab.addOne("c", { sliceSeconds: 0.05, onCheckpoint }).once().execute());
    const seen: CampaignProgress[] = [];
    const summary = await lab.until(campaign.waitTillComplete({ onProgress: (progress) => seen.push(progress) }));
    expect(summary).toMatchObject({
      state: "done",
      succeeded: 120,
      failed: 0,
      unmarked: 120,
      percent: 100,
      repeated: [],
    });
    expect(await lab.runs()).toEqual({ 1: 120 });
    expect(positions.at(-1)).toBe(1 << 20);
    expect(seen.at(-1)).toMatchObject({ state: "done" });
    const bins = await lab.until(lab.tasks.session.get(lab.tasks.set.id(7)));
    expect(bins.bins).toEqual({ id: 7, runs: 1 });
  });

  it("is run by one process; the other one is told by which", async () => {
    await using lab = await CampaignLab.open();
    using gate = lab.tasks.faults.holdJobs();
    const campaign = await lab.until(lab.addOne("c", { owner: "first:1" }).execute());
    await lab.until(gate.whenHeld(3));
    const other = await lab.process();
    const error = await lab.lab.failure(other.session.backgroundTask().campaigns("test").resume("c"));
    expect(error).toBeInstanceOf(CampaignBusyError);
    expect(error).toMatchObject({ code: "CAMPAIGN_BUSY", holder: { owner: "first:1" } });
    expect(await lab.lab.failure(lab.addOne("c", {}, other.session).execute())).toBeInstanceOf(CampaignBusyError);
    gate.release();
    await lab.finish(campaign);
    expect(await lab.runs()).toEqual({ 1: 60 });
    const ended = await lab.lab.failure(other.session.backgroundTask().campaigns("test").resume("c"));
    expect(ended).toMatchObject({ code: "CAMPAIGN_ENDED" });
  });

  it("whose process dies is gone on with, and the slice that runs in the servers is waited for", async () => {
    await using lab = await CampaignLab.open();
    using gate = lab.tasks.faults.holdJobs({ afterRecords: 3 });
    const first = await lab.process();
    await lab.until(lab.addOne("c", {}, first.session).execute());
    await lab.until(gate.whenHeld(3));
    await lab.until(first.client.close());
    const { session } = lab.tasks;
    const campaigns = session.backgroundTask().campaigns("test");
    expect(await lab.lab.failure(campaigns.resume("c"))).toBeInstanceOf(CampaignBusyError);
    await lab.lab.runtime.advance(15_000);
    expect(await lab.until(campaigns.show("c"))).toMatchObject({ status: "running", holder: undefined });
    const campaign = await lab.until(campaigns.resume("c"));
    gate.release();
    expect(await lab.finish(campaign)).toMatchObject({ succeeded: 60, repeated: [] });
    expect(await lab.runs()).toEqual({ 1: 60 });
  });

  it("changes each record once although its process dies at any moment", async () => {
    for (const at of some(MOMENTS, 4)) {
      await using lab = await CampaignLab.open({ records: 30, seed: at });
      const first = await lab.process();
      using _event = lab.tasks.onEvent(at, () => void first.client.close());
      await lab.until(
        lab
          .addOne("c", { sliceSeconds: 0.05, leaseMs: 1_000 }, first.session)
          .once({ removeMarks: false })
          .execute()
          .then((campaign) => campaign.waitTillComplete())
          .catch(() => undefined),
      );
      await lab.lab.runtime.advance(2_000);
      const campaign = await lab.until(
        lab.addOne("c").once({ removeMarks: false }).execute({ onExisting: "resume" }).catch(codeOf),
      );
      if (typeof campaign === "string") expect(campaign).toBe("CAMPAIGN_ENDED");
      else await lab.finish(campaign);
      expect(await lab.runs(), `after ${at} events`).toEqual({ 1: 30 });
    }
  });

  it("begins although the reply to its first checkpoint is lost for longer than its lease", async () => {
    await using lab = await CampaignLab.open();
    using lost = lab.lab.emulator.faults.add({ command: ["write", "operate"], do: "silence" });
    const starting = lab.addOne("c", { leaseMs: 1_000 }).execute();
    await lab.lab.runtime.advance(5_000);
    lost.lift();
    expect(await lab.finish(await lab.until(starting))).toMatchObject({ state: "done", repeated: [] });
    expect(await lab.runs()).toEqual({ 1: 60 });
  });

  it("is gone on with where another process has begun it a moment before", async () => {
    await using lab = await CampaignLab.open();
    const other = await lab.process();
    using counting = lab.lab.emulator.faults.add({ command: "query", do: "stall" });
    const second = lab.addOne("c").execute({ onExisting: "resume" });
    await lab.lab.runtime.advance(100);
    const first = lab.addOne("c", { count: "none", leaseMs: 1_000 }, other.session);
    await lab.until(first.execute({ onExisting: "resume" }));
    await lab.until(other.client.close());
    await lab.lab.runtime.advance(2_000);
    counting.lift();
    expect(await lab.finish(await lab.until(second))).toMatchObject({ state: "done" });
    expect(await lab.runs()).toEqual({ 1: 60 });
  });

  it("changes each record once although nodes die while it runs", async () => {
    for (const afterRecords of some([2, 0, 5], 1)) {
      await using lab = await CampaignLab.open({ records: 60 });
      const [, node] = lab.lab.emulator.nodes;
      using gate = lab.tasks.faults.holdJobs({ afterRecords });
      const campaign = await lab.until(lab.addOne("c").once().execute());
      await lab.until(gate.whenHeld(3));
      await lab.until(node!.stop());
      gate.release();
      await lab.lab.runtime.advance(20_000);
      expect(campaign.progress).toMatchObject({
        state: "waiting",
        reason: expect.stringMatching(/away|cluster|reply/),
      });
      await lab.until(node!.start());
      const summary = await lab.finish(campaign);
      expect(summary.repeated).toHaveLength(1);
      expect(await lab.runs()).toEqual({ 1: 60 });
    }
  });

  it("is paused between slices, and gone on with by anybody", async () => {
    await using lab = await CampaignLab.open();
    using gate = lab.tasks.faults.holdJobs();
    const campaign = await lab.until(lab.addOne("c").execute());
    await lab.until(gate.whenHeld(3));
    const paused = campaign.pause();
    gate.release();
    await lab.until(paused);
    expect(campaign.progress).toMatchObject({ state: "paused", succeeded: 60 });
    const waited = await lab.lab.failure(campaign.waitTillComplete());
    expect(waited).toMatchObject({ name: "CampaignError", code: "CAMPAIGN_PAUSED" });
    await lab.until(campaign.resume());
    expect(await lab.finish(campaign)).toMatchObject({ state: "done" });
    expect(await lab.runs()).toEqual({ 1: 60 });
  });

  it("is aborted with the slice that is under way, for good", async () => {
    await using lab = await CampaignLab.open();
    using gate = lab.tasks.faults.holdJobs({ afterRecords: 1 });
    const campaign = await lab.until(lab.addOne("c").execute());
    await lab.until(gate.whenHeld(3));
    await lab.until(campaign.abort());
    gate.release();
    expect(campaign.progress.state).toBe("aborted");
    expect(await lab.runs()).toEqual({ 0: 57, 1: 3 });
    expect(await lab.lab.failure(campaign.resume())).toMatchObject({ code: "CAMPAIGN_ENDED" });
    expect(await lab.lab.failure(campaign.waitTillComplete())).toMatchObject({ code: "CAMPAIGN_ABORTED" });
  });

  it("obeys another process", async () => {
    await using lab = await CampaignLab.open();
    using gate = lab.tasks.faults.holdJobs();
    const campaign = await lab.until(lab.addOne("c").execute());
    await lab.until(gate.whenHeld(3));
    const other = (await lab.process()).session.backgroundTask().campaigns("test");
    await lab.until(other.setRate("c", 500));
    await lab.lab.runtime.advance(5_000);
    expect(campaign.progress.recordsPerSecond).toBe(500);
    await lab.until(other.pause("c"));
    await lab.lab.runtime.advance(5_000);
    gate.release();
    expect(await lab.lab.failure(campaign.waitTillComplete())).toMatchObject({ code: "CAMPAIGN_PAUSED" });
    await lab.until(other.abort("c"));
    expect(await lab.until(other.show("c"))).toMatchObject({ status: "aborted", holder: undefined });
    await lab.until(other.remove("c"));
    const missing = await lab.lab.failure(other.show("c"));
    expect(missing).toBeInstanceOf(CampaignError);
    expect(missing).toMatchObject({ code: "CAMPAIGN_NOT_FOUND" });
  });

  it("pauses when somebody stops its task", async () => {
    await using lab = await CampaignLab.open();
    using gate = lab.tasks.faults.holdJobs();
    const campaign = await lab.until(lab.addOne("c").execute());
    await lab.until(gate.whenHeld(3));
    const taskId = BigInt(campaign.progress.slice?.taskId ?? 0);
    await lab.until((await lab.process()).session.backgroundTask().attach(taskId).abort());
    gate.release();
    expect(await lab.lab.failure(campaign.waitTillComplete())).toMatchObject({ code: "CAMPAIGN_PAUSED" });
    expect(campaign.checkpoint.repeated).toHaveLength(1);
    await lab.until(campaign.resume());
    await lab.finish(campaign);
    expect(await lab.runs()).toEqual({ 1: 60 });
  });

  it("starts no slice while partitions migrate, or a node is away", async () => {
    await using lab = await CampaignLab.open({ migrationMs: 60_000 });
    const [, node] = lab.lab.emulator.nodes;
    await lab.until(node!.stop());
    await lab.lab.runtime.advance(5_000);
    const campaign = await lab.until(lab.addOne("c").execute());
    await lab.lab.runtime.advance(10_000);
    expect(campaign.progress).toMatchObject({ state: "waiting", reason: expect.stringContaining("migrating") });
    expect(lab.tasks.startsSent).toEqual([0, 0, 0]);
    await lab.until(node!.start());
    await lab.finish(campaign);
    expect(lab.reasons("goingOn")).toHaveLength(1);
    expect(await lab.runs()).toEqual({ 1: 60 });
  });
  it("starts no slice while a node takes no writes", async () => {
    await using lab = await CampaignLab.open();
    // The checkpoint is on another node.
    const stopped = [0, 1, 2].find((place) => place !== masterOf(lab.lab.emulator, lab.tasks.cluster, storeOf("c")))!;
    await stopWrites(lab, stopped, 100);
    const campaign = await lab.until(lab.addOne("c").execute());
    await lab.lab.runtime.advance(10_000);
    const reason = `node ${lab.tasks.idOf(stopped)} takes no writes (stop-writes)`;
    expect(campaign.progress).toMatchObject({ state: "waiting", reason });
    expect(lab.tasks.startsSent).toEqual([0, 0, 0]);
    await stopWrites(lab, stopped, 0);
    expect(await lab.finish(campaign)).toMatchObject({ succeeded: 60, repeated: [] });
    expect(lab.reasons("goingOn")).toEqual([`the cluster is calm again (was: ${reason})`]);
  });

  it.each([
    ["repeats a slice during which nodes stopped to take writes, where that changes no record twice", true, 60, 0],
    ["counts what failed while nodes took no writes, where a repetition would change others twice", false, 0, 60],
  ])("%s", async (_, isOnce, changed, refused) => {
    await using lab = await CampaignLab.open();
    using gate = lab.tasks.faults.holdJobs();
    const builder = lab.addOne("c", { leaseMs: 3_000 });
    const campaign = await lab.until((isOnce ? builder.once() : builder).execute());
    await lab.until(gate.whenHeld(3));
    for (const place of [0, 1, 2]) await stopWrites(lab, place, 100);
    gate.release();
    await lab.lab.runtime.advance(10_000);
    expect(campaign.progress).toMatchObject({ state: "waiting", reason: expect.stringContaining("stop-writes") });
    for (const place of [0, 1, 2]) await stopWrites(lab, place, 0);
    const { succeeded, failed, repeated } = await lab.finish(campaign);
    expect({ succeeded, failed, repeated: repeated.length }).toEqual({
      succeeded: changed,
      failed: refused,
      repeated: isOnce ? 1 : 0,
    });
    expect(await lab.runs()).toEqual({ [isOnce ? 1 : 0]: 60 });
  });

  it("that is polite is slower while reads are slow, and faster when they are not, and says why", async () => {
    await using lab = await CampaignLab.open({ records: 600 });
    const slow = lab.tasks.faults.add({ command: "read", do: "delay", ms: 40 });
    const politeness = { maxLatencyMs: 20, minRecordsPerSecond: 100 };
    const kept: (string | null)[] = [];
    const onCheckpoint = ({ open }: CampaignCheckpoint): void => {
      if (open !== null) kept.push(open.rateReason);
    };
    const options = { sliceSeconds: 0.1, politeness, onCheckpoint };
    const campaign = await lab.until(lab.addOne("c", options, undefined, 2_000).execute());
    await lab.lab.runtime.advance(3_000);
    // Whoever watches from another process finds the reason in the checkpoint.
    expect(kept[0]).toBe("begins low, to find out what the cluster bears");
    expect(kept).toContain(lab.reasons("rate")[0]);
    slow.lift();
    await lab.finish(campaign);
    expect(lab.reasons("rate")[0]).toMatch(/^99 of 100 probing reads took up to 4\d.* ms, more than 20 ms$/);
    const rates = lab.events.flatMap((event) => (event.event === "rate" ? [event.to ?? 0] : []));
    expect(rates[0]).toBe(100);
    expect(lab.reasons("waiting")[0]).toContain("it is as slow as it may be, and pauses for 1000 ms");
    expect(rates.at(-1)).toBeGreaterThan(100);
    expect(await lab.runs()).toEqual({ 1: 600 });
  });
});

/** The record of a campaign in the usual store. */
function storeOf(id: string): Key<unknown> {
  return DataSet.of("test", "aerowire-campaigns").id(id);
}

/** What a node decides about once in ten seconds. */
async function stopWrites(lab: CampaignLab, place: number, availablePercent: number): Promise<void> {
  const setting = `set-config:context=namespace;id=test;stop-writes-avail-pct=${availablePercent}`;
  await lab.until(lab.tasks.session.info().info(setting, { node: lab.tasks.idOf(place) }));
  await lab.lab.runtime.advance(12_000);
}

function codeOf(error: unknown): string {
  return error instanceof CampaignError ? error.code : String(error);
}
