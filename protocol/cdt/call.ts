import { Writer } from "../bytes/writer.js";
import { OpCode, type PayloadOp } from "../message/op.js";
import { packInteger, packListHeader } from "../value/pack.js";
import { type CTX, checkContext, packContext } from "./context.js";
import { CdtForm, type CdtOperation } from "./operations.js";
import { type Param, packParam } from "./param.js";

// The payload of a list, map, bit or HyperLogLog operation:
//   [code, param, …]                                    without context
//   [0xff, [type, value, …], [code, param, …]]          with context; lists and maps only
// Inside of an expression it is packed by protocol/exp/pack.ts, where literal lists are quoted.

/** An operation and its parameters, told apart from how it travels: alone on a bin, or as part of an expression. */
export interface CdtCall {
  readonly operation: CdtOperation;
  readonly params: readonly Param[];
  /** The way from the bin to the list or map that is meant; the bin itself without it. */
  readonly context?: readonly CTX[];
}

export function cdtCall(operation: CdtOperation, params: readonly Param[]): CdtCall {
  return { operation, params };
}

/** The same call on a list or map inside of the bin. */
export function inContext(call: CdtCall, context: readonly CTX[]): CdtCall {
  if (context.length === 0) return call;
  if (call.operation.system !== "cdt")
    throw new TypeError("Bit and HyperLogLog operations work on whole bins, not in a context");
  checkContext(context);
  if (!call.operation.modifies && context.some((step) => step.creates)) {
    throw new TypeError("A read creates nothing on its way: use CTX.listIndex or CTX.mapKey");
  }
  return { ...call, context };
}

/** The payload of an operation of its own. Throws InvalidValue when a value has no Aerospike type. */
export function encodePayload(call: CdtCall): Uint8Array {
  const w = new Writer(64);
  packPayload(w, call);
  return w.copy();
}

function packPayload(w: Writer, call: CdtCall): void {
  if (call.context !== undefined) {
    packListHeader(w, 3);
    packInteger(w, CdtForm.IN_CONTEXT);
    packContext(w, call.context);
  }
  packListHeader(w, call.params.length + 1);
  packInteger(w, call.operation.code);
  for (const param of call.params) packParam(w, param);
}

/** The call as an op of a record command. */
export function callOp(bin: string, call: CdtCall): PayloadOp {
  return { code: opCodeOf(call), bin, payload: encodePayload(call) };
}

function opCodeOf({ operation }: CdtCall): PayloadOp["code"] {
  const { system, modifies } = operation;
  switch (system) {
    case "cdt":
      return modifies ? OpCode.CDT_MODIFY : OpCode.CDT_READ;
    case "bits":
      return modifies ? OpCode.BITS_MODIFY : OpCode.BITS_READ;
    case "hll":
      return modifies ? OpCode.HLL_MODIFY : OpCode.HLL_READ;
  }
}
