import { Writer } from "../bytes/writer.js";
import { OpCode, type PayloadOp } from "../message/op.js";
import { packInteger, packListHeader } from "../value/pack.js";
import { type CTX, checkContext, packContext } from "./context.js";
import { INVERTED } from "./flags.js";
import { checkNestedFlags } from "./nested-flags.js";
import { CDT_SINCE, CdtForm, type CdtOperation } from "./operations.js";
import { Computed, type Param, packParam } from "./param.js";

// The payload of a list, map, bit, HyperLogLog or string operation:
//   [code, param, …]                                    without context
//   [0xff, [type, value, …], [code, param, …]]          with context; lists, maps and strings only
// Inside of an expression it is packed by protocol/exp/pack.ts, where literal lists are quoted.

const NO_PAYLOAD = new Uint8Array(0);
const TO_STRING_SINCE = "8.2";

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

/** The same call on a list, map or string inside of the bin. */
export function inContext(call: CdtCall, context: readonly CTX[]): CdtCall {
  if (context.length === 0) return call;
  const { system } = call.operation;
  if (system === "string") checkNestedFlags(call.operation, call.params);
  else if (system !== "cdt") throw new TypeError("Bit and HyperLogLog operations work on whole bins, not in a context");
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
  const minVersion = callSince(call);
  const op = { code: opCodeOf(call), bin, payload: encodePayload(call) };
  return minVersion === undefined ? op : { ...op, minVersion };
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
    case "string":
      return modifies ? OpCode.STRING_MODIFY : OpCode.STRING_READ;
  }
}

const RETURNS_SINCE: Readonly<Record<number, string>> = CDT_SINCE.returnTypes;

/** The oldest server that has the operation; undefined where that is older than 6.0. */
function callSince({ operation, params: [first] }: CdtCall): string | undefined {
  if (operation.since !== undefined || operation.returns !== "selection") return operation.since;
  if (first === undefined || first instanceof Computed) return undefined;
  return RETURNS_SINCE[Number(first.value) & ~INVERTED];
}

/** Reads a bin as text: a number, a boolean, text, or bytes that are UTF-8. Server 8.2 and newer. */
export function toStringOp(bin: string): PayloadOp {
  return { code: OpCode.TO_STRING, bin, payload: NO_PAYLOAD, minVersion: TO_STRING_SINCE };
}
