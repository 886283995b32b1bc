import { MAX_OPS } from "../limits.js";
import { isReadAll, isReadOp, type Op, OpCode } from "../message/op.js";
import { checkBinName } from "./check-names.js";

/** Ops that read the value they change, which a read-all in the same message forbids. */
function conflictsWithReadAll(op: Op): boolean {
  return isReadOp(op) || op.code === OpCode.CDT_MODIFY || op.code === OpCode.HLL_MODIFY;
}

/**
 * The ops of one message: 1 to 32768, well named; a read of all bins stands alone or beside writes.
 * Throws TypeError or RangeError.
 */
export function checkOps(ops: readonly Op[]): void {
  if (ops.length === 0) throw new TypeError("Expected at least one operation, got none");
  if (ops.length > MAX_OPS) throw new RangeError(`The operations are ${ops.length}: at most ${MAX_OPS} are allowed`);
  let readAll = false;
  let others = false;
  for (const op of ops) {
    if (isReadAll(op)) {
      others ||= readAll;
      readAll = true;
      continue;
    }
    others ||= conflictsWithReadAll(op);
    if (op.code !== OpCode.TOUCH && op.code !== OpCode.DELETE_ALL) checkBinName(op.bin);
  }
  if (readAll && others) {
    throw new TypeError("A read of all bins can't be combined with another read or a collection or HLL operation");
  }
}

/** The ops of a background job: 1 to 32768 writes, well named. Throws TypeError or RangeError. */
export function checkBackgroundOps(ops: readonly Op[]): void {
  checkOps(ops);
  const read = ops.find(isReadOp);
  if (read === undefined) return;
  const what = isReadAll(read) ? "all bins" : `bin "${read.bin}"`;
  throw new TypeError(`The operations read ${what}: a background job can only write`);
}
