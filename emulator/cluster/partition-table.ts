import { encodeBase64 } from "../../protocol/bytes/base64.js";
import { PARTITIONS } from "../../protocol/limits.js";
import { isAvailable } from "./availability.js";
import { owners as ownersOf, succession } from "./succession.js";

const NOBODY: readonly number[] = [];

/** Who owns the 4096 partitions of a namespace. Nodes are numbers: their places in the cluster. */
export class PartitionTable {
  readonly #replicationFactor: number;
  /** By partition: the nodes that have all of its records. */
  readonly #holders: (readonly number[])[];
  /** By partition: who serves it now, the master first. A master may also stand in for replicas to come. */
  readonly #replicas: (readonly number[])[];

  /** Those that were asked for since owners changed. */
  readonly #bitmaps = new Map<string, string>();
  readonly #held = new Map<number, Uint8Array>();
  /** Of a strongly consistent namespace: the nodes that it is meant to have. */
  readonly #roster: readonly number[] | undefined;
  /** Partitions whose copies all went at once: nobody trusts what they bring back until somebody says so. */
  readonly #dead = new Set<number>();

  constructor(replicationFactor: number, members: readonly number[], isStronglyConsistent = false) {
    this.#replicationFactor = replicationFactor;
    this.#roster = isStronglyConsistent ? members : undefined;
    const owners = this.#owners(members);
    this.#holders = [...owners];
    this.#replicas = [...owners];
  }

  /** Goes up with every change of who owns what: an owner of a lower one is out of date. */
  regime = 1;

  /** The replication factor as far as the cluster is large enough for it. */
  effectiveReplicationFactor(members: number): number {
    return Math.min(this.#replicationFactor, members);
  }

  /** Undefined when nobody may serve it. */
  master(pid: number): number | undefined {
    return this.#replicas[pid]![0];
  }

  /** Partitions that nobody may serve: those that are dead, and those that wait for nodes. */
  get outOfReach(): { readonly dead: number; readonly unavailable: number } {
    const out = this.#replicas.filter((replicas) => replicas.length === 0).length;
    return { dead: this.#dead.size, unavailable: out - this.#dead.size };
  }

  /** Trusts what the nodes have of dead partitions; the next rebalance serves them again. */
  revive(): void {
    this.#dead.clear();
  }

  /** Whether a node that may not serve a partition has its records nevertheless, as they were. */
  keeps(pid: number, node: number): boolean {
    return !this.#dead.has(pid) && this.#holders[pid]!.includes(node);
  }

  replicas(pid: number): readonly number[] {
    return this.#replicas[pid]!;
  }

  /** Whether a node can serve reads of a partition: it is a replica and has the records. */
  isHolder(pid: number, node: number): boolean {
    const holders = this.#holders[pid]!;
    const replicas = this.#replicas[pid]!;
    return has(holders, node) && (replicas === holders || has(replicas, node));
  }

  /** By partition: 1 where a node can serve reads, as {@link isHolder} says. As of now: it does not follow changes. */
  heldBy(node: number): Uint8Array {
    const known = this.#held.get(node);
    if (known !== undefined) return known;
    const held = new Uint8Array(PARTITIONS);
    for (let pid = 0; pid < PARTITIONS; pid++) if (this.isHolder(pid, node)) held[pid] = 1;
    this.#held.set(node, held);
    return held;
  }

  /** 4096 bits from the first byte's highest down: the partitions that a node is the replica of so many behind the master, in base64. */
  bitmap(node: number, column: number): string {
    const name = `${node} ${column}`;
    const known = this.#bitmaps.get(name);
    if (known !== undefined) return known;
    const bits = new Uint8Array(PARTITIONS / 8);
    for (let pid = 0; pid < PARTITIONS; pid++) {
      if (this.#replicas[pid]![column] === node) bits[pid >> 3]! |= 0x80 >> (pid & 7);
    }
    const text = encodeBase64(bits);
    this.#bitmaps.set(name, text);
    return text;
  }

  /**
   * Splits the partitions among other members. Nodes that have the records serve until {@link migrate} is through.
   * @returns the partitions that nobody has the records of any more, with the nodes that had them
   */
  rebalance(members: readonly number[]): Map<number, readonly number[]> {
    this.regime++;
    this.#forgetAnswers();
    const lost = new Map<number, readonly number[]>();
    const allOwners = this.#owners(members);
    for (let pid = 0; pid < PARTITIONS; pid++) {
      const before = this.#holders[pid]!;
      const owners = allOwners[pid]!;
      const holders = before.every((node) => members.includes(node))
        ? before
        : before.filter((node) => members.includes(node));
      if (this.#roster !== undefined && holders.length === 0) this.#dead.add(pid);
      if (this.#roster !== undefined && !this.#mayServe(pid, members)) {
        // What they have stays what it is until enough of them are back.
        this.#replicas[pid] = NOBODY;
      } else if (holders.length === 0) {
        lost.set(pid, before);
        this.#holders[pid] = owners;
        this.#replicas[pid] = owners;
      } else {
        this.#holders[pid] = holders;
        this.#replicas[pid] = holders === owners ? owners : workingReplicas(owners, succession(holders, pid));
      }
    }
    return lost;
  }

  /** Ends migrations: every owner has its records, every other node has given them up. */
  migrate(members: readonly number[]): void {
    this.#forgetAnswers();
    const owners = this.#owners(members);
    for (let pid = 0; pid < PARTITIONS; pid++) {
      if (this.#replicas[pid] === NOBODY) continue;
      this.#holders[pid] = owners[pid]!;
      this.#replicas[pid] = owners[pid]!;
    }
  }

  #forgetAnswers(): void {
    this.#bitmaps.clear();
    this.#held.clear();
  }

  #mayServe(pid: number, members: readonly number[]): boolean {
    const roster = this.#roster ?? [];
    return !this.#dead.has(pid) && isAvailable(roster.length, this.#owners(roster)[pid]!, members);
  }

  #owners(members: readonly number[]): readonly (readonly number[])[] {
    return ownersOf(members, this.effectiveReplicationFactor(members.length));
  }
}

/** Queries ask for thousands of partitions: a loop over two or three beats `includes`. */
function has(nodes: readonly number[], node: number): boolean {
  for (let i = 0; i < nodes.length; i++) if (nodes[i] === node) return true;
  return false;
}

/** While an owner has not got its records yet, the master serves in its place. */
function workingReplicas(owners: readonly number[], holders: readonly number[]): readonly number[] {
  const first = owners[0];
  const master = first !== undefined && holders.includes(first) ? first : holders[0]!;
  const others = owners.filter((owner) => owner !== master).slice(0, owners.length - 1);
  return [master, ...others.map((owner) => (holders.includes(owner) ? owner : master))];
}
