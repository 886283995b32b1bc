import { MAX_DEPTH, TooDeep } from "./host-codec.js";
import { type ByteText, HostBytes, HostGeoJson, HostList, type HostMap, type HostValue } from "./host-value.js";
import type { Lua } from "./lua.js";
import type { Pointer } from "./lua-api.js";

/** How the server writes a value out, as `tostring` shows it. Undefined for empty bytes, which have no text. */
function hostText(value: HostValue, depth = 0): ByteText | undefined {
  if (depth > MAX_DEPTH) throw new TooDeep();
  switch (typeof value) {
    case "bigint":
      return value.toString();
    case "number":
      return numberText(value);
    case "boolean":
      return value ? "true" : "false";
    case "string":
      return `"${value}"`;
    default:
      if (value === null) return "NIL";
      if (value instanceof HostGeoJson) return `"${value.text}"`;
      if (value instanceof HostBytes) return bytesText(value);
      return value instanceof HostList ? listText(value, depth + 1) : mapText(value, depth + 1);
  }
}

function listText(list: HostList, depth: number): ByteText {
  return `[${list.items.map((item) => hostText(item, depth) ?? "<NULL>").join(", ")}]`;
}

function mapText(map: HostMap, depth: number): ByteText {
  const pairs: string[] = [];
  for (let i = 0; i < map.size; i++) {
    const key = hostText(map.keys[i] ?? null, depth);
    const value = hostText(map.values[i] ?? null, depth);
    // The server stops at the first part that it has no text for.
    if (key === undefined || value === undefined) break;
    pairs.push(`${key}:${value}`);
  }
  return `{${pairs.join(", ")}}`;
}

function bytesText(bytes: HostBytes): ByteText | undefined {
  if (bytes.size === 0) return undefined;
  return Array.from(bytes.view, (byte) => byte.toString(16).toUpperCase().padStart(2, "0")).join(" ");
}

/** C's `%.16g`. */
function numberText(value: number): ByteText {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [digits = "", power = "0"] = value.toExponential(15).split("e");
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 16) return withoutTail(value.toFixed(Math.min(15 - exponent, 100)));
  const sign = exponent < 0 ? "-" : "+";
  return `${withoutTail(digits)}e${sign}${Math.abs(exponent).toString().padStart(2, "0")}`;
}

function withoutTail(digits: string): string {
  return digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
}

/** Pushes the text of a value, or another where there is none. Raises an error for a list that contains itself. */
export function textOf(lua: Lua, L: Pointer, value: HostValue, fallback: ByteText): number {
  let text: ByteText;
  try {
    text = hostText(value) ?? fallback;
  } catch (error) {
    if (error instanceof TooDeep) return lua.fail(L, error.message);
    throw error;
  }
  lua.pushText(L, text);
  return 1;
}
