import { ResultCode } from "../../protocol/result-code.js";
import type { ClusterNamespace } from "../cluster/cluster-namespace.js";
import type { Partition } from "../record/partition.js";
import { recordSize } from "../record/record-size.js";
import type { StoredRecord } from "../record/stored-record.js";
import { isExpired, Ttl, voidTimeNow } from "../record/void-time.js";
import { Counters } from "./counters.js";
import { NEVER } from "./setting.js";
import { NamespaceSettings, SetSettings } from "./settings.js";

const MAX_TTL_SECONDS = 315_360_000;
/** Free space that a server of the default size reports as long as it holds little. */
const AVAILABLE_PERCENT = 93;

/** What a node knows of a namespace at one moment. */
export interface NodeNamespaceState {
  readonly settings: NamespaceSettings;
  readonly sets: ReadonlyMap<string, SetSettings>;
}

/** A namespace as one node has it: the data that it shares with its cluster, its own settings and what it has seen. */
export class NodeNamespace {
  readonly shared: ClusterNamespace;
  readonly settings: NamespaceSettings;
  readonly #node: number;
  readonly counters: Counters = new Counters();
  /** Sets that this node has met, in the order it met them. They stay known when they are empty. */
  readonly sets: Map<string, SetSettings> = new Map();
  stopWrites = false;
  /** Called when a setting has changed. */
  onSettings: () => void = () => {};

  /** @param node the node's place in its cluster */
  constructor(shared: ClusterNamespace, settings: NamespaceSettings, node: number) {
    this.#node = node;
    this.shared = shared;
    this.settings = settings;
  }

  get name(): string {
    return this.shared.name;
  }

  get availablePercent(): number {
    return AVAILABLE_PERCENT;
  }

  save(): NodeNamespaceState {
    return { settings: Object.assign(new NamespaceSettings(), this.settings), sets: copiesOf(this.sets) };
  }

  restore({ settings, sets }: NodeNamespaceState): void {
    Object.assign(this.settings, settings);
    this.sets.clear();
    for (const [name, set] of copiesOf(sets)) this.sets.set(name, set);
    this.onSettings();
  }

  /** The settings of a set, which the node knows from now on. */
  learnSet(name: string): SetSettings {
    let set = this.sets.get(name);
    if (set === undefined) {
      set = new SetSettings();
      this.sets.set(name, set);
    }
    return set;
  }

  /** The partitions with records that the node has, as master or as any replica. */
  *held(role: "master" | "replica" = "replica"): Generator<Partition, void, void> {
    const { table } = this.shared;
    for (const partition of this.shared.partitions) {
      if (partition.size === 0) continue;
      const isOwn =
        role === "master" ? table.master(partition.id) === this.#node : table.isHolder(partition.id, this.#node);
      if (isOwn) yield partition;
    }
  }

  objects(role: "master" | "replica" = "replica"): number {
    let objects = 0;
    for (const partition of this.held(role)) objects += partition.size;
    return objects;
  }

  objectsInSet(setName: string): number {
    let objects = 0;
    for (const partition of this.held()) objects += partition.setCounts.get(setName) ?? 0;
    return objects;
  }

  /** Records that never expire. */
  nonExpirableObjects(): number {
    let objects = 0;
    for (const { totals } of this.held()) objects += totals.nonExpirable;
    return objects;
  }

  usedBytes(): number {
    let bytes = 0;
    for (const { totals } of this.held()) bytes += totals.bytes;
    return bytes;
  }

  bytesInSet(setName: string): number {
    let bytes = 0;
    for (const partition of this.held()) {
      if (!partition.setCounts.has(setName)) continue;
      for (const record of partition.records()) if (record.setName === setName) bytes += recordSize(record);
    }
    return bytes;
  }

  isDoomed(record: StoredRecord, now: number): boolean {
    return isExpired(record.voidTime, now);
  }

  /** Whether a set takes new records; naming it makes it known. */
  mayAddTo(setName: string): boolean {
    const { stopWritesCount } = this.learnSet(setName);
    if (stopWritesCount !== 0 && this.objectsInSet(setName) >= stopWritesCount) return false;
    return this.mayWriteTo(setName);
  }

  mayWriteTo(setName: string): boolean {
    const size = this.sets.get(setName)?.stopWritesSize ?? 0;
    return size === 0 || this.bytesInSet(setName) <= size;
  }

  /** OK, PARAMETER for no time to live at all, FORBIDDEN for one that nothing would end. */
  checkTtl(ttl: number, setName: string): number {
    if (ttl === Ttl.NEVER || ttl === Ttl.DONT_UPDATE) return ResultCode.OK;
    if (ttl > MAX_TTL_SECONDS) return ResultCode.PARAMETER_ERROR;
    const ends = ttl !== Ttl.DEFAULT || this.#defaultTtl(setName) !== 0;
    const { nsupPeriod, allowTtlWithoutNsup } = this.settings;
    return ends && nsupPeriod === 0 && !allowTtlWithoutNsup ? ResultCode.FORBIDDEN : ResultCode.OK;
  }

  /** The void-time that a write with this time to live gives a record. */
  nextVoidTime(record: StoredRecord, ttl: number, now: number): number {
    const next = this.#plainVoidTime(record, ttl, now);
    const { voidTime } = record;
    const isReduction = record.generation !== 0 && ((voidTime === 0 && next !== 0) || next < voidTime);
    if (!isReduction) return next;
    const { applyTtlReductions } = this.settings;
    this.counters.add(`ttl_reductions_${applyTtlReductions ? "applied" : "ignored"}`);
    return applyTtlReductions ? next : voidTime;
  }

  #plainVoidTime(record: StoredRecord, ttl: number, now: number): number {
    if (ttl === Ttl.NEVER) return 0;
    if (ttl === Ttl.DONT_UPDATE) return record.voidTime;
    const seconds = ttl === Ttl.DEFAULT ? this.#defaultTtl(record.setName) : ttl;
    return seconds === 0 ? 0 : voidTimeNow(now) + seconds;
  }

  #defaultTtl(setName: string): number {
    const own = this.sets.get(setName)?.defaultTtl ?? 0;
    if (own === NEVER) return 0;
    return own === 0 ? this.settings.defaultTtl : own;
  }

  readTouchPercent(setName: string): number {
    const own = this.sets.get(setName)?.defaultReadTouchTtlPct ?? 0;
    if (own === NEVER) return 0;
    return own === 0 ? this.settings.defaultReadTouchTtlPct : own;
  }

  create(partition: Partition, record: StoredRecord): void {
    record.serial = this.shared.nextSerial();
    partition.put(record);
    if (record.setName !== "") this.shared.announceSet(partition.id, record.setName);
  }
}

function copiesOf(sets: ReadonlyMap<string, SetSettings>): Map<string, SetSettings> {
  return new Map([...sets].map(([name, set]) => [name, Object.assign(new SetSettings(), set)]));
}
