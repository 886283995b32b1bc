import { beforeNul } from "./byte-text.js";
import { HostBytes, HostGeoJson, HostList, HostMap, HostRecord, type HostValue } from "./host-value.js";
import type { Lua } from "./lua.js";
import { LuaType, type Pointer } from "./lua-api.js";

/** Names of the types of objects, as error messages give them. */
export const ObjectType = {
  RECORD: "Record",
  AEROSPIKE: "Aerospike",
  LIST: "List",
  MAP: "Map",
  BYTES: "Bytes",
  GEOJSON: "GeoJSON",
  ITERATOR: "Iterator",
  STREAM: "Stream",
} as const;

/** Pushes a value or a record; always one. */
export function pushHostValue(lua: Lua, L: Pointer, value: HostValue | HostRecord): number {
  switch (typeof value) {
    case "bigint":
      return lua.pushInteger(L, value);
    case "number":
      lua.api._lua_pushnumber(L, value);
      return 1;
    case "boolean":
      return lua.pushBoolean(L, value);
    case "string":
      lua.pushText(L, value);
      return 1;
    default:
      return value === null ? lua.pushNil(L) : lua.pushObject(L, typeOf(value), value);
  }
}

function typeOf(value: HostList | HostMap | HostBytes | HostGeoJson | HostRecord): string {
  if (value instanceof HostRecord) return ObjectType.RECORD;
  if (value instanceof HostList) return ObjectType.LIST;
  if (value instanceof HostMap) return ObjectType.MAP;
  return value instanceof HostBytes ? ObjectType.BYTES : ObjectType.GEOJSON;
}

/** The value at an index, or the record; undefined for what is neither: tables, functions, foreign userdata. */
export function hostValueAt(lua: Lua, L: Pointer, index: number): HostValue | HostRecord | undefined {
  const { api } = lua;
  switch (api._lua_type(L, index)) {
    case LuaType.NIL:
      return null;
    case LuaType.BOOLEAN:
      return api._lua_toboolean(L, index) !== 0;
    case LuaType.NUMBER:
      return api._lua_isinteger(L, index) === 1 ? api._lua_tointegerx(L, index, 0) : api._lua_tonumberx(L, index, 0);
    case LuaType.STRING:
      return beforeNul(lua.text(L, index) ?? "");
    case LuaType.USERDATA:
      return known(lua.object(L, index));
    default:
      return undefined;
  }
}

function known(object: object | undefined): HostValue | HostRecord | undefined {
  if (object instanceof HostList || object instanceof HostMap) return object;
  if (object instanceof HostBytes || object instanceof HostGeoJson) return object;
  return object instanceof HostRecord ? object : undefined;
}

/** The value at an index that a list or map can hold; undefined for anything else, the record included. */
export function elementAt(lua: Lua, L: Pointer, index: number): HostValue | undefined {
  const value = hostValueAt(lua, L, index);
  return value instanceof HostRecord ? undefined : value;
}
