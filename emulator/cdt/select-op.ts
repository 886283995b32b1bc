import { ListOp, MapOp } from "../../protocol/cdt/operations.js";
import type { Collection, ListCollection, MapCollection } from "./collection.js";
import type { Params } from "./params.js";
import { ReturnType, type Wanted, wantedOf } from "./return-type.js";
import { byKeys, byValues } from "./select-items.js";
import { byIndexFrom, byKey, byKeyInterval } from "./select-key.js";
import { byIndex, byIndexRange, byRank, byRankRange } from "./select-run.js";
import { byRankFrom, byValue } from "./select-value.js";
import type { Selection } from "./selection.js";

/** An operation that selects elements, to read them or to remove them. */
export interface SelectOp<C extends Collection> extends Form<C> {
  readonly removes: boolean;
}

interface Form<C extends Collection> {
  readonly required: number;
  readonly most: number;
  readonly read: (params: Params) => SelectRequest<C>;
}

export interface SelectRequest<C extends Collection> {
  readonly wanted: Wanted;
  readonly criterion: CriterionFor<C>;
}

type CriterionFor<C extends Collection> = (collection: C, wanted: Wanted) => Selection | number;
type ReadCriterion<C extends Collection> = (params: Params) => CriterionFor<C>;

// The return type is the first parameter, and an optional count or end the last.

const INDEX = one((params) => byIndex(params.integer()));
const RANK = one((params) => byRank(params.integer()));
const VALUE = one((params) => byValue({ only: params.value() }));
const ALL_WITH_VALUE = many(2, (params) => byValue({ only: params.value() }));
const VALUES = many(2, (params) => byValues(params.value()));
const INDEX_RANGE = many(2, (params) => byIndexRange(params.integer(), params.count()), 1);
const RANK_RANGE = many(2, (params) => byRankRange(params.integer(), params.count()), 1);
const VALUE_INTERVAL = many(2, (params) => byValue({ from: params.value(), below: params.optionalValue() }), 1);
const RANKS_FROM_VALUE = many(3, (params) => byRankFrom(params.value(), params.integer(), params.count()), 1);
const KEY = one((params) => byKey(params.value()));
const KEYS = many(2, (params) => byKeys(params.value()));
const KEY_INTERVAL = many(2, (params) => byKeyInterval(params.value(), params.optionalValue()), 1);
const INDEXES_FROM_KEY = many(3, (params) => byIndexFrom(params.value(), params.integer(), params.count()), 1);

export const LIST_SELECT_OPS: ReadonlyMap<number, SelectOp<ListCollection>> = new Map([
  ...both(ListOp.GET_BY_INDEX.code, ListOp.REMOVE_BY_INDEX.code, INDEX),
  ...both(ListOp.GET_BY_RANK.code, ListOp.REMOVE_BY_RANK.code, RANK),
  ...both(ListOp.GET_BY_VALUE.code, ListOp.REMOVE_BY_VALUE.code, VALUE),
  ...both(ListOp.GET_ALL_BY_VALUE.code, ListOp.REMOVE_ALL_BY_VALUE.code, ALL_WITH_VALUE),
  ...both(ListOp.GET_ALL_BY_VALUE_LIST.code, ListOp.REMOVE_ALL_BY_VALUE_LIST.code, VALUES),
  ...both(ListOp.GET_BY_INDEX_RANGE.code, ListOp.REMOVE_BY_INDEX_RANGE.code, INDEX_RANGE),
  ...both(ListOp.GET_BY_RANK_RANGE.code, ListOp.REMOVE_BY_RANK_RANGE.code, RANK_RANGE),
  ...both(ListOp.GET_BY_VALUE_INTERVAL.code, ListOp.REMOVE_BY_VALUE_INTERVAL.code, VALUE_INTERVAL),
  ...both(ListOp.GET_BY_VALUE_REL_RANK_RANGE.code, ListOp.REMOVE_BY_VALUE_REL_RANK_RANGE.code, RANKS_FROM_VALUE),
  // The operations of the first servers, without a return type.
  ...both(ListOp.GET.code, ListOp.POP.code, fixed(1, 1, { type: ReturnType.VALUE, inverted: false, multi: false })),
  ...both(
    ListOp.GET_RANGE.code,
    ListOp.POP_RANGE.code,
    fixed(1, 2, { type: ReturnType.VALUE, inverted: false, multi: true }),
  ),
  removing(ListOp.REMOVE.code, fixed(1, 1, { type: ReturnType.COUNT, inverted: false, multi: false })),
  removing(ListOp.REMOVE_RANGE.code, fixed(1, 2, { type: ReturnType.COUNT, inverted: false, multi: true })),
  removing(ListOp.TRIM.code, fixed(2, 2, { type: ReturnType.COUNT, inverted: true, multi: true })),
]);

export const MAP_SELECT_OPS: ReadonlyMap<number, SelectOp<MapCollection>> = new Map([
  ...both<MapCollection>(MapOp.GET_BY_KEY.code, MapOp.REMOVE_BY_KEY.code, KEY),
  ...both<MapCollection>(MapOp.GET_BY_INDEX.code, MapOp.REMOVE_BY_INDEX.code, INDEX),
  ...both<MapCollection>(MapOp.GET_BY_RANK.code, MapOp.REMOVE_BY_RANK.code, RANK),
  ...both<MapCollection>(MapOp.GET_BY_VALUE.code, MapOp.REMOVE_BY_VALUE.code, VALUE),
  ...both<MapCollection>(MapOp.GET_ALL_BY_VALUE.code, MapOp.REMOVE_ALL_BY_VALUE.code, ALL_WITH_VALUE),
  ...both<MapCollection>(MapOp.GET_BY_KEY_LIST.code, MapOp.REMOVE_BY_KEY_LIST.code, KEYS),
  ...both<MapCollection>(MapOp.GET_BY_VALUE_LIST.code, MapOp.REMOVE_BY_VALUE_LIST.code, VALUES),
  ...both<MapCollection>(MapOp.GET_BY_KEY_INTERVAL.code, MapOp.REMOVE_BY_KEY_INTERVAL.code, KEY_INTERVAL),
  ...both<MapCollection>(MapOp.GET_BY_INDEX_RANGE.code, MapOp.REMOVE_BY_INDEX_RANGE.code, INDEX_RANGE),
  ...both<MapCollection>(MapOp.GET_BY_RANK_RANGE.code, MapOp.REMOVE_BY_RANK_RANGE.code, RANK_RANGE),
  ...both<MapCollection>(MapOp.GET_BY_VALUE_INTERVAL.code, MapOp.REMOVE_BY_VALUE_INTERVAL.code, VALUE_INTERVAL),
  ...both<MapCollection>(
    MapOp.GET_BY_KEY_REL_INDEX_RANGE.code,
    MapOp.REMOVE_BY_KEY_REL_INDEX_RANGE.code,
    INDEXES_FROM_KEY,
  ),
  ...both<MapCollection>(
    MapOp.GET_BY_VALUE_REL_RANK_RANGE.code,
    MapOp.REMOVE_BY_VALUE_REL_RANK_RANGE.code,
    RANKS_FROM_VALUE,
  ),
]);

/** Names one element. */
function one<C extends Collection>(criterion: ReadCriterion<C>): Form<C> {
  return withReturnType(2, 2, false, criterion);
}

/** Names any number of elements; `optional` parameters may follow those required. */
function many<C extends Collection>(required: number, criterion: ReadCriterion<C>, optional = 0): Form<C> {
  return withReturnType(required, required + optional, true, criterion);
}

function withReturnType<C extends Collection>(
  required: number,
  most: number,
  multi: boolean,
  criterion: ReadCriterion<C>,
): Form<C> {
  const read = (params: Params): SelectRequest<C> => {
    const wanted = wantedOf(params.flags(), multi);
    return { wanted, criterion: criterion(params) };
  };
  return { required, most, read };
}

/** By index, with a return type that the operation implies. */
function fixed(required: number, most: number, wanted: Wanted): Form<Collection> {
  const read = (params: Params): SelectRequest<Collection> => {
    const index = params.integer();
    return { wanted, criterion: wanted.multi ? byIndexRange(index, params.count()) : byIndex(index) };
  };
  return { required, most, read };
}

function both<C extends Collection>(get: number, remove: number, form: Form<C>): [number, SelectOp<C>][] {
  return [[get, { ...form, removes: false }], removing(remove, form)];
}

function removing<C extends Collection>(code: number, form: Form<C>): [number, SelectOp<C>] {
  return [code, { ...form, removes: true }];
}
