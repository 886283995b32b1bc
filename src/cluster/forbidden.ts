import { parsePairs } from "../../protocol/info/pairs.js";
import type { ClusterNode } from "./node.js";

// Servers have one code, FORBIDDEN, for a dozen causes, and tell none of them. The settings and the state of the node do,
// so these ask for them. More than one cause may fit.

/** Asks the node that refused. */
export type AskNode = (commands: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/**
 * Why a node forbids a query, or the start of a background task. What a namespace or a set forbids does not matter there:
 * that shows when records are written.
 * @param isUdf whether it calls Lua functions
 */
export async function whyQueryForbidden(isUdf: boolean, ask: AskNode): Promise<string> {
  const command = "get-config:context=service";
  const reply = await ask([command]).catch(() => undefined);
  const config = reply && parsePairs(reply.get(command) ?? "");
  const noUdfs = "it has Lua functions disabled (disable-udf-execution)";
  if (isUdf && config?.get("disable-udf-execution") === "true") return noUdfs;
  const limit = config?.get("query-threads-limit");
  const busy =
    `it runs as many queries and background tasks as it may (query-threads-limit${limit === undefined ? "" : ` ${limit}`}); ` +
    "try again when some have ended";
  // Where the node does not tell, it may be either.
  return isUdf && limit === undefined ? `${noUdfs}, or ${busy}` : busy;
}

/** A write of a record that a node refused. */
export interface ForbiddenWrite {
  readonly namespace: string;
  /** Empty for none. */
  readonly setName: string;
  /** Seconds to live that it gives, 0 for the server's default, below 0 for none. */
  readonly ttl: number;
}

const USUAL_CAUSES =
  "a time to live where nsup-period is 0, a set beyond stop-writes-count or stop-writes-size, clocks that differ, " +
  "writes for other clusters only, a truncation under way";

async function whyWriteForbidden({ namespace, setName, ttl }: ForbiddenWrite, ask: AskNode): Promise<string> {
  const { NamespaceState } = await import("./namespace-state.js");
  const reply = await ask(NamespaceState.commandsFor(namespace, setName)).catch(() => undefined);
  const state = reply && NamespaceState.of(namespace, setName, reply);
  if (state === undefined) return `usual causes are ${USUAL_CAUSES}`;
  const blocks = [...state.blocks].map(([cause, text]) => `${text} (${cause})`);
  const causes = [...blocks, state.creationBlock, state.ttlRefusal(ttl)].filter((cause) => cause !== undefined);
  return causes.length > 0 ? causes.join(", or ") : `none of the usual causes is found now: ${USUAL_CAUSES}`;
}

/** Asks why writes of records are forbidden: once for all that a node refuses of a set while it is asked. */
export class ForbiddenWrites {
  readonly #ask: (node: ClusterNode, commands: readonly string[]) => ReturnType<AskNode>;
  readonly #asked = new Map<string, Promise<string>>();

  constructor(ask: (node: ClusterNode, commands: readonly string[]) => ReturnType<AskNode>) {
    this.#ask = ask;
  }

  why(node: ClusterNode, write: ForbiddenWrite): Promise<string> {
    const about = `${node.id}/${write.namespace}/${write.setName}/${Math.sign(write.ttl)}`;
    let question = this.#asked.get(about);
    if (question === undefined) {
      question = whyWriteForbidden(write, (commands) => this.#ask(node, commands)).finally(() =>
        this.#asked.delete(about),
      );
      this.#asked.set(about, question);
    }
    return question;
  }
}
