import { INT64_MAX, INT64_MIN } from "../../protocol/limits.js";
import { ambiguousNumber, isAmbiguousNumber } from "../../protocol/value/ambiguous-number.js";
import { Double } from "../../protocol/value/double.js";
import { GeoJson } from "../../protocol/value/geojson.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { isBytes, isPlainObject } from "../../protocol/value/pack.js";
import type { Value } from "../../protocol/value/value.js";

// Values written into a text of the server's language. A placeholder inside of a string, a bin's quoted name, a regular
// expression or a comment is none.

/** A value for a placeholder. */
export type TextParam = Value;

/** Strings and bin names, comments, regular expressions behind what they stand behind, placeholders. */
const TOKEN =
  /"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|\/\*[\s\S]*?\*\/|((?:=~|pattern\s*:)\s*)\/(?:\\[^\n]|[^/\\\n])*\/|\?(\d+)/g;

/** The text with the values in the place of `?0`, `?1` … @throws TypeError */
export function bindText(text: string, params: readonly TextParam[]): string {
  const used = new Set<number>();
  const bound = text.replace(TOKEN, (token: string, _before: string | undefined, digits: string | undefined) => {
    if (digits === undefined) return token;
    const index = Number(digits);
    if (index >= params.length)
      throw new TypeError(`serverAel: the text has ${token}, but there are ${params.length} values`);
    used.add(index);
    return literalOf(params[index], token);
  });
  const unused = params.findIndex((_, i) => !used.has(i));
  if (unused >= 0) throw new TypeError(`serverAel: the text has no ?${unused}; every value must be used`);
  return bound;
}

function literalOf(value: unknown, name: string): string {
  if (value instanceof GeoJson) return geoLiteral(value, name);
  return constantOf(value, name);
}

/** What may stand inside of lists and maps too. */
function constantOf(value: unknown, name: string): string {
  switch (typeof value) {
    case "string":
      return quote(value, name);
    case "boolean":
      return String(value);
    case "bigint":
      if (value < INT64_MIN || value > INT64_MAX)
        throw new TypeError(`serverAel: ${name} is ${value}; expected a 64-bit integer`);
      return String(value);
    case "number":
      if (isAmbiguousNumber(value)) throw new TypeError(`serverAel: ${name}: ${ambiguousNumber(value)}`);
      return Number.isInteger(value) && Number.isSafeInteger(value) ? String(value) : floatLiteral(value, name);
    case "object":
      return objectLiteral(value, name);
    default:
      throw unwritable(value, name);
  }
}

function objectLiteral(value: object | null, name: string): string {
  if (value === null) return "NIL";
  if (value instanceof Double) return floatLiteral(value.value, name);
  if (isBytes(value)) return `x'${Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("")}'`;
  if (Array.isArray(value)) return `[${value.map((each, i) => constantOf(each, `${name}[${i}]`)).join(", ")}]`;
  if (value instanceof Map) return mapLiteral([...value], name);
  if (isPlainObject(value))
    return mapLiteral(
      Object.entries(value).filter(([, each]) => each !== undefined),
      name,
    );
  throw unwritable(value, name);
}

function mapLiteral(entries: readonly (readonly [unknown, unknown])[], name: string): string {
  const pairs = entries.map(([key, value]) => {
    const where = `${name}[${describe(key)}]`;
    const isKey = typeof key === "string" || Number.isSafeInteger(key) || typeof key === "bigint" || isBlob(key);
    if (!isKey) throw new TypeError(`serverAel: ${where}: ${describe(key)} can't be a map key in a text`);
    return `${constantOf(key, where)}: ${constantOf(value, where)}`;
  });
  return pairs.length === 0 ? "{ }" : `{${pairs.join(", ")}}`;
}

function isBlob(value: unknown): boolean {
  return typeof value === "object" && value !== null && isBytes(value);
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\0": "\\0",
  '"': '\\"',
};

function quote(text: string, name: string): string {
  if (!text.isWellFormed())
    throw new TypeError(`serverAel: ${name} holds half a surrogate pair, which UTF-8 can't say`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to be escaped.
  const escaped = text.replace(/[\\"\u0000-\u001f\u007f]/g, (sign) => {
    return ESCAPES[sign] ?? `\\x${sign.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
  return `"${escaped}"`;
}

/** Between the quotes nothing is escaped. */
function geoLiteral({ text }: GeoJson, name: string): string {
  if (!/['\r\n]/.test(text)) return `geoJson('${text}')`;
  throw new TypeError(
    `serverAel: ${name} is GeoJSON with an apostrophe or a line end, which a text can't hold; build the expression in code`,
  );
}

/** Digits on both sides of a dot, and no exponent: nothing else is a float to the server. */
function floatLiteral(value: number, name: string): string {
  if (!Number.isFinite(value)) throw new TypeError(`serverAel: ${name} is ${value}, which no text can say`);
  if (Object.is(value, -0)) return "-0.0";
  const [digits = "0", exponent = "0"] = Math.abs(value).toExponential().split("e");
  const [whole = "0", fraction = ""] = digits.split(".");
  const all = whole + fraction;
  // Where the dot stands, counted in digits from the left.
  const dot = Number(exponent) + 1;
  const before = dot <= 0 ? "0" : all.slice(0, dot).padEnd(dot, "0");
  const behind = dot <= 0 ? "0".repeat(-dot) + all : all.slice(dot);
  return `${value < 0 ? "-" : ""}${before}.${behind === "" ? "0" : behind}`;
}

function unwritable(value: unknown, name: string): TypeError {
  return new TypeError(
    `serverAel: ${name} is ${describe(value)}, which a text can't say; build the expression in code`,
  );
}
