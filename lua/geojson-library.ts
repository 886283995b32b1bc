import { beforeNul } from "./byte-text.js";
import { ObjectType } from "./host-stack.js";
import { textOf } from "./host-text.js";
import { HostGeoJson } from "./host-value.js";
import type { Library } from "./library.js";
import type { Lua } from "./lua.js";

const { GEOJSON } = ObjectType;

/** The global `geojson`: a constructor and nothing else. The text is not looked at. */
export function geojsonLibrary(lua: Lua): Library {
  return {
    type: GEOJSON,
    global: {
      name: "geojson",
      functions: {},
      metamethods: {
        __call(L) {
          const text = lua.api._lua_gettop(L) === 2 ? lua.optionalText(L, 2) : undefined;
          return text === undefined ? 0 : lua.pushObject(L, GEOJSON, new HostGeoJson(beforeNul(text)));
        },
      },
    },
    objectMetamethods: {
      __tostring(L) {
        const object = lua.checkObject(L, 1, GEOJSON);
        return textOf(lua, L, object instanceof HostGeoJson ? object : null, "GeoJSON()");
      },
    },
  };
}
