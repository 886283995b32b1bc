import { FieldType } from "../../protocol/message/field-type.js";
import { Info2 } from "../../protocol/message/flags.js";
import { ResultCode } from "../../protocol/result-code.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import type { RecordContext } from "../command/record-context.js";
import type { Request } from "../command/request.js";
import { setOf } from "../command/request-set.js";
import { userKeyOf } from "../command/user-key.js";
import type { BinValue } from "../record/bin-value.js";
import { Bins } from "../record/bins.js";
import { writeName } from "../record/name.js";
import { flatSize, recordSize } from "../record/record-size.js";
import { nextGeneration, StoredRecord } from "../record/stored-record.js";
import { Ttl, voidTimeNow } from "../record/void-time.js";
import type { UdfRecord } from "./udf-engine.js";

const MAX_BINS = 512;
const MAX_UPDATES = 1024;
const MAX_NAME_BYTES = 15;
const MAX_SET_BYTES = 63;
const EPOCH_MS = 1_262_304_000_000;

/** What `aerospike:create`, `update` and `remove` answer. */
const DONE = 0;
const FAILED = -1;
const NO_RECORD = -2;
const EXISTS_OR_ABSENT = 1;
const NOT_STORABLE = 4;

interface Assignment {
  value: BinValue | null;
  isDirty: boolean;
}

/**
 * One call of a function on one record. Assignments gather until the function executes them; what it executed is stored
 * when it has returned, and only if its last execution went well.
 */
export class RecordRun implements UdfRecord {
  readonly isReadOnly = false;
  readonly #ctx: RecordContext;
  readonly #request: Request;
  /** The record before the call. */
  readonly #before: StoredRecord | undefined;
  #isOpen: boolean;
  #setName: string;
  #bins: Bins;
  /** Bins of the record when the function first executed anything. */
  #oldCount: number | undefined;
  #userKey: BinValue | undefined;
  readonly #assignments = new Map<string, Assignment>();
  #hasTooManyBins = false;
  #hasUpdates = false;
  #code: number = ResultCode.OK;
  #stored: StoredRecord | undefined;

  constructor(ctx: RecordContext, request: Request, before: StoredRecord | undefined, userKey: BinValue | undefined) {
    this.#ctx = ctx;
    this.#request = request;
    this.#before = before;
    this.#isOpen = before !== undefined;
    this.#setName = before?.setName ?? setOf(request);
    this.#bins = before?.bins.copy() ?? new Bins();
    this.#userKey = userKey;
  }

  /** What its last execution came to. */
  get code(): number {
    return this.#code;
  }

  get hasUpdates(): boolean {
    return this.#hasUpdates;
  }

  /** The record after {@link store}; one that was removed shows the version that the removal gave it. */
  get stored(): StoredRecord | undefined {
    return this.#stored;
  }

  get exists(): boolean {
    return this.#isOpen;
  }

  get setName(): string {
    return this.#isOpen ? this.#setName : "";
  }

  get digest(): Uint8Array {
    return this.#ctx.digest.slice();
  }

  get userKey(): BinValue | undefined {
    return this.#isOpen ? this.#userKey : undefined;
  }

  get generation(): number {
    return this.#before?.generation ?? 0;
  }

  get ttl(): number {
    const left = (this.#before?.voidTime ?? 0) - voidTimeNow(this.#ctx.now);
    return Math.max(left, 0);
  }

  get lastUpdate(): number {
    return this.#before === undefined ? 0 : this.#before.lastUpdate - EPOCH_MS;
  }

  get size(): number {
    return this.#before === undefined ? 0 : recordSize(this.#before);
  }

  get binNames(): readonly string[] | undefined {
    return this.#canLoad ? this.#bins.names : undefined;
  }

  get #canLoad(): boolean {
    return this.#isOpen && this.#bins.count <= MAX_BINS;
  }

  getBin(name: string): BinValue | undefined {
    const assigned = this.#assignments.get(name);
    if (assigned !== undefined) return assigned.value ?? undefined;
    return this.#canLoad ? this.#bins.get(name) : undefined;
  }

  setBin(name: string, value: BinValue | null): void {
    if (writeName(name).length > MAX_NAME_BYTES || this.#hasTooManyBins) return;
    const assigned = this.#assignments.get(name);
    if (assigned !== undefined) {
      assigned.value = value;
      assigned.isDirty = true;
      return;
    }
    if (this.#assignments.size >= MAX_UPDATES || (value !== null && this.#inserts() >= MAX_BINS)) {
      this.#hasTooManyBins = true;
      return;
    }
    this.#assignments.set(name, { value, isDirty: true });
  }

  setTtl(seconds: number): void {
    this.#request.ttl = seconds >>> 0;
  }

  dropKey(): void {
    if (this.#canLoad) this.#userKey = undefined;
  }

  create(): number {
    if (this.#isOpen) {
      return this.#canLoad && this.#bins.count === 0 ? this.#execute() : EXISTS_OR_ABSENT;
    }
    const { namespace } = this.#ctx;
    const set = this.#request.field(FieldType.SET);
    if (set !== undefined && set.length > 0) {
      if (set.length > MAX_SET_BYTES || !namespace.mayAddTo(this.#setName)) return NOT_STORABLE;
    }
    const field = this.#request.field(FieldType.KEY);
    const key = field === undefined ? undefined : userKeyOf(field);
    if (typeof key === "number") return NOT_STORABLE;
    const done = this.#execute();
    if (done !== DONE) return done;
    this.#userKey = key;
    this.#isOpen = true;
    return DONE;
  }

  update(): number {
    return this.#canLoad ? this.#execute() : NO_RECORD;
  }

  remove(): number {
    if (!this.#canLoad) return EXISTS_OR_ABSENT;
    this.#assignments.clear();
    for (const name of this.#bins.names) this.#assignments.set(name, { value: null, isDirty: true });
    return this.#execute();
  }

  /** Stores what was executed; OK or the result code that the whole call fails with. */
  store(): number {
    const { namespace, now, partition, digest } = this.#ctx;
    const isNew = this.#oldCount === 0;
    const request = this.#request;
    if (isNew && request.ttl === Ttl.DONT_UPDATE) request.ttl = Ttl.DEFAULT;
    const { ttl } = request;
    const ttlCode = namespace.checkTtl(ttl, this.#setName);
    if (ttlCode !== ResultCode.OK) return ttlCode;
    const isRemoval = this.#bins.count === 0;
    if (isRemoval && isNew) return ResultCode.KEY_NOT_FOUND;
    if (isRemoval && request.info2 & Info2.DURABLE_DELETE) return ResultCode.ENTERPRISE_ONLY;
    const record = this.#before ?? new StoredRecord(digest.slice(), this.#setName);
    const voidTime = namespace.nextVoidTime(record, ttl, now);
    const sized = { setName: this.#setName, voidTime, userKey: this.#userKey, bins: this.#bins };
    if (flatSize(sized) > namespace.settings.maxRecordSize) return ResultCode.RECORD_TOO_BIG;
    const { userKey, bins } = isRemoval ? record : sized;
    const generation = nextGeneration(record.generation);
    record.become({ generation, voidTime, lastUpdate: Math.max(record.lastUpdate, now), userKey, bins }, partition);
    this.#stored = record;
    if (isRemoval) partition.delete(digest);
    else if (this.#before === undefined) namespace.create(partition, record);
    return ResultCode.OK;
  }

  #execute(): number {
    if (!this.#hasUpdates) this.#oldCount = this.#bins.count;
    const failure = this.#refusal() ?? this.#applyAssignments();
    if (failure !== undefined) {
      this.#code = failure;
      this.#hasUpdates = false;
      this.#bins = this.#before?.bins.copy() ?? new Bins();
      this.#assignments.clear();
      this.#hasTooManyBins = false;
      return FAILED;
    }
    this.#code = ResultCode.OK;
    this.#hasUpdates = true;
    return DONE;
  }

  #refusal(): number | undefined {
    const { namespace } = this.#ctx;
    if (namespace.stopWrites) return ResultCode.OUT_OF_SPACE;
    if (!namespace.mayWriteTo(this.#setName)) return ResultCode.FORBIDDEN;
    return this.#hasTooManyBins ? ResultCode.BIN_NAME_TOO_LONG : undefined;
  }

  #applyAssignments(): number | undefined {
    for (const [name, assignment] of this.#assignments) {
      if (!assignment.isDirty) continue;
      if (assignment.value === null) {
        this.#bins.remove(name);
        this.#assignments.delete(name);
        continue;
      }
      // A value that no bin can hold, such as the record itself.
      if (assignment.value.type === ParticleType.NULL) return ResultCode.BIN_TYPE_ERROR;
      if (this.#bins.count === MAX_BINS && this.#bins.get(name) === undefined) return ResultCode.BIN_NAME_TOO_LONG;
      this.#bins.set(name, assignment.value);
      assignment.isDirty = false;
    }
    return undefined;
  }

  #inserts(): number {
    let count = 0;
    for (const { value } of this.#assignments.values()) if (value !== null) count++;
    return count;
  }
}
