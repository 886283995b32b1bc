import { namespaceInfo, parseNamespaceInfo } from "../../protocol/info/namespace-info.js";
import type { Cluster } from "../cluster/cluster.js";
import type { Deadline } from "../time/deadline.js";

const INFO_TIMEOUT_MS = 2_000;

/** What a namespace's settings mean for background tasks. */
export interface NamespaceFacts {
  readonly maxRecordsPerSecond: number | undefined;
  /** Whether a record may be given a time to live: expired ones get removed, or that does not matter. */
  readonly allowsTtl: boolean;
  /** Seconds; 0 for never. */
  readonly defaultTtl: number;
  readonly strongConsistency: boolean;
  readonly communityEdition: boolean;
}

/** Asks any node; undefined when the namespace is not there. */
export async function namespaceFacts(
  cluster: Cluster,
  namespace: string,
  deadline: Deadline,
): Promise<NamespaceFacts | undefined> {
  const command = namespaceInfo(namespace);
  const reply = await cluster.infoOnAny([command, "edition"], deadline.within(INFO_TIMEOUT_MS));
  const settings = parseNamespaceInfo(reply.get(command) ?? "");
  if (settings === undefined) return undefined;
  const cap = Number(settings.get("background-query-max-rps"));
  const expires = settings.get("nsup-period") !== "0" || settings.get("allow-ttl-without-nsup") === "true";
  return {
    maxRecordsPerSecond: Number.isInteger(cap) && cap > 0 ? cap : undefined,
    allowsTtl: expires,
    defaultTtl: Number(settings.get("default-ttl") ?? 0) || 0,
    strongConsistency: settings.get("strong-consistency") === "true",
    communityEdition: /community/i.test(reply.get("edition") ?? ""),
  };
}
