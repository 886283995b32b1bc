import type { Deadline } from "../time/deadline.js";
import type { PartitionQuery } from "./partition-query.js";
import { RowQueue, type RowQueueOptions } from "./row-queue.js";

/** Where those who read rows from the nodes put them, and what keeps the nodes from sending faster than rows are taken. */
export interface RowFeed<Row> extends Pick<PartitionQuery<never>, "onStream" | "onRound"> {
  /** @param bytes what it took on the wire */
  readonly push: (row: Row, bytes: number) => void;
}

/**
 * Lets rows be iterated over while they are being read. Reading begins at once; leaving the iteration ends it, and its
 * sockets are free when `return()` resolves.
 *
 * @param read reads all rows; its deadline ends when the consumer leaves, too
 */
export function streamRows<Row>(
  read: (feed: RowFeed<Row>, deadline: Deadline) => Promise<void>,
  deadline: Deadline,
  options?: RowQueueOptions,
): RowQueue<Row> {
  const stop = new AbortController();
  const rows: RowQueue<Row> = new RowQueue<Row>(() => {
    stop.abort();
    return reading;
  }, options);
  const feed: RowFeed<Row> = {
    push: (row, bytes) => rows.push(row, bytes),
    onStream: (flow) => rows.attach(flow),
    // A server that waited too long for the consumer has given up: asked again at once, it would have to wait again.
    onRound: (scope) => rows.whenRoom(scope.signal),
  };
  const reading: Promise<void> = deadline
    .run((scope) => read(feed, scope), stop.signal)
    .then(
      () => rows.end(),
      (error: unknown) => rows.fail(error),
    );
  return rows;
}
