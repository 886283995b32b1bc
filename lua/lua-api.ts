/** Address inside the WebAssembly memory: of a state, a string, a userdata. */
export type Pointer = number;

/** The part of Lua's C API that is used, as the WebAssembly build exports it. 64-bit integers are bigint on both ways. */
export interface LuaApi {
  readonly HEAPU8: Uint8Array;
  readonly HEAPU32: Uint32Array;
  readonly FS: { readonly streams: readonly unknown[]; close(stream: unknown): void };
  addFunction(call: (...args: number[]) => number | undefined, signature: string): Pointer;
  _malloc(size: number): Pointer;
  _realloc(at: Pointer, size: number): Pointer;
  _free(at: Pointer): void;
  _luaL_newstate(): Pointer;
  _lua_newstate(allocate: Pointer, data: Pointer): Pointer;
  _lua_newthread(L: Pointer): Pointer;
  _lua_resume(L: Pointer, from: Pointer, args: number, results: Pointer): number;
  _lua_xmove(from: Pointer, to: Pointer, count: number): void;
  _lua_close(L: Pointer): void;
  _luaL_openlibs(L: Pointer): void;
  _luaL_loadbufferx(L: Pointer, at: Pointer, size: number, name: Pointer, mode: Pointer): number;
  _lua_pcallk(L: Pointer, args: number, results: number, handler: number, context: number, k: Pointer): number;
  _lua_sethook(L: Pointer, hook: Pointer, mask: number, count: number): void;
  _lua_checkstack(L: Pointer, count: number): number;
  _lua_gettop(L: Pointer): number;
  _lua_settop(L: Pointer, index: number): void;
  _lua_pushvalue(L: Pointer, index: number): void;
  _lua_type(L: Pointer, index: number): number;
  _lua_isinteger(L: Pointer, index: number): number;
  _lua_tointegerx(L: Pointer, index: number, isInteger: Pointer): bigint;
  _lua_tonumberx(L: Pointer, index: number, isNumber: Pointer): number;
  _lua_toboolean(L: Pointer, index: number): number;
  _lua_tolstring(L: Pointer, index: number, length: Pointer): Pointer;
  _lua_touserdata(L: Pointer, index: number): Pointer;
  _lua_pushnil(L: Pointer): void;
  _lua_pushinteger(L: Pointer, value: bigint): void;
  _lua_pushnumber(L: Pointer, value: number): void;
  _lua_pushboolean(L: Pointer, value: number): void;
  _lua_pushlstring(L: Pointer, at: Pointer, length: number): Pointer;
  _lua_pushcclosure(L: Pointer, call: Pointer, upvalues: number): void;
  _lua_createtable(L: Pointer, elements: number, fields: number): void;
  _lua_next(L: Pointer, index: number): number;
  _lua_rawseti(L: Pointer, index: number, key: bigint): void;
  _lua_setfield(L: Pointer, index: number, name: Pointer): void;
  _lua_getglobal(L: Pointer, name: Pointer): number;
  _lua_setglobal(L: Pointer, name: Pointer): void;
  _lua_setmetatable(L: Pointer, index: number): number;
  _lua_newuserdatauv(L: Pointer, size: number, values: number): Pointer;
  _lua_concat(L: Pointer, count: number): void;
  _lua_error(L: Pointer): number;
  _luaL_where(L: Pointer, level: number): void;
  _luaL_newmetatable(L: Pointer, name: Pointer): number;
  _luaL_setmetatable(L: Pointer, name: Pointer): void;
  _luaL_checktype(L: Pointer, index: number, type: number): void;
  _luaL_checkudata(L: Pointer, index: number, name: Pointer): Pointer;
  _luaL_typeerror(L: Pointer, index: number, name: Pointer): number;
  _luaL_optinteger(L: Pointer, index: number, fallback: bigint): bigint;
  _luaL_optlstring(L: Pointer, index: number, fallback: Pointer, length: Pointer): Pointer;
}

/** Types of Lua values. */
export const LuaType = {
  NIL: 0,
  BOOLEAN: 1,
  NUMBER: 3,
  STRING: 4,
  TABLE: 5,
  USERDATA: 7,
} as const;

const NEEDED: readonly (keyof LuaApi)[] = [
  "HEAPU8",
  "HEAPU32",
  "FS",
  "addFunction",
  "_malloc",
  "_luaL_newstate",
  "_luaL_loadbufferx",
  "_lua_pcallk",
  "_lua_newstate",
  "_lua_resume",
  "_lua_sethook",
  "_lua_tointegerx",
  "_lua_pushinteger",
  "_lua_newuserdatauv",
  "_luaL_checkudata",
];

/**
 * Starts a Lua machine of its own, from the optional package "wasmoon". Its standard streams are closed, so that a
 * function can neither print nor wait for input.
 * @throws Error that says what to install
 */
export async function loadLua(): Promise<LuaApi> {
  const { LuaFactory } = await importWasmoon();
  const machine: unknown = (await new LuaFactory().getLuaModule()).module;
  if (!isLuaApi(machine)) {
    throw new Error("The installed wasmoon does not give access to Lua's C API: expected version 1.16 or a later 1.x");
  }
  for (const stream of machine.FS.streams.slice(0, 3)) machine.FS.close(stream);
  return machine;
}

async function importWasmoon(): Promise<typeof import("wasmoon")> {
  try {
    return await import("wasmoon");
  } catch (cause) {
    throw new Error("Lua functions need a Lua machine: add the package wasmoon (1.16 or a later 1.x) to your project", {
      cause,
    });
  }
}

function isLuaApi(machine: unknown): machine is LuaApi {
  return typeof machine === "object" && machine !== null && NEEDED.every((name) => name in machine);
}
