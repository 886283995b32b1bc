import type { UdfLog } from "../udf/udf-log.js";
import { aerospikeLibrary } from "./aerospike-library.js";
import { bytesToText, textToBytes } from "./byte-text.js";
import { bytesLibrary } from "./bytes-library.js";
import { geojsonLibrary } from "./geojson-library.js";
import { ObjectType } from "./host-stack.js";
import type { ByteText } from "./host-value.js";
import { iteratorLibrary } from "./iterator-library.js";
import { LoadedLibrary } from "./library.js";
import { listLibrary } from "./list-library.js";
import { Lua } from "./lua.js";
import type { LuaApi, Pointer } from "./lua-api.js";
import { mapLibrary } from "./map-library.js";
import { CALLS, PRELUDE, STREAMS } from "./prelude.js";
import { recordLibrary } from "./record-library.js";
import { streamLibrary } from "./stream-library.js";
import { TimeLimit } from "./time-limit.js";

/** Level of what `print` writes. */
const INFO = 2;
/** By number, from 1. */
const LEVELS = ["warn", "info", "debug", "trace"] as const;

export interface MachineHost {
  /** Milliseconds since 1970. */
  wallClock(): number;
  readonly log: UdfLog;
  /** Random bits that seed `math.random`. */
  seed(): bigint;
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /** Source of a registered module, for `require`. */
  source(moduleName: string): Uint8Array | undefined;
}

/** The directory that the server keeps modules in: error messages begin with it. */
export const MODULE_PATH = "/opt/aerospike/usr/udf/lua";

/** One Lua machine: its API made callable, and states to run modules in. */
export class LuaMachine {
  readonly lua: Lua;
  readonly timeLimit: TimeLimit;
  readonly #host: MachineHost;
  readonly #libraries: readonly LoadedLibrary[];
  readonly #clock: Pointer;
  readonly #print: Pointer;
  readonly #findModule: Pointer;
  /** What runs, or ran last. */
  #module = "";
  #functionName = "";

  constructor(api: LuaApi, host: MachineHost) {
    const lua = new Lua(api);
    this.lua = lua;
    this.#host = host;
    this.timeLimit = new TimeLimit(lua, () => host.now());
    this.#libraries = [
      aerospikeLibrary(lua, { wallClock: () => host.wallClock(), log: (level, text) => this.#write(level, text) }),
      recordLibrary(lua),
      iteratorLibrary(lua),
      listLibrary(lua),
      mapLibrary(lua),
      bytesLibrary(lua),
      geojsonLibrary(lua),
      streamLibrary(lua),
    ].map((library) => new LoadedLibrary(lua, library));
    this.#clock = lua.callable((L) => lua.pushInteger(L, Math.floor(host.wallClock())));
    this.#print = lua.callable((L) => {
      this.#write(INFO, lua.text(L, 1) ?? "");
      return 0;
    });
    this.#findModule = lua.callable((L) => this.#find(L));
  }

  /** From now on a function of a module runs. */
  enter(module: string, functionName: string): void {
    this.#module = module;
    this.#functionName = functionName;
  }

  logFailure(message: string): void {
    this.#host.log({ level: "error", message, module: this.#module, functionName: this.#functionName });
  }

  #write(level: number, text: ByteText): void {
    const message = new TextDecoder().decode(textToBytes(text));
    const name = LEVELS[level - 1] ?? "trace";
    this.#host.log({ level: name, message, module: this.#module, functionName: this.#functionName });
  }

  /** A state with everything open and no module loaded. */
  newState(): Pointer {
    const { lua } = this;
    const { api } = lua;
    const L = api._luaL_newstate();
    if (L === 0) throw new Error("Lua can't get the memory for another state");
    api._luaL_openlibs(L);
    for (const library of this.#libraries) library.open(L);
    lua.pushObject(L, ObjectType.AEROSPIKE, this);
    api._lua_setglobal(L, lua.name("aerospike"));
    this.#openPrelude(L);
    this.#openModules(L);
    return L;
  }

  closeState(L: Pointer): void {
    this.lua.api._lua_close(L);
  }

  /** Loads source as a function and leaves it, or an error message, on top; 0 when it went well. */
  load(L: Pointer, source: string, chunkName: string): number {
    const { lua } = this;
    return lua.withText(source, (at) =>
      lua.withText(chunkName, (name) => lua.api._luaL_loadbufferx(L, at, source.length, name, 0)),
    );
  }

  /** Calls what is below `args` arguments on the stack; 0 when it went well. */
  call(L: Pointer, args: number, results: number): number {
    return this.lua.api._lua_pcallk(L, args, results, 0, 0, 0);
  }

  #openPrelude(L: Pointer): void {
    const { lua } = this;
    for (const [source, name] of [
      [STREAMS, "stream_ops.lua"],
      [CALLS, "aerospike.lua"],
    ] as const) {
      this.load(L, source, name);
      this.#runOwn(L, 0);
    }
    this.load(L, PRELUDE, "prelude.lua");
    lua.pushFunction(L, this.#clock);
    lua.pushFunction(L, this.#print);
    lua.pushInteger(L, this.#host.seed());
    this.#runOwn(L, 3);
  }

  /** Calls code of this emulator's own, which can't fail. */
  #runOwn(L: Pointer, args: number): void {
    if (this.call(L, args, 0) !== 0) throw new Error(`Lua does not start: ${this.lua.text(L, -1)}`);
  }

  /** Makes `require` look among the registered modules and nowhere else. */
  #openModules(L: Pointer): void {
    const { lua } = this;
    const { api } = lua;
    api._lua_getglobal(L, lua.name("package"));
    api._lua_createtable(L, 1, 0);
    lua.pushFunction(L, this.#findModule);
    api._lua_rawseti(L, -2, 1n);
    api._lua_setfield(L, -2, lua.name("searchers"));
    api._lua_settop(L, -2);
  }

  #find(L: Pointer): number {
    const { lua } = this;
    const name = lua.text(L, 1) ?? "";
    const path = `${MODULE_PATH}/${name.replaceAll(".", "/")}.lua`;
    const source = this.#host.source(name);
    if (source === undefined) {
      lua.pushText(L, `no file '${path}'`);
      return 1;
    }
    if (this.load(L, bytesToText(source), `@${path}`) !== 0) {
      const problem = lua.text(L, -1) ?? "";
      lua.pushText(L, `error loading module '${name}' from file '${path}':\n\t${problem}`);
      return lua.api._lua_error(L);
    }
    lua.pushText(L, path);
    return 2;
  }
}
