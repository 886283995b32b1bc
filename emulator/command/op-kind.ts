import { OpCode } from "../../protocol/message/op.js";

/** Ops that take a value from a bin and change nothing. */
export function isRead(code: number): boolean {
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
