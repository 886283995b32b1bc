import { Writer } from "../bytes/writer.js";
import { checkFlags, refuseCreateAndUpdateOnly } from "../cdt/check.js";
import { OpCode, type PayloadOp } from "../message/op.js";
import { packInteger, packListHeader } from "../value/pack.js";
import type { PackedExpression } from "./packed-expression.js";

// The payload of an expression operation:   [expression, flags]

/** What an expression read does when it can't be worked out. */
export const ExpReadFlags = {
  DEFAULT: 0,
  /** No value instead of an error (result code 26). */
  EVAL_NO_FAIL: 0x10,
} as const;
export type ExpReadFlags = (typeof ExpReadFlags)[keyof typeof ExpReadFlags];

/** What an expression write accepts; flags add up. */
export const ExpWriteFlags = {
  DEFAULT: 0,
  /** Refuse a bin that exists (result code 6). */
  CREATE_ONLY: 1,
  /** Refuse a bin that doesn't exist (result code 17). */
  UPDATE_ONLY: 2,
  /** Nil removes the bin instead of being an error (result code 26). */
  ALLOW_DELETE: 4,
  /** CREATE_ONLY, UPDATE_ONLY and nil without ALLOW_DELETE are no errors. */
  POLICY_NO_FAIL: 8,
  /** An expression that can't be worked out is no error (result code 26). */
  EVAL_NO_FAIL: 0x10,
} as const;
export type ExpWriteFlags = (typeof ExpWriteFlags)[keyof typeof ExpWriteFlags];

/** Returns the value of an expression under the name of a bin. */
export function expressionReadOp(
  bin: string,
  expression: PackedExpression,
  flags: number = ExpReadFlags.DEFAULT,
): PayloadOp {
  checkFlags("flags", flags, ExpReadFlags);
  const op: PayloadOp = { code: OpCode.EXP_READ, bin, payload: payload(expression, flags), ...needs(expression) };
  return (flags & ExpReadFlags.EVAL_NO_FAIL) === 0 ? op : { ...op, neverFails: true };
}

/** Stores the value of an expression in a bin. */
export function expressionWriteOp(
  bin: string,
  expression: PackedExpression,
  flags: number = ExpWriteFlags.DEFAULT,
): PayloadOp {
  checkFlags("flags", flags, ExpWriteFlags);
  refuseCreateAndUpdateOnly("flags", flags);
  return { code: OpCode.EXP_MODIFY, bin, payload: payload(expression, flags), ...needs(expression) };
}

function needs({ minVersion, neededFor }: PackedExpression): Pick<PayloadOp, "minVersion" | "neededFor"> {
  return { ...(minVersion !== undefined && { minVersion }), ...(neededFor !== undefined && { neededFor }) };
}

function payload(expression: PackedExpression, flags: number): Uint8Array {
  const w = new Writer(expression.packed.length + 4);
  packListHeader(w, 2);
  w.bytes(expression.packed);
  packInteger(w, flags);
  return w.copy();
}
