import { bytesToText } from "../../lua/byte-text.js";
import { loadLua, type Pointer } from "../../lua/lua-api.js";
import type { Runtime } from "../../runtime/runtime.js";
import type { UdfCompileError, UdfEngine, UdfModule } from "../udf/udf-engine.js";
import type { UdfLog } from "../udf/udf-log.js";
import { LuaModule } from "./lua-module.js";
import { ModuleMachine } from "./module-machine.js";

export interface LuaEngineOptions {
  /** Clock, and seed of `math.random`. */
  readonly runtime: Runtime;
  /** Takes what functions log and print, and the errors that end them. By default nobody does. */
  readonly log?: UdfLog;
}

const MAX_MESSAGE = 256;

/**
 * The Lua of servers from 7.0 (5.4), in the optional package "wasmoon".
 * Throws an Error that says so when the package is not installed.
 */
export async function createLuaEngine(options: LuaEngineOptions): Promise<UdfEngine> {
  return new LuaEngine(options, await loadLua());
}

class LuaEngine implements UdfEngine {
  readonly #machine: ModuleMachine;
  readonly #sources = new Map<string, Uint8Array>();
  /** By the names of their files. */
  readonly #modules = new Map<string, LuaModule>();

  constructor({ runtime, log }: LuaEngineOptions, api: Awaited<ReturnType<typeof loadLua>>) {
    this.#machine = new ModuleMachine(api, {
      wallClock: () => runtime.wallClock(),
      now: () => runtime.now(),
      seed: () => runtime.randomBigint64(),
      log: log ?? (() => {}),
      source: (name) => this.#sources.get(name.replaceAll(".", "/")),
    });
  }

  compile(fileName: string, source: Uint8Array): UdfModule | UdfCompileError {
    const error = this.#validate(fileName, source);
    if (error !== undefined) return error;
    const moduleName = fileName.slice(0, fileName.lastIndexOf("."));
    if (fileName.endsWith(".lua")) this.#sources.set(moduleName, source.slice());
    this.#close(fileName);
    const module = new LuaModule(this.#machine, moduleName);
    this.#modules.set(fileName, module);
    return module;
  }

  remove(fileName: string): void {
    this.#close(fileName);
    if (fileName.endsWith(".lua")) this.#sources.delete(fileName.slice(0, -".lua".length));
  }

  #close(fileName: string): void {
    this.#modules.get(fileName)?.close();
    this.#modules.delete(fileName);
  }

  /** Compiles and runs the top level in a state of its own. */
  #validate(fileName: string, source: Uint8Array): UdfCompileError | undefined {
    const machine = this.#machine;
    const L = machine.newState();
    machine.enter(fileName, "");
    try {
      const failed = machine.load(L, bytesToText(source), fileName) !== 0 || machine.call(L, 0, 1) !== 0;
      return failed ? compileError(machine, L) : undefined;
    } finally {
      machine.closeState(L);
    }
  }
}

/** Takes `[string "file"]:line: message` apart; a message without a place has line 0. */
function compileError(machine: ModuleMachine, L: Pointer): UdfCompileError {
  const message = machine.lua.text(L, -1) ?? "(Null error message returned by lua)";
  const parts = /^\[[^"]*"([^"]*)"[^:]*:(\d*): ?([\s\S]*)$/.exec(message);
  if (parts === null) return { line: 0, message: message.split("\n", 1)[0]?.slice(0, MAX_MESSAGE) ?? "" };
  return { line: Number(parts[2]), message: (parts[3] ?? "").slice(0, MAX_MESSAGE - 1) };
}
