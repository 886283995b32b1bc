import type { MessageReader } from "../message/message-reader.js";
import { QueryStream } from "./query.js";
import type { QueryRequest } from "./query-request.js";

/**
 * Finds out which types the bins of some records on one node have; the values are not read.
 * @example new BinTypesCommand({ namespace: "test", setName: "users", taskId: 7n, partitions: [0], bins: ["age"] }, seen)
 */
export class BinTypesCommand extends QueryStream {
  readonly name = "bin types";
  readonly #onRecord: (types: ReadonlyMap<string, number>) => void;

  /** @param onRecord called with the particle types of a record's bins, by their names */
  constructor(request: QueryRequest, onRecord: (types: ReadonlyMap<string, number>) => void) {
    super(request);
    this.#onRecord = onRecord;
  }

  protected takeRow(message: MessageReader): void {
    const types = new Map<string, number>();
    message.skipFields();
    while (message.nextOp()) types.set(message.opName, message.opType);
    this.#onRecord(types);
  }
}
