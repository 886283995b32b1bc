import { tryDecodeBase64 } from "../protocol/bytes/base64.js";
import type { AelNode } from "./ast.js";
import { AelMistakeError, placeOf } from "./mistake.js";
import { ANY, BLOB, FLOAT, GEO, INT, LIST, OPEN, STRING, setName, single, typeMeant } from "./type-set.js";
import type { TypeVar } from "./type-var.js";

/** "$.price is FLOAT, as 5.5 is (1:11)", "the literal 3 is INT". */
export function describeType(node: AelNode, typed: TypeVar, text: string): string {
  const { origin } = typed.root;
  const is = `${subject(node, text)} is ${typed.name}`;
  if (origin === undefined || origin.node === node) return is;
  const { line, column } = placeOf(text, origin.node.at);
  const place = `(${line}:${column})`;
  if (origin.why === undefined) return `${is}, as is ${shorten(text.slice(origin.node.at, origin.node.end))} ${place}`;
  return `${is}: ${origin.why} ${place}`;
}

function subject(node: AelNode, text: string): string {
  const source = shorten(text.slice(node.at, node.end));
  switch (node.kind) {
    case "literal":
    case "list":
    case "map":
      return `the literal ${source}`;
    case "placeholder":
      return `the value of ${source}`;
    case "bin":
    case "loop":
    case "path":
    case "metadata":
    case "function":
    case "method":
    case "variable":
      return source;
    default:
      return `the result of ${source}`;
  }
}

function shorten(source: string): string {
  const line = source.replace(/\s+/g, " ");
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}

/** The rewrite that would probably be right where a node of some types meets one of others; undefined when none is clear. */
export function conflictHint(
  node: AelNode,
  set: number,
  other: AelNode | undefined,
  wanted: number,
  text: string,
): string | undefined {
  const source = text.slice(node.at, node.end);
  if (node.kind === "literal") return literalHint(node, source, set, other, wanted, text);
  if (set === INT && (wanted & FLOAT) !== 0 && (wanted & INT) === 0) {
    if (node.kind === "bin") return binHint(node.name, set, wanted);
    return `Write ${operandOf(node, source)}.toFloat()`;
  }
  if (set === FLOAT && (wanted & INT) !== 0 && (wanted & FLOAT) === 0 && node.kind !== "bin") {
    return `Write ${operandOf(node, source)}.toInt()`;
  }
  // A change of a string at a place gives the whole map or list.
  if (node.kind === "method" && node.fn.modify && node.fn.family === "string" && (wanted & STRING) !== 0) {
    const { receiver, name } = node;
    return `Write (${text.slice(receiver.at, receiver.end)}).${text.slice(name.at, node.end)}`;
  }
  if (node.kind === "bin" && other?.kind !== "literal") return binHint(node.name, set, wanted);
  return undefined;
}

function operandOf(node: AelNode, source: string): string {
  return node.kind === "path" || node.kind === "method" ? source : `(${source})`;
}

function literalHint(
  node: AelNode & { readonly kind: "literal" },
  source: string,
  set: number,
  other: AelNode | undefined,
  wanted: number,
  text: string,
): string | undefined {
  const both =
    other?.kind === "bin" ? `; if ${other.name} holds both kinds, ${localPair(other.name, set, wanted)}` : "";
  if (set === INT && wanted === FLOAT) return `Write ${String(node.value)}.0${both}`;
  if (set === FLOAT && wanted === INT) {
    if (other !== undefined && other.kind !== "bin") {
      return `Write ${operandOf(other, text.slice(other.at, other.end))}.toFloat()`;
    }
    return Number.isSafeInteger(node.value)
      ? `Write ${String(node.value)}${both}`
      : `If it holds FLOAT, write the other number with a fraction, too${both}`;
  }
  if (set === STRING && wanted === BLOB) {
    const base64 = tryDecodeBase64(String(node.value)) === undefined ? "…" : String(node.value);
    return `A blob is written b64'${base64}' or x'…'`;
  }
  if (set === STRING && wanted === GEO && /^.\s*\{/.test(source)) return `Write geoJson(${source})`;
  if (other?.kind === "method" && other.fn.name === "type") {
    const type = typeMeant(String(node.value));
    return type === undefined ? undefined : `Write ${type}`;
  }
  if (set === STRING && wanted === INT && /^["']-?\d+["']$/.test(source)) return `Write ${source.slice(1, -1)}${both}`;
  if (other?.kind === "bin") return `If ${other.name} holds both, ${localPair(other.name, set, wanted)}`;
  return undefined;
}

function binHint(name: string, set: number, wanted: number): string | undefined {
  if (single(wanted) === undefined || single(set) === undefined) return undefined;
  return `If ${name} holds both, ${localPair(name, set, wanted)}`;
}

function localPair(name: string, set: number, wanted: number): string {
  const bin = /^[A-Za-z_]\w*$/.test(name) ? `$.${name}` : `$."${name}"`;
  if ((set | wanted) === (INT | FLOAT)) return `compare it as ${bin}:NUMBER`;
  return `give each mention its own type: ${bin}:LOCAL:${setName(set)}, ${bin}:LOCAL:${setName(wanted)}`;
}

/** The mistake of a type that must be known, and is not. */
export function openMistake(text: string, node: AelNode, typed: TypeVar): AelMistakeError {
  const source = text.slice(node.at, node.end);
  const { set } = typed;
  const isAny = (set & ANY) === ANY || setName(set) === OPEN;
  const is = isAny ? "nothing says which" : `it may be ${setName(set)}`;
  const example = (set & INT) !== 0 ? "INT" : (set & LIST) !== 0 ? "LIST" : setName(set).split(/[ ,]/)[0]!;
  const isOpen = node.kind === "bin" || node.kind === "path" || node.kind === "loop" || node.kind === "metadata";
  return new AelMistakeError(text, {
    problem: `The type of ${shorten(source)} is open: ${is}`,
    at: node.at,
    end: node.end,
    suggestion: isOpen
      ? `Write ${source}:${example}, or whatever type it has`
      : "Give one of its parts a type, such as $.a:INT",
  });
}
