import { bytesToText, textToBytes } from "./byte-text.js";
import { bytesNumbers } from "./bytes-numbers.js";
import { ObjectType } from "./host-stack.js";
import { textOf } from "./host-text.js";
import { HostBytes } from "./host-value.js";
import type { Library } from "./library.js";
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

/** The global `bytes`: indexes start at 1; reading outside gives nothing, writing outside makes room. */
export function bytesLibrary(lua: Lua): Library {
  const args = new BytesArguments(lua);
  const numbers = bytesNumbers(args);
  const size = (L: Pointer) => lua.pushInteger(L, args.hasCount(L, 1) ? args.bytes(L).size : 0);
  return {
    type: BYTES,
    global: {
      name: "bytes",
      functions: {
        ...numbers,
        size,
        set_size(L) {
          if (!args.hasCount(L, 2)) return args.answer(L, false);
          const bytes = args.bytes(L);
          const capacity = args.length(L, 2);
          return args.answer(L, capacity !== undefined && bytes.ensure(capacity, false));
        },
        get_type(L) {
          return lua.api._lua_gettop(L) < 1 ? 0 : lua.pushInteger(L, args.bytes(L).type);
        },
        set_type(L) {
          if (!args.hasCount(L, 2)) return args.answer(L, false);
          const bytes = args.bytes(L);
          const type = lua.optionalInteger(L, 2);
          if (type === 0n) return args.answer(L, false);
          bytes.type = Number(BigInt.asUintN(32, type));
          return args.answer(L, true);
        },
        get_string(L) {
          const text = slice(args, L);
          if (text === undefined) return 0;
          lua.pushText(L, bytesToText(text));
          return 1;
        },
        get_bytes: (L) => args.push(L, slice(args, L)),
        set_string(L) {
          if (!args.hasCount(L, 3)) return args.answer(L, false);
          const bytes = args.bytes(L);
          const at = args.position(L);
          const text = lua.optionalText(L, 3);
          return args.answer(L, at !== undefined && text !== undefined && bytes.write(at, textToBytes(text)));
        },
        set_bytes(L) {
          if (!args.hasCount(L, 4)) return args.answer(L, false);
          const bytes = args.bytes(L);
          const at = args.position(L);
          const source = args.bytes(L, 3);
          const count = args.length(L, 4);
          if (at === undefined || count === undefined) return args.answer(L, false);
          return args.answer(L, bytes.write(at, source.view.slice(0, count)));
        },
        append_string(L) {
          if (!args.hasCount(L, 2)) return args.answer(L, false);
          const bytes = args.bytes(L);
          const text = lua.optionalText(L, 2);
          return args.answer(L, text !== undefined && text !== "" && bytes.write(bytes.size, textToBytes(text)));
        },
        append_bytes(L) {
          if (!args.hasCount(L, 3)) return args.answer(L, false);
          const bytes = args.bytes(L);
          const source = args.bytes(L, 2);
          const count = args.length(L, 3);
          return args.answer(L, count !== undefined && bytes.write(bytes.size, source.view.slice(0, count)));
        },
      },
      metamethods: { __call: (L) => construct(args, L) },
    },
    objectMetamethods: {
      __index: numbers.get_byte,
      __newindex: numbers.set_byte,
      // Lua gives this metamethod two arguments where the function counts on one: `#b` is always 0.
      __len: size,
      __tostring: (L) => textOf(lua, L, args.bytes(L), "Bytes()"),
    },
  };
}

/** `bytes()` and `bytes(capacity)`: empty either way. */
function construct(args: BytesArguments, L: Pointer): number {
  const count = args.lua.api._lua_gettop(L);
  if (count === 1) return args.push(L, new Uint8Array(0));
  if (count !== 2) return 0;
  const capacity = Number(BigInt.asUintN(32, args.lua.optionalInteger(L, 2)));
  const bytes = new HostBytes();
  bytes.ensure(capacity);
  return args.lua.pushObject(L, BYTES, bytes);
}

function slice(args: BytesArguments, L: Pointer): Uint8Array | undefined {
  if (!args.hasCount(L, 3)) return undefined;
  const bytes = args.bytes(L);
  const at = args.position(L);
  const length = args.length(L, 3);
  return at === undefined || length === undefined ? undefined : bytes.slice(at, length);
}
