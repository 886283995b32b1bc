import type { RecordOperation } from "../../protocol/command/record-operation.js";
import type { RecordKey } from "../../protocol/key/record-key.js";
import { DigestSet } from "../data/digest-set.js";

interface Item {
  readonly key: RecordKey;
  readonly operation: RecordOperation;
}

/**
 * Cuts the items of a batch into runs that can each be sent at once: its rows are worked on in any order, so where one item
 * writes a record that another one of the run is about, a new run begins. Reads of one record may stand together.
 */
export class RunCutter {
  /** Most batches only read, and need no look at their records. */
  readonly #onlyReads: boolean;
  /** Records of the run. */
  readonly #ofNamespaces = new Map<string, { readonly read: DigestSet; readonly written: DigestSet }>();

  /** @param items all of them, which {@link beginsRun} is then asked about in their order */
  constructor(items: readonly Item[]) {
    this.#onlyReads = !items.some(({ operation }) => operation.isWrite);
  }

  /** Whether an item can't be sent before those of the run so far are done. */
  beginsRun(item: Item): boolean {
    if (this.#onlyReads || this.#add(item)) return false;
    this.#ofNamespaces.clear();
    this.#add(item);
    return true;
  }

  #add({ key: { namespace, digest }, operation: { isWrite } }: Item): boolean {
    let records = this.#ofNamespaces.get(namespace);
    if (records === undefined) {
      records = { read: new DigestSet(), written: new DigestSet() };
      this.#ofNamespaces.set(namespace, records);
    }
    const { read, written } = records;
    if (isWrite) return written.add(digest) && !read.has(digest);
    if (written.has(digest)) return false;
    read.add(digest);
    return true;
  }
}
