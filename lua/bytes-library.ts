import { bytesToText, textToBytes } from "./byte-text.js";
import { BytesArguments } from "./bytes-arguments.js";
import { bytesNumbers } from "./bytes-numbers.js";
import { ObjectType } from "./host-stack.js";
import { textOf } from "./host-text.js";
import { HostBytes } from "./host-value.js";
import type { Library } from "./library.js";
import type { Lua } from "./lua.js";
import type { Pointer } from "./lua-api.js";

const { BYTES } = ObjectType;

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
