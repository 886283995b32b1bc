import { MapReturnType } from "../../protocol/cdt/flags.js";
import * as list from "../../protocol/cdt/list-selectors.js";
import * as map from "../../protocol/cdt/map-selectors.js";
import type { Selector } from "../../protocol/cdt/selector.js";
import type { SearchValue } from "../../protocol/value/pack.js";
import type { MapKey } from "../../protocol/value/value.js";
import type { Argument } from "../exp/call.js";
import type { AelNode, Select, Step } from "./ast.js";
import type { Lowering } from "./lower.js";

type Int = number | bigint;

/** The selector of a collection call for the last step of a path. */
export function stepSelector(lowering: Lowering, step: Step, returns: number): Selector {
  const { select, on } = step;
  const value = (node: AelNode): SearchValue | Argument => lowering.argument(node);
  const bound = (node: AelNode | undefined) => (node === undefined ? undefined : value(node));
  // What is checked as it is built: a place is an integer, a key an integer, string or blob.
  const place = (node: AelNode) => value(node) as Int | Argument;
  const key = (node: AelNode) => value(node) as MapKey | Argument;
  const onList = on === "list";
  switch (select.by) {
    case "key":
      return map.mapByKey(key(select.key));
    case "index":
      return onList ? list.listByIndex(place(select.index)) : map.mapByIndex(place(select.index));
    case "rank":
      return onList ? list.listByRank(place(select.rank)) : map.mapByRank(place(select.rank));
    case "value": {
      // Counting looks at all elements of the value, everything else at the first.
      const isForAll =
        returns === MapReturnType.COUNT || returns === MapReturnType.EXISTS || returns >= MapReturnType.KEY_VALUE;
      const searched = value(select.value);
      if (onList) return isForAll ? list.listByValue(searched) : list.listByFirstValue(searched);
      return isForAll ? map.mapByValue(searched) : map.mapByFirstValue(searched);
    }
    case "keyList":
      return map.mapByKeyList(select.list.map((one) => lowering.valueOf(one) as MapKey));
    case "valueList": {
      const values = select.list.map((one) => lowering.valueOf(one) as SearchValue);
      return onList ? list.listByValueList(values) : map.mapByValueList(values);
    }
    case "keyRange": {
      const until = select.until;
      return map.mapByKeyRange(key(select.begin), until === undefined ? undefined : key(until));
    }
    case "valueRange": {
      const begin = value(select.begin);
      return onList
        ? list.listByValueRange(begin, bound(select.until))
        : map.mapByValueRange(begin, bound(select.until));
    }
    case "indexRange":
    case "rankRange":
      return rangeSelector(lowering, step, select);
    default:
      return lowering.fail(step, "This step selects nothing by itself");
  }
}

function rangeSelector(
  lowering: Lowering,
  step: Step,
  select: Extract<Select, { by: "indexRange" | "rankRange" }>,
): Selector {
  const begin = lowering.valueOf(select.begin) as Int;
  const count =
    select.until === undefined ? undefined : countUntil(lowering, step, begin, lowering.valueOf(select.until));
  const onList = step.on === "list";
  if (select.relativeTo !== undefined) {
    const from = lowering.argument(select.relativeTo);
    if (select.by === "indexRange") return map.mapByKeyRelIndexRange(from as MapKey | Argument, begin, count);
    return onList ? list.listByValueRelRankRange(from, begin, count) : map.mapByValueRelRankRange(from, begin, count);
  }
  if (select.by === "indexRange")
    return onList ? list.listByIndexRange(begin, count) : map.mapByIndexRange(begin, count);
  return onList ? list.listByRankRange(begin, count) : map.mapByRankRange(begin, count);
}

function countUntil(lowering: Lowering, step: Step, begin: Int, until: unknown): number {
  const count = Number(until) - Number(begin);
  if (!(count >= 0)) lowering.fail(step, "A range ends after it begins");
  return count;
}
