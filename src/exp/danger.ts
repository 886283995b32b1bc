import { ContextType } from "../../protocol/cdt/context.js";
import { INVERTED } from "../../protocol/cdt/flags.js";
import { MAX_PADDED_INDEX } from "../../protocol/cdt/param.js";
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
const CREATE_PADDED = 0x80;
const CREATE_MASK = 0xc0;

/** Throws TypeError or RangeError for a call that must not be sent. */
export function checkCall(node: CallNode): void {
  const { params, system, code } = node;
  if (params.filter(isComputed).length > MAX_COMPUTED) {
    throw new TypeError(`the call has more than ${MAX_COMPUTED} computed parameters`);
  }
  if (system !== "cdt") return;
  if (MAP_LISTS.has(code) && isInverted(params[0])) checkFilled(params[1]);
  if (PADDING.has(code)) checkPadding(params[0]);
  for (const step of node.path) checkStep(step);
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
