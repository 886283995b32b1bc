import type { CampaignCheckpoint, OpenSlice } from "../background/campaign-api/checkpoint.js";
import type { SessionContext } from "../policy/session-context.js";
import { parseCheckpoint } from "./checkpoint.js";
import { Lease, momentOf } from "./lease.js";
import { stopLastSlice } from "./slice-run.js";
import type { CampaignOrder, CampaignStore, Claim, NumberedOrder, Taken } from "./store.js";

/** For stopping what the last holder left behind. */
const STOP_MS = 30_000;

/** What is carried out beside a lease neither obeys nor can do more than the store tells at the end. */
const UNWATCHED = { onLost: () => undefined, onOrder: () => undefined, onTrouble: () => undefined };

/** A campaign that nobody runs, under a claim that its store has accepted. */
export interface Held {
  readonly context: SessionContext;
  readonly store: CampaignStore;
  readonly claim: Claim;
}

/** What has become of a campaign. */
export interface CarriedOut {
  readonly checkpoint: CampaignCheckpoint;
  /** It was at its end before. */
  readonly hadEnded: boolean;
}

/**
 * Carries an order out, after the one that the holder before may have died without having heard of, and gives the campaign
 * back. What can't be carried out changes nothing.
 * @returns undefined when somebody else has taken over
 */
export async function carryOut(
  held: Held,
  taken: Taken,
  order: NumberedOrder,
  signal: AbortSignal | undefined,
): Promise<CarriedOut | undefined> {
  const { store, claim } = held;
  const before = parseCheckpoint(taken.checkpoint).checkpoint;
  const hadEnded = isEnded(before);
  let checkpoint = before;
  let heeded = taken.order?.number ?? 0;
  for (let wanted = taken.order === undefined ? [order] : [taken.order, order]; ; ) {
    try {
      for (const { order } of wanted) checkpoint = await after(order, checkpoint, held, signal);
    } catch (error) {
      // Should that fail too, the lease ends by itself; the first error says more.
      await store.release(before, claim).catch(() => undefined);
      throw error;
    }
    const reply = await store.release(checkpoint, claim, heeded);
    if (reply === true) return { checkpoint, hadEnded };
    if (reply === false) return undefined;
    heeded = reply.number;
    wanted = [reply];
  }
}

/** The checkpoint after an order, once its slice was stopped where the order wants that. */
async function after(
  order: CampaignOrder,
  checkpoint: CampaignCheckpoint,
  held: Held,
  signal: AbortSignal | undefined,
): Promise<CampaignCheckpoint> {
  if (isEnded(checkpoint)) return checkpoint;
  switch (order.do) {
    case "pause":
      return { ...checkpoint, status: "paused" };
    case "abort":
      if (checkpoint.open !== null) await stop(held, checkpoint.open, signal);
      return { ...checkpoint, status: "aborted" };
    default:
      return { ...checkpoint, recordsPerSecond: order.recordsPerSecond };
  }
}

function isEnded({ status }: CampaignCheckpoint): boolean {
  return status === "done" || status === "aborted";
}

/** Takes longer than a lease where a node is silent, so the claim is renewed meanwhile. */
async function stop({ context, store, claim }: Held, open: OpenSlice, signal: AbortSignal | undefined): Promise<void> {
  await context.cluster.deadline(STOP_MS, signal).run(async (scope) => {
    const lease = new Lease(context, store, claim, momentOf(context), UNWATCHED);
    lease.run(scope).catch(() => undefined);
    await stopLastSlice(context, open, scope);
  });
}
