import { partitionId } from "../../../protocol/key/partition-id.js";
import { PARTITIONS } from "../../../protocol/limits.js";
import { compareBytes } from "../../../protocol/value/map-key.js";
import type { ClusterNode } from "../../cluster/node.js";
import type { PartitionState, PartitionTracker } from "../../query/partition-tracker.js";

/**
 * How far the consumer of a query has come. The tracker knows how far rows were read from the nodes; those that still
 * stand in the queue are behind it, and before this.
 */
export class QueryProgress {
  readonly #tracker: PartitionTracker<ClusterNode>;
  /** By partition: the last record that the consumer has, and its index entry. */
  readonly #digests = new Array<Uint8Array | undefined>(PARTITIONS).fill(undefined);
  readonly #bvals = new Map<number, bigint>();

  constructor(tracker: PartitionTracker<ClusterNode>) {
    this.#tracker = tracker;
    for (const { digest, bval } of tracker.positions()) this.deliver(digest, bval);
  }

  /** The consumer has got a record. */
  deliver(digest: Uint8Array, bval: bigint | undefined): void {
    const partition = partitionId(digest);
    this.#digests[partition] = digest;
    if (bval !== undefined) this.#bvals.set(partition, bval);
  }

  /** Where another query goes on; a copy. */
  states(): PartitionState[] {
    return this.#tracker.states().map(({ partition, digest: read, isDone }) => {
      const digest = this.#digests[partition];
      const hasAll = read === digest || (read && digest && compareBytes(read, digest) === 0) === true;
      return { partition, digest, bval: this.#bvals.get(partition), isDone: isDone && hasAll };
    });
  }
}
