import { utf8Length } from "../../protocol/bytes/utf8.js";
import { ContextType } from "../../protocol/cdt/context.js";
import { BitWriteFlags, INVERTED } from "../../protocol/cdt/flags.js";
import { MAX_PADDED_INDEX } from "../../protocol/cdt/param.js";
import { Hll } from "../../protocol/value/hll.js";
import { isBytes } from "../../protocol/value/pack.js";
import { literalValue } from "./literal.js";
import type { CallNode, ExpNode } from "./node.js";
import type { PathStep } from "./path-step.js";

// Calls that bring a server down, whichever way they were built: by a factory, from text, or from bytes. What is
// only wrong the server refuses by itself.

/** Map reads and removals by a list of keys or values: an empty list and INVERTED end in a segmentation fault. */
const MAP_LISTS = new Set([81, 83, 107, 108]);
/** List writes that pad with nil up to the index: insert, insert items, set, increment. */
const PADDING = new Set([3, 4, 9, 12]);
/** The server has room for 18 pieces of a call, and every computed parameter takes up to two. */
const MAX_COMPUTED = 8;
/** Bit shifts: with PARTIAL, a shift of as many bits as are shifted or more reads outside of the blob. */
const SHIFTS = new Set([8, 9]);
/** Longer text, blobs and sketches put in a path's place abort a server. */
const MAX_CHANGE_BYTES = 30;
const CREATE_PADDED = 0x80;
const CREATE_MASK = 0xc0;

/** Throws TypeError or RangeError for a call that must not be sent. */
export function checkCall(node: CallNode): void {
  const { params, system, code } = node;
  if (params.filter(isComputed).length > MAX_COMPUTED) {
    throw new TypeError(`the call has more than ${MAX_COMPUTED} computed parameters`);
  }
  if (params.some((param) => param.type === "remove")) {
    throw new TypeError("removeResult is the change of a path and nothing else; a server goes down over it elsewhere");
  }
  if (system === "bits" && SHIFTS.has(code)) checkShift(params);
  if (system !== "cdt") return;
  if (MAP_LISTS.has(code) && isInverted(params[0])) checkFilled(params[1]);
  if (PADDING.has(code)) checkPadding(params[0]);
  for (const step of node.path) checkStep(step);
}

function checkShift([, bitSize, shift, flags]: readonly ExpNode[]): void {
  const flag = flags === undefined ? 0n : integerOf(flags);
  if (flag !== undefined && (flag & BigInt(BitWriteFlags.PARTIAL)) === 0n) return;
  const size = integerOf(bitSize);
  const by = integerOf(shift);
  if (size !== undefined && by !== undefined && by < size) return;
  throw new RangeError(
    "a bit shift with the flag PARTIAL must be by a known number of bits, less than the bit size: a server can go down over it",
  );
}

function integerOf(node: ExpNode | undefined): bigint | undefined {
  if (node?.kind !== "const" || node.type !== "int") return undefined;
  return typeof node.value === "number" || typeof node.value === "bigint" ? BigInt(node.value) : undefined;
}

/**
 * Checks what a path modification puts in an element's place. Servers of 8.1.2 count the bytes of text, blobs and
 * sketches wrong there: they abort over short ones that a call answers and over long ones of any other origin. Only
 * constants are known to be neither. Numbers, booleans, lists, maps and GeoJSON are fine.
 */
export function checkChange(change: ExpNode, known: ReadonlyMap<string, ExpNode> = new Map()): void {
  switch (change.kind) {
    case "cond":
      change.parts.forEach((part, i) => {
        const isCondition = i % 2 === 0 && i < change.parts.length - 1;
        if (!isCondition) checkChange(part, known);
      });
      return;
    case "let":
      checkChange(
        change.body,
        new Map([...known, ...change.definitions.map(({ name, value }) => [name, value] as const)]),
      );
      return;
    case "var": {
      const definition = known.get(change.name);
      if (definition !== undefined) checkChange(definition, withoutName(known, change.name));
      else if (isBytewise(change)) refuseChange(change);
      return;
    }
    default:
      if (isBytewise(change) && !(change.kind === "const" && constantBytes(change.value) <= MAX_CHANGE_BYTES)) {
        refuseChange(change);
      }
  }
}

/** A definition sees those before it alone, so a name can't lead back to itself. */
function withoutName(known: ReadonlyMap<string, ExpNode>, name: string): ReadonlyMap<string, ExpNode> {
  return new Map([...known].filter(([other]) => other !== name));
}

function isBytewise({ type }: ExpNode): boolean {
  return type === "string" || type === "blob" || type === "hll";
}

function constantBytes(value: unknown): number {
  if (typeof value === "string") return utf8Length(value);
  if (value instanceof Hll) return value.bytes.length;
  return value instanceof Uint8Array ? value.length : Number.POSITIVE_INFINITY;
}

function refuseChange({ type }: ExpNode): never {
  throw new TypeError(
    `the change of a path gives a ${type}: allowed are numbers, booleans, lists, maps, GeoJSON, removeResult, and constants of at most ${MAX_CHANGE_BYTES} bytes; servers of 8.1.2 abort over others`,
  );
}

function isComputed(param: ExpNode): boolean {
  return param.kind !== "special" && (param.kind !== "const" || param.type === "list");
}

function isInverted(returnType: ExpNode | undefined): boolean {
  return returnType?.kind !== "const" || returnType.type !== "int" || (Number(returnType.value) & INVERTED) !== 0;
}

function checkFilled(list: ExpNode | undefined): void {
  // Packed lists of no element start with this byte; an ordered one has its marker as well.
  const isFilled = list?.kind === "const" && list.value instanceof Uint8Array && list.value[0] !== 0x90;
  if (isFilled) return;
  throw new RangeError(
    "a list of keys or values that may be empty can't be inverted on a map: it can bring the server down",
  );
}

function checkPadding(index: ExpNode | undefined): void {
  if (index?.kind === "const" && index.type === "int" && Number(index.value) > MAX_PADDED_INDEX) {
    throw new RangeError(
      `the index is ${String(index.value)}; at most ${MAX_PADDED_INDEX} is allowed, as the server pads up to it`,
    );
  }
}

function checkStep(step: PathStep): void {
  const create = step.code & CREATE_MASK;
  const base = step.code & ~CREATE_MASK;
  if (base === ContextType.LIST_INDEX && create === CREATE_PADDED) {
    const index = Number(literalValue(step.value));
    if (!(index >= 0 && index <= MAX_PADDED_INDEX)) {
      throw new RangeError(`the index of a padded list is ${index}; allowed is 0 to ${MAX_PADDED_INDEX}`);
    }
  }
  if (base === ContextType.MAP_KEY && create !== 0 && !isKey(literalValue(step.value))) {
    throw new TypeError("the key of a map that is created must be an integer, a string or a blob");
  }
}

function isKey(value: unknown): boolean {
  if (typeof value === "object") return value !== null && isBytes(value);
  return typeof value === "string" || typeof value === "number" || typeof value === "bigint";
}
