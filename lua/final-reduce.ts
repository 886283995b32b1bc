import { decodeUtf8, encodeUtf8 } from "../protocol/bytes/utf8.js";
import type { RawValue } from "../protocol/value/raw-value.js";
import { bytesToText, textToBytes } from "./byte-text.js";
import { fromRawValue, toReplyValue, unpackHostValue } from "./host-codec.js";
import { HostMeter, LimitReached } from "./host-meter.js";
import { hostValueAt, ObjectType, pushHostValue } from "./host-stack.js";
import { HostList, HostRecord, type HostValue } from "./host-value.js";
import { type LuaApi, loadLua, type Pointer } from "./lua-api.js";
import { LuaMachine } from "./lua-machine.js";
import { SANDBOX } from "./sandbox.js";
import { HostStream } from "./stream-library.js";

export { LimitReached };

/** Most that one aggregation may use up in the client. */
export interface ReduceLimits {
  /** Bytes of Lua's memory and of the values that it holds. */
  readonly memoryBytes: number;
  /** Instructions of Lua from one value that it takes to the next. */
  readonly instructions: number;
}

/** What runs, and what it runs in. */
export interface ReduceOptions extends ReduceLimits {
  readonly module: string;
  readonly functionName: string;
  /** A packed list. */
  readonly args: Uint8Array;
  /** Milliseconds since 1970. */
  wallClock(): number;
  /** Seeds `math.random`. */
  readonly seed: bigint;
}

/** What has to be given before it can go on: the next value of the nodes, or a module's source; or it is over. */
export type Need =
  | { readonly kind: "value" }
  | { readonly kind: "source"; readonly module: string }
  | { readonly kind: "nothing" };

/** An error of the function; the message is Lua's text, whole. */
export class LuaError extends Error {
  override readonly name = "LuaError";
}

const LUA_OK = 0;
const LUA_YIELD = 1;
const LUA_ERRMEM = 4;
const MASK_COUNT = 8;
/** Instructions between two looks at what is left. */
const SLICE = 1000;
/** Stack that the function may count on besides its arguments. */
const SPARE_STACK = 20;

/**
 * The end of an aggregation: the same function as on the nodes, in a Lua machine of its own, over the values that they
 * have sent. It does what comes from the first `reduce` on; without one, values pass through as they are. Lua gets no
 * access to anything outside, and runs in steps, so that it can wait for values without holding anything up.
 */
export class FinalReduce {
  readonly #machine: LuaMachine;
  readonly #limits: ReduceLimits;
  readonly #state: Pointer;
  /** The coroutine that runs the function. */
  readonly #thread: Pointer;
  readonly #sources = new Map<string, Uint8Array | undefined>();
  readonly #taken: RawValue[] = [];
  readonly #results: Pointer;
  #nextTaken = 0;
  /** Where the collector of garbage stands in the state. */
  #collector = 0;
  #args: number;
  #input: HostValue | undefined;
  #isInputOver = false;
  /** Whether it has stopped for want of a value. */
  #isWaiting = false;
  #wanted: string | undefined;
  #luaBytes = 0;
  #isMemoryFull = false;
  #instructionsLeft: number;

  private constructor(api: LuaApi, options: ReduceOptions) {
    this.#limits = options;
    this.#instructionsLeft = options.instructions;
    const surroundings = { wallClock: () => options.wallClock(), seed: () => options.seed, print: () => undefined };
    this.#machine = new LuaMachine(api, surroundings, () => []);
    const { lua } = this.#machine;
    this.#results = api._malloc(4);
    const allocate = api.addFunction(
      (_data = 0, at = 0, oldSize = 0, newSize = 0) => this.#allocate(at, oldSize, newSize),
      "iiiii",
    );
    const L = api._lua_newstate(allocate, 0);
    if (L === 0) throw new LimitReached(`more than ${options.memoryBytes} bytes of memory`);
    this.#state = L;
    this.#machine.open(L);
    this.#openSandbox(L);
    lua.meter = this.#newMeter();
    const hook = lua.hook(() => this.#countInstructions());
    api._lua_sethook(L, hook, MASK_COUNT, SLICE);
    this.#thread = api._lua_newthread(L);
    this.#args = this.#pushCall(options);
  }

  /**
   * Loads a machine of its own.
   * @throws Error that says what to install
   */
  static async start(options: ReduceOptions): Promise<FinalReduce> {
    return new FinalReduce(await loadLua(), options);
  }

  /**
   * Runs until it needs something, or is over.
   * @throws LuaError; LimitReached. It is of no use then.
   */
  goOn(): Need {
    const { api } = this.#machine.lua;
    this.#isWaiting = false;
    const status = api._lua_resume(this.#thread, 0, this.#args, this.#results);
    this.#args = 0;
    if (status === LUA_OK) return { kind: "nothing" };
    if (status !== LUA_YIELD) throw this.#failure(status);
    if (this.#wanted !== undefined) return { kind: "source", module: this.#wanted };
    if (this.#isWaiting) return { kind: "value" };
    throw new LuaError("the function yields outside of a coroutine of its own");
  }

  /** Gives the next value of the nodes, when one is needed; undefined: there are no more. */
  giveValue(value: RawValue | undefined): void {
    this.#instructionsLeft = this.#limits.instructions;
    this.#input = value && (fromRawValue(value) ?? undefined);
    if (value === undefined) this.#isInputOver = true;
    else if (this.#input === undefined) throw new LuaError("a node has sent a value that Lua has no type for");
  }

  /** Gives the source of the module that is needed; undefined: there is none. */
  giveSource(source: Uint8Array | undefined): void {
    if (this.#wanted !== undefined) this.#sources.set(this.#wanted, source);
    this.#wanted = undefined;
  }

  /** The next value that has come out; undefined when none has. */
  take(): RawValue | undefined {
    const value = this.#taken[this.#nextTaken];
    if (value === undefined) this.#taken.length = this.#nextTaken = 0;
    else this.#nextTaken++;
    return value;
  }

  #openSandbox(L: Pointer): void {
    const { lua } = this.#machine;
    const fetch = lua.callable((caller) => this.#fetch(caller));
    const isWaiting = lua.callable((caller) => {
      this.#isWaiting = !this.#isInputOver;
      return lua.pushBoolean(caller, this.#isWaiting);
    });
    this.#machine.load(L, SANDBOX, "sandbox.lua");
    lua.pushFunction(L, fetch);
    lua.pushFunction(L, isWaiting);
    if (this.#machine.call(L, 2, 2) !== LUA_OK) throw new Error(`Lua does not start: ${lua.text(L, -1)}`);
    this.#collector = lua.api._lua_gettop(L);
  }

  #newMeter(): HostMeter {
    const { lua } = this.#machine;
    const L = this.#state;
    const luaBytes = (): number => this.#luaBytes;
    const collect = (): void => {
      lua.api._lua_pushvalue(L, this.#collector);
      this.#machine.call(L, 0, 0);
    };
    return new HostMeter(this.#limits.memoryBytes, {
      get luaBytes() {
        return luaBytes();
      },
      get objects() {
        return lua.objects;
      },
      collect,
    });
  }

  /** Puts the function and what it is called with on the coroutine's stack; returns how many arguments there are. */
  #pushCall({ module, functionName, args }: ReduceOptions): number {
    const { lua } = this.#machine;
    const { api } = lua;
    const thread = this.#thread;
    const list = unpackHostValue(args);
    const values = list instanceof HostList ? list.items : [];
    if (api._lua_checkstack(thread, values.length + SPARE_STACK) === 0) throw new LuaError("too many arguments");
    api._lua_pushvalue(this.#state, this.#collector - 1);
    api._lua_xmove(this.#state, thread, 1);
    for (const name of [module, functionName]) lua.pushText(thread, bytesToText(encodeUtf8(name)));
    lua.pushObject(thread, ObjectType.STREAM, new HostStream({ read: () => this.#read() }));
    lua.pushObject(thread, ObjectType.STREAM, new HostStream({ write: (value) => this.#write(value) }));
    for (const value of values) pushHostValue(lua, thread, value);
    return values.length + 4;
  }

  #read(): HostValue | undefined {
    const input = this.#input;
    this.#input = undefined;
    return input;
  }

  #write(value: HostValue | HostRecord): void {
    const raw = value instanceof HostRecord ? null : toReplyValue(value);
    if (raw !== null) this.#taken.push(raw);
  }

  /** What `require` asks for: the module's main function, nil as long as its source is not there, false if there is none. */
  #fetch(L: Pointer): number {
    const { lua } = this.#machine;
    const name = lua.text(L, 1) ?? "";
    if (!this.#sources.has(name)) {
      this.#wanted = name;
      return lua.pushNil(L);
    }
    const source = this.#sources.get(name);
    if (source === undefined) return lua.pushBoolean(L, false);
    const file = name.slice(name.lastIndexOf("/") + 1);
    if (this.#machine.load(L, bytesToText(source), `@${file}.lua`, "t") === LUA_OK) return 1;
    return lua.api._lua_error(L);
  }

  #allocate(at: Pointer, oldSize: number, newSize: number): Pointer {
    const { lua } = this.#machine;
    // Of what is new Lua says its kind in place of a size.
    const old = at === 0 ? 0 : oldSize;
    if (newSize === 0) {
      if (at !== 0) lua.api._free(at);
      this.#luaBytes -= old;
      return 0;
    }
    if (newSize > old && this.#luaBytes + newSize - old > this.#limits.memoryBytes) {
      this.#isMemoryFull = true;
      return 0;
    }
    const moved = lua.api._realloc(at, newSize);
    if (moved !== 0) this.#luaBytes += newSize - old;
    return moved;
  }

  #countInstructions(): void {
    this.#instructionsLeft -= SLICE;
    // An exception passes through Lua: its own errors could be caught there.
    if (this.#instructionsLeft < 0) throw new LimitReached(`more than ${this.#limits.instructions} instructions`);
    this.#machine.lua.meter?.check();
  }

  #failure(status: number): Error {
    if (status === LUA_ERRMEM && this.#isMemoryFull) {
      return new LimitReached(`more than ${this.#limits.memoryBytes} bytes of memory`);
    }
    const { lua } = this.#machine;
    const value = hostValueAt(lua, this.#thread, -1);
    const isText = typeof value === "string" || typeof value === "bigint" || typeof value === "number";
    const bytes = textToBytes(isText ? String(value) : "an error that is no text");
    return new LuaError(decodeUtf8(bytes, 0, bytes.length));
  }
}
