import { computeDigest } from "../../protocol/key/digest.js";

const CHANCE_BITS = 40n;

/**
 * An id for the task of a slice. Its upper bits are the same for all slices of a campaign, so that whoever sees a task on a
 * node, even one that ended a moment ago, knows which campaign it belongs to.
 */
export function newSliceTaskId(campaign: string, random: bigint): string {
  const chance = BigInt.asUintN(Number(CHANCE_BITS), random);
  // 0 is no id for a server.
  return String((markOf(campaign) << CHANCE_BITS) | (chance === 0n ? 1n : chance));
}

/** Whether a task may be a slice of a campaign: one of 16 million others looks like it. */
export function looksLikeSliceOf(campaign: string, taskId: bigint): boolean {
  return taskId >> CHANCE_BITS === markOf(campaign);
}

/** 24 bits. */
function markOf(campaign: string): bigint {
  const [a = 0, b = 0, c = 0] = computeDigest("aerowire-campaigns", campaign);
  return BigInt((a << 16) | (b << 8) | c);
}
