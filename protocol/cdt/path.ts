import { Writer } from "../bytes/writer.js";
import type { PackedExpression } from "../exp/packed-expression.js";
import { CallSystem, type CdtCall, PATH_SELECT } from "./call.js";
import { checkOneOf } from "./check.js";
import { type CTX, checkPath, packContext } from "./context.js";
import { packed, stored } from "./param.js";

// Path operations, which reach any number of places at once; needs server 8.1.1:
//   [0xfe, [type, value, …], flags]                 read
//   [0xfe, [type, value, …], flags + 4, expression] replace each place by what the expression answers
// They read the same inside of an expression: path and expression are taken literally there.

const APPLY = 4;
const SELECT_NO_FAIL = 0x10;

/** What a path read answers. */
export const PathSelectFlags = {
  /** The bin with only the matching places in it. */
  MATCHING_TREE: 0,
  /** A list of the values. */
  VALUES: 1,
  /** A list of the map keys. */
  MAP_KEYS: 2,
  /** A flat list: key, value, key, value, … */
  MAP_KEY_VALUES: 3,
} as const;
export type PathSelectFlags = (typeof PathSelectFlags)[keyof typeof PathSelectFlags];

/** How a path deals with places that it can't work out. */
export interface PathOptions {
  /** Skip the places where an expression can't be worked out, instead of failing. Default: false. */
  readonly noFail?: boolean;
}

/** Reads all places that a path reaches. */
export function selectByPath(path: readonly CTX[], select: PathSelectFlags, options: PathOptions = {}): CdtCall {
  checkOneOf("select", select, PathSelectFlags);
  return {
    system: CallSystem.CDT,
    code: PATH_SELECT,
    modify: false,
    params: [pathParam(path), stored("flags", select | noFailFlag(options))],
  };
}

/**
 * Replaces all places that a path reaches by what the expression answers over the loop variables. Its bytes are taken as
 * they are: whoever builds the expression must know that no server goes down over what it answers, as `Exp.modifyByPath`
 * of the client does, which is the only way there.
 */
export function modifyByPath(path: readonly CTX[], expression: PackedExpression, options: PathOptions = {}): CdtCall {
  return {
    system: CallSystem.CDT,
    code: PATH_SELECT,
    modify: true,
    params: [pathParam(path), stored("flags", APPLY | noFailFlag(options)), packed(expression.packed)],
  };
}

function noFailFlag(options: PathOptions): number {
  return options.noFail === true ? SELECT_NO_FAIL : 0;
}

function pathParam(path: readonly CTX[]) {
  checkPath(path);
  const w = new Writer(64);
  packContext(w, path);
  return packed(w.copy());
}
