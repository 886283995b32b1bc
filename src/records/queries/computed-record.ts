import type { QueryRow } from "../../../protocol/command/query-row.js";
import type { Op } from "../../../protocol/message/op.js";
import type { Runtime } from "../../../runtime/runtime.js";
import type { AnyBins } from "../../data/bin-types.js";
import { type JsonValue, jsonValue } from "../../data/json.js";
import type { Key } from "../../data/key.js";
import { decodedResults } from "../decoded.js";
import { Record, type RecordJson } from "../record.js";
import type { Results } from "../row-types.js";
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
 * @typeParam R the results in the order of the calls
 */
export class ComputedRecord<T = AnyBins, B = T, out R extends Results = Results> extends Record<T, B> {
  /** What each operation returned, in the order of the calls; `null` where one has no value to give. */
  readonly operationResults: R;

  private constructor(key: Key<T>, bins: B, generation: number, ttl: number, operationResults: R) {
    super(key, bins, generation, ttl);
    this.operationResults = operationResults;
  }

  /**
   * @param ops those that the results are of
   * @throws SchemaError
   * @internal
   */
  static of<T, B, R extends Results>(
    row: QueryRow,
    key: Key<T>,
    runtime: Runtime,
    ops: readonly Op[],
  ): ComputedRecord<T, B, R> {
    const { generation, voidTime, results = [] } = row;
    const values = results.map(({ value }) => value);
    const { codec } = key;
    const returned =
      codec === undefined ? { results: values, bins: row.bins } : decodedResults(codec, values, ops, key);
    // Like recordOfReply: of what types they are, nobody but the caller can know.
    const bins = returned.bins as B;
    return new ComputedRecord(
      key,
      bins,
      generation,
      secondsToLive(voidTime, runtime),
      returned.results as Results as R,
    );
  }

  /** For `JSON.stringify`: the record's own, and the results in the same way. */
  override toJSON(): ComputedRecordJson {
    return { ...super.toJSON(), operationResults: jsonValue(this.operationResults) };
  }
}
