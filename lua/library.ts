import type { Lua, LuaFunction } from "./lua.js";
import type { Pointer } from "./lua-api.js";

/** Functions and metamethods of one part of the API, by name. */
export type Functions = Readonly<Record<string, LuaFunction>>;

/** A type of objects and the globals that go with it. */
export interface Library {
  /** What the type is called in error messages, such as `List`. */
  readonly type: string;
  readonly objectMetamethods: Functions;
  /** Functions that are called on an object with a colon; they make a global of the type's name too. */
  readonly methods?: Functions;
  /** A global table of functions that take the object first, such as `list`; its `__call` makes it a constructor. */
  readonly global?: { readonly name: string; readonly functions: Functions; readonly metamethods: Functions };
}

type Callables = ReadonlyMap<string, Pointer>;

/** A library made callable once for a machine, to be opened in any number of states. */
export class LoadedLibrary {
  readonly #lua: Lua;
  readonly #type: string;
  readonly #objectMetamethods: Callables;
  readonly #methods: Callables | undefined;
  readonly #global:
    | { readonly name: string; readonly functions: Callables; readonly metamethods: Callables }
    | undefined;

  constructor(lua: Lua, library: Library) {
    const callables = (functions: Functions): Callables =>
      new Map(Object.entries(functions).map(([name, call]) => [name, lua.measured(call)]));
    const { global, methods } = library;
    this.#lua = lua;
    this.#type = library.type;
    this.#objectMetamethods = callables({ ...library.objectMetamethods, __gc: lua.collect });
    this.#methods = methods && callables(methods);
    this.#global = global && {
      name: global.name,
      functions: callables(global.functions),
      metamethods: callables(global.metamethods),
    };
  }

  open(L: Pointer): void {
    const { api } = this.#lua;
    api._luaL_newmetatable(L, this.#lua.name(this.#type));
    this.#fill(L, this.#objectMetamethods);
    if (this.#methods !== undefined) {
      this.#pushTable(L, this.#methods);
      for (const field of ["__index", "__metatable"]) {
        api._lua_pushvalue(L, -1);
        api._lua_setfield(L, -3, this.#lua.name(field));
      }
      api._lua_setglobal(L, this.#lua.name(this.#type));
    }
    api._lua_settop(L, -2);
    if (this.#global !== undefined)
      this.#openGlobal(L, this.#global.functions, this.#global.metamethods, this.#global.name);
  }

  #openGlobal(L: Pointer, functions: Callables, metamethods: Callables, name: string): void {
    const { api } = this.#lua;
    this.#pushTable(L, functions);
    this.#pushTable(L, metamethods);
    // What getmetatable(list) returns: the table itself.
    api._lua_pushvalue(L, -2);
    api._lua_setfield(L, -2, this.#lua.name("__metatable"));
    api._lua_setmetatable(L, -2);
    api._lua_setglobal(L, this.#lua.name(name));
  }

  #pushTable(L: Pointer, functions: Callables): void {
    this.#lua.api._lua_createtable(L, 0, functions.size);
    this.#fill(L, functions);
  }

  #fill(L: Pointer, functions: Callables): void {
    for (const [name, call] of functions) this.#lua.setFunction(L, name, call);
  }
}
