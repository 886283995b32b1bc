import type { UdfCall } from "../../protocol/command/udf-call.js";
import type { Op } from "../../protocol/message/op.js";
import type { Key } from "../data/key.js";
import type { SegmentTerms } from "./builders/segment-builder.js";
import type { ChainSoFar } from "./chain.js";
import type { KeyVerb } from "./verbs.js";

/** One verb on its keys, as the caller said it: data that a chain executes. */
export interface Segment<T> extends SegmentTerms {
  readonly verb: KeyVerb;
  readonly keys: readonly Key<T>[];
  /** In the order of the calls. */
  ops: Op[];
  /** Calls of `put` that made another number of operations than one, in their order. */
  puts: Put[] | undefined;
  /** What a read without operations reads: the named bins, none of them, or when undefined all. */
  selection: readonly string[] | "noBins" | undefined;
  /** The function that `executeUdf` calls. */
  udf: UdfCall | undefined;
  /** Whether keys whose record is missing or left out have a row, also where the verb gives them none. */
  includeMissingKeys: boolean;
  /** Whether it is a failure when `where` leaves a record out. */
  failOnFilteredOut: boolean;
}

/** A call that made `count` operations, from the one at `at` on. */
export interface Put {
  readonly at: number;
  readonly count: number;
}

const NO_OPS: Op[] = [];

/** Adds an operation. The first one makes the list: growing an empty one leaves room for many, and most have few. */
export function addOp(segment: Segment<unknown>, op: Op): void {
  if (segment.ops.length === 0) segment.ops = [op];
  else segment.ops.push(op);
}

/** Says that the next operations are those of one call. */
export function addPut(segment: Segment<unknown>, count: number): void {
  segment.puts ??= [];
  segment.puts.push({ at: segment.ops.length, count });
}

/** Results of operations, as results of the calls that made them. */
export function resultsOfCalls(results: readonly unknown[], puts: readonly Put[] | undefined): readonly unknown[] {
  if (puts === undefined) return results;
  const calls: unknown[] = [];
  let taken = 0;
  for (const { at, count } of puts) {
    calls.push(...results.slice(taken, at), null);
    taken = at + count;
  }
  calls.push(...results.slice(taken));
  return calls;
}

/** @param soFar what it comes behind; it shares the defaults of the segments there */
export function newSegment<T>(verb: KeyVerb, keys: readonly Key<T>[], soFar?: ChainSoFar<T>): Segment<T> {
  return {
    verb,
    keys,
    ops: NO_OPS,
    puts: undefined,
    selection: undefined,
    udf: undefined,
    where: undefined,
    ttl: undefined,
    generation: undefined,
    durableDelete: undefined,
    defaults: soFar?.segment?.defaults,
    includeMissingKeys: false,
    failOnFilteredOut: false,
  };
}
