import { packedSize } from "./host-codec.js";
import { elementAt, ObjectType, pushHostValue } from "./host-stack.js";
import { textOf } from "./host-text.js";
import { HostMap, type HostValue, hostKey } from "./host-value.js";
import { iterate } from "./iterator-library.js";
import type { Library } from "./library.js";
import type { Lua } from "./lua.js";
import { LuaType, type Pointer } from "./lua-api.js";

const { MAP } = ObjectType;

/** The global `map`: keys are integers, strings and bytes, in that order; any other key is ignored. */
export function mapLibrary(lua: Lua): Library {
  const self = (L: Pointer, index = 1) => {
    const object = lua.checkObject(L, index, MAP);
    return object instanceof HostMap ? object : new HostMap();
  };
  const keyAt = (L: Pointer) => hostKey(elementAt(lua, L, 2));
  const size = (L: Pointer) => lua.pushInteger(L, self(L).size);
  const tostring = (L: Pointer) => textOf(lua, L, self(L), "Map()");
  const create = (L: Pointer) => {
    if (lua.api._lua_gettop(L) !== 1 || lua.optionalInteger(L, 1) < 1n) return 0;
    return lua.pushObject(L, MAP, new HostMap());
  };
  const walk = (L: Pointer, pick: (map: HostMap, at: number) => readonly HostValue[]) => {
    const map = self(L);
    let at = 0;
    return iterate(lua, L, () => (at < map.size ? pick(map, at++) : undefined));
  };
  const pairs = (L: Pointer) => walk(L, (map, at) => [map.keys[at] ?? null, map.values[at] ?? null]);

  return {
    type: MAP,
    global: {
      name: "map",
      functions: {
        new: create,
        create,
        iterator: pairs,
        pairs,
        keys: (L) => walk(L, (map, at) => [map.keys[at] ?? null]),
        values: (L) => walk(L, (map, at) => [map.values[at] ?? null]),
        remove(L) {
          const map = self(L);
          const key = keyAt(L);
          if (key !== undefined) map.remove(key);
          return 0;
        },
        size,
        nbytes: (L) => lua.pushInteger(L, packedSize(self(L))),
        tostring,
        clone: (L) => lua.pushObject(L, MAP, without(self(L), isNil)),
        diff(L) {
          const a = self(L);
          const b = self(L, 2);
          const result = without(a, (key, value) => isNil(key, value) || isTrue(b, key));
          for (const [key, value] of entries(without(b, (k, v) => isNil(k, v) || isTrue(a, k))))
            set(result, key, value);
          return lua.pushObject(L, MAP, result);
        },
      },
      metamethods: { __call: (L) => construct(lua, L) },
    },
    objectMetamethods: {
      __index(L) {
        const map = self(L);
        const key = keyAt(L);
        return pushHostValue(lua, L, key === undefined ? null : (map.get(key) ?? null));
      },
      __newindex(L) {
        const map = self(L);
        const key = keyAt(L);
        const value = elementAt(lua, L, 3);
        if (key === undefined) return 0;
        // Nil is stored; what no map can hold removes the entry.
        if (value !== undefined) map.set(key, value);
        else if (lua.api._lua_type(L, 3) !== LuaType.USERDATA) map.remove(key);
        return 0;
      },
      __len: size,
      __tostring: tostring,
    },
  };
}

/** `map()`, `map{…}` and `map({…}, capacity)`. */
function construct(lua: Lua, L: Pointer): number {
  const { api } = lua;
  lua.optionalInteger(L, 3, 1n);
  const map = new HostMap();
  const count = api._lua_gettop(L);
  if ((count === 2 || count === 3) && api._lua_type(L, 2) === LuaType.TABLE) {
    api._lua_pushnil(L);
    while (api._lua_next(L, 2) !== 0) {
      const key = hostKey(elementAt(lua, L, -2));
      const value = elementAt(lua, L, -1);
      if (key !== undefined && value !== undefined) map.set(key, value);
      api._lua_settop(L, -2);
    }
  }
  return lua.pushObject(L, MAP, map);
}

function entries(map: HostMap): [HostValue, HostValue][] {
  return map.keys.map((key, i) => [key, map.values[i] ?? null]);
}

function set(map: HostMap, key: HostValue, value: HostValue): void {
  const own = hostKey(key);
  if (own !== undefined) map.set(own, value);
}

/** A copy in which some entries are left out. */
function without(map: HostMap, drop: (key: HostValue, value: HostValue) => boolean): HostMap {
  const copy = new HostMap();
  for (const [key, value] of entries(map)) if (!drop(key, value)) set(copy, key, value);
  return copy;
}

function isNil(_key: HostValue, value: HostValue): boolean {
  return value === null;
}

/** What Lua takes for true: anything but nil and false. */
function isTrue(map: HostMap, key: HostValue): boolean {
  const own = hostKey(key);
  const value = own === undefined ? null : (map.get(own) ?? null);
  return value !== null && value !== false;
}
