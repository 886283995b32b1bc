import { Writer } from "../bytes/writer.js";
import { OpCode, type PayloadOp } from "../message/op.js";
import { packInteger, packListHeader } from "../value/pack.js";
import { type CTX, checkContext, packContext } from "./context.js";
import { type Param, packParam, packParamInExpression } from "./param.js";

// The payload of a list, map, bit or HyperLogLog operation:
//   [op, param, …]                                      without context
//   [0xff, [type, value, …], [op, param, …]]            with context; lists and maps only
// and the same inside of an expression, third in [127, type, system, payload, bin], where literal lists are quoted.

/** Which part of the server runs a call; lists and maps share one. */
export const CallSystem = {
  CDT: 0,
  BITS: 1,
  HLL: 2,
} as const;
export type CallSystem = (typeof CallSystem)[keyof typeof CallSystem];

/** Added to the system when a call in an expression answers the changed copy. */
const MODIFY = 0x40;
const CONTEXT_EVAL = 0xff;

/** One operation, told apart from how it travels: alone on a bin, or as part of an expression. */
export interface CdtCall {
  readonly system: CallSystem;
  readonly code: number;
  readonly modify: boolean;
  readonly params: readonly Param[];
  /** The way from the bin to the list or map that is meant; the bin itself without it. */
  readonly context?: readonly CTX[];
}

/** The same call on a list or map inside of the bin. */
export function inContext(call: CdtCall, context: readonly CTX[]): CdtCall {
  if (context.length === 0) return call;
  if (call.system !== CallSystem.CDT)
    throw new TypeError("Bit and HyperLogLog operations work on whole bins, not in a context");
  checkContext(context);
  if (!call.modify && context.some((step) => step.creates)) {
    throw new TypeError("A read creates nothing on its way: use CTX.listIndex or CTX.mapKey");
  }
  return { ...call, context };
}

/** The payload of an operation of its own. Throws InvalidValue when a value is of no Aerospike type. */
export function encodePayload(call: CdtCall): Uint8Array {
  const w = new Writer(64);
  packPayload(w, call);
  return w.copy();
}

export function packPayload(w: Writer, call: CdtCall): void {
  packCall(w, call, packParam);
}

/** The call as it stands in an expression: third in `[127, type, systemOf(call), call, bin]`. */
export function packCallInto(w: Writer, call: CdtCall): void {
  packCall(w, call, packParamInExpression);
}

/** The system of a call in an expression: second in `[127, type, system, call, bin]`. */
export function systemOf(call: CdtCall): number {
  return call.modify ? call.system | MODIFY : call.system;
}

/** The call as an op of a record command. */
export function callOp(bin: string, call: CdtCall): PayloadOp {
  return { code: opCodeOf(call), bin, payload: encodePayload(call) };
}

function packCall(w: Writer, call: CdtCall, packEach: (w: Writer, param: Param) => void): void {
  if (call.context !== undefined) {
    packListHeader(w, 3);
    packInteger(w, CONTEXT_EVAL);
    packContext(w, call.context);
  }
  packListHeader(w, call.params.length + 1);
  packInteger(w, call.code);
  for (const param of call.params) packEach(w, param);
}

function opCodeOf(call: CdtCall): PayloadOp["code"] {
  switch (call.system) {
    case CallSystem.CDT:
      return call.modify ? OpCode.CDT_MODIFY : OpCode.CDT_READ;
    case CallSystem.BITS:
      return call.modify ? OpCode.BITS_MODIFY : OpCode.BITS_READ;
    case CallSystem.HLL:
      return call.modify ? OpCode.HLL_MODIFY : OpCode.HLL_READ;
  }
}
