import type { ReplyReader } from "../../protocol/command/record-command.js";
import type { RecordOperation } from "../../protocol/command/record-operation.js";
import { returnedValue } from "../../protocol/command/record-reply.js";
import { ResultCode } from "../../protocol/result-code.js";
import { requireVersionOfExp, requireVersionOfOps } from "../cluster/require-version.js";
import type { Key } from "../data/key.js";
import type { CommandPolicy } from "../policy/command-policy.js";
import type { SessionContext, TransactionScope } from "../policy/session-context.js";
import { durableDeleteOf } from "./builders/durable-delete.js";
import { doublesOfKeys } from "./codec-of-keys.js";
import { recordOfReply } from "./record-of-reply.js";
import { RecordResult } from "./record-result.js";
import type { Results } from "./row-types.js";
import { resultsOfCalls, type Segment } from "./segment.js";
import { hasResult } from "./verbs.js";

/** What the commands of one segment and namespace share. */
export interface Prepared<T, B, R extends Results> {
  readonly segment: Segment<T>;
  readonly namespace: string;
  readonly policy: CommandPolicy;
  readonly operation: RecordOperation;
  readonly readRow: ReplyReader<RecordResult<T, B, R>, Key<T>>;
}

/** The longest time that one of them may take, 0 when one has no limit. */
export function longestOf(prepared: readonly { readonly policy: CommandPolicy }[]): number {
  let longest = prepared[0]?.policy.totalTimeoutMs ?? 0;
  for (const { policy } of prepared) {
    if (policy.totalTimeoutMs === 0) return 0;
    longest = Math.max(longest, policy.totalTimeoutMs);
  }
  return longest;
}

/** Makes commands of segments; neighbors share theirs. */
export class Preparation<T, B, R extends Results> {
  readonly #context: SessionContext;
  readonly #shape: "point" | "batch";
  readonly #transaction: TransactionScope | undefined;
  #latest: Prepared<T, B, R> | undefined = undefined;

  constructor(context: SessionContext, shape: "point" | "batch", transaction: TransactionScope | undefined) {
    this.#context = context;
    this.#shape = shape;
    this.#transaction = transaction;
  }

  of(segment: Segment<T>, namespace: string): Prepared<T, B, R> {
    const latest = this.#latest;
    if (latest?.segment === segment && latest.namespace === namespace) return latest;
    this.#latest = this.#prepare(segment, namespace);
    return this.#latest;
  }

  /** @throws TypeError when the segment is not complete; AerospikeError when a server of the cluster is too old for it */
  #prepare(segment: Segment<T>, namespace: string): Prepared<T, B, R> {
    const { cluster } = this.#context;
    const { verb, ops } = segment;
    // Without one the deletion could not be taken back.
    if (durableDeleteOf(segment) === false) this.#transaction?.refuse("A deletion that leaves no tombstone");
    const where = segment.where ?? segment.defaults?.where?.of(doublesOfKeys("defaultWhere", segment.keys));
    if (where !== undefined) requireVersionOfExp(cluster.nodes, where, "the expression of where()");
    requireVersionOfOps(cluster.nodes, ops);
    const policy = this.#context.policy(verb.kind, this.#shape, namespace);
    const operation = verb.operationOf(segment, { policy, filter: where?.packed, accepts: acceptedBy(segment) });
    return { segment, namespace, policy, operation, readRow: this.#rowReader(segment, operation) };
  }

  #rowReader({ verb, puts }: Segment<T>, { ops, udf }: RecordOperation): ReplyReader<RecordResult<T, B, R>, Key<T>> {
    const { runtime } = this.#context.cluster;
    const { name, hasRecord } = verb;
    // The one place where results get the types that the calls of the chain gave them.
    return (reply, key, index) => {
      if (reply.resultCode !== ResultCode.OK) return RecordResult.notOk(name, key, index, reply);
      if (udf !== undefined) return RecordResult.ok(name, key, index, null, [returnedValue(reply)] as Results as R);
      if (!hasRecord) return RecordResult.ok(name, key, index, null);
      const values = ops.some(hasResult) ? reply.results.map((result) => result.value) : ops.map(() => null);
      const results = resultsOfCalls(values, puts) as R;
      return RecordResult.ok(name, key, index, recordOfReply<T, B>(reply, key, runtime), results);
    };
  }
}

const NONE: readonly number[] = [];
const MISSING = [ResultCode.KEY_NOT_FOUND];
const LEFT_OUT = [ResultCode.FILTERED_OUT];
const MISSING_OR_LEFT_OUT = [...MISSING, ...LEFT_OUT];

/** Result codes that are no failures. */
function acceptedBy({ verb, failOnFilteredOut }: Segment<unknown>): readonly number[] {
  if (verb.needsRecord) return failOnFilteredOut ? NONE : LEFT_OUT;
  return failOnFilteredOut ? MISSING : MISSING_OR_LEFT_OUT;
}
