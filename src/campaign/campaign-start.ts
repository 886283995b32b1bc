import { describe } from "../../protocol/value/invalid-value.js";
import type { BackgroundIntent } from "../background/background-run.js";
import type { Campaign, CampaignPlan, PreviewRecord } from "../background/campaign-api/campaign.js";
import { CampaignError } from "../background/campaign-api/campaign-errors.js";
import type { CampaignBaseline, CampaignCheckpoint } from "../background/campaign-api/checkpoint.js";
import type { CampaignOptions, PreviewOptions, StartCampaignOptions } from "../background/campaign-api/options.js";
import { preflight } from "../background/preflight.js";
import type { DataSet } from "../data/data-set.js";
import { Exp } from "../exp/exp.js";
import { CALL_OPTIONS, type CallOptions, checkCallOptions } from "../policy/call-options.js";
import { contextOfCall, type SessionContext } from "../policy/session-context.js";
import { countRecords } from "../query/count-records.js";
import type { Deadline } from "../time/deadline.js";
import { explainCampaign } from "./campaign-plan.js";
import { CampaignRun, goOnWith, newClaim, type RunSetup } from "./campaign-run.js";
import { newCheckpoint, parseCheckpoint } from "./checkpoint.js";
import { CampaignSet } from "./cluster-store.js";
import { goneBySelf, viewCluster } from "./cluster-view.js";
import { type Definition, definitionOf } from "./definition.js";
import { all, conditionOf } from "./intent.js";
import type { Mark } from "./mark-options.js";
import { preview } from "./preview.js";
import { defaultStore } from "./set-of-campaigns.js";
import { estimateRecords, sizeOfSet } from "./set-size.js";
import type { SliceOwner } from "./slice-run.js";
import { type CampaignStore, NoStore } from "./store.js";

/** What a campaign that was put together does first: its plan, its count, its preview, its start. */
export class CampaignStart {
  readonly #context: SessionContext;
  readonly #intent: BackgroundIntent;
  readonly #id: string;
  readonly #options: CampaignOptions;
  readonly #mark: Mark | undefined;

  constructor(
    context: SessionContext,
    intent: BackgroundIntent,
    id: string,
    options: CampaignOptions,
    mark: Mark | undefined,
  ) {
    this.#context = context;
    this.#intent = intent;
    this.#id = id;
    this.#options = options;
    this.#mark = mark;
  }

  explain(options: CallOptions): Promise<CampaignPlan> {
    const { owner, deadline } = this.#call(options);
    return explainCampaign(owner, this.#intent.recordsPerSecond, deadline);
  }

  count(options: CallOptions): Promise<number> {
    const { owner, deadline } = this.#call(options);
    const { namespace, setName } = owner.definition;
    const filter = conditionOf(owner.id, owner.definition)?.packed;
    return countRecords(owner.context, { namespace, setName, filter, index: undefined }, deadline);
  }

  async preview(records: number, options: PreviewOptions): Promise<PreviewRecord[]> {
    return preview(this.#call({}).owner, records, options);
  }

  async execute(options: StartCampaignOptions): Promise<Campaign> {
    checkCallOptions<StartCampaignOptions>("execute", options, { ...CALL_OPTIONS, onExisting: true });
    const { onExisting = "fail", ...rest } = options;
    if (onExisting !== "fail" && onExisting !== "resume") {
      throw new TypeError(`execute: onExisting: expected "fail" or "resume", got ${describe(onExisting)}`);
    }
    const { owner, deadline } = this.#call(options);
    owner.context.cluster.checkNamespace(owner.definition.namespace);
    const set = this.#storeSet();
    const store: CampaignStore = set?.of(this.#id) ?? new NoStore();
    const setup = { context: this.#context, store, options: runOptionsOf(this.#options) };
    if (onExisting === "resume" && (await set?.find(this.#id, rest)) !== undefined) return this.#goOn(setup, owner);
    await this.#refuseMistakes(owner, deadline);
    const baseline = await this.#baseline(owner, deadline);
    const { recordsPerSecond } = this.#intent;
    const startedAt = this.#context.cluster.runtime.wallClock();
    const checkpoint = newCheckpoint(this.#id, owner.definition, recordsPerSecond, baseline, startedAt);
    const claim = newClaim(this.#context, this.#options);
    try {
      await store.create(checkpoint, claim);
    } catch (error) {
      // Somebody else was faster, and is through or dead by now.
      const isThere = error instanceof CampaignError && error.code === "CAMPAIGN_EXISTS";
      if (onExisting === "resume" && isThere) return this.#goOn(setup, owner);
      throw error;
    }
    await this.#options.onCheckpoint?.(checkpoint);
    return CampaignRun.begin(setup, claim, { checkpoint, definition: owner.definition, order: undefined });
  }

  /** What every slice would be refused for. */
  async #refuseMistakes({ definition, context }: SliceOwner, deadline: Deadline): Promise<void> {
    const { namespace, setName } = definition;
    const { work, recordsPerSecond } = this.#intent;
    const [mistake] = (await preflight(context, { namespace, setName, work, recordsPerSecond }, deadline)).start;
    if (mistake !== undefined) throw new RangeError(`campaign ${this.#id}: ${mistake}`);
  }

  /** The same work that was begun before. */
  async #goOn(setup: RunSetup, owner: SliceOwner): Promise<Campaign> {
    const claim = newClaim(this.#context, this.#options);
    const taken = await setup.store.acquire(claim);
    if (taken === undefined) throw new Error("What no store keeps can't be gone on with");
    const { checkpoint } = parseCheckpoint(taken.checkpoint);
    const { definition: asked } = newCheckpoint(this.#id, owner.definition, undefined, checkpoint.baseline, 0);
    if (JSON.stringify(asked) !== JSON.stringify(checkpoint.definition)) {
      await setup.store.release(checkpoint, claim);
      throw new CampaignError(`Campaign ${this.#id} was begun with other work: ${describeText(checkpoint)}`, this.#id, {
        code: "CAMPAIGN_DIFFERS",
      });
    }
    return CampaignRun.begin(setup, claim, await goOnWith(taken, setup.store, claim));
  }

  async #baseline({ context, id, definition }: SliceOwner, deadline: Deadline): Promise<CampaignBaseline> {
    const { namespace, setName } = definition;
    const { count } = this.#options;
    const gone = goneBySelf(await viewCluster(context, namespace, deadline));
    if (count === "none") return { ...gone, records: null, isExact: false };
    const size = await sizeOfSet(context, namespace, setName, deadline);
    const selection = { namespace, setName, where: conditionOf(id, definition) };
    return { ...gone, ...(await estimateRecords(context, selection, size, count, deadline)) };
  }

  #call(options: CallOptions): { readonly owner: SliceOwner; readonly deadline: Deadline } {
    const context = contextOfCall(this.#context, options);
    const { totalTimeoutMs } = context.policy("read", "query", this.#intent.namespace);
    const owner = { context, id: this.#id, definition: this.#definition() };
    return { owner, deadline: context.cluster.deadline(totalTimeoutMs, options.signal) };
  }

  #definition(): Definition {
    const { namespace, setName, expiresAt } = this.#intent;
    const definition = definitionOf(this.#intent, expiresAt, this.#mark);
    const store = this.#storeDataSet();
    if (setName !== "" || store?.namespace !== namespace) return definition;
    // A campaign through a whole namespace must not meet its own checkpoint.
    const others = Exp.ne(Exp.setName(), Exp.stringVal(store.setName));
    return { ...definition, where: all(others, definition.where) };
  }

  #storeSet(): CampaignSet | undefined {
    const dataSet = this.#storeDataSet();
    return dataSet && new CampaignSet(this.#context, dataSet);
  }

  #storeDataSet(): DataSet<unknown> | undefined {
    const { store } = this.#options;
    return store === null ? undefined : (store ?? defaultStore(this.#intent.namespace));
  }
}

function runOptionsOf({ store: _, count: __, ...options }: CampaignOptions): RunSetup["options"] {
  return options;
}

function describeText({ text: { kind, operations, where } }: CampaignCheckpoint): string {
  return `${kind}, ${operations.join(", ")}, where ${where ?? "every record"}`;
}
