import type { NodeStart } from "./task-errors.js";

/**
 * Stops a job on every node where it runs or may run.
 * @param abort resolves to false when the job was not active there; rejects when the node does not answer
 * @returns the nodes where it may go on all the same
 */
export async function stopOnNodes(
  starts: readonly NodeStart[],
  abort: (node: string) => Promise<boolean>,
): Promise<string[]> {
  const left = await Promise.all(
    starts.map(async ({ node, outcome }) => {
      if (outcome !== "started" && outcome !== "inDoubt") return undefined;
      const wasActive = await tryTwice(() => abort(node));
      // What started and is not active has ended; of what is in doubt the request may still be on its way.
      const isOver = wasActive === true || (wasActive === false && outcome === "started");
      return isOver ? undefined : node;
    }),
  );
  return left.filter((node) => node !== undefined);
}

/** For the message of an error. */
export function describeLeft(left: readonly string[]): string {
  const stopped = "and was stopped where it had";
  return left.length === 0 ? stopped : `${stopped}, but it may still run on node ${left.join(", ")}`;
}

/** Undefined when the node did not answer. A connection that broke says nothing about the next one. */
function tryTwice<T>(ask: () => Promise<T>): Promise<T | undefined> {
  return ask()
    .catch(ask)
    .catch(() => undefined);
}
