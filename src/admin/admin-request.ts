import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";

/** Options of calls that ask the cluster something or change its administration. */
export interface AdminOptions {
  /** Gives up, with AbortError. A change that was sent may have happened. */
  readonly signal?: AbortSignal;
}

/** The limit of an administrative request: that of writes. Namespaces, if any, do not matter for it. */
export function adminDeadline({ behavior, cluster }: SessionContext, signal: AbortSignal | undefined): Deadline {
  return cluster.deadline(behavior.getSettings("writeRetryable", "point").totalTimeout, signal);
}

/** What one node replies, which may be a refusal. Another node is asked when the first one fails. */
export async function askAny(context: SessionContext, command: string, options: AdminOptions): Promise<string> {
  const reply = await context.cluster.infoOnAny([command], adminDeadline(context, options.signal));
  return reply.get(command) ?? "";
}
