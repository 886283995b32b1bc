import { bytesToText } from "./byte-text.js";
import { type HostMeter, ownBytes } from "./host-meter.js";
import type { ByteText } from "./host-value.js";
import { type LuaApi, LuaType, type Pointer } from "./lua-api.js";

/** A function for Lua to call: returns how many results it has left on the stack. */
export type LuaFunction = (L: Pointer) => number;

/** Text up to this size passes through one buffer. */
const SCRATCH_SIZE = 1024;

/** Lua's C API in terms of this library: text is a string of bytes, and objects of ours ride in userdata. */
export class Lua {
  readonly api: LuaApi;
  readonly #names = new Map<string, Pointer>();
  readonly #objects = new Map<Pointer, object>();
  readonly #length: Pointer;
  readonly #scratch: Pointer;
  /** Where memory is limited. */
  meter: HostMeter | undefined;

  constructor(api: LuaApi) {
    this.api = api;
    this.#length = api._malloc(4);
    this.#scratch = api._malloc(SCRATCH_SIZE);
  }

  /** A C string that stays: names of types, fields and functions. */
  name(text: string): Pointer {
    let at = this.#names.get(text);
    if (at === undefined) {
      at = this.api._malloc(text.length + 1);
      this.#write(at, text);
      this.api.HEAPU8[at + text.length] = 0;
      this.#names.set(text, at);
    }
    return at;
  }

  /** A pointer that Lua can call. */
  callable(call: LuaFunction): Pointer {
    return this.api.addFunction((L) => call(L ?? 0), "ii");
  }

  hook(call: (L: Pointer) => void): Pointer {
    return this.api.addFunction((L) => {
      call(L ?? 0);
      return undefined;
    }, "vii");
  }

  pushText(L: Pointer, text: ByteText): void {
    if (text.length <= SCRATCH_SIZE) {
      this.#write(this.#scratch, text);
      this.api._lua_pushlstring(L, this.#scratch, text.length);
      return;
    }
    this.withText(text, (at) => this.api._lua_pushlstring(L, at, text.length));
  }

  /** Lends the text as a C string in memory. */
  withText<T>(text: ByteText, use: (at: Pointer) => T): T {
    const at = this.api._malloc(text.length + 1);
    try {
      this.#write(at, text);
      this.api.HEAPU8[at + text.length] = 0;
      return use(at);
    } finally {
      this.api._free(at);
    }
  }

  pushBoolean(L: Pointer, value: boolean): number {
    this.api._lua_pushboolean(L, value ? 1 : 0);
    return 1;
  }

  pushInteger(L: Pointer, value: bigint | number): number {
    this.api._lua_pushinteger(L, BigInt(value));
    return 1;
  }

  pushNil(L: Pointer): number {
    this.api._lua_pushnil(L);
    return 1;
  }

  pushFunction(L: Pointer, call: Pointer): void {
    this.api._lua_pushcclosure(L, call, 0);
  }

  /** A string, or a number as one; undefined for nil. Raises an error for anything else. */
  optionalText(L: Pointer, index: number): ByteText | undefined {
    const at = this.api._luaL_optlstring(L, index, 0, this.#length);
    return at === 0 ? undefined : this.#read(at);
  }

  optionalInteger(L: Pointer, index: number, fallback = 0n): bigint {
    return this.api._luaL_optinteger(L, index, fallback);
  }

  /** A string, or a number as one; undefined for anything else. */
  text(L: Pointer, index: number): ByteText | undefined {
    const at = this.api._lua_tolstring(L, index, this.#length);
    return at === 0 ? undefined : this.#read(at);
  }

  /** Raises an error that says where it happened, as `error` does. Does not return. */
  fail(L: Pointer, message: ByteText): number {
    this.api._luaL_where(L, 1);
    this.pushText(L, message);
    this.api._lua_concat(L, 2);
    return this.api._lua_error(L);
  }

  /** Sets a field of the table on top. */
  setFunction(L: Pointer, name: string, call: Pointer): void {
    this.pushFunction(L, call);
    this.api._lua_setfield(L, -2, this.name(name));
  }

  /** Pushes an object of ours; it is let go when Lua collects it. */
  pushObject(L: Pointer, type: string, object: object): number {
    this.meter?.grow(ownBytes(object));
    const at = this.api._lua_newuserdatauv(L, 1, 0);
    this.#objects.set(at, object);
    this.api._luaL_setmetatable(L, this.name(type));
    return 1;
  }

  /** The objects that Lua has not let go of. */
  get objects(): Iterable<object> {
    return this.#objects.values();
  }

  /** A pointer for Lua to call a function that works on the object that it gets first: what that grows by is measured. */
  measured(call: LuaFunction): Pointer {
    return this.callable((L) => {
      const { meter } = this;
      if (meter === undefined) return call(L);
      const object = this.object(L, 1);
      const before = ownBytes(object);
      const results = call(L);
      const growth = ownBytes(object) - before;
      if (growth !== 0) meter.grow(growth);
      return results;
    });
  }

  /** An object of ours at an index; undefined for anything else. */
  object(L: Pointer, index: number): object | undefined {
    return this.#objects.get(this.api._lua_touserdata(L, index));
  }

  /** The object of a type at an index. Raises an error for anything else. */
  checkObject(L: Pointer, index: number, type: string): object | undefined {
    this.api._luaL_checktype(L, index, LuaType.USERDATA);
    return this.#objects.get(this.api._luaL_checkudata(L, index, this.name(type)));
  }

  /** What Lua calls when it collects one of our objects. */
  readonly collect: LuaFunction = (L) => {
    this.#objects.delete(this.api._lua_touserdata(L, 1));
    return 0;
  };

  #write(at: Pointer, text: ByteText): void {
    const memory = this.api.HEAPU8;
    for (let i = 0; i < text.length; i++) memory[at + i] = text.charCodeAt(i);
  }

  /** The text at an address, of the length that the last call reported. */
  #read(at: Pointer): ByteText {
    const length = this.api.HEAPU32[this.#length >>> 2] ?? 0;
    this.meter?.grow(length);
    const memory = this.api.HEAPU8;
    let text = "";
    if (length < 256) for (let i = 0; i < length; i++) text += String.fromCharCode(memory[at + i] ?? 0);
    else text = bytesToText(memory, at, at + length);
    return text;
  }
}
