import type { Op } from "../../protocol/message/op.js";
import type { Key } from "../data/key.js";
import { newTerms, type SegmentTerms } from "./builders/segment-builder.js";
import type { KeyVerb } from "./verbs.js";

/** One verb on its keys, as the caller said it: data that a chain executes. */
export interface Segment<T> {
  readonly verb: KeyVerb;
  readonly keys: readonly Key<T>[];
  readonly terms: SegmentTerms;
  /** In the order of the calls. */
  readonly ops: Op[];
  /** Whether keys whose record is missing or left out have a row. */
  respondAllKeys: boolean;
  /** Whether it is a failure when `where` leaves a record out. */
  failOnFilteredOut: boolean;
}

export function newSegment<T>(verb: KeyVerb, keys: readonly Key<T>[]): Segment<T> {
  return { verb, keys, terms: newTerms(), ops: [], respondAllKeys: false, failOnFilteredOut: false };
}
