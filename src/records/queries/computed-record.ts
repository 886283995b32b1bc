import type { QueryRow } from "../../../protocol/command/query-row.js";
import type { Runtime } from "../../../runtime/runtime.js";
import type { AnyBins } from "../../data/bin-types.js";
import { type JsonValue, jsonValue } from "../../data/json.js";
import type { Key } from "../../data/key.js";
import { Record, type RecordJson } from "../record.js";
import { secondsToLive } from "../void-time.js";

/** What `JSON.stringify` makes of a {@link ComputedRecord}. */
export interface ComputedRecordJson extends RecordJson {
  readonly operationResults: JsonValue | undefined;
}

/**
 * A record of which a query has read what operations return. Its bins are the results by name; of several on one bin, the
 * last that had a value to give.
 *
 * @typeParam T the bins of its data set
 * @typeParam B the results by bin
 */
export class ComputedRecord<T = AnyBins, B = T> extends Record<T, B> {
  /** What each operation returned, in the order of the calls; `null` where one has no value to give. */
  readonly operationResults: readonly unknown[];

  private constructor(key: Key<T>, bins: B, generation: number, ttl: number, operationResults: readonly unknown[]) {
    super(key, bins, generation, ttl);
    this.operationResults = operationResults;
  }

  /** @internal */
  static of<T, B>({ bins, generation, voidTime, results = [] }: QueryRow, key: Key<T>, runtime: Runtime) {
    const values = results.map(({ value }) => value);
    // Like recordOfReply: what the bins hold, nobody but the caller can know.
    return new ComputedRecord<T, B>(key, bins as B, generation, secondsToLive(voidTime, runtime), values);
  }

  /** For `JSON.stringify`: the record's own, and the results in the same way. */
  override toJSON(): ComputedRecordJson {
    return { ...super.toJSON(), operationResults: jsonValue(this.operationResults) };
  }
}
