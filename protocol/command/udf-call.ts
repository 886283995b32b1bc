import { FieldType } from "../message/field-type.js";
import type { MessageWriter } from "../message/message-writer.js";
import { within } from "../value/invalid-value.js";
import { packValue } from "../value/pack.js";
import type { Value } from "../value/value.js";

// The fields of a UDF call: [UDF_OP] · UDF_FILENAME · UDF_FUNCTION · UDF_ARGLIST, a packed list (90 when empty)

/** A function of a registered module and what to pass to it. */
export interface UdfCall {
  /** The module's name: its file name without `.lua`. */
  readonly package: string;
  readonly function: string;
  readonly args: readonly Value[];
}

/** The server's kinds of UDF calls that are no call on one record. */
export const UdfOp = { AGGREGATE: 1, BACKGROUND: 2 } as const;
export type UdfOp = (typeof UdfOp)[keyof typeof UdfOp];

/** Throws InvalidValue (a TypeError) naming the argument that has no Aerospike type. */
export function writeUdfFields(m: MessageWriter, call: UdfCall, op?: UdfOp): void {
  if (op !== undefined) m.u8Field(FieldType.UDF_OP, op);
  m.textField(FieldType.UDF_FILENAME, call.package);
  m.textField(FieldType.UDF_FUNCTION, call.function);
  const at = m.beginField(FieldType.UDF_ARGLIST);
  try {
    packValue(m.writer, call.args);
  } catch (error) {
    throw within("args", error);
  }
  m.endField(at);
}
