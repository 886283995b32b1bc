import { checkOptions } from "../../protocol/check/check-options.js";
import { truncateNamespace, truncate as truncateSet } from "../../protocol/info/truncate-commands.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { expectInfoChange } from "../cluster/info-client.js";
import type { DataSet } from "../data/data-set.js";
import { CALL_OPTIONS, type CallOptions } from "../policy/call-options.js";
import type { SessionContext } from "../policy/session-context.js";
import { AdminCall } from "./admin-call.js";

/** Options of `session.truncate`. */
export interface TruncateOptions extends CallOptions {
  /**
   * Only records that were last written before: a Date, or nanoseconds since 1970. It must be past 2010 and not in the
   * future by the servers' clocks. Default: all records that were written until now.
   */
  readonly before?: Date | bigint | undefined;
}

const NANOSECONDS = 1_000_000n;

/**
 * Servers count in milliseconds and spare what was written in the very one that they are asked in. A write that was
 * done before the call must not survive it.
 */
const NEXT_MILLISECOND = 2;

/** Removes the records of a set, or of a whole namespace, without reading them. */
export async function truncate(
  context: SessionContext,
  dataSet: DataSet<unknown>,
  options: TruncateOptions,
): Promise<void> {
  checkOptions<TruncateOptions>("truncate", options, { ...CALL_OPTIONS, before: true });
  const { before, ...rest } = options;
  const { cluster } = context;
  const call = new AdminCall(context, "truncate", rest);
  const { namespace, setName } = dataSet;
  const command = dataSet.isWholeNamespace
    ? truncateNamespace(namespace, nanoseconds(before))
    : truncateSet(namespace, setName, nanoseconds(before));
  // Servers say ok to a namespace that they do not have.
  cluster.checkNamespace(namespace);
  if (before === undefined) await call.deadline.sleep(NEXT_MILLISECOND);
  // Once only: later, the same words would mean a later moment.
  expectInfoChange(await call.tellAny(command), { operation: "truncate", namespace, setName });
}

function nanoseconds(before: TruncateOptions["before"]): bigint | undefined {
  if (before === undefined || typeof before === "bigint") return before;
  const ms = before instanceof Date ? before.getTime() : Number.NaN;
  if (Number.isNaN(ms)) {
    throw new TypeError(`truncate: before: expected a valid Date or a bigint of nanoseconds, got ${describe(before)}`);
  }
  return BigInt(ms) * NANOSECONDS;
}
