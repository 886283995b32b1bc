import { bytesToText } from "../../lua/byte-text.js";
import { fromRawValue } from "../../lua/host-codec.js";
import { hostValueAt, ObjectType, pushHostValue } from "../../lua/host-stack.js";
import { HostBytes } from "../../lua/host-value.js";
import type { Library } from "../../lua/library.js";
import type { Lua } from "../../lua/lua.js";
import type { Pointer } from "../../lua/lua-api.js";
import { writeName } from "../record/name.js";
import { RecordAccess } from "./record-access.js";

const { RECORD, BYTES } = ObjectType;

/** The global `record`, and `rec.bin` on the record itself. */
export function recordLibrary(lua: Lua): Library {
  const access = (L: Pointer) => {
    const object = lua.checkObject(L, 1, RECORD);
    return object instanceof RecordAccess ? object : undefined;
  };
  const self = (L: Pointer) => access(L)?.record;
  const pushName = (L: Pointer, name: string) => lua.pushText(L, bytesToText(writeName(name)));
  const size = (L: Pointer) => lua.pushInteger(L, self(L)?.size ?? 0);

  return {
    type: RECORD,
    global: {
      name: "record",
      functions: {
        ttl: (L) => lua.pushInteger(L, self(L)?.ttl ?? 0),
        last_update_time: (L) => lua.pushInteger(L, self(L)?.lastUpdate ?? 0),
        gen: (L) => lua.pushInteger(L, self(L)?.generation ?? 0),
        size,
        memory_size: size,
        // The emulator keeps nothing on devices.
        device_size(L) {
          self(L);
          return lua.pushInteger(L, 0);
        },
        key(L) {
          const key = self(L)?.userKey;
          return pushHostValue(lua, L, (key === undefined ? undefined : fromRawValue(key)) ?? null);
        },
        setname(L) {
          const name = self(L)?.setName ?? "";
          if (name === "") return lua.pushNil(L);
          pushName(L, name);
          return 1;
        },
        digest: (L) => lua.pushObject(L, BYTES, new HostBytes(self(L)?.digest.slice())),
        numbins: (L) => lua.pushInteger(L, self(L)?.binNames?.length ?? 0),
        bin_names(L) {
          const names = self(L)?.binNames;
          if (names === undefined) return lua.fail(L, "can't get bin names");
          lua.api._lua_createtable(L, names.length, 0);
          names.forEach((name, i) => {
            pushName(L, name);
            lua.api._lua_rawseti(L, -2, BigInt(i + 1));
          });
          return 1;
        },
        set_ttl(L) {
          const record = self(L);
          const seconds = lua.optionalInteger(L, 2);
          record?.setTtl(Number(BigInt.asIntN(32, seconds)));
          return 0;
        },
        drop_key(L) {
          self(L)?.dropKey();
          return 0;
        },
      },
      metamethods: {},
    },
    objectMetamethods: {
      __index(L) {
        const record = access(L);
        const name = lua.optionalText(L, 2);
        return pushHostValue(lua, L, name === undefined ? null : (record?.get(name) ?? null));
      },
      __newindex(L) {
        const record = access(L);
        const name = lua.optionalText(L, 2);
        if (name === undefined) return 0;
        const value = hostValueAt(lua, L, 3);
        if (value === undefined) return lua.fail(L, `can't set bin ${name} to unsupported type`);
        record?.set(name, value);
        return 0;
      },
    },
  };
}
