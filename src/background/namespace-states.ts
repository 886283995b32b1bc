import { NamespaceState } from "../cluster/namespace-state.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import { askEach } from "./ask-each.js";

/** By node id, what each says of a namespace and a set in it. */
export type NamespaceStates = ReadonlyMap<string, NamespaceState>;

/**
 * Asks every node: that a namespace is full, how much of a set there is, and settings that were changed while a node ran are
 * its own. Nodes that do not reply, or have no such namespace, are left out.
 * @throws as {@link askEach}
 */
export async function namespaceStates(
  { cluster }: SessionContext,
  { namespace, setName }: { readonly namespace: string; readonly setName: string },
  deadline: Deadline,
): Promise<NamespaceStates> {
  const states = new Map<string, NamespaceState>();
  for (const [node, reply] of await askEach(cluster, NamespaceState.commandsFor(namespace, setName), deadline)) {
    const state = NamespaceState.of(namespace, setName, reply);
    if (state !== undefined) states.set(node, state);
  }
  return states;
}

/** The most records a second that every one of the nodes accepts for a background job; undefined where none says. */
export function leastMaxRecordsPerSecond(states: NamespaceStates): number | undefined {
  const most = [...states.values()].flatMap(({ maxRecordsPerSecond }) => maxRecordsPerSecond ?? []);
  return most.length === 0 ? undefined : Math.min(...most);
}

/**
 * Why records can't be written, each cause once, with the nodes where it holds if it does not on all.
 * @param ttl that each record is given; undefined when it keeps what it has
 */
export function writeObstacles(states: NamespaceStates, ttl: number | undefined): string[] {
  const found = new Map<string, { readonly text: string; readonly nodes: string[] }>();
  for (const [node, state] of states) {
    const note = (cause: string, text: string): void => {
      const known = found.get(cause);
      if (known === undefined) found.set(cause, { text, nodes: [node] });
      else known.nodes.push(node);
    };
    if (state.fullness !== undefined) note("stop_writes", state.fullness);
    for (const [cause, text] of state.blocks) note(cause, text);
    const ttlRefusal = ttl === undefined ? undefined : state.ttlRefusal(ttl);
    if (ttlRefusal !== undefined) note("", `${ttlRefusal}: each record fails`);
  }
  return [...found].map(([cause, { text, nodes }]) => {
    const where = nodes.length < states.size ? `, on ${nodes.join(", ")}` : "";
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}${cause === "" ? "" : ` (${cause})`}${where}`;
  });
}
