import { OpCode } from "../../protocol/message/op.js";
import type { Release } from "../release.js";

/** Ops that take a value from a bin and change nothing. */
export function isRead(code: number, release: Release): boolean {
  if (code === OpCode.STRING_READ || code === OpCode.TO_STRING) return release === "8.2";
  return (
    code === OpCode.READ ||
    code === OpCode.CDT_READ ||
    code === OpCode.EXP_READ ||
    code === OpCode.BITS_READ ||
    code === OpCode.HLL_READ
  );
}

/** Ops that work an operand into the value that the bin has. */
export function isArithmetic(code: number): boolean {
  return code === OpCode.INCR || code === OpCode.APPEND || code === OpCode.PREPEND;
}
