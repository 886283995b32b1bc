import type { BinsToWrite } from "../../protocol/command/record-operation.js";
import type { UserKey } from "../../protocol/key/record-key.js";
import type { Op } from "../../protocol/message/op.js";
import { describe, InvalidValue, within } from "../../protocol/value/invalid-value.js";
import type { BinsInput } from "../data/bin-types.js";
import { checkKey } from "../data/check-keys.js";
import { DataSet } from "../data/data-set.js";
import type { Key } from "../data/key.js";
import { CALL_OPTIONS, type CallOptions, checkCallOptions } from "../policy/call-options.js";
import type { SessionContext } from "../policy/session-context.js";
import { Turns } from "../time/turns.js";
import { checkGetOptions, type GetOptions } from "./get-options.js";
import type { Record } from "./record.js";
import { newSegment } from "./segment.js";
import { runSegments } from "./segment-run.js";
import { GET_MANY, PUT_MANY, UPSERT_ROWS } from "./verbs.js";
import { binsOf, storedBins, writtenBins } from "./written-bins.js";

/** See `session.getMany`. */
export async function getMany<T>(
  context: SessionContext,
  keys: readonly Key<T>[],
  options: GetOptions,
): Promise<(Record<T> | null)[]> {
  const { bins, ...call } = checkGetOptions("getMany", options);
  if (!Array.isArray(keys)) throw new TypeError(`getMany: expected an array of keys, got ${describe(keys)}`);
  for (const key of keys) checkKey("getMany", key);
  const segment = newSegment<T>(GET_MANY, keys);
  segment.selection = bins;
  segment.includeMissingKeys = true;
  const rows = await runSegments<T, T, readonly []>(context, [segment], call);
  return rows.map(({ record }) => record);
}

/** See `session.putMany`. */
export async function putMany<T>(
  context: SessionContext,
  entries: readonly (readonly [Key<T>, BinsInput<T>])[],
  options: CallOptions,
): Promise<void> {
  checkCallOptions("putMany", options);
  if (!Array.isArray(entries)) throw new TypeError(`putMany: expected an array of entries, got ${describe(entries)}`);
  const segments = await inTurns(context, "putMany", entries, options, (entry: unknown, i) => {
    if (!isPair<T>(entry)) {
      throw new TypeError(`putMany: expected entry ${i} to be a key and its bins in an array, got ${describe(entry)}`);
    }
    const [key, bins] = entry;
    const place = `putMany: entry ${i}: `;
    try {
      checkKey("putMany", key);
      const segment = newSegment<T>(PUT_MANY, [key]);
      segment.ops = binWrites(storedBins("putMany", bins, { codec: key.codec, key, place }), place);
      return segment;
    } catch (error) {
      throw within(place, error);
    }
  });
  await runSegments(context, segments, options);
}

/** Options of `session.upsertRows`. */
export interface UpsertRowsOptions<O> extends CallOptions {
  /**
   * Where the user keys are: the name of a property, which is the key and no bin, or a function of the object, all of
   * whose properties are bins.
   */
  readonly id: string | ((object: O) => UserKey);
}

/** See `session.upsertRows`. */
export async function upsertRows<T>(
  context: SessionContext,
  dataSet: DataSet<T>,
  objects: readonly object[],
  options: UpsertRowsOptions<never>,
): Promise<void> {
  if (!(dataSet instanceof DataSet)) throw new TypeError(`upsertRows: expected a DataSet, got ${describe(dataSet)}`);
  if (!Array.isArray(objects))
    throw new TypeError(`upsertRows: expected an array of objects, got ${describe(objects)}`);
  checkCallOptions<UpsertRowsOptions<never>>("upsertRows", options, { ...CALL_OPTIONS, id: true });
  const { id, ...call } = options;
  if (typeof id !== "string" && typeof id !== "function") {
    throw new TypeError(`upsertRows: expected id to be the name of a property or a function, got ${describe(id)}`);
  }
  const segments = await inTurns(context, "upsertRows", objects, options, (object: unknown, i) => {
    const place = `upsertRows: object ${i}: `;
    try {
      const { userKey, bins } = splitRow(binsOf("upsertRows", object), id, dataSet.codec?.isObject(object) === true);
      const key = dataSet.id(userKey);
      const segment = newSegment<T>(UPSERT_ROWS, [key]);
      segment.ops = binWrites(storedBins("upsertRows", bins, { codec: dataSet.codec, key, place }), place);
      return segment;
    } catch (error) {
      throw within(place, error);
    }
  });
  await runSegments(context, segments, call);
}

/** @throws TypeError when there is none, or for what can't be stored */
function binWrites(bins: BinsToWrite, place: string): Op[] {
  const ops = writtenBins(bins);
  if (ops.length > 0) return ops;
  throw new TypeError(`${place}there is nothing to write: expected a bin at least whose value is not undefined`);
}

/**
 * What is made of each row. Of many thousands it is made in slices, between which the loop has its turn.
 * @throws AbortError when the signal fires meanwhile
 */
async function inTurns<R>(
  context: SessionContext,
  method: string,
  rows: readonly unknown[],
  { signal }: CallOptions,
  make: (row: unknown, index: number) => R,
): Promise<R[]> {
  const turns = new Turns(context.cluster.runtime);
  const deadline = context.cluster.deadline(0, signal);
  const made: R[] = [];
  for (const [index, row] of rows.entries()) {
    const turn = turns.take(1);
    if (turn !== undefined) {
      await turn;
      deadline.throwIfAborted(method);
    }
    made.push(make(row, index));
  }
  return made;
}

/** @param isWhole whether the object is one of the data set's class, which says itself what its bins are */
function splitRow(
  object: BinsToWrite,
  id: UpsertRowsOptions<never>["id"],
  isWhole: boolean,
): { readonly userKey: UserKey; readonly bins: BinsToWrite } {
  if (typeof id === "function") {
    return { userKey: userKeyOf(Reflect.apply(id, undefined, [object]), "id(object)"), bins: object };
  }
  if (isWhole) return { userKey: userKeyOf(object[id], `property "${id}"`), bins: object };
  const { [id]: userKey, ...bins } = object;
  return { userKey: userKeyOf(userKey, `property "${id}"`), bins };
}

function userKeyOf(value: unknown, place: string): UserKey {
  if (isUserKey(value)) return value;
  throw new InvalidValue(`expected a user key, got ${describe(value)}`, place);
}

function isUserKey(value: unknown): value is UserKey {
  return ["string", "number", "bigint"].includes(typeof value) || value instanceof Uint8Array;
}

/** What is in it is looked at where it is used. */
function isPair<T>(entry: unknown): entry is readonly [Key<T>, BinsInput<T>] {
  return Array.isArray(entry) && entry.length === 2;
}
