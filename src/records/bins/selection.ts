import type { Selector } from "../../../protocol/cdt/selector.js";
import type { Next } from "./next.js";
import type { Place } from "./place.js";
import type { EntryOf, KeyOf, Read, ValueOf } from "./place-types.js";
import type { Target } from "./target.js";

/** What a selector names in a list or map: the selector works on `from`. */
export interface Selected<out C extends Next, S extends Selector = Selector> {
  readonly from: Place<C>;
  readonly selector: S;
}

/** One place that a selector names: operations on what it holds work on `to`. */
export interface SelectedPlace<out C extends Next, S extends Selector = Selector> extends Selected<C, S> {
  readonly to: Place<C>;
  /** What to set, where the place has a key or an index. */
  readonly target: Target<C> | undefined;
}

/**
 * The builders that the `on…` methods return, by kind of selector: types for the compiler alone, like {@link Next}. The
 * methods fill in what the selector names.
 */
export interface Selections {
  /** The elements, or the values of the entries. */
  readonly value: unknown;
  /** The keys of the entries. */
  readonly key: unknown;
  /** The maps that the entries are in. */
  readonly map: unknown;

  /** onMapKey: one entry, which can be set. */
  readonly mapKey: unknown;
  /** onMapIndex, onMapRank: one entry. */
  readonly mapEntry: unknown;
  /** onMapValue: all entries with a value; going further in means the first. */
  readonly mapMatches: unknown;
  /** Ranges and lists of keys and values. */
  readonly mapRange: unknown;
  /** onListIndex: one element, which can be set. */
  readonly listIndex: unknown;
  /** onListRank: one element. */
  readonly listElement: unknown;
  /** onListValue: all elements with a value; going further in means the first. */
  readonly listMatches: unknown;
  /** Ranges and lists of values. */
  readonly listRange: unknown;
  /** onEachChild: any number of places, from which a path may lead on. */
  readonly children: unknown;
  /** One step of a path, or several keys: places that `andWhere` can narrow down. */
  readonly step: unknown;
}

/** The builder for what maps `M` have under a key. */
export type EntryUnder<S extends Selections, M, K> = Entries<S, "mapKey", M, Read<Under<M, K>>, EntryOf<M, K>>;

/** The key, undefined where there may be nothing under it. */
type Under<M, K> = K | (undefined extends EntryOf<M, K> ? undefined : never);

/** The builder for any entries of maps `M`. */
export type AllEntries<S extends Selections, Kind extends keyof Selections, M> = Entries<
  S,
  Kind,
  M,
  KeyOf<M>,
  ValueOf<M>
>;

type Entries<S extends Selections, Kind extends keyof Selections, M, K, V> = (S & {
  readonly value: V;
  readonly key: K;
  readonly map: M;
})[Kind];

/** The builder for elements of type `E` of a list. */
export type Elements<S extends Selections, Kind extends keyof Selections, E> = (S & { readonly value: E })[Kind];

/** The builder for the places of a path: values of type `V`, under keys of type `K` if they are in maps. */
export type Places<S extends Selections, Kind extends "children" | "step", V, K> = (S & {
  readonly value: V;
  readonly key: K;
})[Kind];

/**
 * Makes the builders of {@link Selections}: one class for one place, one for several, one for paths. What they can do is
 * for all kinds of selectors; the types of the `on…` methods have what applies to theirs, and what does not refuses to be
 * called.
 */
export interface SelectionFactory {
  path(place: Place<Next>): unknown;
  place(selected: SelectedPlace<Next>): unknown;
  range(selected: Selected<Next>): unknown;
}
