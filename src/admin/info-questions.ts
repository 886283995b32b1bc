import { checkNamespace } from "../../protocol/check/check-names.js";
import { checkOptions } from "../../protocol/check/check-options.js";
import { sindexList, sindexStat } from "../../protocol/info/index-commands.js";
import { type IndexInfo, parseIndexList, parseIndexStat } from "../../protocol/info/index-info.js";
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
import type { InfoOptions } from "./info-commands.js";
import {
  type IndexDetails,
  indexRules,
  type NamespaceDetails,
  namespaceRules,
  type SetDetails,
  setRules,
} from "./info-details.js";
import { type Merged, merge } from "./merge.js";

/** What {@link InfoCommands} asks. */
export class InfoQuestions {
  readonly #context: SessionContext;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  async build(options: CallOptions = {}): Promise<Set<string>> {
    return new Set((await this.#askAll("build", "build", options)).values());
  }

  async namespaces(options: CallOptions = {}): Promise<Set<string>> {
    const values = await this.#askAll("namespaces", "namespaces", options);
    return new Set([...values.values()].flatMap(parseNamespaces));
  }

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

  async set(dataSet: DataSet<unknown>, options: CallOptions = {}): Promise<Merged<SetDetails> | null> {
    if (!(dataSet instanceof DataSet) || dataSet.isWholeNamespace) {
      throw new TypeError(`set: expected a DataSet with a set name, got ${describe(dataSet)}`);
    }
    const sets = await this.sets(dataSet.namespace, options);
    return sets.find(({ setName }) => setName === dataSet.setName) ?? null;
  }

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

  async isClusterStable(options: CallOptions = {}): Promise<boolean> {
    const keys = new Set<string>();
    const call = new AdminCall(this.#context, "isClusterStable", options);
    for (const [node, value] of await call.askAll(() => "cluster-stable:")) {
      if (parseInfoError(value)?.code === ResultCode.CLUSTER_KEY_MISMATCH) return false;
      keys.add(expectInfoValue(value, { operation: "cluster-stable", node }));
    }
    return keys.size === 1;
  }

  async info(command: string, options: InfoOptions = {}): Promise<string> {
    checkOptions<InfoOptions>("info", options, { ...CALL_OPTIONS, node: true });
    const { node: id, ...rest } = options;
    const call = new AdminCall(this.#context, "info", rest);
    const value = await (id === undefined ? call.askAny(command) : call.askOne(this.#nodeOf(id), command));
    return expectInfoValue(value, { operation: `info ${nameOf(command)}`, node: id });
  }

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
