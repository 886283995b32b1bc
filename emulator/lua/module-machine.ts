import { bytesToText, textToBytes } from "../../lua/byte-text.js";
import { ObjectType } from "../../lua/host-stack.js";
import type { ByteText } from "../../lua/host-value.js";
import type { LuaApi, Pointer } from "../../lua/lua-api.js";
import { LuaMachine } from "../../lua/lua-machine.js";
import type { UdfLog } from "../udf/udf-log.js";
import { aerospikeLibrary } from "./aerospike-library.js";
import { recordLibrary } from "./record-library.js";
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
const MODULE_PATH = "/opt/aerospike/usr/udf/lua";

/** The Lua machine of a node: states in which registered modules run on records. */
export class ModuleMachine extends LuaMachine {
  readonly timeLimit: TimeLimit;
  readonly #host: MachineHost;
  readonly #findModule: Pointer;
  /** What runs, or ran last. */
  #module = "";
  #functionName = "";
  #isInStream = false;

  constructor(api: LuaApi, host: MachineHost) {
    const write = (level: number, text: ByteText): void => this.#write(level, text);
    const surroundings = {
      wallClock: () => host.wallClock(),
      seed: () => host.seed(),
      print: (text: ByteText) => write(INFO, text),
    };
    super(api, surroundings, (lua) => [
      aerospikeLibrary(lua, {
        wallClock: () => host.wallClock(),
        log: write,
        isInStream: () => this.#isInStream,
      }),
      recordLibrary(lua),
    ]);
    this.#host = host;
    this.timeLimit = new TimeLimit(this.lua, () => host.now());
    this.#findModule = this.lua.callable((L) => this.#find(L));
  }

  /** From now on a function of a module runs: on a record, or on a stream of them. */
  enter(module: string, functionName: string, isInStream = false): void {
    this.#isInStream = isInStream;
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
    this.open(L);
    lua.pushObject(L, ObjectType.AEROSPIKE, this);
    api._lua_setglobal(L, lua.name("aerospike"));
    this.#openModules(L);
    return L;
  }

  closeState(L: Pointer): void {
    this.lua.api._lua_close(L);
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
