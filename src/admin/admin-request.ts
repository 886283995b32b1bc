import { checkOptions } from "../../protocol/check/check-options.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";

/** Options of calls that ask the cluster something or change its administration. */
export interface AdminOptions {
  /** Gives up, with AbortError. A change that was sent may have happened. */
  readonly signal?: AbortSignal;
}

/**
 * The limit of an administrative request: that of writes. Namespaces, if any, do not matter for it.
 * @param method in messages
 * @throws TypeError for options that there are not
 */
export function adminDeadline({ behavior, cluster }: SessionContext, method: string, options: AdminOptions): Deadline {
  checkOptions(method, options, { signal: true });
  return cluster.deadline(behavior.getSettings("writeRetryable", "point").totalTimeout, options.signal);
}

/** What one node returns, which may be a refusal. Another node is asked when the first one fails. */
export async function askAny({ cluster }: SessionContext, command: string, deadline: Deadline): Promise<string> {
  const reply = await cluster.infoOnAny([command], deadline);
  return reply.get(command) ?? "";
}
