import { checkInteger } from "../../protocol/check/check-numbers.js";
import { describe } from "../../protocol/value/invalid-value.js";
import type { PreviewRecord } from "../background/campaign-api/campaign.js";
import type { PreviewOptions } from "../background/campaign-api/options.js";
import { CALL_OPTIONS, checkCallOptions } from "../policy/call-options.js";
import { workOf } from "./definition.js";
import { conditionOf } from "./intent.js";
import { Scratch } from "./scratch.js";
import type { SliceOwner } from "./slice-run.js";
import { dataSetOf, hexOf, someRecords } from "./some-records.js";

const MOST = 1_000;

/** Some of the records that a campaign would hit, and what it would make of them. */
export async function preview(
  { context, id, definition }: SliceOwner,
  records: number,
  options: PreviewOptions,
): Promise<PreviewRecord[]> {
  checkInteger("number of records to preview", records, 1, MOST);
  checkCallOptions<PreviewOptions>("preview", options, { ...CALL_OPTIONS, scratch: true });
  const { scratch = false, ...call } = options;
  if (typeof scratch !== "boolean")
    throw new TypeError(`preview: scratch: expected a boolean, got ${describe(scratch)}`);
  const { namespace, setName } = definition;
  const { cluster } = context;
  const deadline = cluster.deadline(options.totalTimeout ?? 0, options.signal);
  const found = await someRecords(context, dataSetOf(namespace, setName), conditionOf(id, definition), records, call);
  const trials = scratch
    ? await Scratch.open(context, namespace, workOf(definition, cluster.runtime.wallClock()), deadline)
    : undefined;
  const previews: PreviewRecord[] = [];
  for (const { key, bins } of found) {
    const trial = await trials?.try(key);
    // Somebody has deleted it meanwhile.
    if (trial === "gone") continue;
    previews.push({
      digest: hexOf(key.digest),
      before: bins as PreviewRecord["before"],
      after: trial?.after,
      error: trial?.error,
    });
  }
  return previews;
}
