import { constantOf, isInt64 } from "../../protocol/exp/constant.js";
import type { ExpType } from "../../protocol/exp/exp-type.js";
import type { Double } from "../../protocol/value/double.js";
import { GeoJson } from "../../protocol/value/geojson.js";
import { Hll } from "../../protocol/value/hll.js";
import { describe } from "../../protocol/value/invalid-value.js";
import type { SearchValue } from "../../protocol/value/pack.js";
import { isBytes } from "../../protocol/value/pack.js";
import { INFINITY, WILDCARD } from "../../protocol/value/special.js";
import type { MapKey } from "../../protocol/value/value.js";
import { Expression } from "./expression.js";

/** An integer constant: a safe integer, or a bigint in int64. */
function intVal(value: number | bigint): Expression<"int"> {
  if (!isInt64(value)) {
    throw new TypeError(
      `Exp.intVal: expected a safe integer or a bigint in int64, got ${describe(value)}; use BigInt(…) beyond 2^53`,
    );
  }
  return new Expression({ kind: "const", type: "int", value });
}

/** A float constant; `floatVal(5)` is 5.0. */
function floatVal(value: number): Expression<"float"> {
  if (typeof value !== "number") throw new TypeError(`Exp.floatVal: expected a number, got ${describe(value)}`);
  return new Expression({ kind: "const", type: "float", value });
}

/** A string constant. */
function stringVal(value: string): Expression<"string"> {
  if (typeof value !== "string") throw new TypeError(`Exp.stringVal: expected a string, got ${describe(value)}`);
  return new Expression(constantOf(value, "Exp.stringVal"));
}

/** A bool constant. */
function boolVal(value: boolean): Expression<"bool"> {
  if (typeof value !== "boolean") throw new TypeError(`Exp.boolVal: expected a boolean, got ${describe(value)}`);
  return new Expression({ kind: "const", type: "bool", value });
}

/** A blob constant; the bytes are copied. */
function blobVal(value: Uint8Array): Expression<"blob"> {
  if (typeof value !== "object" || value === null || !isBytes(value)) {
    throw new TypeError(`Exp.blobVal: expected a Uint8Array, got ${describe(value)}`);
  }
  return new Expression(constantOf(value, "Exp.blobVal"));
}

/**
 * A GeoJSON constant: JSON text, an object or a GeoJson. The server refuses geometries that it can't read.
 * @example Exp.geoCompare(Exp.geoBin("at"), Exp.geoVal({ type: "AeroCircle", coordinates: [[-122, 37.5], 1000] }))
 */
function geoVal(value: string | object): Expression<"geo"> {
  const geo = value instanceof GeoJson ? value : new GeoJson(value);
  return new Expression(constantOf(geo, "Exp.geoVal"));
}

/** A HyperLogLog constant, for the HLL operations that take sketches. */
function hllVal(value: Hll): Expression<"hll"> {
  if (!(value instanceof Hll)) throw new TypeError(`Exp.hllVal: expected an Hll, got ${describe(value)}`);
  return new Expression(constantOf(value, "Exp.hllVal"));
}

/** A list constant. WILDCARD and INFINITY may stand in it where the list is only compared with. */
function listVal(value: readonly SearchValue[]): Expression<"list"> {
  if (!Array.isArray(value)) throw new TypeError(`Exp.listVal: expected an array, got ${describe(value)}`);
  return new Expression(constantOf(value, "Exp.listVal"));
}

/** A map constant, sent in the server's key order. Keys are int, string or blob. */
function mapVal(
  value: ReadonlyMap<MapKey, SearchValue> | { readonly [key: string]: SearchValue | undefined },
): Expression<"map"> {
  const node = constantOf(value, "Exp.mapVal");
  if (node.type !== "map") throw new TypeError(`Exp.mapVal: expected a Map or a plain object, got ${describe(value)}`);
  return new Expression(node);
}

/** The value nil: compares with nothing but itself, and deletes a bin where it is stored. */
function nil(): Expression<"nil"> {
  return new Expression({ kind: "const", type: "nil", value: null });
}

/** Greater than every value: the open end of a range in a collection call. */
function infinity(): Expression<"special"> {
  return new Expression({ kind: "special", type: "special", value: INFINITY });
}

/** Equal to every value, in a collection call. */
function wildcard(): Expression<"special"> {
  return new Expression({ kind: "special", type: "special", value: WILDCARD });
}

type KindOf<V> = V extends null
  ? "nil"
  : V extends boolean
    ? "bool"
    : V extends string
      ? "string"
      : V extends bigint
        ? "int"
        : V extends number
          ? "int" | "float"
          : V extends Double
            ? "float"
            : V extends Uint8Array
              ? "blob"
              : V extends GeoJson
                ? "geo"
                : V extends Hll
                  ? "hll"
                  : V extends readonly unknown[]
                    ? "list"
                    : V extends object
                      ? "map"
                      : ExpType;

/**
 * A constant of whatever type the JavaScript value has: integral numbers are int, other numbers and `double()` float.
 * @example Exp.eq(Exp.stringBin("name"), Exp.val("Ada"))
 */
function val<const V extends SearchValue>(value: V): Expression<KindOf<V>> {
  return new Expression(constantOf(value, "Exp.val"));
}

/** Constants, for {@link Exp}. */
export const constants = {
  blobVal,
  boolVal,
  floatVal,
  geoVal,
  hllVal,
  infinity,
  intVal,
  listVal,
  mapVal,
  nil,
  stringVal,
  val,
  wildcard,
};
