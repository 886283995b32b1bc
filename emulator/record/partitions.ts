import { PARTITIONS } from "../../protocol/limits.js";
import { Partition } from "./partition.js";

/** A namespace's 4096 partitions. Each is made when it is first needed: most stay empty, and are passed over. */
export class Partitions {
  readonly #byId = new Array<Partition | undefined>(PARTITIONS).fill(undefined);
  /** Those that were made, by id; undefined when they have changed. */
  #made: readonly Partition[] | undefined = [];

  /** Undefined for one that nobody has asked for yet. */
  find(id: number): Partition | undefined {
    return this.#byId[id];
  }

  get(id: number): Partition {
    const known = this.#byId[id];
    if (known !== undefined) return known;
    const partition = new Partition(id);
    this.#byId[id] = partition;
    this.#made = undefined;
    return partition;
  }

  /** Leaves an empty one in its place. */
  forget(id: number): void {
    if (this.#byId[id] === undefined) return;
    this.#byId[id] = undefined;
    this.#made = undefined;
  }

  /** All that may have records, by id. */
  get made(): readonly Partition[] {
    this.#made ??= this.#byId.filter((partition) => partition !== undefined);
    return this.#made;
  }
}
