import { type AerospikeError, DataSet, type Session } from "../../../src/index.js";

/** What every record holds: nothing that another record could hold. */
export interface Entry {
  id: number;
  tag: string;
  /** Starts as the id; every addition is of {@link STRIDE}, so that the id stays the remainder. */
  count: number;
  pad: string;
}

export const STRIDE = 1_000;
const MAX_RECORDS = STRIDE - 1;

export const entries = DataSet.of<Entry>("test", "ledger");
export const ghosts = DataSet.of<Entry>("test", "ghosts");

interface Account {
  /** Additions that were answered, that may have happened, and all that were begun. */
  confirmed: number;
  doubtful: number;
  started: number;
  /** Whether an addition has answered that it was the first, the second, …: no two may be the same. */
  readonly answers: Bits;
}

/** Millions of answers of a soak in some hundred kilobytes, so that what a client leaves behind shows beside them. */
class Bits {
  #bytes = new Uint8Array(64);

  /** False when it was set already. */
  set(index: number): boolean {
    const at = index >> 3;
    if (at >= this.#bytes.length) {
      const longer = new Uint8Array(2 * at);
      longer.set(this.#bytes);
      this.#bytes = longer;
    }
    const byte = this.#bytes[at] ?? 0;
    const bit = 1 << (index & 7);
    this.#bytes[at] = byte | bit;
    return (byte & bit) === 0;
  }
}

/** What is known of the additions to each record. */
export class Accounts {
  readonly #accounts: readonly Account[];

  constructor(records: number) {
    if (records > MAX_RECORDS) throw new RangeError(`At most ${MAX_RECORDS} records can be told apart`);
    this.#accounts = Array.from({ length: records }, () => ({
      confirmed: 0,
      doubtful: 0,
      started: 0,
      answers: new Bits(),
    }));
  }

  get length(): number {
    return this.#accounts.length;
  }

  /** Writes the records. */
  async open(session: Session): Promise<void> {
    await Promise.all(
      this.#accounts.map((_, id) => session.put(entries.id(id), { id, tag: `tag ${id}`, count: id, pad: "" })),
    );
  }

  start(id: number): void {
    this.#of(id).started++;
  }

  /** @param error what the addition ended with, if it failed */
  end(id: number, error: AerospikeError | undefined): void {
    const account = this.#of(id);
    if (error === undefined) account.confirmed++;
    else if (error.inDoubt) account.doubtful++;
  }

  /** Whether an addition may have answered this count. */
  takeAnswer(id: number, count: unknown): boolean {
    const { answers, started } = this.#of(id);
    if (typeof count !== "number" || count % STRIDE !== id) return false;
    const happened = (count - id) / STRIDE;
    return happened >= 1 && happened <= started && answers.set(happened);
  }

  /** Additions that a read which begins now must see. */
  confirmed(id: number): number {
    return this.#of(id).confirmed;
  }

  /** Whether a record that was read can be this one: @param least additions that it must have seen */
  isOwn(id: number, bins: Entry, least: number): boolean {
    const happened = (bins.count - id) / STRIDE;
    const isIt = bins.id === id && bins.tag === `tag ${id}`;
    return isIt && happened >= least && happened <= this.#of(id).started;
  }

  /** Reads the records: what does not add up. */
  async audit(session: Session): Promise<string[]> {
    const wrong = await Promise.all(
      this.#accounts.map(async ({ confirmed, doubtful }, id) => {
        const { bins } = await session.get(entries.id(id));
        const happened = (bins.count - id) / STRIDE;
        if (bins.id !== id || bins.tag !== `tag ${id}`) return `record ${id} holds ${JSON.stringify(bins)}`;
        if (happened >= confirmed && happened <= confirmed + doubtful) return undefined;
        return `record ${id}: ${confirmed} additions were answered and ${doubtful} in doubt, yet ${happened} happened`;
      }),
    );
    return wrong.filter((line) => line !== undefined);
  }

  #of(id: number): Account {
    const account = this.#accounts[id];
    if (account === undefined) throw new RangeError(`There is no record ${id}`);
    return account;
  }
}
