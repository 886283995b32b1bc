import {
  mapClear as clearCall,
  mapIncrement as incrementCall,
  type MapItems,
  type MapPolicy,
  mapPut as putCall,
  mapPutItems as putItemsCall,
} from "../../protocol/cdt/map.js";
import { argument as arg, call, key as key_, map, number } from "./call.js";
import type { Container, In, IntArg, KeyArg, ValueArg } from "./call-types.js";
import type { Expression } from "./expression.js";

// Changed copies of the whole bin; the record stays as it is.

/** The map with an entry put. */
function mapPut<C extends Container>(
  policy: MapPolicy | undefined,
  key: KeyArg,
  value: ValueArg,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<C> {
  return call("mapPut", () => putCall(key_(key), arg(value), policy), bin, context);
}

/** The map with several entries put. */
function mapPutItems<C extends Container>(
  policy: MapPolicy | undefined,
  items: MapItems | Expression<"map">,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<C> {
  return call("mapPutItems", () => putItemsCall(map(items), policy), bin, context);
}

/** The map with a number added to the one under a key. */
function mapIncrement<C extends Container>(
  policy: MapPolicy | undefined,
  key: KeyArg,
  by: IntArg | Expression<"float">,
  bin: Expression<C>,
  ...context: In<"map", C>
): Expression<C> {
  return call("mapIncrement", () => incrementCall(key_(key), number(by), policy), bin, context);
}

/** The map without entries. */
function mapClear<C extends Container>(bin: Expression<C>, ...context: In<"map", C>): Expression<C> {
  return call("mapClear", clearCall, bin, context);
}

/** Writes of maps, for {@link Exp}. */
export const mapWrites = { mapClear, mapIncrement, mapPut, mapPutItems };
