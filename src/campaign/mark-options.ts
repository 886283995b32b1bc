import { checkBinName } from "../../protocol/check/check-names.js";
import { checkOptions } from "../../protocol/check/check-options.js";
import { describe } from "../../protocol/value/invalid-value.js";
import type { BackgroundWork } from "../background/background-work.js";
import type { OnceOptions } from "../background/campaign-api/options.js";

/** Where it is written on a record that a campaign has changed it. */
export interface Mark {
  readonly bin: string;
  readonly as: "map" | "integer";
  readonly removeMarks: boolean;
}

const DEFAULT_BIN = "aw_once";

/** @throws TypeError or RangeError for options that are wrong */
export function markOf(options: OnceOptions): Mark {
  checkOptions<OnceOptions>("once", options, { bin: true, as: true, removeMarks: true });
  const { bin = DEFAULT_BIN, as = "map", removeMarks = true } = options;
  checkBinName(bin);
  if (as !== "map" && as !== "integer")
    throw new TypeError(`once: as: expected "map" or "integer", got ${describe(as)}`);
  if (typeof removeMarks !== "boolean") {
    throw new TypeError(`once: removeMarks: expected a boolean, got ${describe(removeMarks)}`);
  }
  return { bin, as, removeMarks };
}

/** Why work of a kind takes no marks; undefined when it does. */
export function whyNoMark(kind: BackgroundWork["kind"]): string | undefined {
  switch (kind) {
    case "delete":
      return "a record that is deleted can't be met again";
    case "touch":
      return "a touch comes to the same however often it happens";
    case "replace":
      return "a replace comes to the same however often it happens, and leaves no bin for a mark";
    default:
      return undefined;
  }
}
