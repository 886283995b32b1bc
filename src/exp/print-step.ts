import { KEYWORDS } from "../../ael/token-cursor.js";
import { ContextType } from "../../protocol/cdt/context.js";
import type { SelectorKind } from "../../protocol/cdt/operations.js";
import { literalValue } from "../../protocol/exp/literal.js";
import type { ExpNode, PathStep } from "../../protocol/exp/node.js";
import { Double } from "../../protocol/value/double.js";
import { isBytes } from "../../protocol/value/pack.js";
import { INFINITY } from "../../protocol/value/special.js";
import { hex, printValue, quote } from "./print-constant.js";
import type { Printer } from "./printed.js";

/** A step of a context; a further condition on the one before starts with "&". */
export function printContextStep(printer: Printer, step: PathStep): string | undefined {
  if (step.filter !== undefined) {
    const { text } = printer.print(step.filter, "bool");
    return step.code === ContextType.AND_EXPRESSION ? `&[?(${text})]` : `*[?(${text})]`;
  }
  const value = literalValue(step.value);
  switch (step.code) {
    case ContextType.EXPRESSION:
      return value === true ? "*" : undefined;
    case ContextType.MAP_KEY:
      return printKey(value);
    case ContextType.MAP_INDEX:
      return `{${String(value)}}`;
    case ContextType.MAP_RANK:
      return `{#${String(value)}}`;
    case ContextType.MAP_VALUE:
      return wrap("{=", printScalar(value), "}");
    case ContextType.LIST_INDEX:
      return `[${String(value)}]`;
    case ContextType.LIST_RANK:
      return `[#${String(value)}]`;
    case ContextType.LIST_VALUE:
      return wrap("[=", printScalar(value), "]");
    case ContextType.MAP_KEYS_IN:
      return Array.isArray(value) ? printList("{@", value.map(printKeyInside), "}") : undefined;
    default:
      return undefined;
  }
}

/** The step that a read makes itself. */
export function printStep(
  on: "list" | "map",
  selects: SelectorKind,
  inverted: boolean,
  params: readonly ExpNode[],
): string | undefined {
  const [open, close] = on === "list" ? ["[", "]"] : ["{", "}"];
  const bang = inverted ? "!" : "";
  const [first, second, third] = params.map(constantValue);
  if (params.some((param) => constantValue(param) === undefined)) return undefined;
  switch (selects) {
    case "key":
      return inverted ? undefined : printKey(first);
    case "index":
      return inverted ? undefined : `${open}${String(first)}${close}`;
    case "rank":
      return inverted ? undefined : `${open}#${String(first)}${close}`;
    case "firstValue":
    case "value":
      return inverted ? undefined : wrap(`${open}=`, printScalar(first), close);
    case "keyList":
      return Array.isArray(first) ? printList(`{${bang}@`, first.map(printKeyInside), "}") : undefined;
    case "valueList":
      return Array.isArray(first) ? printList(`${open}${bang}=`, first.map(printScalar), close) : undefined;
    case "keyRange":
      return printBounds(`{${bang}@`, first, second, "}", printKeyInside);
    case "valueRange":
      return printBounds(`${open}${bang}=`, first, second, close, printScalar);
    case "indexRange":
      return wrap(`${open}${bang}`, printRange(first, second), close);
    case "rankRange":
      return wrap(`${open}${bang}#`, printRange(first, second), close);
    case "relativeIndexRange":
      return wrap(`{${bang}`, joined([printRelative(second, third), printKeyInside(first)]), "}");
    case "relativeRankRange":
      return wrap(`${open}${bang}#`, joined([printRelative(second, third), printScalar(first)]), close);
  }
}

/** Values with commas between; a list of one ends in one. */
function printList(open: string, values: readonly (string | undefined)[], close: string): string | undefined {
  if (values.length === 0 || values.includes(undefined)) return undefined;
  return `${open}${values.join(",")}${values.length === 1 ? "," : ""}${close}`;
}

function printBounds(
  open: string,
  begin: unknown,
  until: unknown,
  close: string,
  printOne: (value: unknown) => string | undefined,
): string | undefined {
  const to = until === undefined ? "" : printBound(until, printOne);
  // A range is open on one side at most: nil is in front of everything.
  const from = begin !== null ? printBound(begin, printOne) : to === "" ? "NIL" : "";
  return from === undefined || to === undefined ? undefined : `${open}${from}:${to}${close}`;
}

function printBound(bound: unknown, printOne: (value: unknown) => string | undefined): string | undefined {
  return bound === INFINITY ? "INF" : printOne(bound);
}

/** `begin:end`, from a begin and a count; undefined where begin and end would count from different ends. */
function printRange(begin: unknown, count: unknown): string | undefined {
  if (typeof begin !== "number") return undefined;
  if (count === undefined) return `${begin}:`;
  if (typeof count !== "number" || begin < 0 !== begin + count < 0) return undefined;
  return `${begin}:${begin + count}`;
}

/** `begin:end`, the end included. */
function printRelative(begin: unknown, count: unknown): string | undefined {
  if (typeof begin !== "number") return undefined;
  if (count === undefined) return `${begin}:`;
  return typeof count === "number" ? `${begin}:${begin + count - 1}` : undefined;
}

/** A key that is a step by itself. */
function printKey(key: unknown): string | undefined {
  // Two integers with a dot between would be a number.
  if (typeof key === "number" || typeof key === "bigint") return `{@${key}}`;
  return printKeyInside(key);
}

function printKeyInside(key: unknown): string | undefined {
  if (typeof key === "string") return /^[A-Za-z_]\w*$/.test(key) && !KEYWORDS.has(key) ? key : quote(key);
  if (typeof key === "number" || typeof key === "bigint") return String(key);
  return typeof key === "object" && key !== null && isBytes(key) ? `X'${hex(key)}'` : undefined;
}

/** A value of a step: no list and no map. */
function printScalar(value: unknown): string | undefined {
  if (Array.isArray(value) || value instanceof Map) return undefined;
  return printValue(value);
}

function joined(parts: readonly (string | undefined)[]): string | undefined {
  return parts.includes(undefined) ? undefined : parts.join("~");
}

function wrap(open: string, inner: string | undefined, close: string): string | undefined {
  return inner === undefined ? undefined : `${open}${inner}${close}`;
}

/** The value of a constant parameter, or its symbol; undefined for anything worked out. */
function constantValue(node: ExpNode): unknown {
  if (node.kind === "special") return node.value;
  if (node.kind !== "const") return undefined;
  if (node.type === "float") return new Double(Number(node.value));
  return node.type === "list" || node.type === "map" ? literalValue(node.value) : node.value;
}
