import { Writer } from "../bytes/writer.js";
import { OpCode, type PayloadOp } from "../message/op.js";
import type { BinNode, ExpNode, PathStep } from "./node.js";
import { packSelection } from "./pack.js";
import { resolveExpression } from "./resolve.js";
import { neededVersion } from "./version.js";

// The payload of a path operation is what a path is in an expression, without the value that it works on:
//   [254, [step, value, …], flags (, change)]

/** Reads the places of a bin that a path leads to, or puts what `change` gives in their stead. */
export function pathOp(bin: string, path: readonly PathStep[], flags: number, change?: ExpNode): PayloadOp {
  const target: BinNode = { kind: "bin", type: "list", name: bin };
  // As an expression on the bin it has all of the checks, guards and needs of one.
  const node = resolveExpression({ kind: "select", type: "list", path, flags, apply: change, target });
  if (node.kind !== "select") throw new TypeError("A path stays one when its variables are looked up");
  const w = new Writer(64);
  packSelection(w, node);
  const code = change === undefined ? OpCode.CDT_READ : OpCode.CDT_MODIFY;
  return { code, bin, payload: w.copy(), minVersion: neededVersion(node).version };
}
