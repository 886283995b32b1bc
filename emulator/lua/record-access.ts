import { textToBytes } from "../../lua/byte-text.js";
import { fromRawValue } from "../../lua/host-codec.js";
import { type ByteText, HostRecord, type HostValue } from "../../lua/host-value.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import type { BinValue } from "../record/bin-value.js";
import { readName } from "../record/name.js";
import type { UdfRecord } from "../udf/udf-engine.js";
import { toBinValue } from "./stored-value.js";

const MAX_NAME_BYTES = 15;
const FAILED = -1;
const NO_RECORD = 1;
/** Stands for a value that no bin can hold: executing it fails. */
const UNSTORABLE: BinValue = { type: ParticleType.NULL, bytes: new Uint8Array(0) };

interface CachedBin {
  value: HostValue | HostRecord;
  isAssigned: boolean;
}

/**
 * The record of one call as the function holds it. Values read or assigned are kept and shared, so that a list taken from
 * a bin is the same list when it is taken again; assignments are written out when the function executes them.
 */
export class RecordAccess extends HostRecord {
  readonly record: UdfRecord;
  readonly #bins = new Map<ByteText, CachedBin>();

  constructor(record: UdfRecord) {
    super();
    this.record = record;
  }

  get(name: ByteText): HostValue | HostRecord {
    if (name.length > MAX_NAME_BYTES) return null;
    const cached = this.#bins.get(name);
    if (cached !== undefined) return cached.value;
    const bin = this.record.getBin(nameOf(name));
    const value = bin === undefined ? undefined : fromRawValue(bin);
    if (value === undefined) return null;
    this.#bins.set(name, { value, isAssigned: false });
    return value;
  }

  set(name: ByteText, value: HostValue | HostRecord): void {
    if (name.length > MAX_NAME_BYTES || this.record.isReadOnly) return;
    this.#bins.set(name, { value, isAssigned: true });
  }

  create(): number {
    return this.#execute(() => this.record.create());
  }

  update(): number {
    return this.#execute(() => this.record.update());
  }

  remove(): number {
    const result = this.record.remove();
    if (result !== NO_RECORD) this.#bins.clear();
    return result;
  }

  #execute(execute: () => number): number {
    for (const [name, bin] of this.#bins) {
      if (bin.isAssigned) this.record.setBin(nameOf(name), storable(bin.value));
    }
    const result = execute();
    if (result === FAILED) this.#bins.clear();
    else if (result === 0) this.#settle();
    return result;
  }

  #settle(): void {
    for (const [name, bin] of this.#bins) {
      if (bin.value === null) this.#bins.delete(name);
      bin.isAssigned = false;
    }
  }
}

function storable(value: HostValue | HostRecord): BinValue | null {
  return value instanceof HostRecord ? UNSTORABLE : toBinValue(value);
}

function nameOf(name: ByteText): string {
  return readName(textToBytes(name));
}
