import { ResultType } from "../../emulator/exp/result-type.js";
import { ExpOp } from "../../protocol/exp/op-code.js";
import { OpCode, type PayloadOp } from "../../protocol/message/op.js";
import { bool, int, list, op } from "../support/random/packing.js";
import type { RandomExpression } from "../support/random/random-expression.js";
import { distinct, randomKey } from "../support/random/random-value.js";

// Path operations: they select any number of places inside of a bin, or change them.

const NO_FAIL = 0x10;
const APPLY = 4;

/** Types whose constants may take an element's place: texts and blobs of some lengths take a server down there. */
const REPLACEMENTS = [ResultType.NIL, ResultType.BOOL, ResultType.INT, ResultType.FLOAT] as const;

export function pathOp(from: RandomExpression): PayloadOp {
  const { random } = from;
  const steps = Array.from({ length: random.between(1, 3) }, () => randomLevel(from)).flat();
  const flags = (random.oneIn(4) ? 0 : NO_FAIL) + (random.oneIn(30) ? random.below(256) & ~APPLY : 0);
  if (random.oneIn(2)) {
    const payload = op(0xfe, list(...steps), int(flags + random.below(4)));
    const bin = random.pick(["y", "z", "y", "z", "l", "m", "o", "p", "n", "x", "i", "gone"]);
    return { code: random.oneIn(40) ? OpCode.CDT_MODIFY : OpCode.CDT_READ, bin, payload };
  }
  const change = random.pick([
    () => op(ExpOp.ADD, op(ExpOp.LOOP_VAR, int(ResultType.INT), int(1)), int(random.between(1, 9))),
    () => op(ExpOp.MUL, op(ExpOp.LOOP_VAR, int(ResultType.INT), int(random.pick([1, 2]))), int(2)),
    () => op(ExpOp.REMOVE_RESULT),
    () => op(ExpOp.UNKNOWN),
    () => from.constant(random.pick(REPLACEMENTS)),
    () => op(ExpOp.COND, from.loopExpression(ResultType.BOOL, 1), op(ExpOp.REMOVE_RESULT), op(ExpOp.UNKNOWN)),
  ])();
  const payload = op(0xfe, list(...steps), int(flags | APPLY), change);
  return { code: OpCode.CDT_MODIFY, bin: random.pick(["y", "z", "n", "gone", "i"]), payload };
}

function randomLevel(from: RandomExpression): Uint8Array[] {
  const { random } = from;
  const filter = () => from.loopExpression(ResultType.BOOL, 2);
  const keys = () => distinct(Array.from({ length: random.between(1, 3) }, () => randomKey(random)));
  const level = random.pick([
    () => [int(0x04), bool(true)],
    () => [int(0x04), bool(true)],
    () => [int(random.pick([0x04, 0x14, 0x24])), filter()],
    () => [int(0x10), int(random.between(-4, 5))],
    () => [int(0x11), int(random.between(-4, 5))],
    () => [int(0x13), int(random.between(-3, 9))],
    () => [int(0x20), int(random.between(-4, 5))],
    () => [int(0x21), int(random.between(-4, 5))],
    () => [int(0x22), randomKey(random)],
    () => [int(0x23), int(random.between(-3, 9))],
    () => [int(0x2a), list(...keys())],
  ])();
  return random.oneIn(5) ? [...level, int(0x204), filter()] : level;
}
