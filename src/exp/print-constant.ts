import { withoutMarker } from "../../ael/literal-order.js";
import { literalValue, UnusualMap } from "../../protocol/exp/literal.js";
import type { ConstNode } from "../../protocol/exp/node.js";
import { Double } from "../../protocol/value/double.js";
import { OrderedList } from "../../protocol/value/ordered-list.js";
import { isBytes } from "../../protocol/value/pack.js";

/** A constant in the text language; undefined for what it has no literal for. */
export function printConstant(node: ConstNode): string | undefined {
  switch (node.type) {
    case "float":
      return printFloat(Number(node.value));
    case "geo":
      return rawQuote(String(node.value), (text) => `geoJson(${text})`);
    case "hll":
      return undefined;
    case "list":
    case "map":
      return printContainer(node.value);
    default:
      return printValue(node.value);
  }
}

/** With the order that it says it has. */
function printContainer(packed: unknown): string | undefined {
  const sorted = withoutMarker(packed);
  if (sorted !== undefined) {
    const text = printValue(literalValue(sorted));
    return text === undefined ? undefined : `${text}:SORTED`;
  }
  const value = literalValue(packed);
  if (!(value instanceof UnusualMap)) return printValue(value);
  const text = value.flags === 0 ? printValue(value.map) : undefined;
  return text === undefined ? undefined : `${text}:UNORDERED`;
}

/** A value inside a list, a map or a step. */
export function printValue(value: unknown): string | undefined {
  switch (typeof value) {
    case "string":
      return quote(value);
    case "number":
      return Number.isSafeInteger(value) ? String(value) : printFloat(value);
    case "bigint":
    case "boolean":
      return String(value);
    case "object":
      break;
    default:
      return undefined;
  }
  if (value === null) return "NIL";
  if (value instanceof Double) return printFloat(value.value);
  if (isBytes(value)) return `X'${hex(value)}'`;
  if (Array.isArray(value)) {
    const close = value instanceof OrderedList ? "]:SORTED" : "]";
    return printAll("[", Array.from(value, printValue), close);
  }
  if (value instanceof Map) return printAll("{", [...value].map(printEntry), "}");
  return undefined;
}

function printEntry([key, value]: readonly [unknown, unknown]): string | undefined {
  const left = printValue(key);
  const right = printValue(value);
  return left === undefined || right === undefined ? undefined : `${left}: ${right}`;
}

function printAll(open: string, parts: readonly (string | undefined)[], close: string): string | undefined {
  return parts.includes(undefined) ? undefined : `${open}${parts.join(", ")}${close}`;
}

export function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

/** Digits with a dot and without an exponent, which the language does not have; exact to the last bit. */
function printFloat(value: number): string | undefined {
  if (!Number.isFinite(value)) return undefined;
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const [mantissa = "", exponent] = String(Math.abs(value)).split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  if (exponent === undefined) return `${sign}${whole}.${fraction === "" ? "0" : fraction}`;
  const shift = Number(exponent);
  const digits = whole + fraction;
  if (shift < 0) return `${sign}0.${"0".repeat(-shift - whole.length)}${digits}`;
  return `${sign}${digits.padEnd(shift + whole.length, "0")}.0`;
}

const ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0" };

/** A string literal in double quotes. */
export function quote(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to be written as escapes.
  const escaped = text.replace(/[\\"]/g, "\\$&").replace(/[\u0000-\u001f\u007f]/g, (char) => {
    return ESCAPES[char] ?? `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
  return `"${escaped}"`;
}

/** Between quotes as it stands; undefined where no quote is free, or a backslash would hide one. */
function rawQuote(text: string, wrap: (quoted: string) => string): string | undefined {
  if (text.includes("\\")) return undefined;
  if (!text.includes("'")) return wrap(`'${text}'`);
  return text.includes('"') ? undefined : wrap(`"${text}"`);
}
