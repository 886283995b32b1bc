import { infoValue } from "../../protocol/info/info-reply.js";
import { queryShow } from "../../protocol/info/job-commands.js";
import { parseJobStatus } from "../../protocol/info/job-status.js";
import { QUESTION_MS } from "../cluster/info-client.js";
import type { ClusterNode } from "../cluster/node.js";
import type { InfoSettings } from "../cluster/options.js";
import { AerospikeError } from "../errors/errors.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";

/** A socket may be lost just then, and what hangs on the answer is whether the query has failed. */
const TWICE: InfoSettings = { socketTimeoutMs: QUESTION_MS / 2, maxRetries: 1 };

const REMEDY = "leave such records out by a where, or let selectFrom ignoreEvalFailure";

/**
 * Counts the records that a query did not give because an operation failed on them. Servers leave them out of the stream
 * without a word, and say how many there were in their list of jobs alone, for as long as it holds the query.
 */
export class FailedRecords {
  readonly #context: SessionContext;
  /** One that is met again, by a node that goes on in its partition, is counted again. */
  #count = 0;
  /** Why it is not known of some node. */
  #unknown: { readonly node: ClusterNode; readonly cause: unknown } | undefined;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  /** Asks a node how many there were; Infinity where it can't say. */
  async ask(node: ClusterNode, taskId: bigint, deadline: Deadline): Promise<number> {
    const { cluster } = this.#context;
    const command = queryShow(taskId);
    try {
      const reply = await cluster.info(node, [command], cluster.forQuestion(deadline), TWICE);
      const { failed } = parseJobStatus(infoValue(reply, command));
      this.#count += failed;
      return failed;
    } catch (cause) {
      // A node that is lost, or has forgotten the query. What ends the query as a whole does so elsewhere, too.
      this.#unknown = { node, cause };
      return Number.POSITIVE_INFINITY;
    }
  }

  /** @throws AerospikeError with code `"QUERY_RECORDS_FAILED"` when there were some, and when nobody knows */
  throwIfAny(): void {
    if (this.#count > 0) {
      throw new AerospikeError(
        `query: operations failed on up to ${this.#count} records${this.#unknown ? ", or more" : ""}, which did not come; ${REMEDY}`,
        { code: "QUERY_RECORDS_FAILED" },
      );
    }
    if (this.#unknown === undefined) return;
    const { node, cause } = this.#unknown;
    throw new AerospikeError(
      `query: it is not known whether operations failed on records of node ${node.id}, which then did not come, for it can't say (${reasonOf(cause)}; nodes remember no more queries than their query-max-done); ${REMEDY}`,
      { code: "QUERY_RECORDS_FAILED", node: node.id, cause },
    );
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
