import type { CampaignCheckpoint, OpenSlice } from "../background/campaign-api/checkpoint.js";
import type { SessionContext } from "../policy/session-context.js";
import { Lease, momentOf } from "./lease.js";
import { stopLastSlice } from "./slice-run.js";
import type { CampaignOrder, CampaignStore, Claim } from "./store.js";

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

/** The checkpoint after an order, once its slice was stopped where the order wants that. */
export async function carryOut(
  held: Held,
  checkpoint: CampaignCheckpoint,
  order: CampaignOrder,
  signal: AbortSignal | undefined,
): Promise<CampaignCheckpoint> {
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

/** Takes longer than a lease where a node is silent, so the claim is renewed meanwhile. */
async function stop({ context, store, claim }: Held, open: OpenSlice, signal: AbortSignal | undefined): Promise<void> {
  await context.cluster.deadline(STOP_MS, signal).run(async (scope) => {
    const lease = new Lease(context, store, claim, momentOf(context), UNWATCHED);
    lease.run(scope).catch(() => undefined);
    await stopLastSlice(context, open, scope);
  });
}
