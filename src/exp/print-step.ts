import { ContextType } from "../../protocol/cdt/context.js";
import type { SelectorKind } from "../../protocol/cdt/operations.js";
import type { ExpKind } from "../../protocol/exp/exp-type.js";
import { literalValue } from "../../protocol/exp/literal.js";
import type { ExpNode, PathStep } from "../../protocol/exp/node.js";
import { Double } from "../../protocol/value/double.js";
import { isBytes } from "../../protocol/value/pack.js";
import { print } from "./print.js";
import { hex, printValue, quote } from "./print-constant.js";

/** A step of a context. */
export function printContextStep(step: PathStep, type: ExpKind | undefined): string | undefined {
  if (step.filter !== undefined) {
    const { text } = print(step.filter, "bool");
    return type === "list" ? `[?(${text})]` : `{?(${text})}`;
  }
  const value = literalValue(step.value);
  switch (step.code) {
    case ContextType.EXPRESSION:
      return value === true ? (type === "list" ? "[*]" : "{*}") : undefined;
    case ContextType.MAP_KEY:
      return printKey(value, false);
    case ContextType.MAP_INDEX:
      return `{${String(value)}}`;
    case ContextType.MAP_RANK:
      return `{#${String(value)}}`;
    case ContextType.MAP_VALUE:
      return wrap("{=", printValue(value), "}");
    case ContextType.LIST_INDEX:
      return `[${String(value)}]`;
    case ContextType.LIST_RANK:
      return `[#${String(value)}]`;
    case ContextType.LIST_VALUE:
      return wrap("[=", printValue(value), "]");
    case ContextType.MAP_KEYS_IN:
      return Array.isArray(value) ? wrap("{", joined(value.map((key) => printKey(key, true))), "}") : undefined;
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
      return inverted ? undefined : printKey(first, false);
    case "index":
      return inverted ? undefined : `${open}${String(first)}${close}`;
    case "rank":
      return inverted ? undefined : `${open}#${String(first)}${close}`;
    case "firstValue":
    case "value":
      return inverted ? undefined : wrap(`${open}=`, printValue(first), close);
    case "keyList":
      return Array.isArray(first) ? printKeyList(first, bang) : undefined;
    case "valueList":
      // One value alone reads as that value.
      if (!Array.isArray(first) || first.length < 2) return undefined;
      return wrap(`${open}${bang}=`, joined(first.map(printValue)), close);
    case "keyRange": {
      const until = second === undefined ? "" : printKey(second, true);
      const begin = printKey(first, true);
      return begin === undefined || until === undefined || isNegative(first) ? undefined : `{${bang}${begin}-${until}}`;
    }
    case "valueRange": {
      const until = second === undefined ? "" : printValue(second);
      const begin = printValue(first);
      return begin === undefined || until === undefined ? undefined : `${open}${bang}=${begin}:${until}${close}`;
    }
    case "indexRange":
      return wrap(`${open}${bang}`, printRange(first, second), close);
    case "rankRange":
      return wrap(`${open}${bang}#`, printRange(first, second), close);
    case "relativeIndexRange":
      return wrap(`{${bang}`, joined([printRange(second, third), printKey(first, true)], "~"), "}");
    case "relativeRankRange":
      return wrap(`${open}${bang}#`, joined([printRange(second, third), printValue(first)], "~"), close);
  }
}

function printKeyList(keys: readonly unknown[], bang: string): string | undefined {
  // An integer alone in braces is an index.
  if (keys.length === 0 || (keys.length === 1 && typeof keys[0] !== "string" && typeof keys[0] !== "object"))
    return undefined;
  return wrap(`{${bang}`, joined(keys.map((key) => printKey(key, true))), "}");
}

/** `begin:end`, from a begin and a count. */
function printRange(begin: unknown, count: unknown): string | undefined {
  if (typeof begin !== "number") return undefined;
  if (count === undefined) return `${begin}:`;
  return typeof count === "number" ? `${begin}:${begin + count}` : undefined;
}

function printKey(key: unknown, bracketed: boolean): string | undefined {
  if (typeof key === "string") return isWord(key, bracketed) ? key : quote(key);
  if (typeof key === "number" || typeof key === "bigint") return String(key);
  return typeof key === "object" && key !== null && isBytes(key) ? `X'${hex(key)}'` : undefined;
}

function isWord(key: string, bracketed: boolean): boolean {
  return bracketed ? /^[A-Za-z_]\w*$/.test(key) : /^\w+$/.test(key) && !/^(\d+|0[xX][\dA-Fa-f]+|0[bB][01]+)$/.test(key);
}

function isNegative(key: unknown): boolean {
  return (typeof key === "number" || typeof key === "bigint") && key < 0;
}

function joined(parts: readonly (string | undefined)[], by = ","): string | undefined {
  return parts.includes(undefined) ? undefined : parts.join(by);
}

function wrap(open: string, inner: string | undefined, close: string): string | undefined {
  return inner === undefined ? undefined : `${open}${inner}${close}`;
}

/** The value of a constant parameter; undefined for anything worked out. */
function constantValue(node: ExpNode): unknown {
  if (node.kind !== "const") return undefined;
  if (node.type === "float") return new Double(Number(node.value));
  return node.type === "list" || node.type === "map" ? literalValue(node.value) : node.value;
}
