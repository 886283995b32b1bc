import { sindexList, sindexStat } from "../../protocol/info/index-commands.js";
import { type IndexInfo, type IndexStat, parseIndexList, parseIndexStat } from "../../protocol/info/index-info.js";
import { parseInfoError } from "../../protocol/info/info-error.js";
import { namespaceInfo, parseNamespaceInfo, parseNamespaces } from "../../protocol/info/namespace-info.js";
import type { ServerVersion } from "../../protocol/info/server-version.js";
import { parseSets, setsInfo } from "../../protocol/info/set-info.js";
import { ResultCode } from "../../protocol/result-code.js";
import { expectInfoValue, parseInfo } from "../cluster/info-client.js";
import type { SessionContext } from "../policy/session-context.js";
import { type AdminOptions, adminDeadline, askAny } from "./admin-request.js";

export type { IndexInfo, IndexStat };

/**
 * Questions about the cluster; from `session.info()`. What a server refuses is thrown, never turned into an empty
 * result.
 *
 * @example
 * for (const index of await session.info().secondaryIndexes("test")) console.log(index.indexName, index.readable);
 */
export class InfoCommands {
  readonly #context: SessionContext;

  /** @internal Made by `session.info()`. */
  constructor(context: SessionContext) {
    this.#context = context;
  }

  /** The server versions of the cluster: one, except while it is being upgraded. */
  async build(options: AdminOptions = {}): Promise<Set<string>> {
    return new Set((await this.#askAll("build", "build", options)).values());
  }

  /** The namespaces that any node has. */
  async namespaces(options: AdminOptions = {}): Promise<Set<string>> {
    const values = await this.#askAll("namespaces", "namespaces", options);
    return new Set([...values.values()].flatMap(parseNamespaces));
  }

  /** Statistics and settings of a namespace as one node has them; `null` when there is no such namespace. */
  async namespaceDetails(namespace: string, options: AdminOptions = {}): Promise<ReadonlyMap<string, string> | null> {
    return parseNamespaceInfo(await this.#askAny("namespaceDetails", namespaceInfo(namespace), options)) ?? null;
  }

  /**
   * Names of the sets that any node knows in a namespace, sorted. A set that was emptied stays known.
   * @throws InvalidNamespaceError
   */
  async sets(namespace: string, options: AdminOptions = {}): Promise<string[]> {
    const command = setsInfo(namespace);
    this.#context.cluster.checkNamespace(namespace);
    const values = await this.#askAll("sets", command, options);
    const sets = [...values].flatMap(([node, value]) =>
      parseInfo(value, { operation: "sets", namespace, node }, parseSets),
    );
    return [...new Set(sets.map((set) => set.setName))].sort();
  }

  /**
   * The secondary indexes of a namespace, or of all. `readable` is true once every node has built the index.
   * @throws InvalidNamespaceError
   */
  async secondaryIndexes(namespace?: string, options: AdminOptions = {}): Promise<IndexInfo[]> {
    const { cluster } = this.#context;
    const deadline = adminDeadline(this.#context, "secondaryIndexes", options);
    const commandFor = (version: ServerVersion): string => sindexList(version, namespace);
    if (namespace !== undefined) cluster.checkNamespace(namespace);
    const merged = new Map<string, IndexInfo>();
    for (const [node, value] of await cluster.infoOnAll(commandFor, deadline)) {
      for (const index of parseInfo(value, { operation: "list indexes", namespace, node }, parseIndexList)) {
        const id = `${index.namespace}:${index.indexName}`;
        const known = merged.get(id);
        merged.set(id, known === undefined ? index : { ...known, readable: known.readable && index.readable });
      }
    }
    return [...merged.values()];
  }

  /**
   * How far a secondary index is built and what is in it, by node id; `null` when no node has it.
   * @throws InvalidNamespaceError
   */
  async secondaryIndexDetails(
    namespace: string,
    indexName: string,
    options: AdminOptions = {},
  ): Promise<ReadonlyMap<string, IndexStat> | null> {
    const { cluster } = this.#context;
    const deadline = adminDeadline(this.#context, "secondaryIndexDetails", options);
    const commandFor = (version: ServerVersion): string => sindexStat(namespace, indexName, version);
    cluster.checkNamespace(namespace);
    const stats = new Map<string, IndexStat>();
    for (const [node, value] of await cluster.infoOnAll(commandFor, deadline)) {
      if (parseInfoError(value)?.code === ResultCode.INDEX_NOT_FOUND) continue;
      stats.set(node, parseInfo(value, { operation: "index status", namespace, node }, parseIndexStat));
    }
    return stats.size === 0 ? null : stats;
  }

  /** Whether all nodes see the same cluster and no partition is being migrated. */
  async isClusterStable(options: AdminOptions = {}): Promise<boolean> {
    const keys = new Set<string>();
    const deadline = adminDeadline(this.#context, "isClusterStable", options);
    for (const [node, value] of await this.#context.cluster.infoOnAll(() => "cluster-stable:", deadline)) {
      if (parseInfoError(value)?.code === ResultCode.CLUSTER_KEY_MISMATCH) return false;
      keys.add(expectInfoValue(value, { operation: "cluster-stable", node }));
    }
    return keys.size === 1;
  }

  /** How many nodes this client knows to be in the cluster now. */
  getClusterSize(): number {
    return this.#context.cluster.nodes.length;
  }

  /**
   * Sends an info command to one of the nodes and returns its value as it is.
   * @throws AerospikeError when the server refuses; TypeError for a command that is none or would take a node down
   * @example await session.info().info("get-config:context=namespace;namespace=test")
   */
  async info(command: string, options: AdminOptions = {}): Promise<string> {
    return this.#askAny("info", command, options);
  }

  /**
   * Sends an info command to every node at once and returns the values by node id.
   * @throws AerospikeError when a node refuses or does not reply; TypeError as {@link info}
   */
  async infoOnAllNodes(command: string, options: AdminOptions = {}): Promise<{ [node: string]: string }> {
    return Object.fromEntries(await this.#askAll("infoOnAllNodes", command, options));
  }

  async #askAny(method: string, command: string, options: AdminOptions): Promise<string> {
    const value = await askAny(this.#context, command, adminDeadline(this.#context, method, options));
    return expectInfoValue(value, { operation: `info ${nameOf(command)}` });
  }

  async #askAll(method: string, command: string, options: AdminOptions): Promise<ReadonlyMap<string, string>> {
    const values = await this.#context.cluster.infoOnAll(() => command, adminDeadline(this.#context, method, options));
    for (const [node, value] of values) expectInfoValue(value, { operation: `info ${nameOf(command)}`, node });
    return values;
  }
}

/** The command without its parameters, which may be long. */
function nameOf(command: string): string {
  return command.split(/[:/;]/, 1)[0] ?? command;
}
