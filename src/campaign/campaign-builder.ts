import type { BackgroundIntent } from "../background/background-run.js";
import type { Campaign, CampaignBuilder, CampaignPlan, PreviewRecord } from "../background/campaign-api/campaign.js";
import type {
  CampaignOptions,
  OnceOptions,
  PreviewOptions,
  StartCampaignOptions,
} from "../background/campaign-api/options.js";
import { type CallOptions, checkCallOptions } from "../policy/call-options.js";
import { forgottenExecute, NotAwaitable } from "../policy/not-awaitable.js";
import type { SessionContext } from "../policy/session-context.js";
import type { CampaignStart } from "./campaign-start.js";
import { checkCampaignId } from "./check-campaign-id.js";
import { checkCampaignOptions } from "./check-run-options.js";
import { type Mark, markOf, whyNoMark } from "./mark-options.js";

/** A campaign that is put together: the work of a background task, an id and options. */
export class NewCampaign extends NotAwaitable implements CampaignBuilder {
  readonly #context: SessionContext;
  readonly #intent: BackgroundIntent;
  readonly #id: string;
  readonly #options: CampaignOptions;
  #mark: Mark | undefined;

  constructor(context: SessionContext, intent: BackgroundIntent, id: string, options: CampaignOptions) {
    super();
    checkCampaignId(id);
    checkCampaignOptions(options);
    if (intent.taskId !== undefined) {
      throw new TypeError(
        "campaign: withTaskId() makes no sense for a campaign: each of its slices is a task of its own",
      );
    }
    this.#context = context;
    this.#intent = intent;
    this.#id = id;
    this.#options = options;
  }

  /** @internal */
  protected override get forgotten(): string {
    return forgottenExecute(`campaign("${this.#id}")`);
  }

  once(options: OnceOptions = {}): this {
    const { kind, action } = this.#intent.work;
    const reason = whyNoMark(kind);
    if (reason !== undefined) {
      throw new TypeError(`once() is for updates and functions; a background ${kind} needs no mark: ${reason}`);
    }
    const mark = markOf(options);
    if (action.type === "operations" && action.ops.some(({ bin }) => bin === mark.bin)) {
      throw new TypeError(
        `once: bin "${mark.bin}" is one that the operations write; the marks need a bin of their own`,
      );
    }
    this.#mark = mark;
    return this;
  }

  async explain(options: CallOptions = {}): Promise<CampaignPlan> {
    checkCallOptions("explain", options);
    return (await this.#start()).explain(options);
  }

  async count(options: CallOptions = {}): Promise<number> {
    checkCallOptions("count", options);
    return (await this.#start()).count(options);
  }

  async preview(records: number, options: PreviewOptions = {}): Promise<PreviewRecord[]> {
    return (await this.#start()).preview(records, options);
  }

  async execute(options: StartCampaignOptions = {}): Promise<Campaign> {
    return (await this.#start()).execute(options);
  }

  async #start(): Promise<CampaignStart> {
    const mark = this.#mark;
    const { CampaignStart } = await import("./campaign-start.js");
    return new CampaignStart(this.#context, this.#intent, this.#id, this.#options, mark);
  }
}
