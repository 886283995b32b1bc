import { Writer } from "../../protocol/bytes/writer.js";
import { ResultCode } from "../../protocol/result-code.js";
import { packBytes } from "../../protocol/value/pack.js";
import type { BinValue } from "../record/bin-value.js";
import type { OpOutcome } from "../record/op-outcome.js";
import { containerValue, isContainerType, readContainer } from "./container.js";
import { findPlace } from "./context.js";
import { elementValue } from "./element-value.js";
import type { PayloadReader } from "./payload-reader.js";

// What is no list or map, but lies inside of one: strings, which servers of 8.2 reach.

/** What takes the place of the value: bytes of a string, a blob or the like. */
export interface InnerChange {
  readonly value: BinValue;
}

/** Follows the context that comes next and reads what is there. */
export function readInside(
  bin: BinValue | undefined,
  reader: PayloadReader,
  read: (value: BinValue | undefined) => OpOutcome,
): OpOutcome {
  const place = placeIn(bin, reader, false);
  if (typeof place === "number") return { code: place };
  return read(place.inner === undefined ? undefined : (elementValue(place.inner) ?? undefined));
}

/** Follows the context that comes next and changes what is there; undefined stands for what is to be made. */
export function changeInside(
  bin: BinValue | undefined,
  reader: PayloadReader,
  change: (value: BinValue | undefined) => InnerChange | OpOutcome,
): OpOutcome {
  const place = placeIn(bin, reader, true);
  if (typeof place === "number") return { code: place };
  const { inner } = place;
  const changed = change(inner === undefined ? undefined : (elementValue(inner) ?? NIL));
  if ("code" in changed) return changed;
  const w = new Writer(64);
  packBytes(w, changed.value.bytes, changed.value.type);
  return { code: ResultCode.OK, bin: containerValue(place.embed(w.copy())) };
}

const NIL: BinValue = { type: 0, bytes: new Uint8Array(0) };

function placeIn(bin: BinValue | undefined, reader: PayloadReader, isModify: boolean): ReturnType<typeof findPlace> {
  const top = bin !== undefined && isContainerType(bin.type) ? readContainer(bin.bytes) : undefined;
  if (bin !== undefined && top === undefined) return ResultCode.PARAMETER_ERROR;
  return findPlace(top, reader, isModify, "8.2");
}
