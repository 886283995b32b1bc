import { describe } from "../../protocol/value/invalid-value.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import type { CampaignHolder } from "../background/campaign-api/campaigns.js";
import type { DataSet } from "../data/data-set.js";
import { Exp } from "../exp/exp.js";
import { RegexFlag } from "../exp/regex-flag.js";
import type { NumberedOrder } from "./store.js";

// A campaign is one record:
//   id · checkpoint (JSON) · token, owner, since, lease (of the holder; an empty token for none) · heard · order (JSON)
// Every write of a holder is filtered by its token, and has the server write down when it heard of the holder (in a write,
// `lastUpdate` is its own time); a claim is filtered by the token or by the time since then: the server decides under the lock
// of the record, by its own clock, and the same write again comes to the same. So none of them depends on clocks of clients,
// and one whose reply was lost can be sent again. Orders, which others write, say nothing about the holder.

/** The bins of a campaign's record. */
export interface CampaignBins {
  readonly id: string;
  readonly checkpoint: string;
  readonly token: string;
  readonly owner: string;
  readonly since: number;
  readonly lease: number;
  /** When a holder was heard of last: nanoseconds since 1970, by the server's clock. */
  readonly heard: bigint;
  readonly order: string;
}

const NS_PER_MS = 1_000_000;

export function isHeldBy(token: string): Exp<"bool"> {
  return Exp.eq(Exp.stringBin("token"), Exp.stringVal(token));
}

/** Whether the order is one of these texts. */
export function hasOrder(...texts: readonly string[]): Exp<"bool"> {
  return Exp.or(texts.map((text) => Exp.eq(orderText(), Exp.stringVal(text))));
}

/** Whether the campaign is to be aborted. */
export function hasAbort(): Exp<"bool"> {
  return Exp.regexCompare('"do":"abort"', RegexFlag.NONE, orderText());
}

/** What is no text is none. */
function orderText(): Exp<"string"> {
  const isText = Exp.eq(Exp.binType("order"), Exp.intVal(ParticleType.STRING));
  return Exp.cond([isText, Exp.stringBin("order"), Exp.stringVal("")]);
}

/**
 * Milliseconds since the holder was heard of. Since the record was written, where that was before holders had it written down;
 * orders prolong the lease there.
 */
export function silenceMs(): Exp<"int"> {
  const isTold = Exp.eq(Exp.binType("heard"), Exp.intVal(ParticleType.INTEGER));
  const beforeUpdate = Exp.numDiv([Exp.numSub([Exp.lastUpdate(), Exp.intBin("heard")]), Exp.intVal(NS_PER_MS)]);
  return Exp.numAdd([Exp.sinceUpdate(), Exp.cond([isTold, beforeUpdate, Exp.intVal(0)])]);
}

/** The holder was not heard of for the time of its lease. */
export function isSilent(): Exp<"bool"> {
  return Exp.ge(silenceMs(), Exp.intBin("lease"));
}

export function isFree(): Exp<"bool"> {
  return Exp.or([isHeldBy(""), isSilent()]);
}

export function holderOf(bins: Readonly<Record<"token" | "owner" | "since" | "lease" | "silentMs", unknown>>) {
  const { token, owner } = bins;
  // A cluster may give all integers as bigint; these are small.
  const [since, lease, silentMs] = [bins.since, bins.lease, bins.silentMs].map(numberOf);
  if (typeof token !== "string" || token === "") return undefined;
  if (lease === undefined || silentMs === undefined || silentMs >= lease) return undefined;
  const holder: CampaignHolder = {
    owner: typeof owner === "string" ? owner : "unknown",
    token,
    since: since ?? 0,
    silentMs: Math.max(0, silentMs),
    msLeft: lease - silentMs,
  };
  return holder;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" || typeof value === "bigint" ? Number(value) : undefined;
}

/** An order that can't be read is none: whoever may write it may write anything. */
export function orderOf(text: unknown): NumberedOrder | undefined {
  if (typeof text !== "string" || text === "") return undefined;
  try {
    const { number, order } = JSON.parse(text) as Partial<NumberedOrder>;
    if (typeof number !== "number" || typeof order !== "object" || order === null) return undefined;
    if (order.do === "pause" || order.do === "abort") return { number, order: { do: order.do } };
    if (order.do !== "rate") return undefined;
    const rate: unknown = order.recordsPerSecond;
    if (rate === null || (typeof rate === "number" && Number.isInteger(rate) && rate > 0 && rate < 2 ** 31)) {
      return { number, order: { do: "rate", recordsPerSecond: rate } };
    }
    return undefined;
  } catch {
    return undefined;
  }
}

export function notACampaign(store: DataSet<unknown>, id: string, found: unknown): TypeError {
  return new TypeError(`The record of campaign ${describe(id)} in ${store} has no checkpoint but ${describe(found)}`);
}
