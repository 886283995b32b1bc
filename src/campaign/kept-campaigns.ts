import type { Campaign, VerifyOptions, VerifyReport } from "../background/campaign-api/campaign.js";
import type { CampaignInfo, Campaigns } from "../background/campaign-api/campaigns.js";
import type { CampaignCheckpoint } from "../background/campaign-api/checkpoint.js";
import type { CampaignRunOptions } from "../background/campaign-api/options.js";
import type { DataSet } from "../data/data-set.js";
import type { CallOptions } from "../policy/call-options.js";
import type { SessionContext } from "../policy/session-context.js";
import type { StoredCampaigns } from "./campaigns.js";

/** The campaigns of one set of the cluster; what works with them is loaded when it is asked for. */
export class KeptCampaigns implements Campaigns {
  readonly #context: SessionContext;
  readonly #store: DataSet<unknown>;

  constructor(context: SessionContext, store: DataSet<unknown>) {
    this.#context = context;
    this.#store = store;
  }

  async list(options?: CallOptions): Promise<CampaignInfo[]> {
    return (await this.#load()).list(options);
  }

  async show(id: string, options?: CallOptions): Promise<CampaignInfo> {
    return (await this.#load()).show(id, options);
  }

  async resume(campaign: string | CampaignCheckpoint, options?: CampaignRunOptions): Promise<Campaign> {
    return (await this.#load()).resume(campaign, options);
  }

  async pause(id: string, options?: CallOptions): Promise<void> {
    return (await this.#load()).pause(id, options);
  }

  async abort(id: string, options?: CallOptions): Promise<void> {
    return (await this.#load()).abort(id, options);
  }

  async setRate(id: string, recordsPerSecond: number | undefined, options?: CallOptions): Promise<void> {
    return (await this.#load()).setRate(id, recordsPerSecond, options);
  }

  async verify(id: string, options?: VerifyOptions): Promise<VerifyReport> {
    return (await this.#load()).verify(id, options);
  }

  async remove(id: string, options?: CallOptions): Promise<void> {
    return (await this.#load()).remove(id, options);
  }

  async #load(): Promise<StoredCampaigns> {
    const { StoredCampaigns } = await import("./campaigns.js");
    return new StoredCampaigns(this.#context, this.#store);
  }
}
