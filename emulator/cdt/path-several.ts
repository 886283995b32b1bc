import { Writer } from "../../protocol/bytes/writer.js";
import { ContextType } from "../../protocol/cdt/context.js";
import { INVERTED, MapReturnType } from "../../protocol/cdt/flags.js";
import { type CdtOperation, ListOp, MapOp } from "../../protocol/cdt/operations.js";
import { packInteger } from "../../protocol/value/pack.js";
import { type Collection, ListCollection, MapCollection } from "./collection.js";
import { readList } from "./packed-list.js";
import { Params } from "./params.js";
import type { PathLevel } from "./path-level.js";
import { PayloadReader } from "./payload-reader.js";
import { LIST_SELECT_OPS, MAP_SELECT_OPS, type SelectOp } from "./select-op.js";
import type { Selection } from "./selection.js";

const LIST_OPS: ReadonlyMap<number, CdtOperation> = new Map([
  [ContextType.LIST_INDEX_RANGE & 0x0f, ListOp.GET_BY_INDEX_RANGE],
  [ContextType.LIST_RANK_RANGE & 0x0f, ListOp.GET_BY_RANK_RANGE],
  [ContextType.LIST_VALUES_IN & 0x0f, ListOp.GET_ALL_BY_VALUE_LIST],
  [ContextType.LIST_VALUE_RANGE & 0x0f, ListOp.GET_BY_VALUE_INTERVAL],
  [ContextType.LIST_VALUE_REL_RANK_RANGE & 0x0f, ListOp.GET_BY_VALUE_REL_RANK_RANGE],
]);
const MAP_OPS: ReadonlyMap<number, CdtOperation> = new Map([
  [ContextType.MAP_INDEX_RANGE & 0x0f, MapOp.GET_BY_INDEX_RANGE],
  [ContextType.MAP_RANK_RANGE & 0x0f, MapOp.GET_BY_RANK_RANGE],
  [ContextType.MAP_VALUES_IN & 0x0f, MapOp.GET_BY_VALUE_LIST],
  [ContextType.MAP_KEY_RANGE & 0x0f, MapOp.GET_BY_KEY_INTERVAL],
  [ContextType.MAP_VALUE_RANGE & 0x0f, MapOp.GET_BY_VALUE_INTERVAL],
  [ContextType.MAP_KEY_REL_INDEX_RANGE & 0x0f, MapOp.GET_BY_KEY_REL_INDEX_RANGE],
  [ContextType.MAP_VALUE_REL_RANK_RANGE & 0x0f, MapOp.GET_BY_VALUE_REL_RANK_RANGE],
]);

/** Whether a level by a range or by values picks a position; undefined when its parameters are not what they should be. */
export function severalTest(collection: Collection, level: PathLevel): ((position: number) => boolean) | undefined {
  const selection = select(collection, level);
  if (selection === undefined) return undefined;
  const picked = new Set(selection.positions);
  return (position) => picked.has(position);
}

function select(collection: Collection, level: PathLevel): Selection | undefined {
  if (collection instanceof ListCollection)
    return selectBy(collection, LIST_OPS.get(level.base), LIST_SELECT_OPS, level);
  return collection instanceof MapCollection
    ? selectBy(collection, MAP_OPS.get(level.base), MAP_SELECT_OPS, level)
    : undefined;
}

function selectBy<C extends Collection>(
  collection: C,
  operation: CdtOperation | undefined,
  ops: ReadonlyMap<number, SelectOp<C>>,
  { value, isInverted }: PathLevel,
): Selection | undefined {
  const op = operation && ops.get(operation.code);
  const given = readList(value);
  if (op === undefined || given === undefined) return undefined;
  const w = new Writer(32);
  packInteger(w, MapReturnType.VALUE | (isInverted === true ? INVERTED : 0));
  // A list of values is one parameter, whatever its length.
  const isByValues = operation?.selects === "valueList";
  if (isByValues) w.bytes(value);
  else for (const element of given.elements) w.bytes(element);
  const params = new Params(
    new PayloadReader(w.copy()),
    1 + (isByValues ? 1 : given.elements.length),
    op.required,
    op.most,
  );
  const { wanted, criterion } = op.read(params);
  if (params.areBad) return undefined;
  const selection = criterion(collection, wanted);
  return typeof selection === "number" ? undefined : selection;
}
