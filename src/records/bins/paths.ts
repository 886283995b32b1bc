import type { AnyInteger } from "../../../protocol/bytes/utf8.js";
import { CTX, checkPath, leadsToSeveral } from "../../../protocol/cdt/context.js";
import { PATH_NO_FAIL, type PathOptions, PathSelectFlags } from "../../../protocol/cdt/path.js";
import { checkOptions } from "../../../protocol/check/check-options.js";
import type { PackedExpression } from "../../../protocol/exp/packed-expression.js";
import { checkChange } from "../../../protocol/exp/path-change.js";
import { describe } from "../../../protocol/value/invalid-value.js";
import type { Expression } from "../../exp/expression.js";
import { asExpression } from "../../exp/from-bytes.js";
import { removeResult } from "../../exp/paths.js";
import type { Did, Found, Next } from "./next.js";
import type { Place } from "./place.js";
import type {
  ChildKeyOf,
  ChildOf,
  ElementOf,
  EntryOf,
  IfContainer,
  IfList,
  IfMap,
  KeyOf,
  MapsIn,
  Sought,
  TreeOf,
  ValueOf,
} from "./place-types.js";
import type { Places, SelectionFactory, Selections } from "./selection.js";

// Paths lead to any number of places inside of a bin at once. Servers know them from 8.1.1 on, several keys and
// andWhere() from 8.1.2 on.

/** Which elements or entries a path goes on with. */
export interface ChildrenOptions {
  /**
   * Those for which this is true. It sees the loop variables, such as `Exp.intLoopVar("value")`, and nothing else of the
   * record. Default: all.
   */
  readonly where?: PackedExpression;
  /**
   * Those that a step to several leads to: by a range of indexes, ranks, keys or values, by a list, or all others than
   * those. Default: all. Needs server 8.2; {@link CTX.mapKeysIn} 8.1.2.
   */
  readonly among?: CTX;
}

/** `F` where places have keys. */
export type IfKeys<K, F> = [K] extends [never] ? unknown : F;

/** The steps of a path behind places with values of type `V`. What holds nothing, or not what a step asks for, is passed over. */
export type PathSteps<C extends Next, V, S extends Selections> = IfContainer<V, EachChild<C, V, S>> &
  IfList<V, PathListSteps<C, ElementOf<V>, S>> &
  IfMap<V, PathMapSteps<C, MapsIn<V>, S>>;

/** The step of a path to all that lists and maps hold. */
export abstract class EachChild<out C extends Next, V, S extends Selections> {
  /** @internal */
  declare readonly place: Place<C>;
  /** @internal */
  declare readonly selections: SelectionFactory;

  /**
   * All elements of the list, all entries of the map, or those that `where` is true for. Needs server 8.1.1.
   * @throws TypeError when `where` is no bool expression, or `among` no step to several
   * @example .bin("scores").onEachChild({ where: Exp.gt(Exp.intLoopVar("value"), Exp.intVal(10)) }).collectValues()
   * @example .bin("orders").onEachChild({ among: CTX.listIndexRange(0, 3) }).onMapKey("total").collectValues()
   */
  onEachChild(options: ChildrenOptions = {}): Places<S, "children", ChildOf<V>, ChildKeyOf<V>> {
    checkOptions<ChildrenOptions>("onEachChild", options, { where: true, among: true });
    // A condition that got lost on its way here must not mean all.
    const condition = () => conditionOf("where", options.where);
    if ("among" in options) {
      return further(this, () => {
        const some = severalOf(options.among);
        return "where" in options ? [some, CTX.andFilter(condition())] : [some];
      });
    }
    return further(this, () => ["where" in options ? CTX.allChildrenWithFilter(condition()) : CTX.allChildren()]);
  }
}

/** The step of a path to several entries of maps `M`. */
export abstract class KeysIn<out C extends Next, M, S extends Selections> {
  /** @internal */
  declare readonly place: Place<C>;
  /** @internal */
  declare readonly selections: SelectionFactory;

  /** The entries with any of the keys, in the order of the map. Needs server 8.1.2. */
  onMapKeysIn<const K extends KeyOf<M>>(keys: readonly K[]): Places<S, "step", Exclude<EntryOf<M, K>, undefined>, K> {
    return further(this, () => [CTX.mapKeysIn(keys)]);
  }
}

/** The steps of a path to one entry of each map `M`. */
export abstract class PathMapSteps<out C extends Next, M, S extends Selections> extends KeysIn<C, M, S> {
  /** The entry with a key. */
  onMapKey<const K extends KeyOf<M>>(key: K): Places<S, "step", Exclude<EntryOf<M, K>, undefined>, K> {
    return further(this, () => [CTX.mapKey(key)]);
  }

  /**
   * The entry at an index in key order; negative ones count from the end. Servers of 8.1.2 fail with result
   * code 1 unless what it is looked up in is the last of its own list or map.
   */
  onMapIndex(index: AnyInteger): Places<S, "step", ValueOf<M>, KeyOf<M>> {
    return further(this, () => [CTX.mapIndex(index)]);
  }

  /**
   * The entry of a rank in value order; negative ones count from the greatest. Servers of 8.1.2 fail with result
   * code 1 unless what it is looked up in is the last of its own list or map.
   */
  onMapRank(rank: AnyInteger): Places<S, "step", ValueOf<M>, KeyOf<M>> {
    return further(this, () => [CTX.mapRank(rank)]);
  }

  /** The first entry with a value. */
  onMapValue(value: Sought<ValueOf<M>>): Places<S, "step", ValueOf<M>, KeyOf<M>> {
    return further(this, () => [CTX.mapValue(value)]);
  }
}

/** The steps of a path to one element of each list. */
export abstract class PathListSteps<out C extends Next, E, S extends Selections> {
  /** @internal */
  declare readonly place: Place<C>;
  /** @internal */
  declare readonly selections: SelectionFactory;

  /** The element at an index; negative ones count from the end. */
  onListIndex(index: AnyInteger): Places<S, "step", E, never> {
    return further(this, () => [CTX.listIndex(index)]);
  }

  /**
   * The element of a rank in value order; negative ones count from the greatest. Servers of 8.1.2 fail with result
   * code 1 unless what it is looked up in is the last of its own list or map.
   */
  onListRank(rank: AnyInteger): Places<S, "step", E, never> {
    return further(this, () => [CTX.listRank(rank)]);
  }

  /** The first element with a value. */
  onListValue(value: Sought<E>): Places<S, "step", E, never> {
    return further(this, () => [CTX.listValue(value)]);
  }
}

/** Narrows down what the step before leads to. */
export abstract class PathNarrowing<out C extends Next, V, K, S extends Selections> {
  /** @internal */
  declare readonly place: Place<C>;
  /** @internal */
  declare readonly selections: SelectionFactory;

  /**
   * Of the places that the step before leads to, those for which this is true. It sees the loop variables and nothing else
   * of the record. Needs server 8.1.2.
   * @throws TypeError when it is no bool expression, or after `onEachChild`, which has `where`
   * @example .bin("stock").onMapKeysIn(["a", "b"]).andWhere(Exp.gt(Exp.intLoopVar("value"), Exp.intVal(0))).collectKeys()
   */
  andWhere(condition: PackedExpression): Places<S, "children", V, K> {
    return further(this, () => [CTX.andFilter(conditionOf("andWhere", condition))]);
  }
}

/** Reads what a path leads to. */
export abstract class PathReads<out C extends Next, V> {
  /** @internal */
  declare readonly place: Place<C>;

  /** The values, as one flat list. */
  collectValues(options: PathOptions = {}): Found<C, V[]> {
    return this.place.findsAlong(PathSelectFlags.VALUES | flagsOf("collectValues", options));
  }

  /** The list or map that the bin is, with only those places in it. What is no list or map where a path goes on stays. */
  collectTree(options: PathOptions = {}): Found<C, TreeOf<Exclude<C["bin"], undefined>>> {
    return this.place.findsAlong(PathSelectFlags.MATCHING_TREE | flagsOf("collectTree", options));
  }
}

/** Reads what a path leads to in maps. */
export abstract class PathKeyReads<out C extends Next, K, V> {
  /** @internal */
  declare readonly place: Place<C>;

  /** The keys, as one flat list; result code 12 for a place in a list. */
  collectKeys(options: PathOptions = {}): Found<C, K[]> {
    return this.place.findsAlong(PathSelectFlags.MAP_KEYS | flagsOf("collectKeys", options));
  }

  /** The entries as pairs of key and value; result code 12 for a place in a list. */
  collectEntries(options: PathOptions = {}): Found<C, [K, V][]> {
    return this.place.findsAlong(PathSelectFlags.MAP_KEY_VALUES | flagsOf("collectEntries", options), "pairs");
  }
}

/** Changes what a path leads to. A bin that is missing is an error (result code 12). */
export abstract class PathWrites<out C extends Next> {
  /** @internal */
  declare readonly place: Place<C>;

  /**
   * Replaces every place by what the expression gives for it, or takes it out where that is `Exp.removeResult()`. It sees
   * the loop variables and nothing else of the record. It gives a number, a boolean, a list, a map, GeoJSON or a constant
   * of at most 30 bytes; servers of 8.1.2 abort over other text and bytes, so those are refused.
   * @param options with `noFail`, a place for which it can't be worked out stays as it is, instead of result code 1
   * @throws TypeError for what is no expression, or gives what takes servers down
   * @example .bin("scores").onEachChild().modifyBy(Exp.numAdd([Exp.intLoopVar("value"), Exp.intVal(1)]))
   */
  modifyBy(change: PackedExpression, options: PathOptions = {}): Did<C> {
    const flags = flagsOf("modifyBy", options);
    const { node } = this.place.explained(() => {
      const expression = expressionGiven("modifyBy", change);
      checkChange(expression.node);
      return expression;
    });
    return this.place.doesAlong(flags, node);
  }

  /** Removes every place. */
  removeMatches(options: PathOptions = {}): Did<C> {
    return this.place.doesAlong(flagsOf("removeMatches", options), removeResult().node);
  }
}

/** The steps with which paths begin. @internal */
export const PATH_ENTRIES = [EachChild, KeysIn] as const;
/** The steps of paths. @internal */
export const PATH_WAYS = [EachChild, PathMapSteps, PathListSteps, PathNarrowing] as const;
/** The reads of what paths lead to. @internal */
export const PATH_READS = [PathReads, PathKeyReads] as const;

interface Way {
  readonly place: Place<Next>;
  readonly selections: SelectionFactory;
}

/** The builder of the places one step further on, which is of the type that the method says. */
function further<X>({ place, selections }: Way, steps: () => readonly CTX[]): X {
  const to = place.explained(() => {
    const next = steps().reduce((at, step) => at.step(step), place);
    checkPath(next.context);
    return next;
  });
  return selections.path(to) as X;
}

function severalOf(given: unknown): CTX {
  if (given instanceof CTX && leadsToSeveral(given.type)) return given;
  throw new TypeError(
    `expected among to be a step to several places by a range or a list, such as CTX.listIndexRange(0, 3), got ${describe(given)}`,
  );
}

function conditionOf(name: string, condition: unknown): Expression {
  const expression = expressionGiven(name, condition);
  if (expression.type === "bool") return expression;
  throw new TypeError(`expected ${name} to be a bool expression, got one that is ${expression.type ?? "of no type"}`);
}

function expressionGiven(name: string, given: unknown): Expression {
  const found = asExpression(given);
  if (found !== undefined) return found;
  throw new TypeError(`expected ${name} to be an Exp, got ${describe(given)}`);
}

function flagsOf(method: string, options: PathOptions): number {
  checkOptions<PathOptions>(method, options, { noFail: true });
  return options.noFail === true ? PATH_NO_FAIL : 0;
}
