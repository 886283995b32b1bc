import { beforeNul } from "../../lua/byte-text.js";
import { TooDeep } from "../../lua/host-codec.js";
import { ObjectType } from "../../lua/host-stack.js";
import type { ByteText } from "../../lua/host-value.js";
import type { Library } from "../../lua/library.js";
import type { Lua, LuaFunction } from "../../lua/lua.js";
import type { Pointer } from "../../lua/lua-api.js";
import { RecordAccess } from "./record-access.js";

const { AEROSPIKE, RECORD } = ObjectType;

/** What functions reach outside for. */
export interface LuaHost {
  /** Milliseconds since 1970. */
  wallClock(): number;
  /** A line that a function wrote: level 1 warning, 2 info, 3 debug, 4 detail. */
  log(level: number, text: ByteText): void;
  /** Whether an aggregation runs: servers tell it no time. */
  isInStream(): boolean;
}

/** The class of the global object `aerospike`, whose functions are called with a colon. */
export function aerospikeLibrary(lua: Lua, host: LuaHost): Library {
  const self = (L: Pointer) => lua.checkObject(L, 1, AEROSPIKE);
  const onRecord = (call: (record: RecordAccess) => number): LuaFunction => {
    return (L) => {
      self(L);
      return lua.pushInteger(L, withRecord(lua, L, call) ?? 0);
    };
  };

  return {
    type: AEROSPIKE,
    objectMetamethods: {},
    methods: {
      create: onRecord((record) => record.create()),
      update: onRecord((record) => record.update()),
      remove: onRecord((record) => record.remove()),
      exists(L) {
        self(L);
        return lua.pushBoolean(L, withRecord(lua, L, (record) => (record.record.exists ? 1 : 0)) === 1);
      },
      log(L) {
        self(L);
        const level = Number(BigInt.asIntN(32, lua.optionalInteger(L, 2)));
        host.log(level, beforeNul(lua.optionalText(L, 3) ?? ""));
        return 0;
      },
      get_current_time(L) {
        self(L);
        return lua.pushInteger(L, host.isInStream() ? 0 : Math.floor(host.wallClock()));
      },
      // The server has nothing behind these two.
      set_context: onRecord(() => 0),
      get_config: onRecord(() => 0),
    },
  };
}

function withRecord(lua: Lua, L: Pointer, call: (record: RecordAccess) => number): number | undefined {
  const object = lua.object(L, 2);
  if (!(object instanceof RecordAccess)) return lua.api._luaL_typeerror(L, 2, lua.name(RECORD));
  try {
    return call(object);
  } catch (error) {
    if (error instanceof TooDeep) return lua.fail(L, error.message);
    throw error;
  }
}
