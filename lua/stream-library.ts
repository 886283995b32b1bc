import { hostValueAt, ObjectType, pushHostValue } from "./host-stack.js";
import type { HostRecord, HostValue } from "./host-value.js";
import type { Library } from "./library.js";
import type { Lua } from "./lua.js";
import type { Pointer } from "./lua-api.js";

const { STREAM } = ObjectType;
const DONE = 0;
const FAILED = -1;

/** What an aggregation takes values from, or puts them into. Undefined ends a stream. */
export class HostStream {
  readonly read: (() => HostValue | HostRecord | undefined) | undefined;
  readonly write: ((value: HostValue | HostRecord | undefined) => void) | undefined;

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
          write(value === null ? undefined : (value ?? null));
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
