import type { NodeNamespace } from "../node/node-namespace.js";
import type { Partition } from "../record/partition.js";

/** Where and when a command on one record runs. */
export interface RecordContext {
  /** The namespace with the settings of the node that owns the record. */
  readonly namespace: NodeNamespace;
  readonly partition: Partition;
  readonly digest: Uint8Array;
  /** Milliseconds since 1970. */
  readonly now: number;
}
