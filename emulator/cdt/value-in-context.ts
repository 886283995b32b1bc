import type { BinValue } from "../record/bin-value.js";
import { isContainerType, readContainer } from "./container.js";
import { findPlace } from "./context.js";
import { elementValue } from "./element-value.js";
import { PayloadReader } from "./payload-reader.js";

/** The value that a context leads to in a list or map; undefined where it leads nowhere. */
export function valueInContext(bin: BinValue, context: Uint8Array): BinValue | undefined {
  const container = isContainerType(bin.type) ? readContainer(bin.bytes) : undefined;
  if (container === undefined) return undefined;
  const place = findPlace(container, new PayloadReader(context), false);
  if (typeof place === "number" || place.inner === undefined) return undefined;
  return elementValue(place.inner) ?? undefined;
}
