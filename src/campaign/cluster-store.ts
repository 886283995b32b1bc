import { ResultCode } from "../../protocol/result-code.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { CampaignBusyError, CampaignError } from "../background/campaign-api/campaign-errors.js";
import type { CampaignCheckpoint } from "../background/campaign-api/checkpoint.js";
import type { DataSet } from "../data/data-set.js";
import type { Key } from "../data/key.js";
import { AerospikeError, RecordExistsError, RecordNotFoundError } from "../errors/errors.js";
import { Exp } from "../exp/exp.js";
import type { CallOptions } from "../policy/call-options.js";
import type { SessionContext } from "../policy/session-context.js";
import type { ChainSoFar } from "../records/chain.js";
import { KeyVerbs } from "../records/key-verbs.js";
import { DataSetQueryBuilder } from "../records/queries/data-set-query-builder.js";
import {
  type CampaignBins,
  hasAbort,
  hasOrder,
  holderOf,
  isFree,
  isHeldBy,
  isSilent,
  notACampaign,
  orderOf,
  silenceMs,
} from "./campaign-record.js";
import type { CampaignOrder, CampaignStore, Claim, KeptCampaign, NumberedOrder, Taken } from "./store.js";

const SILENT_MS = "silentMs";
/** A store that can't be reached is asked again at this pace, for this long. */
const PAUSE_MS = 200;
const ATTEMPTS = 15;

/** The set that holds campaigns, each a record. */
export class CampaignSet extends KeyVerbs<never, never, never> {
  readonly dataSet: DataSet<CampaignBins>;
  readonly #context: SessionContext;

  constructor(context: SessionContext, dataSet: DataSet<unknown>) {
    super();
    this.#context = context;
    this.dataSet = dataSet as DataSet<CampaignBins>;
  }

  /** @internal */
  override continueWith(): ChainSoFar<never> {
    return { context: this.#context, segment: undefined, previous: undefined };
  }

  /** The ids of all campaigns. */
  async ids(options: CallOptions): Promise<string[]> {
    const found: string[] = [];
    const rows = await new DataSetQueryBuilder(this.#context, this.dataSet).bins("id").execute(options);
    for await (const { bins } of rows) if (typeof bins.id === "string") found.push(bins.id);
    return found.sort();
  }

  /** Undefined when there is none. */
  async find(id: string, options: CallOptions = {}): Promise<KeptCampaign | undefined> {
    const stream = await this.query(this.#key(id))
      .bin("checkpoint")
      .get()
      .bin("token")
      .get()
      .bin("owner")
      .get()
      .bin("since")
      .get()
      .bin("lease")
      .get()
      .bin("order")
      .get()
      .bin(SILENT_MS as "id")
      .selectFrom(silenceMs())
      .execute({ ...options, onError: "inStream" });
    const row = await stream.first();
    if (row === null || row.resultCode === ResultCode.KEY_NOT_FOUND) return undefined;
    const [checkpoint, token, owner, since, lease, order, silentMs] = row.orThrow()
      .operationResults as readonly unknown[];
    if (typeof checkpoint !== "string") throw notACampaign(this.dataSet, id, checkpoint);
    return {
      checkpoint,
      holder: holderOf({ token, owner, since, lease, silentMs }),
      token: typeof token === "string" ? token : "",
      order: typeof order === "string" ? order : "",
    };
  }

  /** The store of one campaign. */
  of(id: string): ClusterStore {
    return new ClusterStore(this, id);
  }

  /**
   * Leaves an order to whoever runs the campaign, in place of the last one unless that was to abort it.
   * @returns false when nobody does, or it is to be aborted
   */
  async order(id: string, order: CampaignOrder, number: number, options: CallOptions): Promise<boolean> {
    const stream = await this.update(this.#key(id))
      .where(Exp.and([Exp.ne(Exp.stringBin("token"), Exp.stringVal("")), Exp.not(isSilent()), Exp.not(hasAbort())]))
      .bin("order")
      .setTo(JSON.stringify({ number, order }))
      .execute(options);
    return (await stream.first())?.isOk === true;
  }

  /** Removes a campaign that nobody runs. @returns whether nobody did */
  async forget(id: string, options: CallOptions): Promise<boolean> {
    const stream = await this.delete(this.#key(id)).where(isFree()).execute(options);
    return (await stream.first())?.resultCode !== ResultCode.FILTERED_OUT;
  }

  #key(id: string): Key<CampaignBins> {
    return this.dataSet.id(id);
  }

  /** Sends a write until it surely was carried out, or surely can't be; they may be sent any number of times. @internal */
  async untilSure<T>(write: () => Promise<T>): Promise<T> {
    const { runtime } = this.#context.cluster;
    for (let attempt = 1; ; attempt++) {
      try {
        return await write();
      } catch (error) {
        const mayComeRight = error instanceof AerospikeError && (error.isTransient || error.inDoubt);
        if (!mayComeRight || attempt === ATTEMPTS || this.#context.cluster.isClosed) throw error;
        await new Promise<void>((resolve) => void runtime.setTimer(PAUSE_MS, resolve, true));
      }
    }
  }
}

/** The record of one campaign. */
class ClusterStore implements CampaignStore {
  readonly #set: CampaignSet;
  readonly #id: string;
  readonly #key: Key<CampaignBins>;

  constructor(set: CampaignSet, id: string) {
    this.#set = set;
    this.#id = id;
    this.#key = set.dataSet.id(id);
  }

  async create(checkpoint: CampaignCheckpoint, claim: Claim): Promise<void> {
    const { owner, token, since, leaseMs } = claim;
    const text = JSON.stringify(checkpoint);
    const write = async (): Promise<void> => {
      await this.#set
        .insert(this.#key)
        .put({ id: this.#id, checkpoint: text, token, owner, since, lease: leaseMs, order: "" })
        .bin("heard")
        .upsertFrom(Exp.lastUpdate())
        .neverExpire()
        .execute();
    };
    try {
      await this.#set.untilSure(write);
    } catch (error) {
      if (!(error instanceof RecordExistsError)) throw error;
      const kept = await this.#set.find(this.#id);
      // An earlier attempt whose reply was lost, however long ago that was.
      if (kept?.token === token) return;
      if (kept?.holder !== undefined) throw new CampaignBusyError(this.#id, kept.holder);
      throw new CampaignError(
        `There is a campaign ${this.#id} in ${this.#set.dataSet}: campaigns().resume("${this.#id}") goes on with it, ` +
          `execute({ onExisting: "resume" }) too, campaigns().remove("${this.#id}") forgets it`,
        this.#id,
        { code: "CAMPAIGN_EXISTS" },
      );
    }
  }

  async acquire(claim: Claim): Promise<Taken> {
    const { owner, token, since, leaseMs } = claim;
    const write = async () => {
      const stream = await this.#set
        .update(this.#key)
        .where(Exp.or([isFree(), isHeldBy(token)]))
        .put({ token, owner, since, lease: leaseMs })
        .bin("heard")
        .upsertFrom(Exp.lastUpdate())
        .bin("checkpoint")
        .get()
        .bin("order")
        .get()
        .execute();
      return stream.first();
    };
    try {
      const row = await this.#set.untilSure(write);
      if (row?.isOk === true) {
        const [checkpoint, order] = row.operationResults.slice(-2) as readonly unknown[];
        if (typeof checkpoint !== "string") throw notACampaign(this.#set.dataSet, this.#id, checkpoint);
        return { checkpoint, order: orderOf(order) };
      }
    } catch (error) {
      if (error instanceof RecordNotFoundError) throw this.#notFound(error);
      throw error;
    }
    const kept = await this.#set.find(this.#id);
    if (kept === undefined) throw this.#notFound();
    // Whoever had it may have given it back a moment ago.
    if (kept.holder === undefined) return this.acquire(claim);
    throw new CampaignBusyError(this.#id, kept.holder);
  }

  async renew({ token }: Claim): Promise<NumberedOrder | undefined | "lost"> {
    try {
      const stream = await this.#set
        .update(this.#key)
        .where(isHeldBy(token))
        .bin("heard")
        .upsertFrom(Exp.lastUpdate())
        .bin("order")
        .get()
        .execute();
      const row = await stream.first();
      return row?.isOk === true ? orderOf(row.operationResults.at(-1)) : "lost";
    } catch (error) {
      if (error instanceof RecordNotFoundError) return "lost";
      throw error;
    }
  }

  save(checkpoint: CampaignCheckpoint, claim: Claim): Promise<boolean> {
    return this.#write(checkpoint, isHeldBy(claim.token), {});
  }

  async release(checkpoint: CampaignCheckpoint, claim: Claim, heeded?: number): Promise<boolean | NumberedOrder> {
    const own = isHeldBy(claim.token);
    for (let known = ""; ; ) {
      const isReleased =
        heeded === undefined
          ? await this.#write(checkpoint, own, { token: "" })
          : await this.#write(checkpoint, Exp.and([own, hasOrder("", known)]), { token: "", order: "" });
      if (isReleased) return true;
      const kept = await this.#set.find(this.#id);
      // An earlier attempt whose reply was lost may have given it back, and nobody has taken it since.
      if (kept?.token !== claim.token) return kept?.token === "" && kept.checkpoint === JSON.stringify(checkpoint);
      const order = orderOf(kept.order);
      if (order !== undefined && order.number !== heeded) return order;
      known = kept.order;
    }
  }

  async #write(
    checkpoint: CampaignCheckpoint,
    where: Exp<"bool">,
    bins: Partial<Pick<CampaignBins, "token" | "order">>,
  ): Promise<boolean> {
    const text = JSON.stringify(checkpoint);
    const write = async (): Promise<boolean> => {
      const stream = await this.#set
        .update(this.#key)
        .where(where)
        .put({ checkpoint: text, ...bins })
        .bin("heard")
        .upsertFrom(Exp.lastUpdate())
        .execute();
      return (await stream.first())?.isOk === true;
    };
    try {
      return await this.#set.untilSure(write);
    } catch (error) {
      if (error instanceof RecordNotFoundError) return false;
      throw error;
    }
  }

  #notFound(cause?: unknown): CampaignError {
    return campaignNotFound(this.#set.dataSet, this.#id, cause);
  }
}

export function campaignNotFound(store: DataSet<unknown>, id: string, cause?: unknown): CampaignError {
  return new CampaignError(`There is no campaign ${describe(id)} in ${store}`, id, {
    code: "CAMPAIGN_NOT_FOUND",
    ...(cause !== undefined && { cause }),
  });
}
