import { checkNamespace } from "../../protocol/check/check-names.js";
import { checkOptions } from "../../protocol/check/check-options.js";
import { sindexList, sindexStat } from "../../protocol/info/index-commands.js";
import { type IndexInfo, type IndexStat, parseIndexList, parseIndexStat } from "../../protocol/info/index-info.js";
import { parseInfoError } from "../../protocol/info/info-error.js";
import {
  namespaceInfo,
  namespaceStat,
  parseNamespaceInfo,
  parseNamespaces,
} from "../../protocol/info/namespace-info.js";
import { type NodeStat, nodeStat } from "../../protocol/info/node-info.js";
import { parsePairs } from "../../protocol/info/pairs.js";
import type { ServerVersion } from "../../protocol/info/server-version.js";
import { parseSets, setsInfo } from "../../protocol/info/set-info.js";
import { ResultCode } from "../../protocol/result-code.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { expectInfoValue, parseInfo } from "../cluster/info-client.js";
import type { ClusterNode } from "../cluster/node.js";
import { DataSet } from "../data/data-set.js";
import { InvalidNodeError } from "../errors/errors.js";
import { CALL_OPTIONS, type CallOptions } from "../policy/call-options.js";
import type { SessionContext } from "../policy/session-context.js";
import { AdminCall } from "./admin-call.js";
import {
  type IndexDetails,
  indexRules,
  type NamespaceDetails,
  namespaceRules,
  type SetDetails,
  setRules,
} from "./info-details.js";
import { type Merged, merge } from "./merge.js";

export type { IndexDetails, IndexInfo, IndexStat, Merged, NamespaceDetails, NodeStat, SetDetails };

/** Options of {@link InfoCommands.info}. */
export interface InfoOptions extends CallOptions {
  /** Id of the node to ask. Default: one of them, and the next one if it does not reply. */
  readonly node?: string | undefined;
}

/**
 * Questions about the cluster; from `session.info()`. Every node is asked, and what they say is put together by what it
 * means; `perNode` has it as each node said it. What a server refuses is thrown, never turned into an empty result.
 *
 * @example
 * const details = await session.info().namespaceDetails("test");
 * console.log(details?.masterObjects, details?.stopWrites, details?.perNode);
 */
export class InfoCommands {
  readonly #context: SessionContext;

  /** @internal Made by `session.info()`. */
  constructor(context: SessionContext) {
    this.#context = context;
  }

  /** The server versions of the cluster: one, except while it is being upgraded. */
  async build(options: CallOptions = {}): Promise<Set<string>> {
    return new Set((await this.#askAll("build", "build", options)).values());
  }

  /** The namespaces that any node has. */
  async namespaces(options: CallOptions = {}): Promise<Set<string>> {
    const values = await this.#askAll("namespaces", "namespaces", options);
    return new Set([...values.values()].flatMap(parseNamespaces));
  }

  /** The state of each node, by node id. */
  async nodeDetails(options: CallOptions = {}): Promise<ReadonlyMap<string, NodeStat>> {
    const details = new Map<string, NodeStat>();
    for (const [node, value] of await this.#askAll("nodeDetails", "statistics", options)) {
      const about = { operation: "statistics", node };
      details.set(
        node,
        parseInfo(value, about, (text) => nodeStat(parsePairs(text))),
      );
    }
    return details;
  }

  /**
   * What is stored in a namespace, its state and its settings; `null` when no node has such a namespace.
   * {@link info} with `"namespace/<name>"` returns all that a server says of it.
   */
  async namespaceDetails(namespace: string, options: CallOptions = {}): Promise<Merged<NamespaceDetails> | null> {
    const details = new Map<string, NamespaceDetails>();
    for (const [node, value] of await this.#askAll("namespaceDetails", namespaceInfo(namespace), options)) {
      const pairs = parseInfo(value, { operation: "namespace", namespace, node }, parseNamespaceInfo);
      if (pairs === undefined) continue;
      details.set(
        node,
        parseInfo(value, { operation: "namespace", namespace, node }, () => namespaceStat(pairs)),
      );
    }
    return merge(details, namespaceRules) ?? null;
  }

  /**
   * The sets that any node knows in a namespace, or in all, by name. A set that was emptied stays known.
   * @throws InvalidNamespaceError
   */
  async sets(namespace?: string, options: CallOptions = {}): Promise<Merged<SetDetails>[]> {
    const command = namespace === undefined ? "sets" : setsInfo(namespace);
    if (namespace !== undefined) this.#context.cluster.checkNamespace(namespace);
    const found = new Map<string, Map<string, SetDetails>>();
    for (const [node, value] of await this.#askAll("sets", command, options)) {
      for (const { values: _, ...set } of parseInfo(value, { operation: "sets", namespace, node }, parseSets)) {
        addTo(found, `${set.namespace}:${set.setName}`, node, set);
      }
    }
    const names = [...found.keys()].sort();
    return names.flatMap((name) => merge(found.get(name) ?? new Map(), setRules) ?? []);
  }

  /**
   * One set; `null` when no node knows it: nothing was ever written to it.
   * @throws InvalidNamespaceError; TypeError for a data set of a whole namespace
   */
  async set(dataSet: DataSet<unknown>, options: CallOptions = {}): Promise<Merged<SetDetails> | null> {
    if (!(dataSet instanceof DataSet) || dataSet.isWholeNamespace) {
      throw new TypeError(`set: expected a DataSet with a set name, got ${describe(dataSet)}`);
    }
    const sets = await this.sets(dataSet.namespace, options);
    return sets.find(({ setName }) => setName === dataSet.setName) ?? null;
  }

  /**
   * The secondary indexes of a namespace, or of all. `readable` is true once every node has built the index.
   * @throws InvalidNamespaceError
   */
  async secondaryIndexes(namespace?: string, options: CallOptions = {}): Promise<IndexInfo[]> {
    const { cluster } = this.#context;
    const call = new AdminCall(this.#context, "secondaryIndexes", options);
    const commandFor = (version: ServerVersion): string => sindexList(version, namespace);
    if (namespace !== undefined) {
      checkNamespace(namespace);
      cluster.checkNamespace(namespace);
    }
    const found = new Map<string, Map<string, IndexInfo>>();
    const values = await call.askAll(commandFor);
    for (const [node, value] of values) {
      for (const index of parseInfo(value, { operation: "list indexes", namespace, node }, parseIndexList)) {
        addTo(found, `${index.namespace}:${index.indexName}`, node, index);
      }
    }
    return [...found.values()].flatMap((perNode) => {
      const [index] = perNode.values();
      const readable = perNode.size === values.size && [...perNode.values()].every((one) => one.readable);
      return index === undefined ? [] : { ...index, readable };
    });
  }

  /**
   * How far a secondary index is built and what is in it; `null` when no node has it.
   * @throws InvalidNamespaceError
   */
  async secondaryIndexDetails(
    namespace: string,
    indexName: string,
    options: CallOptions = {},
  ): Promise<Merged<IndexDetails> | null> {
    const { cluster } = this.#context;
    const call = new AdminCall(this.#context, "secondaryIndexDetails", options);
    const commandFor = (version: ServerVersion): string => sindexStat(namespace, indexName, version);
    cluster.checkNamespace(namespace);
    const stats = new Map<string, IndexDetails>();
    const values = await call.askAll(commandFor);
    for (const [node, value] of values) {
      if (parseInfoError(value)?.code === ResultCode.INDEX_NOT_FOUND) continue;
      const stat = parseInfo(value, { operation: "index status", namespace, node }, parseIndexStat);
      stats.set(node, { ...stat, readable: stat.loadPercent === 100 });
    }
    const merged = merge(stats, indexRules);
    if (merged === undefined) return null;
    return stats.size === values.size ? merged : { ...merged, loadPercent: 0, readable: false };
  }

  /** Whether all nodes see the same cluster and no partition is being migrated. */
  async isClusterStable(options: CallOptions = {}): Promise<boolean> {
    const keys = new Set<string>();
    const call = new AdminCall(this.#context, "isClusterStable", options);
    for (const [node, value] of await call.askAll(() => "cluster-stable:")) {
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
   * Sends an info command to one of the nodes, or to a certain one, and returns its value as it is.
   * @throws AerospikeError when the server refuses; InvalidNodeError when there is no such node; TypeError for a command
   *   that is none or would take a node down
   * @example await session.info().info("get-config:context=namespace;namespace=test")
   */
  async info(command: string, options: InfoOptions = {}): Promise<string> {
    checkOptions<InfoOptions>("info", options, { ...CALL_OPTIONS, node: true });
    const { node: id, ...rest } = options;
    const call = new AdminCall(this.#context, "info", rest);
    const value = await (id === undefined ? call.askAny(command) : call.askOne(this.#nodeOf(id), command));
    return expectInfoValue(value, { operation: `info ${nameOf(command)}`, node: id });
  }

  /**
   * Sends an info command to every node at once and returns the values by node id.
   * @throws AerospikeError when a node refuses or does not reply; TypeError as {@link info}
   */
  async infoOnAllNodes(command: string, options: CallOptions = {}): Promise<{ [node: string]: string }> {
    return Object.fromEntries(await this.#askAll("infoOnAllNodes", command, options));
  }

  #nodeOf(id: string): ClusterNode {
    const { nodes } = this.#context.cluster;
    const node = nodes.find((one) => one.id === id);
    if (node !== undefined) return node;
    const known = nodes.map((one) => one.id).join(", ");
    throw new InvalidNodeError(`info: there is no node ${describe(id)} in the cluster; it has ${known}`);
  }

  async #askAll(method: string, command: string, options: CallOptions): Promise<ReadonlyMap<string, string>> {
    const values = await new AdminCall(this.#context, method, options).askAll(() => command);
    for (const [node, value] of values) expectInfoValue(value, { operation: `info ${nameOf(command)}`, node });
    return values;
  }
}

function addTo<T>(found: Map<string, Map<string, T>>, id: string, node: string, value: T): void {
  const perNode = found.get(id);
  if (perNode === undefined) found.set(id, new Map([[node, value]]));
  else perNode.set(node, value);
}

/** The command without its parameters, which may be long. */
function nameOf(command: string): string {
  return command.split(/[:/;]/, 1)[0] ?? command;
}
