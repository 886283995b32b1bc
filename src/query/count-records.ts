import type { IndexFilter } from "../../protocol/command/index-range.js";
import { CountCommand } from "../../protocol/command/query.js";
import type { QueryDuration } from "../../protocol/command/query-request.js";
import type { ClusterNode } from "../cluster/node.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import { runPartitionQuery } from "./partition-query.js";
import { type PartitionState, PartitionTracker } from "./partition-tracker.js";
import { mayRepeat } from "./visits.js";

/** Which records to count. */
export interface CountRequest {
  readonly namespace: string;
  /** Empty for the whole namespace. */
  readonly setName: string;
  /** A packed filter expression. */
  readonly filter: Uint8Array | undefined;
  readonly index: IndexFilter | undefined;
  readonly recordsPerSecond?: number | undefined;
  readonly expectedDuration?: QueryDuration | undefined;
}

/** Which part of them; default: all. */
export interface CountRange {
  readonly states?: Iterable<PartitionState> | undefined;
  /** Count no further than this. */
  readonly maxRecords?: number | undefined;
}

/** Counts records by their headers, each once, whatever happens to nodes meanwhile; see `runPartitionQuery`. */
export async function countRecords(
  context: SessionContext,
  selection: CountRequest,
  deadline: Deadline,
  range: CountRange = {},
): Promise<number> {
  const { index } = selection;
  const tracker = new PartitionTracker<ClusterNode>({
    ...range,
    isIndexQuery: index !== undefined,
    mayRepeat: mayRepeat(index),
  });
  await runPartitionQuery(
    context,
    {
      name: "count",
      selection,
      tracker,
      command: (request, onRow) => new CountCommand(request, (row) => onRow(row, 0)),
      onRow: () => undefined,
    },
    deadline,
  );
  return tracker.taken;
}
