import type { SingleCommand } from "../../protocol/command/record-command.js";
import type { RecordOperation } from "../../protocol/command/record-operation.js";
import type { RecordReply } from "../../protocol/command/record-reply.js";
import type { RecordKey } from "../../protocol/key/record-key.js";
import type { AerospikeError } from "../errors/errors.js";
import type { Deadline } from "../time/deadline.js";
import type { CommandPolicy } from "./command-policy.js";

/** An operation on one record, of several that are sent together. */
export interface BatchItem {
  readonly key: RecordKey;
  readonly operation: RecordOperation;
  readonly policy: CommandPolicy;
}

/** Takes what came of an item; called once for each. Must not throw. */
export type OnItem = (index: number, answer: RecordReply | AerospikeError) => void;

/** Takes commands on records to where the records are: the cluster, by itself or within a transaction. */
export interface CommandCarrier {
  execute<T, K extends RecordKey>(command: SingleCommand<T, K>, policy: CommandPolicy, deadline: Deadline): Promise<T>;
  /** Operations on many records, those on one record in the order of the items; see `batch/batch-run.ts`. */
  runBatch(items: readonly BatchItem[], deadline: Deadline, onItem: OnItem): Promise<void>;
}
