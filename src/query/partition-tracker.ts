import type { ResumePoint } from "../../protocol/command/query-request.js";
import type { RowPosition } from "../../protocol/command/query-row.js";
import { DIGEST_SIZE } from "../../protocol/key/digest.js";
import { partitionId } from "../../protocol/key/partition-id.js";
import { PARTITIONS } from "../../protocol/limits.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import { DigestSet } from "../data/digest-set.js";

/** How far one partition has been read. Plain data: a cursor is a list of these. */
export interface PartitionState {
  /** 0 to 4095. */
  readonly partition: number;
  /** The last record that was taken; absent when none was. */
  readonly digest?: Uint8Array | undefined;
  /** Its index entry; index queries only. */
  readonly bval?: bigint | undefined;
  /** Whether a node has read it to its end. */
  readonly isDone: boolean;
}

/** Which replica of a partition to ask next; the router moves it on. */
export interface ReplicaRoute<N> {
  sequence: number;
  /** The node that was asked last. */
  node: N | undefined;
}

/** Chooses whom to ask for a partition; undefined when no node has it just now. */
export type ChooseNode<N> = (partition: number, route: ReplicaRoute<N>) => N | undefined;

export interface TrackerOptions {
  /** Where to go on, as another tracker said with `states()`. Default: all partitions from their start. */
  readonly states?: Iterable<PartitionState> | undefined;
  /** Rows come with index entries, and are resumed after them. */
  readonly isIndexQuery: boolean;
  /** A record may come more than once: see `mayRepeat`. */
  readonly mayRepeat?: boolean | undefined;
  /** At most so many records in all. Default: all there are. */
  readonly maxRecords?: number | undefined;
}

/** What is asked of a partition. */
const NOTHING = 0;
const OPEN = 1;
const DONE = 2;

/** All partitions while they are read, by id: in columns, for thousands of objects cost more than a small query. */
class Partitions<N> {
  /** NOTHING, OPEN or DONE. */
  readonly states = new Uint8Array(PARTITIONS);
  /** Of the routes: which replica to ask next, and which node was asked last. */
  readonly sequences = new Uint32Array(PARTITIONS);
  readonly nodes = new Array<N | undefined>(PARTITIONS).fill(undefined);
  /** The number of the share that asks for it in this round; 0 for none. */
  readonly shares = new Uint32Array(PARTITIONS);
  /** The last record that was taken; the bytes are the tracker's own. Undefined while there is none in any partition. */
  digests: (Uint8Array | undefined)[] | undefined;
  /** Its index entry; of index queries only. */
  bvals: (bigint | undefined)[] | undefined;

  /** Takes note of the last record that was taken. */
  reach(id: number, digest: Uint8Array, bval: bigint | undefined): void {
    this.digests ??= new Array<Uint8Array | undefined>(PARTITIONS).fill(undefined);
    const last = this.digests[id];
    if (last === undefined) this.digests[id] = new Uint8Array(digest);
    else last.set(digest);
    if (bval === undefined && this.bvals === undefined) return;
    this.bvals ??= new Array<bigint | undefined>(PARTITIONS).fill(undefined);
    this.bvals[id] = bval;
  }

  /** Where to go on in a partition, if something was taken of it. A copy. */
  resumePoint(id: number): ResumePoint | undefined {
    const digest = this.digests?.[id];
    return digest && { digest: digest.slice(), bval: this.bvals?.[id] };
  }
}

/**
 * Which partitions of a namespace a query has read, and how far: the memory that makes its rounds add up to each record
 * once. In each round the partitions that are not done go to one node each; one that was read in part is resumed behind
 * its last record, on whatever node has it then.
 *
 * It knows no sockets and no cluster. `N` stands for nodes.
 *
 * @example
 * const tracker = new PartitionTracker<ClusterNode>({ isIndexQuery: false });
 * while (!tracker.isComplete) await Promise.all(tracker.planRound(choose).map(ask));
 */
export class PartitionTracker<N> {
  readonly #partitions = new Partitions<N>();
  readonly #isIndexQuery: boolean;
  readonly #seen: DigestSet | undefined;
  readonly #maxRecords: number;
  #taken = 0;
  #missing = 0;
  #shares = 0;
  /** The most that a node counted against its limit and did not send; Infinity once one did not say how many. */
  #unsent = 0;

  constructor({ states, isIndexQuery, mayRepeat = false, maxRecords = Number.POSITIVE_INFINITY }: TrackerOptions) {
    this.#isIndexQuery = isIndexQuery;
    this.#seen = mayRepeat ? new DigestSet() : undefined;
    this.#maxRecords = maxRecords;
    if (states === undefined) {
      this.#partitions.states.fill(OPEN);
      this.#missing = PARTITIONS;
    } else for (const state of states) this.#add(state);
  }

  /** Records that were taken, each once. */
  get taken(): number {
    return this.#taken;
  }

  /** Partitions that are not done. */
  get missing(): number {
    return this.#missing;
  }

  /** Whether every partition is done: there are no more records. */
  get isComplete(): boolean {
    return this.#missing === 0;
  }

  /** Whether there is nothing to ask for any more: every partition is done, or `maxRecords` were taken. */
  get isOver(): boolean {
    return this.isComplete || this.#taken >= this.#maxRecords;
  }

  /**
   * How far each partition has been read, to go on later. A copy. It is as far as rows were taken: who hands rows on
   * through a queue and stops before its end, has the rows in it behind.
   */
  states(): PartitionState[] {
    const { states } = this.#partitions;
    const all: PartitionState[] = [];
    for (let partition = 0; partition < PARTITIONS; partition++) {
      if (states[partition] === NOTHING) continue;
      const { digest, bval } = this.#partitions.resumePoint(partition) ?? {};
      all.push({ partition, digest, bval, isDone: states[partition] === DONE });
    }
    return all;
  }

  /** The last record that was taken of each partition that one was taken of. Copies. */
  *positions(): Generator<ResumePoint> {
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const point = this.#partitions.resumePoint(partition);
      if (point !== undefined) yield point;
    }
  }

  /**
   * Shares the partitions that are not done out among the nodes, for the next round. Those that no node has stay as they
   * are. Shares of a round before take no more rows.
   */
  planRound(choose: ChooseNode<N>): NodeShare<N>[] {
    const { states, sequences, nodes, shares } = this.#partitions;
    const groups = new Map<N, number[]>();
    const route: ReplicaRoute<N> = { sequence: 0, node: undefined };
    for (let partition = 0; partition < PARTITIONS; partition++) {
      if (states[partition] !== OPEN) continue;
      shares[partition] = 0;
      route.sequence = sequences[partition]!;
      route.node = nodes[partition];
      const node = choose(partition, route);
      sequences[partition] = route.sequence;
      if (node === undefined) continue;
      nodes[partition] = node;
      const group = groups.get(node);
      if (group === undefined) groups.set(node, [partition]);
      else group.push(partition);
    }
    const host: ShareHost<N> = {
      partitions: this.#partitions,
      isFull: () => this.#taken >= this.#maxRecords,
      take: (partition, row) => this.#take(partition, row),
      done: (partitions) => {
        this.#missing -= partitions;
      },
      miss: (unsent) => {
        this.#unsent = Math.max(this.#unsent, unsent);
      },
    };
    const limits = this.#limits(groups.size);
    return [...groups].map(([node, asked], i) => new NodeShare(++this.#shares, node, asked, limits?.[i], host));
  }

  /**
   * What is still wanted in even parts, at least one record a node; and as many as it may not send, for it counts those
   * again. Twice as many, for behind them there may be more, and rounds that ask for one more each time are many. No limit
   * where nobody knows how many these are: a node that need not stop has surely come to its end.
   */
  #limits(nodes: number): number[] | undefined {
    if (this.#maxRecords + this.#unsent === Number.POSITIVE_INFINITY) return undefined;
    const left = this.#maxRecords - this.#taken;
    const share = (i: number): number => Math.max(1, Math.floor(left / nodes) + (i < left % nodes ? 1 : 0));
    return Array.from({ length: nodes }, (_, i) => share(i) + 2 * this.#unsent);
  }

  #add({ partition: id, digest, bval, isDone }: PartitionState): void {
    const { states } = this.#partitions;
    if (states[id] !== NOTHING) {
      throw new RangeError(`partition ${id}: expected each of 0 to ${PARTITIONS - 1} at most once`);
    }
    if (digest !== undefined && (digest.length !== DIGEST_SIZE || partitionId(digest) !== id)) {
      throw new RangeError(`partition ${id}: expected the digest of one of its records, got another`);
    }
    states[id] = isDone ? DONE : OPEN;
    if (digest !== undefined) this.#partitions.reach(id, digest, bval);
    if (!isDone) this.#missing++;
  }

  #take(partition: number, { digest, bval }: RowPosition): boolean {
    if (this.#isIndexQuery && bval === undefined) throw new ProtocolError("a row of an index query has no index entry");
    this.#partitions.reach(partition, digest, bval);
    if (this.#seen?.add(digest) === false) return false;
    this.#taken++;
    return true;
  }
}

/** What shares have of their tracker. */
interface ShareHost<N> {
  readonly partitions: Partitions<N>;
  readonly isFull: () => boolean;
  readonly take: (partition: number, row: RowPosition) => boolean;
  /** So many more are done. */
  readonly done: (partitions: number) => void;
  readonly miss: (unsent: number) => void;
}

/** What one node is asked for in one round, and what comes of it. Ends with `finish` or `fail`. */
export class NodeShare<N> {
  readonly node: N;
  /** At most so many rows from the node; undefined for all. */
  readonly limit: number | undefined;
  readonly #number: number;
  readonly #asked: readonly number[];
  readonly #host: ShareHost<N>;
  #rows = 0;
  /** The node has more, or may have. */
  #isCutShort = false;

  /** @internal Made by the tracker. */
  constructor(number: number, node: N, asked: readonly number[], limit: number | undefined, host: ShareHost<N>) {
    this.#number = number;
    this.node = node;
    this.limit = limit;
    this.#asked = asked;
    this.#host = host;
    for (const partition of asked) host.partitions.shares[partition] = number;
  }

  /** How many partitions it is asked for. */
  get size(): number {
    return this.#asked.length;
  }

  /** Whether it has sent all that its limit allows, so that it counted nothing else against it. */
  get isFilled(): boolean {
    return this.#rows === this.limit;
  }

  /** Whether nothing that it may still send is wanted. */
  get isSurplus(): boolean {
    return this.limit === undefined && this.#isCutShort;
  }

  /** Partitions to read from their start. */
  get partitions(): readonly number[] {
    const { digests } = this.#host.partitions;
    return digests === undefined ? this.#asked : this.#asked.filter((partition) => digests[partition] === undefined);
  }

  /** Partitions to go on in. */
  get resume(): ResumePoint[] {
    const { partitions } = this.#host;
    if (partitions.digests === undefined) return [];
    return this.#asked.map((partition) => partitions.resumePoint(partition)).filter((point) => point !== undefined);
  }

  /**
   * Takes note of a row. False when the record is not wanted: it came before, or enough have come.
   * @throws ProtocolError for a row that the node was not asked for
   */
  take(row: RowPosition): boolean {
    const partition = this.#own(partitionId(row.digest));
    this.#rows++;
    if (this.#rows === this.limit || this.#host.isFull()) this.#isCutShort = true;
    return !this.#host.isFull() && this.#host.take(partition, row);
  }

  /**
   * The node has sent its last row.
   * @param unavailable partitions that it could not read, or not to their end
   * @param unsent records that it counted against its limit, and did not send; Infinity when that is not known
   * @throws ProtocolError for a partition that the node was not asked for
   */
  finish(unavailable: readonly number[], unsent = 0): void {
    if (this.limit !== undefined && this.#rows + unsent >= this.limit) this.#isCutShort = true;
    this.#host.miss(unsent);
    for (const id of unavailable) this.#retryElsewhere(this.#own(id));
    const { shares, states } = this.#host.partitions;
    let done = 0;
    for (const partition of this.#asked) {
      if (shares[partition] !== this.#number) continue;
      shares[partition] = 0;
      // Of those that it was to stop in, nobody knows which is at its end.
      if (this.#isCutShort) continue;
      states[partition] = DONE;
      done++;
    }
    this.#host.done(done);
  }

  /** The node did not come to its end: what it has not finished goes to the next replica. What was taken stays taken. */
  fail(): void {
    const { shares } = this.#host.partitions;
    for (const partition of this.#asked) if (shares[partition] === this.#number) this.#retryElsewhere(partition);
  }

  #retryElsewhere(partition: number): void {
    const { shares, sequences } = this.#host.partitions;
    shares[partition] = 0;
    sequences[partition]!++;
  }

  /** The partition, where the node is to answer for it. */
  #own(partition: number): number {
    if (this.#host.partitions.shares[partition] !== this.#number) {
      throw new ProtocolError(`the node was not asked for partition ${partition}`);
    }
    return partition;
  }
}
