import type { BinValue } from "../../../../emulator/record/bin-value.js";
import type { UdfRecord } from "../../../../emulator/udf/udf-engine.js";

const NOT_STORABLE = 0;

/** A record of its own, with no server behind it. */
export class TinyUdfRecord implements UdfRecord {
  readonly isReadOnly = false;
  readonly bins: Map<string, BinValue>;
  readonly #assigned = new Map<string, BinValue | null>();
  exists: boolean;
  setName = "udffn";
  digest: Uint8Array = new Uint8Array(20);
  userKey: BinValue | undefined;
  generation = 1;
  ttl = 0;
  lastUpdate = 0;
  size = 64;
  isKeyDropped = false;
  newTtl: number | undefined;
  /** Executions that went through. */
  executions = 0;

  constructor(bins: Iterable<readonly [string, BinValue]> = [], exists = true) {
    this.bins = new Map(bins);
    this.exists = exists;
  }

  get binNames(): readonly string[] | undefined {
    return this.exists ? [...this.bins.keys()] : undefined;
  }

  getBin(name: string): BinValue | undefined {
    const assigned = this.#assigned.get(name);
    return assigned === undefined ? this.bins.get(name) : (assigned ?? undefined);
  }

  setBin(name: string, value: BinValue | null): void {
    this.#assigned.set(name, value);
  }

  setTtl(seconds: number): void {
    this.newTtl = seconds;
  }

  dropKey(): void {
    this.isKeyDropped = true;
  }

  create(): number {
    if (this.exists && this.bins.size > 0) return 1;
    this.exists = true;
    return this.#execute();
  }

  update(): number {
    return this.exists ? this.#execute() : -2;
  }

  remove(): number {
    if (!this.exists) return 1;
    this.#assigned.clear();
    this.bins.clear();
    this.executions++;
    return 0;
  }

  #execute(): number {
    const assigned = [...this.#assigned];
    this.#assigned.clear();
    if (assigned.some(([, value]) => value?.type === NOT_STORABLE)) return -1;
    for (const [name, value] of assigned) {
      if (value === null) this.bins.delete(name);
      else this.bins.set(name, value);
    }
    this.executions++;
    return 0;
  }
}
