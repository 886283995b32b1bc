import { comparePacked } from "../packed/order.js";
import { isOrdered, listOf, type PackedList } from "./packed-list.js";
import { mapOf, type PackedMap } from "./packed-map.js";
import { positionsByRank } from "./rank-heap.js";
import { lowerBound, type Sequence, sequenceOf } from "./search.js";
import type { Span } from "./span.js";

/**
 * A list or map as selections see it: elements at positions, which are their indexes too (a map is kept in key order), and
 * ranks by value. Entries of a map with equal values rank by key; equal elements of a list share the lowest rank.
 */
export interface Collection {
  readonly size: number;
  /** The list is kept by value, so that index and rank are one; the map is flagged as ordered. */
  readonly isOrdered: boolean;
  readonly values: Sequence;
  /** Of a map, ascending; a list has none. */
  readonly keys: Sequence | undefined;
  rankOf(position: number): number;
  /** The positions that hold the ranks of a span, in the order in which they are handed back. */
  positionsAt(ranks: Span): number[];
}

export class ListCollection implements Collection {
  readonly list: PackedList;
  readonly size: number;
  readonly isOrdered: boolean;
  readonly values: Sequence;
  readonly keys = undefined;
  #sorted: Sequence | undefined;

  constructor(list: PackedList) {
    this.list = list;
    this.size = list.elements.length;
    this.isOrdered = isOrdered(list);
    this.values = sequenceOf(list.elements);
  }

  rankOf(position: number): number {
    if (this.isOrdered) return position;
    this.#sorted ??= sequenceOf(this.list.elements.toSorted(comparePacked));
    return lowerBound(this.#sorted, this.values.at(position));
  }

  positionsAt(ranks: Span): number[] {
    return positionsByRank(this.list.elements, ranks);
  }

  without(positions: ReadonlySet<number>): PackedList {
    const elements = this.list.elements.filter((_, position) => !positions.has(position));
    return listOf(this.list.flags, elements);
  }
}

export class MapCollection implements Collection {
  readonly map: PackedMap;
  readonly size: number;
  readonly isOrdered: boolean;
  readonly values: Sequence;
  readonly keys: Sequence;
  #positions: readonly number[] | undefined;
  #ranks: Int32Array | undefined;

  constructor(map: PackedMap) {
    const { entries } = map;
    this.map = map;
    this.size = entries.length;
    this.isOrdered = map.flags !== 0;
    this.values = { size: entries.length, at: (position) => entries[position]!.value };
    this.keys = { size: entries.length, at: (position) => entries[position]!.key };
  }

  rankOf(position: number): number {
    if (this.#ranks === undefined) {
      this.#ranks = new Int32Array(this.size);
      for (const [rank, at] of this.#byRank().entries()) this.#ranks[at] = rank;
    }
    return this.#ranks[position]!;
  }

  positionsAt(ranks: Span): number[] {
    return this.#byRank().slice(ranks.start, ranks.start + ranks.count);
  }

  without(positions: ReadonlySet<number>): PackedMap {
    const entries = this.map.entries.filter((_, position) => !positions.has(position));
    return mapOf(this.map.flags, entries);
  }

  /** Positions sorted by value; the sort is stable, so equal values stay in key order. */
  #byRank(): readonly number[] {
    const { entries } = this.map;
    this.#positions ??= Array.from(entries.keys()).sort((a, b) => comparePacked(entries[a]!.value, entries[b]!.value));
    return this.#positions;
  }
}
