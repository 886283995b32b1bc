import type { Library } from "./library.js";
import type { Lua, LuaFunction } from "./lua.js";

const STREAM = "Stream";

/** The global `stream`: there are no streams, as aggregations are not emulated, so its functions refuse what they get. */
export function streamLibrary(lua: Lua): Library {
  const refuse: LuaFunction = (L) => {
    lua.api._luaL_checkudata(L, 1, lua.name(STREAM));
    return 0;
  };
  const functions = { read: refuse, readable: refuse, tostring: refuse, writable: refuse, write: refuse };
  return { type: STREAM, objectMetamethods: {}, global: { name: "stream", functions, metamethods: {} } };
}
