import { checkRecordsPerSecond } from "../../protocol/check/check-numbers.js";
import type { Campaign, VerifyOptions, VerifyReport } from "../background/campaign-api/campaign.js";
import { CampaignBusyError, CampaignError } from "../background/campaign-api/campaign-errors.js";
import type { CampaignInfo, Campaigns } from "../background/campaign-api/campaigns.js";
import type { CampaignCheckpoint } from "../background/campaign-api/checkpoint.js";
import type { CampaignRunOptions } from "../background/campaign-api/options.js";
import type { DataSet } from "../data/data-set.js";
import { type CallOptions, checkCallOptions } from "../policy/call-options.js";
import type { SessionContext } from "../policy/session-context.js";
import { orderOf } from "./campaign-record.js";
import { CampaignRun, goOnWith, newClaim, refuseEnded } from "./campaign-run.js";
import { carryOut } from "./carry-out.js";
import { checkCampaignId } from "./check-campaign-id.js";
import { checkRunOptions } from "./check-run-options.js";
import { fractionOf, openCheckpoint, parseCheckpoint } from "./checkpoint.js";
import { CampaignSet, campaignNotFound } from "./cluster-store.js";
import { setOfCampaigns } from "./set-of-campaigns.js";
import { type CampaignOrder, type KeptCampaign, NoStore } from "./store.js";
import { verifyCampaign } from "./verify.js";

/** @param store a set, or the name of a namespace for the usual set there */
export function storesOf(context: SessionContext, store: unknown): StoredCampaigns {
  return new StoredCampaigns(context, setOfCampaigns(store));
}

/** The campaigns of one set of the cluster. */
export class StoredCampaigns implements Campaigns {
  readonly #context: SessionContext;
  readonly #set: CampaignSet;

  constructor(context: SessionContext, store: DataSet<unknown>) {
    this.#context = context;
    this.#set = new CampaignSet(context, store);
  }

  async list(options: CallOptions = {}): Promise<CampaignInfo[]> {
    checkCallOptions("list", options);
    const ids = await this.#set.ids(options);
    const found = await Promise.all(ids.map(async (id) => [id, await this.#set.find(id, options)] as const));
    return found
      .flatMap(([id, kept]) => (kept === undefined ? [] : [infoOf(id, kept)]))
      .sort((a, b) => Number(b.holder !== undefined) - Number(a.holder !== undefined));
  }

  async show(id: string, options: CallOptions = {}): Promise<CampaignInfo> {
    checkCampaignId(id);
    checkCallOptions("show", options);
    return infoOf(id, await this.#find(id, options));
  }

  async resume(campaign: string | CampaignCheckpoint, options: CampaignRunOptions = {}): Promise<Campaign> {
    checkRunOptions("resume", options);
    const setup = { context: this.#context, options };
    const claim = newClaim(this.#context, options);
    if (typeof campaign !== "string") {
      const { checkpoint, definition } = openCheckpoint(campaign);
      const store = new NoStore();
      await refuseEnded(checkpoint, store, claim);
      const begun = { checkpoint: { ...checkpoint, status: "running" as const }, definition, order: undefined };
      return CampaignRun.begin({ ...setup, store }, claim, begun);
    }
    checkCampaignId(campaign);
    const store = this.#set.of(campaign);
    const begun = await goOnWith(await store.acquire(claim), store, claim);
    return CampaignRun.begin({ ...setup, store }, claim, begun);
  }

  async pause(id: string, options: CallOptions = {}): Promise<void> {
    await this.#order("pause", id, { do: "pause" }, options);
  }

  async abort(id: string, options: CallOptions = {}): Promise<void> {
    await this.#order("abort", id, { do: "abort" }, options);
  }

  async setRate(id: string, recordsPerSecond: number | undefined, options: CallOptions = {}): Promise<void> {
    if (recordsPerSecond !== undefined) checkRecordsPerSecond(recordsPerSecond);
    await this.#order("setRate", id, { do: "rate", recordsPerSecond: recordsPerSecond ?? null }, options);
  }

  async verify(id: string, options: VerifyOptions = {}): Promise<VerifyReport> {
    checkCampaignId(id);
    const { checkpoint, definition } = parseCheckpoint((await this.#find(id, {})).checkpoint);
    return verifyCampaign(this.#context, checkpoint, definition, options);
  }

  async remove(id: string, options: CallOptions = {}): Promise<void> {
    checkCampaignId(id);
    checkCallOptions("remove", options);
    const { holder } = await this.#find(id, options);
    if (holder !== undefined || !(await this.#set.forget(id, options))) {
      const now = holder ?? (await this.#find(id, options)).holder;
      if (now !== undefined) throw new CampaignBusyError(id, now);
    }
  }

  /** Left to whoever runs it; where nobody does, carried out here. */
  async #order(method: string, id: string, order: CampaignOrder, options: CallOptions): Promise<void> {
    checkCampaignId(id);
    checkCallOptions(method, options);
    const number = Number(BigInt.asUintN(52, this.#context.cluster.runtime.randomBigint64()));
    // There is none: that is said of the campaign, not of a record.
    await this.#find(id, options);
    if (await this.#set.order(id, order, number, options)) return;
    const kept = await this.#find(id, options);
    this.#refuse(method, id, parseCheckpoint(kept.checkpoint).checkpoint);
    if (kept.holder !== undefined && orderOf(kept.order)?.order.do === "abort") {
      if (order.do === "abort") return;
      throw new CampaignError(`Campaign ${id} is to be aborted: ${method} has nothing to do`, id, {
        code: "CAMPAIGN_ENDED",
      });
    }
    const held = { context: this.#context, store: this.#set.of(id), claim: newClaim(this.#context, {}) };
    const after = await carryOut(held, await held.store.acquire(held.claim), { number, order }, options.signal);
    if (after !== undefined) {
      if (order.do !== "abort" || after.hadEnded) this.#refuse(method, id, after.checkpoint);
      return;
    }
    const { holder } = await this.#find(id, options);
    if (holder !== undefined) throw new CampaignBusyError(id, holder);
    return this.#order(method, id, order, options);
  }

  /** @throws CampaignError when the campaign is at its end */
  #refuse(method: string, id: string, { status }: CampaignCheckpoint): void {
    if (status !== "done" && status !== "aborted") return;
    throw new CampaignError(`Campaign ${id} is ${status}: ${method} has nothing to do`, id, { code: "CAMPAIGN_ENDED" });
  }

  async #find(id: string, options: CallOptions): Promise<KeptCampaign> {
    const kept = await this.#set.find(id, options);
    if (kept === undefined) throw campaignNotFound(this.#set.dataSet, id);
    return kept;
  }
}

function infoOf(id: string, { checkpoint: text, holder }: KeptCampaign): CampaignInfo {
  const { checkpoint } = parseCheckpoint(text);
  const fraction = fractionOf(checkpoint);
  return {
    id,
    status: checkpoint.status,
    holder,
    percent: Math.round(10_000 * fraction) / 100,
    msLeft: fraction === 0 ? null : Math.round((checkpoint.workedMs * (1 - fraction)) / fraction),
    checkpoint,
  };
}
