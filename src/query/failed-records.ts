import { infoValue } from "../../protocol/info/info-reply.js";
import { queryShow } from "../../protocol/info/job-commands.js";
import { parseJobStatus } from "../../protocol/info/job-status.js";
import type { ClusterNode } from "../cluster/node.js";
import { AerospikeError } from "../errors/errors.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";

/**
 * Counts the records that a query did not give because an operation failed on them. Servers leave them out of the stream
 * without a word, and say how many there were in their list of jobs alone, for as long as it holds the query.
 */
export class FailedRecords {
  readonly #context: SessionContext;
  /** One that is met again, by a node that goes on in its partition, is counted again. */
  #count = 0;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  /** Asks a node how many there were; 0 where it can't say. */
  async ask(node: ClusterNode, taskId: bigint, deadline: Deadline): Promise<number> {
    const { cluster } = this.#context;
    const command = queryShow(taskId);
    try {
      const reply = await cluster.info(node, [command], cluster.forQuestion(deadline));
      const { failed } = parseJobStatus(infoValue(reply, command));
      this.#count += failed;
      return failed;
    } catch {
      // A node that is lost, or has forgotten the query. What ends the query as a whole does so elsewhere, too.
      return 0;
    }
  }

  /** @throws AerospikeError with code `"QUERY_RECORDS_FAILED"` when there were some */
  throwIfAny(): void {
    if (this.#count === 0) return;
    throw new AerospikeError(
      `query: operations failed on up to ${this.#count} records, which did not come; leave them out by a where, or let selectFrom ignoreEvalFailure`,
      { code: "QUERY_RECORDS_FAILED" },
    );
  }
}
