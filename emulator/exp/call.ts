import { Writer } from "../../protocol/bytes/writer.js";
import { CdtForm } from "../../protocol/cdt/operations.js";
import { MODIFIES } from "../../protocol/exp/op-code.js";
import { PackedType } from "../../protocol/value/packed-head.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { applyBits } from "../bits/index.js";
import { applyCdt } from "../cdt/index.js";
import { applyHll } from "../hll/index.js";
import type { BinValue } from "../record/bin-value.js";
import type { OpOutcome } from "../record/op-outcome.js";
import { applyString } from "../string/index.js";
import type { Compilation, Form, Operands } from "./form.js";
import { isGeometry } from "./geometry.js";
import type { Machine } from "./machine.js";
import { expectCount } from "./operands.js";
import { packExpValue } from "./pack.js";
import { listCount, peekKind, skipValue, takeBytes, takeInteger } from "./packed.js";
import { refuse } from "./refused.js";
import { declaredType, particleTypeOf, ResultType } from "./result-type.js";
import { EXTENSION, type ExpValue, fromBin, isParticle, UNKNOWN } from "./value.js";

// A call runs a list, map, bit, HyperLogLog or string operation on the value of an expression.
//   [127, type, system, operation, bin]
//   system     0 list and map · 1 bits · 2 HyperLogLog · 3 strings, from 8.2 on · + 0x40: modifies, and the modified copy is the result
//   operation  [op, param, …]                        a param that is a list is an expression, any other stands for itself
//            | [0xff, context, [op, param, …]]       the context is literal
//            | [0xfe, context, flags(, expression)]  all of it is literal

const MODIFY = BigInt(MODIFIES);
/** More parts, literal stretches and expressions counted alike, abort the server. */
const MAX_PARTS = 18;

/** A stretch of literal bytes, or the place of a param that is worked out. */
type Part = Uint8Array | "operand";

type Apply = (m: Machine, bin: BinValue | undefined, payload: Uint8Array) => OpOutcome;

interface System {
  readonly since?: "8.2";
  readonly bin: readonly ResultType[];
  /** What it works on at the end of a context. */
  readonly inContext?: readonly ResultType[];
  readonly apply: (modify: boolean) => Apply;
}

const systems: readonly System[] = [
  {
    bin: [ResultType.LIST, ResultType.MAP],
    apply: (modify) => (m, bin, payload) => applyCdt(bin, payload, modify, m.paths),
  },
  { bin: [ResultType.BLOB], apply: (modify) => (m, bin, payload) => applyBits(bin, payload, modify, m.paths.release) },
  { bin: [ResultType.HLL], apply: (modify) => (_, bin, payload) => applyHll(bin, payload, modify) },
  {
    since: "8.2",
    bin: [ResultType.STRING],
    inContext: [ResultType.LIST, ResultType.MAP],
    apply: (modify) => (_, bin, payload) => applyString(bin, payload, modify),
  },
];

export const call: Form = {
  size: 344,
  *compile(c: Compilation, count: number): Operands {
    expectCount(count, 4);
    const typeCode = takeInteger(c.reader);
    const type = typeCode === undefined ? undefined : declaredType(BigInt.asUintN(64, typeCode));
    const systemCode = takeInteger(c.reader);
    if (type === undefined || systemCode === undefined) refuse("a call without type or system");
    const modify = (systemCode & MODIFY) !== 0n;
    const system = systems[Number(BigInt.asUintN(32, systemCode & ~MODIFY))];
    if (system === undefined || (system.since !== undefined && system.since !== c.release))
      refuse(`no call system ${systemCode}`);
    const { parts, isInContext } = yield* operation(c);
    const takes = (isInContext ? system.inContext : undefined) ?? system.bin;
    const binType = yield;
    if (binType !== ResultType.NIL && !takes.includes(binType)) refuse(`a call on a value of type ${binType}`);
    // The server takes a bit or HyperLogLog read of nil and aborts when it comes to it.
    if (binType === ResultType.NIL && system !== systems[0] && !modify) refuse("a read of nil");
    emitCall(c, parts, system.apply(modify), modify, particleTypeOf(type));
    // A call on the constant nil is of type nil to its surroundings, whatever it yields.
    return binType === ResultType.NIL ? ResultType.NIL : type;
  },
};

/** Compiles the operation: its literal stretches as they are, its expressions as steps that leave their values. */
function* operation(
  c: Compilation,
): Generator<undefined, { readonly parts: readonly Part[]; readonly isInContext: boolean }, ResultType> {
  const r = c.reader;
  const parts: Part[] = [];
  let start = r.at;
  const { count, isInContext } = operationHeader(c);
  for (let i = 1; i < count; i++) {
    if (peekKind(r) === PackedType.LIST) {
      if (r.at > start) parts.push(r.bytes.subarray(start, r.at));
      parts.push("operand");
      if (parts.length >= MAX_PARTS) refuse("a call of too many parts");
      // The server takes remove_result as a param and aborts when it comes to it.
      if ((yield) === ResultType.REMOVE) refuse("remove_result is no param");
      start = r.at;
    } else {
      if (parts.length > 0 && peekKind(r) === PackedType.BYTES) checkBlob(c);
      skipValue(r);
    }
  }
  if (r.at > start) parts.push(r.bytes.subarray(start, r.at));
  return { parts, isInContext };
}

/** Takes everything up to the first param; returns the length of the list that the params end. */
function operationHeader(c: Compilation): { readonly count: number; readonly isInContext: boolean } {
  const r = c.reader;
  const count = listCount(r) ?? 0;
  const code = takeInteger(r);
  if (count === 0 || code === undefined) refuse("a call without operation");
  if (code === BigInt(CdtForm.IN_CONTEXT)) {
    if (count !== 3) refuse("a context of a wrong shape");
    skipValue(r);
    const inner = listCount(r) ?? 0;
    if (inner === 0 || takeInteger(r) === undefined) refuse("a context without operation");
    return { count: inner, isInContext: true };
  }
  if (code !== BigInt(CdtForm.SELECT)) return { count, isInContext: false };
  if (count < 3 || count > 4 || peekKind(r) !== PackedType.LIST) refuse("a path of a wrong shape");
  skipValue(r);
  if (takeInteger(r) === undefined) refuse("a path without flags");
  if (count === 4) skipValue(r);
  return { count: 1, isInContext: false };
}

/** Once a param has been an expression, the server looks at the ones after it as at constants. */
function checkBlob(c: Compilation): void {
  const start = c.reader.at;
  const prefix = takeBytes(c.reader)?.[0];
  c.reader.at = start;
  if (prefix !== ParticleType.BLOB && prefix !== ParticleType.HLL) refuse(`a blob of type ${prefix}`);
}

function emitCall(c: Compilation, parts: readonly Part[], apply: Apply, modify: boolean, expected: number): void {
  const operands = parts.filter((part) => part === "operand").length;
  const [only] = parts;
  const literal = operands === 0 && only instanceof Uint8Array ? only : undefined;
  c.emit((m) => {
    const target = m.pop();
    const payload = literal ?? assemble(parts, m.popAll(operands));
    m.push(payload === undefined ? UNKNOWN : runCall(m, target, payload, apply, modify, expected));
  });
}

function assemble(parts: readonly Part[], values: readonly ExpValue[]): Uint8Array | undefined {
  const w = new Writer(64);
  let next = 0;
  for (const part of parts) {
    if (part !== "operand") w.bytes(part);
    else if (!packExpValue(w, values[next++] ?? null)) return undefined;
  }
  return w.take();
}

/** Any failure of the operation, and a result of another type than declared, is unknown. */
function runCall(
  m: Machine,
  target: ExpValue,
  payload: Uint8Array,
  apply: Apply,
  modify: boolean,
  expected: number,
): ExpValue {
  if (target !== null && (!isParticle(target) || target.type === EXTENSION)) return UNKNOWN;
  const before = target ?? undefined;
  const outcome = apply(m, before, payload);
  if (outcome.code !== 0) return UNKNOWN;
  const after = outcome.bin === undefined ? before : (outcome.bin ?? undefined);
  const result = modify ? after : (outcome.result ?? undefined);
  if ((result?.type ?? ParticleType.NULL) !== expected) return UNKNOWN;
  if (result === undefined) return null;
  if (!modify && expected === ParticleType.GEOJSON && !isGeometry(result)) return UNKNOWN;
  const value = fromBin(result);
  return isParticle(value) ? { ...value, fromCall: true } : value;
}
