import {
  BitOp,
  CdtForm,
  type CdtOperation,
  type CdtSystem,
  HllOp,
  ListOp,
  MapOp,
  type SelectorKind,
  StringOp,
} from "../../protocol/cdt/operations.js";

const SELECTORS: Readonly<Record<SelectorKind, string>> = {
  index: "index",
  rank: "rank",
  key: "key",
  firstValue: "value",
  value: "value",
  keyList: "key_list",
  valueList: "value_list",
  indexRange: "index_range",
  rankRange: "rank_range",
  keyRange: "key_range",
  valueRange: "value_range",
  relativeIndexRange: "rel_index_range",
  relativeRankRange: "rel_rank_range",
};

/** Operations that the expressions of clients are not built of: a server has no words for them. */
const NAMELESS: ReadonlySet<CdtOperation> = new Set([
  ListOp.GET,
  ListOp.GET_RANGE,
  ListOp.GET_ALL_BY_VALUE,
  ListOp.SET_TYPE,
  ListOp.POP,
  ListOp.POP_RANGE,
  ListOp.REMOVE,
  ListOp.REMOVE_RANGE,
  ListOp.REMOVE_BY_VALUE,
  ListOp.TRIM,
  MapOp.GET_BY_VALUE,
  MapOp.SET_TYPE,
  MapOp.ADD,
  MapOp.ADD_ITEMS,
  MapOp.REPLACE,
  MapOp.REPLACE_ITEMS,
  MapOp.DECREMENT,
  MapOp.REMOVE_ALL_BY_VALUE,
]);

const names: Readonly<Record<CdtSystem, ReadonlyMap<number, string>>> = {
  cdt: new Map([...named("list", ListOp), ...named("map", MapOp), [CdtForm.SELECT, "select"]]),
  bits: new Map(named("bit", BitOp)),
  hll: new Map(named("hll", HllOp)),
  string: new Map(named("string", StringOp)),
};

function named(prefix: string, operations: Readonly<Record<string, CdtOperation>>): [number, string][] {
  return Object.entries(operations)
    .filter(([, operation]) => !NAMELESS.has(operation))
    .map(([key, { code, selects, modifies }]) => {
      const own = selects === undefined ? key.toLowerCase() : `${modifies ? "remove" : "get"}_by_${SELECTORS[selects]}`;
      return [code, `${prefix}_${own}`];
    });
}

/** The word for an operation in a server's display of an expression: `map_get_by_key`. */
export function operationName(system: CdtSystem, code: number): string {
  return names[system].get(code) ?? (system === "cdt" ? "INVALID_CDT_OP" : "INVALID_BITS_OP");
}
