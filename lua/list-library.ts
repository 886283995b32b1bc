import { packedSize } from "./host-codec.js";
import { elementAt, ObjectType, pushHostValue } from "./host-stack.js";
import { textOf } from "./host-text.js";
import { HostList, type HostValue } from "./host-value.js";
import { iterate } from "./iterator-library.js";
import type { Library } from "./library.js";
import type { Lua } from "./lua.js";
import { LuaType, type Pointer } from "./lua-api.js";

const { LIST } = ObjectType;
const GROWTH = 10n;

/** The global `list`: indexes start at 1, and what lies outside is left alone. */
export function listLibrary(lua: Lua): Library {
  const self = (L: Pointer, index = 1) => {
    const object = lua.checkObject(L, index, LIST);
    return object instanceof HostList ? object : new HostList();
  };
  const push = (L: Pointer, items: HostValue[]) => lua.pushObject(L, LIST, new HostList(items));
  /** An index of Lua's as one that starts at 0; -1 for none. */
  const indexAt = (L: Pointer) => {
    const index = lua.optionalInteger(L, 2);
    return index > 0n ? Number(BigInt.asUintN(32, index)) - 1 : -1;
  };
  const size = (L: Pointer) => lua.pushInteger(L, self(L).items.length);
  const tostring = (L: Pointer) => textOf(lua, L, self(L), "List()");

  return {
    type: LIST,
    global: {
      name: "list",
      functions: {
        new: (L) => create(lua, L),
        create: (L) => create(lua, L),
        insert(L) {
          const list = self(L);
          const index = indexAt(L);
          const value = elementAt(lua, L, 3);
          if (index >= 0 && value !== undefined) list.insert(index, value);
          return 0;
        },
        append(L) {
          const list = self(L);
          const value = elementAt(lua, L, 2);
          if (value !== undefined) list.append([value]);
          return 0;
        },
        prepend(L) {
          const list = self(L);
          const value = elementAt(lua, L, 2);
          if (value !== undefined) list.insert(0, value);
          return 0;
        },
        remove(L) {
          const list = self(L);
          const index = indexAt(L);
          if (index >= 0) list.items.splice(index, 1);
          return 0;
        },
        concat(L) {
          const list = self(L);
          list.append(self(L, 2).items);
          return 0;
        },
        trim(L) {
          const list = self(L);
          const index = indexAt(L);
          if (index >= 0 && index < list.items.length) list.items.length = index;
          return 0;
        },
        take(L) {
          const list = self(L);
          const count = indexAt(L) + 1;
          return count > 0 ? push(L, list.items.slice(0, count)) : lua.pushNil(L);
        },
        drop(L) {
          const list = self(L);
          const count = indexAt(L) + 1;
          return count > 0 ? push(L, list.items.slice(count)) : lua.pushNil(L);
        },
        size,
        nbytes: (L) => lua.pushInteger(L, packedSize(self(L))),
        iterator(L) {
          const { items } = self(L);
          let at = 0;
          return iterate(lua, L, () => (at < items.length ? [items[at++] ?? null] : undefined));
        },
        tostring,
        // A copy ends at the first nil, as iterating does.
        clone: (L) => push(L, beforeNil(self(L))),
        merge: (L) => push(L, [...beforeNil(self(L)), ...beforeNil(self(L, 2))]),
      },
      metamethods: { __call: (L) => construct(lua, L) },
    },
    objectMetamethods: {
      __index(L) {
        const list = self(L);
        return pushHostValue(lua, L, list.items[indexInto(lua, L)] ?? null);
      },
      __newindex(L) {
        const list = self(L);
        const index = indexInto(lua, L);
        const value = elementAt(lua, L, 3);
        if (index >= 0 && value !== undefined) list.set(index, value);
        return 0;
      },
      __len: size,
      __tostring: tostring,
    },
  };
}

/** `l[i]` takes the low 32 bits of an index, negative ones too. */
function indexInto(lua: Lua, L: Pointer): number {
  return Number(BigInt.asUintN(32, lua.optionalInteger(L, 2))) - 1;
}

function beforeNil(list: HostList): HostValue[] {
  const end = list.items.indexOf(null);
  return end < 0 ? list.items.slice() : list.items.slice(0, end);
}

/** `list.create(capacity, growth)` */
function create(lua: Lua, L: Pointer): number {
  const count = lua.api._lua_gettop(L);
  if (count < 1 || count > 2) return 0;
  const capacity = lua.optionalInteger(L, 1, -1n);
  if (capacity < 0n) return 0;
  const growth = lua.optionalInteger(L, 2, GROWTH);
  if (growth < 0n) return 0;
  return lua.pushObject(
    L,
    LIST,
    growth === 0n ? new HostList([], 0, Number(BigInt.asUintN(32, capacity))) : new HostList(),
  );
}

/** `list()` and `list{…}`: the elements of a table whose keys are numbers, in the table's order. */
function construct(lua: Lua, L: Pointer): number {
  const { api } = lua;
  const list = new HostList();
  if (api._lua_gettop(L) === 2 && api._lua_type(L, 2) === LuaType.TABLE) {
    api._lua_pushnil(L);
    while (api._lua_next(L, 2) !== 0) {
      if (api._lua_type(L, -2) === LuaType.NUMBER) list.append([elementAt(lua, L, -1) ?? null]);
      api._lua_settop(L, -2);
    }
  }
  return lua.pushObject(L, LIST, list);
}
