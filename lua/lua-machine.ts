import { bytesLibrary } from "./bytes-library.js";
import { geojsonLibrary } from "./geojson-library.js";
import type { ByteText } from "./host-value.js";
import { iteratorLibrary } from "./iterator-library.js";
import { type Library, LoadedLibrary } from "./library.js";
import { listLibrary } from "./list-library.js";
import { Lua } from "./lua.js";
import type { LuaApi, Pointer } from "./lua-api.js";
import { mapLibrary } from "./map-library.js";
import { CALLS, PRELUDE, STREAMS } from "./prelude.js";
import { streamLibrary } from "./stream-library.js";

/** What Lua reaches outside for. */
export interface LuaSurroundings {
  /** Milliseconds since 1970. */
  wallClock(): number;
  /** Random bits that seed `math.random`. */
  seed(): bigint;
  /** A line that a function prints. */
  print(text: ByteText): void;
}

/** One Lua machine: its API made callable, and states with the library that Aerospike gives to functions. */
export class LuaMachine {
  readonly lua: Lua;
  readonly #surroundings: LuaSurroundings;
  readonly #libraries: readonly LoadedLibrary[];
  readonly #clock: Pointer;
  readonly #print: Pointer;

  /** @param more what only one side has */
  constructor(api: LuaApi, surroundings: LuaSurroundings, more: (lua: Lua) => readonly Library[]) {
    const lua = new Lua(api);
    this.lua = lua;
    this.#surroundings = surroundings;
    this.#libraries = [
      ...more(lua),
      iteratorLibrary(lua),
      listLibrary(lua),
      mapLibrary(lua),
      bytesLibrary(lua),
      geojsonLibrary(lua),
      streamLibrary(lua),
    ].map((library) => new LoadedLibrary(lua, library));
    this.#clock = lua.callable((L) => lua.pushInteger(L, Math.floor(surroundings.wallClock())));
    this.#print = lua.callable((L) => {
      surroundings.print(lua.text(L, 1) ?? "");
      return 0;
    });
  }

  /** Opens everything in a new state; no module is loaded. */
  open(L: Pointer): void {
    const { lua } = this;
    lua.api._luaL_openlibs(L);
    for (const library of this.#libraries) library.open(L);
    this.runOwn(L, STREAMS, "stream_ops.lua");
    this.runOwn(L, CALLS, "aerospike.lua");
    this.runOwn(L, PRELUDE, "prelude.lua", () => {
      lua.pushFunction(L, this.#clock);
      lua.pushFunction(L, this.#print);
      lua.pushInteger(L, this.#surroundings.seed());
      return 3;
    });
  }

  /**
   * Loads source as a function and leaves it, or an error message, on top; 0 when it went well.
   * @param modes "t" for text alone; by default bytecode will do, too, as it does on servers
   */
  load(L: Pointer, source: ByteText, chunkName: string, modes = "bt"): number {
    const { lua } = this;
    const mode = lua.name(modes);
    return lua.withText(source, (at) =>
      lua.withText(chunkName, (name) => lua.api._luaL_loadbufferx(L, at, source.length, name, mode)),
    );
  }

  /** Calls what is below `args` arguments on the stack; 0 when it went well. */
  call(L: Pointer, args: number, results: number): number {
    return this.lua.api._lua_pcallk(L, args, results, 0, 0, 0);
  }

  /** Runs code of this library's own, which can't fail. @param pushArgs returns how many it has pushed */
  runOwn(L: Pointer, source: string, chunkName: string, pushArgs: () => number = () => 0): void {
    this.load(L, source, chunkName);
    if (this.call(L, pushArgs(), 0) !== 0) throw new Error(`Lua does not start: ${this.lua.text(L, -1)}`);
  }
}
