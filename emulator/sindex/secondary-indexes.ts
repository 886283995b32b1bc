import { type IndexDefinition, IndexSource, sameDefinition } from "./index-definition.js";

const MAX_INDEXES = 256;

/** An index of a namespace. Its entries are worked out from the records when they are asked for, so it is never behind. */
export interface SecondaryIndex {
  readonly name: string;
  readonly definition: IndexDefinition;
  /** When it is built, on the clock of the Runtime. */
  readonly builtAt: number;
  readonly startedAt: number;
}

/** The indexes of a namespace, in the order they were made. All nodes have the same. */
export class SecondaryIndexes {
  #indexes: SecondaryIndex[] = [];

  get all(): readonly SecondaryIndex[] {
    return this.#indexes;
  }

  byName(name: string): SecondaryIndex | undefined {
    return this.#indexes.find((index) => index.name === name);
  }

  /** An index of exactly this definition. */
  byDefinition(definition: IndexDefinition): SecondaryIndex | undefined {
    return this.#indexes.find((index) => sameDefinition(index.definition, definition));
  }

  /** The index that a query of this definition uses: one on its set, else one on the whole namespace. */
  lookUp(definition: IndexDefinition): SecondaryIndex | undefined {
    return this.byDefinition(definition) ?? this.byDefinition({ ...definition, setName: "" });
  }

  isFull(): boolean {
    return this.#indexes.filter((index) => index.definition.source !== IndexSource.SET).length >= MAX_INDEXES;
  }

  /** Adds an index, or gives the one of this definition a new name. */
  put(index: SecondaryIndex): void {
    const place = this.#indexes.findIndex((other) => sameDefinition(other.definition, index.definition));
    const before = this.#indexes[place];
    if (before === undefined) this.#indexes.push(index);
    else this.#indexes[place] = { ...before, name: index.name };
  }

  /** Takes the place of all that there are. */
  restore(indexes: readonly SecondaryIndex[]): void {
    this.#indexes = [...indexes];
  }

  remove(name: string): void {
    this.#indexes = this.#indexes.filter((index) => index.name !== name);
  }
}

/** Percent of an index that is built. */
export function loadPercent(index: SecondaryIndex, now: number): number {
  if (now >= index.builtAt) return 100;
  return Math.floor(((now - index.startedAt) * 100) / (index.builtAt - index.startedAt));
}
