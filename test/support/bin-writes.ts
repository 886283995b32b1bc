import { type Op, OpCode } from "../../protocol/message/op.js";
import type { NextIs, WriteBin } from "../../src/records/bins/index.js";
import { writeBin } from "../../src/records/bins/write-bin.js";

/** A bin whose methods answer the operation that they add, in place of a builder. */
export function binOf<V>(bin = "b"): WriteBin<NextIs<Op>, V> {
  return writeBin<NextIs<Op>, V>(bin, { addOp: (op) => op });
}

/** Name of an operation's code and its payload in hex, or its value. */
export function shapeOf(op: Op): readonly [string, unknown] {
  const code = Object.entries(OpCode).find(([, value]) => value === op.code)?.[0] ?? String(op.code);
  if ("payload" in op) return [code, Buffer.from(op.payload).toString("hex")];
  return [code, "value" in op ? op.value : undefined];
}
