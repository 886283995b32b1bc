import { describe } from "../../protocol/value/invalid-value.js";

/** @throws TypeError or RangeError unless it is 1 to 100 characters */
export function checkCampaignId(id: unknown): asserts id is string {
  if (typeof id !== "string") throw new TypeError(`campaign: expected an id as a string, got ${describe(id)}`);
  if (id.length === 0 || id.length > 100) {
    throw new RangeError(`campaign: an id has 1 to 100 characters, got ${describe(id)} with ${id.length}`);
  }
}
