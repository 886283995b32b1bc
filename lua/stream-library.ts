import { TooDeep } from "./host-codec.js";
import { hostValueAt, ObjectType, pushHostValue } from "./host-stack.js";
import type { HostRecord, HostValue } from "./host-value.js";
import type { Library } from "./library.js";
import type { Lua } from "./lua.js";
import type { Pointer } from "./lua-api.js";

const { STREAM } = ObjectType;
const DONE = 0;
const FAILED = -1;

/** What an aggregation takes values from, or puts them into. */
export class HostStream {
  /** The next value; undefined at the end. */
  readonly read: (() => HostValue | HostRecord | undefined) | undefined;
  /** Throws TooDeep. */
  readonly write: ((value: HostValue | HostRecord) => void) | undefined;

  constructor({ read, write }: { read?: HostStream["read"]; write?: HostStream["write"] }) {
    this.read = read;
    this.write = write;
  }
}

/** The global `stream`, with which the library itself goes through streams; functions are given none. */
export function streamLibrary(lua: Lua): Library {
  const self = (L: Pointer) => {
    const object = lua.checkObject(L, 1, STREAM);
    return object instanceof HostStream ? object : undefined;
  };
  // The server asks whether a stream can be read in both cases.
  const readable = (L: Pointer) => lua.pushBoolean(L, self(L)?.read !== undefined);
  const tostring = (L: Pointer) => {
    self(L);
    lua.pushText(L, "Stream");
    return 1;
  };
  return {
    type: STREAM,
    objectMetamethods: { __tostring: tostring },
    global: {
      name: "stream",
      functions: {
        read: (L) => pushHostValue(lua, L, self(L)?.read?.() ?? null),
        write(L) {
          const write = self(L)?.write;
          if (write === undefined) return lua.pushInteger(L, FAILED);
          const value = hostValueAt(lua, L, 2);
          try {
            // Nil ends a stream; tables and functions are no values.
            if (value !== null && value !== undefined) write(value);
          } catch (error) {
            if (error instanceof TooDeep) return lua.fail(L, error.message);
            throw error;
          }
          return lua.pushInteger(L, DONE);
        },
        readable,
        writable: readable,
        tostring,
      },
      metamethods: {},
    },
  };
}
