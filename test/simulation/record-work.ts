import { type AerospikeError, DataSet, type Session } from "../../src/index.js";
import { below, type Random } from "../support/faults/chance.js";
import type { Attempts, Caller } from "./attempts.js";
import type { WorkKind } from "./knobs.js";

/** What every record holds: nothing that another record could hold. */
export interface Entry {
  id: number;
  tag: string;
  /** Numbers of the writes that it has seen, in their order. */
  log: number[];
  /** As many. */
  count: number;
  /** The tasks that were at it. */
  tasks: number[];
  /** How often the campaign was at it. */
  runs: number;
}

export const RECORDS = 24;
export const entries = DataSet.of<Entry>("test", "entries");
const ghosts = DataSet.of<Entry>("test", "ghosts");
const slots = DataSet.of<{ value: number }>("test", "slots");
const SLOTS = 8;
const COMMIT_STEP_MS = 10_000;

/** What is known of one write. */
type Fate = "sent" | "acknowledged" | "doubtful" | "failed";

/** Commands on records whose every write is numbered: in the end the records say which have happened. */
export class RecordWork {
  readonly #attempts: Attempts;
  readonly #random: Random;
  /** By record, of each write to it. */
  readonly #fates = Array.from({ length: RECORDS }, () => new Map<number, Fate>());
  /** For each slot what it may hold, undefined for no record: what was acknowledged last, and all that may still happen. */
  readonly #slots = Array.from({ length: SLOTS }, () => ({
    isBusy: false,
    last: undefined as number | undefined,
    maybe: new Set<number | undefined>(),
  }));
  /** How long the end of a transaction may take beside its commands: a batch of writes is one in strong consistency. */
  readonly #commitMs: number;
  #writes = 0;

  constructor(attempts: Attempts, random: Random, isStrong: boolean) {
    this.#attempts = attempts;
    this.#random = random;
    this.#commitMs = isStrong ? 2 * COMMIT_STEP_MS : 0;
  }

  /** Writes the records, while nothing goes wrong. */
  async open(session: Session): Promise<void> {
    const all = Array.from({ length: RECORDS }, (_, id) => id);
    await session
      .upsert(entries.ids(all))
      .bin("log")
      .setTo([])
      .bin("count")
      .setTo(0)
      .bin("tasks")
      .setTo([])
      .bin("runs")
      .setTo(0)
      .execute();
    await Promise.all(
      all.map((id) => session.update(entries.id(id)).bin("id").setTo(id).bin("tag").setTo(`tag ${id}`).execute()),
    );
  }

  async step(caller: Caller, kind: WorkKind): Promise<void> {
    const dice = this.#random();
    if (kind === "query") return dice < 0.6 ? this.#query(caller) : this.#count(caller);
    if (kind === "batch") return dice < 0.5 ? this.#readSeveral(caller) : this.#addToSeveral(caller);
    if (dice < 0.3) return this.#read(caller);
    if (dice < 0.65) return this.#add(caller);
    if (dice < 0.9) return this.#setSlot(caller);
    return this.#insert(caller);
  }

  /** Reads the records, while nothing goes wrong, and says what does not add up. */
  async audit(session: Session): Promise<void> {
    for (let id = 0; id < RECORDS; id++) {
      const { bins } = await session.get(entries.id(id));
      this.#checkOwn("audit", id, bins);
      if (bins.count !== bins.log.length)
        this.#attempts.fault("lost", `record ${id} counts ${bins.count} of ${bins.log}`);
      if (new Set(bins.log).size !== bins.log.length)
        this.#attempts.fault("doubt", `record ${id} has a write twice: ${bins.log}`);
      for (const [write, fate] of this.#fatesOf(id)) {
        const isThere = bins.log.includes(write);
        if (fate === "acknowledged" && !isThere)
          this.#attempts.fault("lost", `write ${write} of record ${id} was acknowledged`);
        if (fate === "failed" && isThere)
          this.#attempts.fault("doubt", `write ${write} of record ${id} happened, and was not in doubt`);
        if (fate === "sent") this.#attempts.fault("end", `write ${write} of record ${id} never ended`);
      }
      for (const write of bins.log) {
        if (!this.#fatesOf(id).has(write)) this.#attempts.fault("crossed", `write ${write} reached record ${id}`);
      }
    }
    for (const [place, { last, maybe }] of this.#slots.entries()) {
      const row = await (await session.query(slots.id(place)).execute()).first();
      const value = row?.record?.bins.value;
      if (value !== last && !maybe.has(value)) {
        this.#attempts.fault("lost", `slot ${place} holds ${value} in place of ${last}, or ${[...maybe]}`);
      }
    }
  }

  async #read({ session, totalMs }: Caller): Promise<void> {
    const id = below(this.#random, RECORDS);
    const known = this.#acknowledged(id);
    const ending = await this.#attempts.call("get", totalMs, (options) =>
      session.get(entries.id(id), undefined, options),
    );
    if (ending.ok) this.#checkRead("get", id, ending.value.bins, known);
  }

  async #add({ session, totalMs }: Caller): Promise<void> {
    const id = below(this.#random, RECORDS);
    const known = this.#acknowledged(id);
    const write = this.#send([id]);
    const ending = await this.#attempts.call("add", totalMs, async (options) => {
      const rows = await session
        .update(entries.id(id))
        .bin("log")
        .listAppend(write)
        .bin("count")
        .add(1)
        .bin("log")
        .get()
        .bin("id")
        .get()
        .execute(options);
      return rows.firstOrThrow();
    });
    this.#settle(id, write, ending.ok ? undefined : ending.error);
    if (!ending.ok) return;
    const { log, id: own } = (ending.value.record?.bins ?? {}) as Partial<Entry>;
    if (own !== id || log?.at(-1) !== write)
      this.#attempts.fault("crossed", `add ${write} to ${id}: ${own} with ${log}`);
    this.#checkSeen("add", id, log ?? [], known);
  }

  async #insert({ session, totalMs }: Caller): Promise<void> {
    const id = below(this.#random, RECORDS);
    const ending = await this.#attempts.call(
      "insert",
      totalMs,
      (options) => session.insert(entries.id(id)).bin("tag").setTo("wrong").execute(options),
      ["RECORD_EXISTS"],
    );
    if (ending.ok) this.#attempts.fault("lost", `record ${id} could be inserted`);
  }

  /** A slot is one caller's at a time: it knows what must be there. */
  async #setSlot({ session, totalMs }: Caller): Promise<void> {
    const place = below(this.#random, SLOTS);
    const slot = this.#slots[place];
    if (slot === undefined || slot.isBusy) return;
    slot.isBusy = true;
    const value = this.#random() < 0.25 ? undefined : ++this.#writes;
    const key = slots.id(place);
    const ending = await this.#attempts.call("slot", totalMs, async (options) => {
      if (value === undefined) await session.delete(key).execute(options);
      else await session.put(key, { value }, options);
    });
    if (ending.ok) slot.last = value;
    else if (ending.error.inDoubt) slot.maybe.add(value);
    slot.isBusy = false;
  }

  async #readSeveral({ session, totalMs }: Caller): Promise<void> {
    const ids = this.#several();
    const known = ids.map((id) => this.#acknowledged(id));
    const keys = ids.flatMap((id) => [entries.id(id), ghosts.id(id)]);
    const ending = await this.#attempts.call("batch read", totalMs, async (options) =>
      (await session.query(keys).execute({ ...options, onError: "inStream" })).collect(),
    );
    if (!ending.ok) return;
    for (const row of ending.value) {
      const id = Number(row.key.userKey);
      if (row.key.setName === "ghosts" && row.isOk) this.#attempts.fault("crossed", `ghost ${id} is there`);
      if (row.key.setName !== "entries") continue;
      if (row.resultCode === 2) this.#attempts.fault("lost", `record ${id} is not there`);
      if (row.isOk && row.record !== null)
        this.#checkRead("batch read", id, row.record.bins, known[ids.indexOf(id)] ?? []);
    }
  }

  async #addToSeveral({ session, totalMs }: Caller): Promise<void> {
    const ids = this.#several();
    const write = this.#send(ids);
    const ending = await this.#attempts.call("batch add", totalMs + this.#commitMs, async (options) => {
      const builder = session.update(entries.ids(ids)).bin("log").listAppend(write).bin("count").add(1);
      return (await builder.execute({ ...options, onError: "inStream" })).collect();
    });
    for (const [i, id] of ids.entries()) {
      const row = ending.ok ? ending.value[i] : undefined;
      if (ending.ok && row?.key.userKey !== id)
        this.#attempts.fault("crossed", `batch add: row ${i} is of ${row?.key}`);
      this.#settle(id, write, ending.ok ? (row?.error ?? undefined) : ending.error);
    }
  }

  async #query({ session, totalMs }: Caller): Promise<void> {
    const limit = this.#random() < 0.5 ? RECORDS : below(this.#random, RECORDS);
    const early = this.#random() < 0.15 ? below(this.#random, 5) : undefined;
    const ending = await this.#attempts.call("query", totalMs, async (options) => {
      const seen: number[] = [];
      for await (const { bins } of await session.query(entries).where("$.id < ?0", limit).execute(options)) {
        this.#checkOwn("query", bins.id, bins);
        seen.push(bins.id);
        if (seen.length === early) return undefined;
      }
      return seen;
    });
    if (!ending.ok || ending.value === undefined) return;
    const seen = ending.value.sort((a, b) => a - b);
    if (seen.length !== limit || seen.some((id, i) => id !== i))
      this.#attempts.fault("query", `of the first ${limit}: ${seen}`);
  }

  async #count({ session, totalMs }: Caller): Promise<void> {
    const limit = below(this.#random, RECORDS + 1);
    const ending = await this.#attempts.call("count", totalMs, (options) =>
      session.query(entries).where("$.id < ?0", limit).count(options),
    );
    if (ending.ok && ending.value !== limit) this.#attempts.fault("query", `the first ${limit} are ${ending.value}`);
  }

  #send(records: readonly number[]): number {
    const write = ++this.#writes;
    for (const record of records) this.#fatesOf(record).set(write, "sent");
    return write;
  }

  #settle(record: number, write: number, error: AerospikeError | undefined): void {
    const fate = error === undefined ? "acknowledged" : error.inDoubt ? "doubtful" : "failed";
    this.#fatesOf(record).set(write, fate);
  }

  #acknowledged(record: number): number[] {
    return [...this.#fatesOf(record)].filter(([, fate]) => fate === "acknowledged").map(([write]) => write);
  }

  #fatesOf(record: number): Map<number, Fate> {
    const fates = this.#fates[record];
    if (fates === undefined) throw new RangeError(`There is no record ${record}`);
    return fates;
  }

  #checkRead(name: string, id: number, bins: Entry, known: readonly number[]): void {
    this.#checkOwn(name, id, bins);
    this.#checkSeen(name, id, bins.log, known);
  }

  #checkOwn(name: string, id: number, bins: Entry): void {
    if (bins.id !== id || bins.tag !== `tag ${id}`)
      this.#attempts.fault("crossed", `${name} ${id}: ${JSON.stringify(bins)}`);
  }

  #checkSeen(name: string, id: number, log: readonly number[], known: readonly number[]): void {
    const missing = known.filter((write) => !log.includes(write));
    if (missing.length > 0) this.#attempts.fault("lost", `${name} ${id}: ${missing} were acknowledged before`);
  }

  #several(): number[] {
    const count = 2 + below(this.#random, 12);
    const first = below(this.#random, RECORDS);
    return Array.from({ length: count }, (_, i) => (first + i) % RECORDS);
  }
}
