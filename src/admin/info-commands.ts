import type { IndexInfo, IndexStat } from "../../protocol/info/index-info.js";
import type { NodeStat } from "../../protocol/info/node-info.js";
import type { DataSet } from "../data/data-set.js";
import type { CallOptions } from "../policy/call-options.js";
import type { SessionContext } from "../policy/session-context.js";
import type { IndexDetails, NamespaceDetails, SetDetails } from "./info-details.js";
import type { InfoQuestions } from "./info-questions.js";
import type { Merged } from "./merge.js";

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
  async build(options?: CallOptions): Promise<Set<string>> {
    return (await this.#load()).build(options);
  }

  /** The namespaces that any node has. */
  async namespaces(options?: CallOptions): Promise<Set<string>> {
    return (await this.#load()).namespaces(options);
  }

  /** The state of each node, by node id. */
  async nodeDetails(options?: CallOptions): Promise<ReadonlyMap<string, NodeStat>> {
    return (await this.#load()).nodeDetails(options);
  }

  /**
   * What is stored in a namespace, its state and its settings; `null` when no node has such a namespace.
   * {@link info} with `"namespace/<name>"` returns all that a server says of it.
   */
  async namespaceDetails(namespace: string, options?: CallOptions): Promise<Merged<NamespaceDetails> | null> {
    return (await this.#load()).namespaceDetails(namespace, options);
  }

  /**
   * The sets that any node knows in a namespace, or in all, by name. A set that was emptied stays known.
   * @throws InvalidNamespaceError
   */
  async sets(namespace?: string, options?: CallOptions): Promise<Merged<SetDetails>[]> {
    return (await this.#load()).sets(namespace, options);
  }

  /**
   * One set; `null` when no node knows it: nothing was ever written to it.
   * @throws InvalidNamespaceError; TypeError for a data set of a whole namespace
   */
  async set(dataSet: DataSet<unknown>, options?: CallOptions): Promise<Merged<SetDetails> | null> {
    return (await this.#load()).set(dataSet, options);
  }

  /**
   * The secondary indexes of a namespace, or of all. `readable` is true once every node has built the index.
   * @throws InvalidNamespaceError
   */
  async secondaryIndexes(namespace?: string, options?: CallOptions): Promise<IndexInfo[]> {
    return (await this.#load()).secondaryIndexes(namespace, options);
  }

  /**
   * How far a secondary index is built and what is in it; `null` when no node has it.
   * @throws InvalidNamespaceError
   */
  async secondaryIndexDetails(
    namespace: string,
    indexName: string,
    options?: CallOptions,
  ): Promise<Merged<IndexDetails> | null> {
    return (await this.#load()).secondaryIndexDetails(namespace, indexName, options);
  }

  /** Whether all nodes see the same cluster and no partition is being migrated. */
  async isClusterStable(options?: CallOptions): Promise<boolean> {
    return (await this.#load()).isClusterStable(options);
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
  async info(command: string, options?: InfoOptions): Promise<string> {
    return (await this.#load()).info(command, options);
  }

  /**
   * Sends an info command to every node at once and returns the values by node id.
   * @throws AerospikeError when a node refuses or does not reply; TypeError as {@link info}
   */
  async infoOnAllNodes(command: string, options?: CallOptions): Promise<{ [node: string]: string }> {
    return (await this.#load()).infoOnAllNodes(command, options);
  }

  async #load(): Promise<InfoQuestions> {
    const { InfoQuestions } = await import("./info-questions.js");
    return new InfoQuestions(this.#context);
  }
}
