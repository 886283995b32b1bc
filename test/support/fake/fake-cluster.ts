import { encodeBase64 } from "../../../protocol/bytes/base64.js";
import { PARTITIONS } from "../../../protocol/limits.js";
import type { Runtime } from "../../../runtime/runtime.js";
import type { FakeNetwork } from "./fake-network.js";
import { FakeNode } from "./fake-node.js";
import { type WireBin, type WireRow, writeStream } from "./request.js";

interface FakeRecord {
  readonly generation: number;
  readonly bins: readonly WireBin[];
}

export interface FakeClusterOptions {
  readonly nodes?: number;
  readonly replicationFactor?: number;
  readonly namespaces?: readonly string[];
  readonly name?: string;
}

/**
 * Nodes that share records and know each other. It is a script, not a server: ownership changes only when told to, so
 * that a test decides what is noticed when.
 */
export class FakeCluster {
  readonly nodes: FakeNode[] = [];
  readonly records = new Map<string, FakeRecord>();
  readonly namespaces: readonly string[];
  name: string;
  readonly #network: FakeNetwork;
  readonly #runtime: Runtime;
  readonly #replicationFactor: number;
  /** Those that belong together now, in the order that partitions are dealt out. */
  #members: FakeNode[] = [];
  /** Of those, the ones that own nothing. */
  readonly #quiesced = new Set<FakeNode>();

  constructor(network: FakeNetwork, runtime: Runtime, options: FakeClusterOptions = {}) {
    this.#network = network;
    this.#runtime = runtime;
    this.#replicationFactor = options.replicationFactor ?? 2;
    this.namespaces = options.namespaces ?? ["test", "bar"];
    this.name = options.name ?? "fake";
    for (let i = 1; i <= (options.nodes ?? 1); i++) this.addNode();
    this.settle(this.nodes);
  }

  /** The first node's address. */
  get seed(): { readonly host: string; readonly port: number } {
    const [node] = this.nodes;
    if (node === undefined) throw new Error("A fake cluster without nodes");
    return { host: node.host, port: node.port };
  }

  /** A further node, running and alone until {@link settle} takes it in. */
  addNode(id = `A${this.nodes.length + 1}`, host = `10.0.0.${this.nodes.length + 1}`): FakeNode {
    const node = new FakeNode(this, this.#network, this.#runtime, { id, host, port: 3000 });
    node.start();
    this.nodes.push(node);
    return node;
  }

  /** Says who belongs together from now on, and deals the partitions out anew. */
  settle(members: readonly FakeNode[]): void {
    this.#members = [...members];
    for (const node of members) {
      node.peersGeneration++;
      node.partitionGeneration++;
    }
  }

  /** Takes everything from a node that stays a member, as `quiesce` does; or gives it its part again. */
  quiesce(node: FakeNode, isQuiesced = true): void {
    if (isQuiesced) this.#quiesced.add(node);
    else this.#quiesced.delete(node);
    for (const member of this.#members) member.partitionGeneration++;
  }

  /** Kills a node; the others go on without it. */
  kill(node: FakeNode): void {
    node.stop();
    this.settle(this.#members.filter((member) => member !== node));
  }

  /** Starts a killed node; the others take it in. */
  revive(node: FakeNode): void {
    node.start();
    // A server that starts counts anew.
    node.peersGeneration = 0;
    node.partitionGeneration = 0;
    this.settle([...this.#members, node]);
  }

  /** The node that owns a partition at a replica index. */
  owner(partition: number, replica = 0): FakeNode | undefined {
    const members = this.#members.filter((member) => !this.#quiesced.has(member));
    return replica < Math.min(this.#replicationFactor, members.length)
      ? members[(partition + replica) % members.length]
      : undefined;
  }

  answer(node: FakeNode, command: string): string {
    switch (command.split(":", 1)[0]) {
      case "node":
        return node.id;
      case "build":
        return node.build;
      case "cluster-name":
        return this.name;
      case "edition":
        return "Aerospike Community Edition";
      case "partition-generation":
        return String(node.partitionGeneration);
      case "peers-generation":
        return String(node.peersGeneration);
      case "rebalance-generation":
        return "1";
      case "peers-clear-std":
      case "peers-tls-std":
        return this.#peers(node);
      case "service-clear-std":
      case "service-tls-std":
        return node.serviceHosts ?? `${node.host}:${node.port}`;
      case "replicas":
        return this.#replicas(node);
      case "user-agent-set":
        return "ok";
      default:
        return "ERROR:4:unrecognized command";
    }
  }

  /** Everything that a query of a namespace answers on a node: the records of its partitions. */
  query(node: FakeNode, namespace: string): Uint8Array {
    const rows: WireRow[] = [];
    for (const [key, { generation, bins }] of this.records) {
      const digest = key.slice(namespace.length + 1);
      // The partition is in the first two bytes of the digest, the low one first.
      const partition = Number.parseInt(digest.slice(2, 4) + digest.slice(0, 2), 16) % PARTITIONS;
      if (key === `${namespace}/${digest}` && this.owner(partition) === node) {
        rows.push({ namespace, digest, generation, bins });
      }
    }
    return writeStream(rows, {});
  }

  #peers(node: FakeNode): string {
    const others = this.#members.filter((member) => member !== node);
    const list = this.#members.includes(node) ? others : [];
    return `${node.peersGeneration},3000,[${list.map((peer) => `[${peer.id},,[${peer.host}:${peer.port}]]`).join(",")}]`;
  }

  #replicas(node: FakeNode): string {
    const columns = Math.max(1, Math.min(this.#replicationFactor, this.#members.length));
    const bitmaps = Array.from({ length: columns }, (_, replica) => {
      const bitmap = new Uint8Array(PARTITIONS / 8);
      for (let partition = 0; partition < PARTITIONS; partition++) {
        if (this.owner(partition, replica) === node) bitmap[partition >> 3]! |= 0x80 >> (partition & 7);
      }
      return encodeBase64(bitmap);
    });
    return this.namespaces.map((namespace) => `${namespace}:0,${columns},${bitmaps.join(",")}`).join(";");
  }
}
