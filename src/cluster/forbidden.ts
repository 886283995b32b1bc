import { parsePairs } from "../../protocol/info/pairs.js";
import { NamespaceState } from "./namespace-state.js";

/** Something that a node refused with FORBIDDEN, the code for a dozen causes that servers do not tell apart. */
export interface Forbidden {
  /** Whether it is a query or the start of a background task, or a write of a record. */
  readonly kind: "query" | "write";
  /** Whether it calls Lua functions. */
  readonly isUdf: boolean;
  readonly namespace: string;
  /** Empty for the whole namespace, and for records without a set. */
  readonly setName: string;
}

/** Asks the node that refused. */
export type AskNode = (commands: readonly string[]) => Promise<ReadonlyMap<string, string>>;

const SERVICE_CONFIG = "get-config:context=service";
const NO_UDFS = "it has Lua functions disabled (disable-udf-execution)";

/** Why it was forbidden, as far as the node's settings and state tell; more than one cause may fit. */
export async function whyForbidden(forbidden: Forbidden, ask: AskNode): Promise<string> {
  const causes = forbidden.kind === "query" ? await queryCauses(forbidden, ask) : await writeCauses(forbidden, ask);
  return causes.join(", or ");
}

/** What a namespace or a set forbids does not matter before a record is written. */
async function queryCauses({ isUdf }: Forbidden, ask: AskNode): Promise<string[]> {
  const config = await serviceConfig(ask);
  if (isUdf && config?.get("disable-udf-execution") === "true") return [NO_UDFS];
  const limit = config?.get("query-threads-limit");
  const busy =
    `it runs as many queries and background tasks as it may (query-threads-limit${limit === undefined ? "" : ` ${limit}`}); ` +
    "try again when some have ended";
  // Where the node does not tell, it may be either.
  return isUdf && limit === undefined ? [NO_UDFS, busy] : [busy];
}

async function writeCauses({ isUdf, namespace, setName }: Forbidden, ask: AskNode): Promise<string[]> {
  const config = isUdf ? await serviceConfig(ask) : undefined;
  const disabled = config?.get("disable-udf-execution") === "true" ? [NO_UDFS] : [];
  const reply = await ask(NamespaceState.commandsFor(namespace, setName)).catch(() => undefined);
  const state = reply && NamespaceState.of(namespace, setName, reply);
  const found = [...disabled, ...(state?.blocks ?? []), state?.creationBlock, state?.ttlRefusal];
  const causes = found.filter((cause) => cause !== undefined);
  if (causes.length > 0) return causes;
  return [
    "none of the usual causes is found now: a time to live where nsup-period is 0, a set beyond stop-writes-count or " +
      "stop-writes-size, clocks that differ, writes for other clusters only, a truncation under way",
  ];
}

async function serviceConfig(ask: AskNode): Promise<ReadonlyMap<string, string> | undefined> {
  const reply = await ask([SERVICE_CONFIG]).catch(() => undefined);
  return reply && parsePairs(reply.get(SERVICE_CONFIG) ?? "");
}
