import { ObjectType } from "./host-stack.js";
import { HostBytes } from "./host-value.js";
import type { Lua } from "./lua.js";
import type { Pointer } from "./lua-api.js";

const { BYTES } = ObjectType;
const UINT32_MAX = 2n ** 32n - 1n;

/** What the functions on bytes have in common: a wrong number of arguments, or one out of range, is answered, not raised. */
export class BytesArguments {
  readonly lua: Lua;

  constructor(lua: Lua) {
    this.lua = lua;
  }

  hasCount(L: Pointer, count: number): boolean {
    return this.lua.api._lua_gettop(L) === count;
  }

  bytes(L: Pointer, index = 1): HostBytes {
    const object = this.lua.checkObject(L, index, BYTES);
    return object instanceof HostBytes ? object : new HostBytes();
  }

  /** An index of Lua's as one that starts at 0; undefined when it is out of range. */
  position(L: Pointer): number | undefined {
    const index = this.lua.optionalInteger(L, 2);
    return index >= 1n && index <= UINT32_MAX ? Number(index) - 1 : undefined;
  }

  /** A length; undefined when it is out of range. */
  length(L: Pointer, index: number): number | undefined {
    const length = this.lua.optionalInteger(L, index);
    return length >= 0n && length <= UINT32_MAX ? Number(length) : undefined;
  }

  answer(L: Pointer, done: boolean): number {
    return this.lua.pushBoolean(L, done);
  }

  push(L: Pointer, bytes: Uint8Array | undefined): number {
    return bytes === undefined ? 0 : this.lua.pushObject(L, BYTES, new HostBytes(bytes));
  }
}
