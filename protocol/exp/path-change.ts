import { utf8Length } from "../bytes/utf8.js";
import { Hll } from "../value/hll.js";
import type { ExpNode } from "./node.js";

// What a path modification puts in an element's place. Servers of 8.1.2 count the bytes of text, blobs and sketches
// wrong there, and abort:
//   from a call          up to 30 bytes abort; more are stored as text, whatever they were, GeoJSON too
//   of any other origin  from 31 bytes on abort
// So only constants of up to 30 bytes are known to go well. Other types are fine, whatever they hold.

const MAX_BYTES = 30;

/** By name of a variable, what is wrong with its definition. */
type Definitions = ReadonlyMap<string, string | undefined>;

const NONE: Definitions = new Map();

/** Throws TypeError for a change over which servers abort, or that they store as something else. */
export function checkChange(change: ExpNode): void {
  const wrong = flaw(change, NONE);
  if (wrong === undefined) return;
  throw new TypeError(
    `the change of a path gives ${wrong}; servers of 8.1.2 abort over text, blobs and sketches of unknown size. Allowed are numbers, booleans, lists, maps, GeoJSON that is not read by a call, removeResult, and constants of at most ${MAX_BYTES} bytes; unknown() with noFail leaves an element as it is`,
  );
}

function flaw(node: ExpNode, definitions: Definitions): string | undefined {
  switch (node.kind) {
    case "cond":
      return flawOfBranches(node.parts, definitions);
    case "let": {
      const inner = new Map(definitions);
      for (const { name, value } of node.definitions) inner.set(name, flaw(value, inner));
      return flaw(node.body, inner);
    }
    case "var":
      return definitions.get(node.name);
    case "const": {
      const size = sizeOf(node.value);
      return isBytewise(node) && size > MAX_BYTES ? `a ${node.type} of ${size} bytes` : undefined;
    }
    case "call":
      return isBytewise(node) || node.type === "geo" ? `a ${node.type} from a call` : undefined;
    case "loopVar":
      return isBytewise(node) ? `a ${node.type} of the element` : undefined;
    default:
      return isBytewise(node) ? `a ${node.type} of the record` : undefined;
  }
}

function flawOfBranches(parts: readonly ExpNode[], definitions: Definitions): string | undefined {
  for (const [i, part] of parts.entries()) {
    const isCondition = i % 2 === 0 && i < parts.length - 1;
    const found = isCondition ? undefined : flaw(part, definitions);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isBytewise({ type }: ExpNode): boolean {
  return type === "string" || type === "blob" || type === "hll";
}

function sizeOf(constant: unknown): number {
  if (typeof constant === "string") return utf8Length(constant);
  if (constant instanceof Hll) return constant.bytes.length;
  return constant instanceof Uint8Array ? constant.length : 0;
}
