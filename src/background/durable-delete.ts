import type { SessionContext } from "../session/session-context.js";

/** One rule for whether deletes leave tombstones: the call's own word, its default, then the session's behavior. */
export function resolveDurableDelete(
  context: SessionContext,
  namespace: string,
  word: boolean | undefined,
  byDefault: boolean | undefined,
): boolean {
  return word ?? byDefault ?? context.settings("writeNonRetryable", "query", namespace).durableDelete;
}
