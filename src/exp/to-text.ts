import { ExpOp } from "../../protocol/exp/op-code.js";
import { operation } from "./build.js";
import type { Expression } from "./expression.js";

/**
 * The text of a number, a boolean, a string, or bytes that are UTF-8; unknown for other bytes. Server 8.2 and newer.
 * @example Exp.eq(Exp.toString(Exp.intBin("zip")), Exp.val("00501"))
 */
export function toText(value: Expression<"int" | "float" | "string" | "bool" | "blob">): Expression<"string"> {
  return operation(ExpOp.TO_STRING, [value]);
}
