import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type CampaignBuilder, DataSet, Exp, type JobsSnapshot } from "../../src/index.js";
import { connectTarget, type TestTarget } from "../support/connect-target.js";

interface Item {
  n: number;
  price: number;
  label: string;
  ratios: number[];
}

let target: TestTarget;
let items: DataSet<Item>;
let next = 0;

beforeAll(async () => {
  target = await connectTarget();
});

beforeEach(async () => {
  items = target.dataSet<Item>();
  await target.session.putMany(
    Array.from(
      { length: 200 },
      (_, n) => [items.id(n), { n, price: n, label: `item ${n}`, ratios: [n] as number[] }] as const,
    ),
  );
});

afterAll(async () => {
  await target[Symbol.asyncDispose]();
});

/** Ids of campaigns outlive their records. */
function newId(): string {
  return `${items.setName}-${next++}`;
}

function raisePrices(id: string): CampaignBuilder {
  return target.session
    .backgroundTask()
    .update(items)
    .where("$.n >= 100")
    .bin("price")
    .add(1_000)
    .campaign(id, { sliceSeconds: 0.5 });
}

describe("a campaign on a server", () => {
  it.each(["map", "integer"] as const)("marks records once, as %s, and removes the marks", async (as) => {
    const campaign = await raisePrices(newId()).once({ as }).execute();
    const summary = await campaign.waitTillComplete();
    expect(summary).toMatchObject({ state: "done", succeeded: 100, failed: 0, unmarked: 100 });
    const { bins } = await target.session.get(items.id(150));
    expect(bins).toEqual({ n: 150, price: 1_150, label: "item 150", ratios: [150] });
    expect((await campaign.verify()).isComplete).toBe(true);
    await target.session.backgroundTask().campaigns(items.namespace).remove(campaign.id);
  });

  it("leaves marks where they are to stay, which makes a second run change nothing", async () => {
    const [first, second] = [newId(), newId()];
    const done = await (await raisePrices(first).once({ removeMarks: false }).execute()).waitTillComplete();
    expect(done.succeeded).toBe(100);
    expect(await target.session.query(items).where(Exp.binExists("aw_once")).count()).toBe(100);
    const other = await (await raisePrices(second).once({ removeMarks: true }).execute()).waitTillComplete();
    expect(other).toMatchObject({ succeeded: 100, unmarked: 100 });
    const campaigns = target.session.backgroundTask().campaigns(items.namespace);
    for (const id of [first, second]) await campaigns.remove(id);
  });

  it("fails records whose bin holds something else than marks, and says so", async () => {
    const id = newId();
    await target.session.update(items.id(150)).bin("label").setTo("x").execute();
    const campaign = await raisePrices(id).once({ bin: "ratios", removeMarks: false }).execute();
    expect(await campaign.waitTillComplete()).toMatchObject({ succeeded: 0, failed: 100 });
    const report = await campaign.verify({ sample: 3 });
    expect(report).toMatchObject({ isComplete: false, remaining: 100, failed: 100, missing: 0 });
    expect(report.failures[0]?.reason).toContain('its bin "ratios" holds something else than marks');
    expect((await target.session.get(items.id(150))).bins.ratios).toEqual([150]);
    await target.session.backgroundTask().campaigns(items.namespace).remove(id);
  });

  it("shows what it would make of records, on copies that are gone then", async () => {
    const [preview] = await raisePrices(newId()).preview(1, { scratch: true });
    const { before, after, error } = preview!;
    expect(error).toBeUndefined();
    expect(after).toEqual({ ...before, price: Number(before["price"]) + 1_000 });
    const [plain] = await raisePrices(newId()).preview(1);
    expect(plain).toMatchObject({ after: undefined, error: undefined });
    const untyped = DataSet.of(items.namespace, items.setName);
    const failing = target.session.backgroundTask().update(untyped).bin("label").listAppend("x").campaign(newId());
    const [failed] = await failing.preview(1, { scratch: true });
    expect(failed?.error).toMatchObject({ code: "BIN_TYPE" });
    const gone = await target.session.backgroundTask().delete(items).campaign(newId()).preview(1, { scratch: true });
    expect(gone[0]?.after).toBeNull();
  });

  it("is explained: how many records, how long, what to watch out for", async () => {
    const tasks = target.session.backgroundTask();
    const [plan, misspelt, wrong, all] = await Promise.all([
      raisePrices(newId()).explain(),
      tasks.update(items).where("$.prise > 5").bin("price").add(1).campaign("x").explain(),
      tasks.update(items).where("$.label > 5").bin("price").add(1).campaign("x").explain(),
      tasks.touch(items).where("$.n >= 0").expireRecordAfterSeconds(60).campaign("x").explain(),
    ]);
    expect(plan).toMatchObject({ kind: "update", records: 100, isExact: true });
    expect(plan.ms).toBeGreaterThan(0);
    expect(misspelt.warnings.join()).toMatch(/bin "prise" of the where.*price/);
    expect(wrong.warnings.join()).toContain('bin "label" is of the type');
    expect(all.warnings.join()).toContain("true for every record of 200");
    expect(all.warnings.join()).toContain("200 records that never expire would get a time to live");
  });

  it("deletes, and knows that nothing is left", async () => {
    const id = newId();
    const campaign = await target.session.backgroundTask().delete(items).where("$.n < 50").campaign(id).execute();
    await campaign.waitTillComplete();
    expect(await campaign.verify()).toMatchObject({ isComplete: true, remaining: 0, before: 50, succeeded: 50 });
    expect(await target.session.query(items).count()).toBe(150);
    const campaigns = target.session.backgroundTask().campaigns(items.namespace);
    expect(await campaigns.show(id)).toMatchObject({ status: "done", percent: 100, holder: undefined });
    await campaigns.remove(id);
  });

  it("is seen by who watches the cluster", async () => {
    const id = newId();
    const running = raisePrices(id).execute();
    const snapshots: JobsSnapshot[] = [];
    const isIn = ({ jobs, campaigns }: JobsSnapshot): boolean =>
      campaigns.some((campaign) => campaign.id === id) && jobs.some(({ campaign }) => campaign === id);
    for await (const snapshot of target.session.backgroundTask().watch({ intervalMs: 100, finished: true })) {
      snapshots.push(snapshot);
      if (isIn(snapshot)) break;
    }
    await (await running).waitTillComplete();
    const found = snapshots.at(-1)?.campaigns.find((campaign) => campaign.id === id);
    expect(found?.checkpoint.text).toMatchObject({ kind: "update", where: "$.n >= 100" });
    // Servers don't tell the filter of a job, nor whose it is; the id of its task does.
    const slice = snapshots.at(-1)?.jobs.find(({ campaign }) => campaign === id);
    expect(slice).toMatchObject({ where: "$.n >= 100", setName: items.setName });
    await target.session.backgroundTask().campaigns(items.namespace).remove(id);
  });

  it("whose process died loses its lease although orders come, and obeys them", async () => {
    const campaigns = target.session.backgroundTask().campaigns(items.namespace);
    const dead = async (): Promise<string> => {
      await using dying = await connectTarget();
      const id = newId();
      const touch = dying.session.backgroundTask().touch(items).recordsPerSecond(10);
      await touch.campaign(id, { leaseMs: 1_000 }).execute();
      return id;
    };
    const aborted = await dead();
    await campaigns.abort(aborted);
    await expect(campaigns.setRate(aborted, 20)).rejects.toMatchObject({ code: "CAMPAIGN_ENDED" });
    while ((await campaigns.show(aborted)).status === "running") {
      await campaigns.abort(aborted);
      await setTimeout(50);
    }
    expect(await campaigns.show(aborted)).toMatchObject({ status: "aborted", holder: undefined });
    const slowed = await dead();
    await campaigns.setRate(slowed, 20);
    while ((await campaigns.show(slowed)).holder !== undefined) await setTimeout(50);
    const campaign = await campaigns.resume(slowed);
    expect(campaign.checkpoint.recordsPerSecond).toBe(20);
    await campaigns.abort(slowed);
    await campaign.abort();
    expect(await campaigns.show(slowed)).toMatchObject({ status: "aborted", holder: undefined });
    for (const id of [aborted, slowed]) await campaigns.remove(id);
  });

  it("refuses what makes no sense, before anything is sent", () => {
    const tasks = () => target.session.backgroundTask();
    expect(() => tasks().delete(items).campaign("x").once()).toThrow(/needs no mark: a record that is deleted/);
    expect(() => tasks().touch(items).campaign("x").once()).toThrow(/needs no mark/);
    expect(() => tasks().replaceIfExists(items).bin("n").setTo(1).campaign("x").once()).toThrow(/needs no mark/);
    expect(() => raisePrices("x").once({ bin: "price" })).toThrow(/a bin of their own/);
    expect(() => tasks().touch(items).campaign("")).toThrow(RangeError);
    expect(() => tasks().touch(items).withTaskId(7n).campaign("x")).toThrow(/withTaskId/);
    expect(() =>
      tasks()
        .touch(items)
        .campaign("x", { sliceSecond: 1 } as never),
    ).toThrow(/Did you mean/);
    expect(() => tasks().touch(items).campaign("x", { store: null })).toThrow(/onCheckpoint must be given/);
    expect(() =>
      tasks()
        .touch(items)
        .campaign("x", { politeness: { maxLatencyMs: 0 } }),
    ).toThrow(RangeError);
    expect(() => tasks().campaigns(7 as never)).toThrow(/name of a namespace/);
  });
});
