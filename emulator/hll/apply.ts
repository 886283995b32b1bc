import { ResultCode } from "../../protocol/result-code.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { Params } from "../cdt/params.js";
import { PayloadReader } from "../cdt/payload-reader.js";
import type { BinValue } from "../record/bin-value.js";
import { failedWith, type OpOutcome } from "../record/op-outcome.js";
import { HllFlag } from "./hll-params.js";
import { HLL_MODIFY_OPS } from "./modify.js";
import { HLL_READ_OPS } from "./read.js";
import { fitTogether, Sketch } from "./sketch.js";

// The payload of an operation on a HyperLogLog sketch: [code, param, …]. What follows it is not looked at.

/** Runs the payload of an HLL_READ or HLL_MODIFY op on a bin. Any bytes at all give an outcome. */
export function applyHll(bin: BinValue | undefined, payload: Uint8Array, isModify: boolean): OpOutcome {
  if (bin === undefined && !isModify) return { code: ResultCode.OK };
  const reader = new PayloadReader(payload);
  const count = reader.list();
  const raw = count === undefined || count === 0 ? undefined : reader.unsigned();
  if (count === undefined || raw === undefined) return { code: ResultCode.PARAMETER_ERROR };
  const code = Number(BigInt.asUintN(32, raw));
  return isModify ? modify(bin, code, reader, count - 1) : read(bin, code, reader, count - 1);
}

function modify(bin: BinValue | undefined, code: number, reader: PayloadReader, given: number): OpOutcome {
  const op = HLL_MODIFY_OPS.get(code);
  if (op === undefined) return { code: ResultCode.PARAMETER_ERROR };
  const old = bin === undefined ? undefined : sketchOf(bin);
  if (typeof old === "number") return { code: old };
  const params = new Params(reader, given, op.required, op.most);
  const { flags, change } = op.read(params);
  if (params.areBad) return { code: ResultCode.PARAMETER_ERROR };
  const barred = old === undefined ? HllFlag.UPDATE_ONLY : HllFlag.CREATE_ONLY;
  if ((flags & barred) !== 0) {
    if ((flags & HllFlag.NO_FAIL) !== 0) return { code: ResultCode.OK };
    return { code: old === undefined ? ResultCode.BIN_NOT_FOUND : ResultCode.BIN_EXISTS };
  }
  const changed = change(old);
  if (typeof changed === "number") return failedWith(changed);
  const stored = { type: ParticleType.HLL, bytes: changed.sketch.write() };
  return { code: ResultCode.OK, bin: stored, result: changed.value ?? null };
}

function read(bin: BinValue | undefined, code: number, reader: PayloadReader, given: number): OpOutcome {
  const op = HLL_READ_OPS.get(code);
  if (op === undefined || bin === undefined) return { code: ResultCode.PARAMETER_ERROR };
  const sketch = sketchOf(bin);
  if (typeof sketch === "number") return { code: sketch };
  const params = new Params(reader, given, op.params, op.params);
  const question = op.read(params);
  if (params.areBad) return { code: ResultCode.PARAMETER_ERROR };
  const answer = question({ sketch, bytes: bin.bytes });
  return typeof answer === "number" ? failedWith(answer) : { code: ResultCode.OK, result: answer };
}

function sketchOf(bin: BinValue): Sketch | number {
  if (bin.type !== ParticleType.HLL) return ResultCode.BIN_TYPE_ERROR;
  const sketch = Sketch.read(bin.bytes);
  const isValid = sketch !== undefined && fitTogether(sketch.indexBits, sketch.minhashBits);
  return isValid ? sketch : ResultCode.SERVER_ERROR;
}
