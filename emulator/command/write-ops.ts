import { Info2 } from "../../protocol/message/flags.js";
import { OpCode } from "../../protocol/message/op.js";
import { ResultCode } from "../../protocol/result-code.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { applyBits } from "../bits/index.js";
import { applyCdt } from "../cdt/index.js";
import { applyExpModify, pathEvaluator } from "../exp/index.js";
import { applyHll } from "../hll/index.js";
import type { BinValue } from "../record/bin-value.js";
import type { Bins } from "../record/bins.js";
import { writeName } from "../record/name.js";
import type { OpOutcome } from "../record/op-outcome.js";
import type { RecordView } from "../record/record-view.js";
import { valueFromWire } from "../record/value-from-wire.js";
import type { Release } from "../release.js";
import { applyArithmetic } from "./arithmetic-op.js";
import { isArithmetic, isRead } from "./op-kind.js";
import type { ReplyRow } from "./outcome.js";
import { applyRead, modifyString, rowOf } from "./read-op.js";
import type { Request, RequestOp } from "./request.js";
import { isReadAll } from "./write-policy.js";

const MAX_BINS = 32_767;

/** Runs the ops of a write over `bins`, one after the other; each sees what those before it did. Rows, or a result code. */
export function applyOps(request: Request, bins: Bins, view: RecordView): ReplyRow[] | number {
  const run = new OpRun(bins, view, request);
  for (const op of request.ops) {
    const code = isReadAll(op, request) ? run.readAll() : run.apply(op);
    if (code !== ResultCode.OK) return code;
  }
  return bins.count > MAX_BINS ? ResultCode.PARAMETER_ERROR : run.rows;
}

class OpRun {
  readonly rows: ReplyRow[] = [];
  readonly #bins: Bins;
  readonly #view: RecordView;
  readonly #request: Request;
  readonly #release: Release;
  readonly #respondAll: boolean;

  constructor(bins: Bins, view: RecordView, request: Request) {
    this.#bins = bins;
    this.#view = view;
    this.#request = request;
    this.#release = request.release;
    this.#respondAll = (request.info2 & Info2.RESPOND_ALL_OPS) !== 0;
  }

  apply(op: RequestOp): number {
    const bin = this.#bins.get(op.name);
    switch (op.code) {
      case OpCode.TOUCH:
        return ResultCode.OK;
      case OpCode.WRITE:
        return this.#write(op);
      case OpCode.DELETE_ALL:
        this.#bins.clear();
        return this.#answer(op, null);
      case OpCode.BITS_MODIFY:
        return this.#modify(op, applyBits(bin, op.value, true), false);
      case OpCode.HLL_MODIFY:
        return this.#modify(op, applyHll(bin, op.value, true), true);
      case OpCode.CDT_MODIFY:
        return this.#modify(op, applyCdt(bin, op.value, true, pathEvaluator(this.#release)), true);
      case OpCode.EXP_MODIFY:
        return this.#modify(op, applyExpModify(this.#view, bin, op.value, this.#release), false);
      case OpCode.STRING_MODIFY:
        if (this.#release === "8.1") return ResultCode.PARAMETER_ERROR;
        return this.#modify(op, modifyString(bin, op), false);
      default:
        if (isArithmetic(op.code)) return this.#store(op, applyArithmetic(bin, op));
        return isRead(op.code, this.#release) ? this.#read(op) : ResultCode.PARAMETER_ERROR;
    }
  }

  readAll(): number {
    const { names, values } = this.#bins;
    for (let i = 0; i < names.length; i++) {
      const value = values[i] ?? null;
      this.rows.push({ code: OpCode.READ, nameBytes: writeName(names[i]!), value, isLoose: false });
    }
    return ResultCode.OK;
  }

  #write(op: RequestOp): number {
    if (op.type === ParticleType.NULL) {
      this.#bins.remove(op.name);
      return this.#answer(op, null);
    }
    return this.#store(op, valueFromWire(op.type, op.value));
  }

  #store(op: RequestOp, value: BinValue | number): number {
    if (typeof value === "number") return value;
    this.#bins.set(op.name, value);
    return this.#answer(op, null);
  }

  #modify(op: RequestOp, outcome: OpOutcome, hasResult: boolean): number {
    if (outcome.code !== ResultCode.OK) return this.#fail(outcome);
    if (outcome.bin === null) this.#bins.remove(op.name);
    else if (outcome.bin !== undefined) this.#bins.set(op.name, outcome.bin);
    return this.#answer(op, hasResult ? (outcome.result ?? null) : null);
  }

  #read(op: RequestOp): number {
    const found = applyRead(op, this.#view, this.#release);
    if (found === undefined) return this.#answer(op, null);
    if (found.code !== ResultCode.OK) return this.#fail(found);
    // A read of what is inside a bin has a row even when it finds nothing there.
    this.rows.push(rowOf(op, found.result ?? null));
    return ResultCode.OK;
  }

  #fail({ code, detail }: OpOutcome): number {
    this.#request.details.say(detail);
    return code;
  }

  #answer(op: RequestOp, value: BinValue | null): number {
    if (value !== null || this.#respondAll) this.rows.push(rowOf(op, value));
    return ResultCode.OK;
  }
}
