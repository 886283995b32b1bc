import { Writer } from "../../protocol/bytes/writer.js";
import { BatchCommand } from "../../protocol/command/batch.js";
import { writeCommand } from "../../protocol/command/record-command.js";
import type { RecordOperation } from "../../protocol/command/record-operation.js";
import * as record from "../../protocol/command/record-operation.js";
import type { RecordKey } from "../../protocol/key/record-key.js";
import type { Op } from "../../protocol/message/op.js";
import type { How } from "../support/record-commands.js";

/** What is done to one record, in the parts that a difference can be made smaller by. */
export interface RandomOperation {
  readonly verb: "operate" | "read" | "read header" | "exists" | "delete" | "touch";
  /** Of `operate`. */
  readonly ops: readonly Op[];
  /** Of `read`; all bins without them. */
  readonly bins?: readonly string[];
  readonly how: How;
}

/** One command: an operation on one of the sequence's records, or a batch of operations on several. */
export type Step =
  | { readonly kind: "single"; readonly record: number; readonly operation: RandomOperation }
  | { readonly kind: "batch"; readonly rows: readonly BatchStepRow[]; readonly inline: boolean };

export interface BatchStepRow {
  readonly record: number;
  readonly operation: RandomOperation;
}

/** Operations of a step, with the place of the record that each is about. */
export function rowsOf(step: Step): readonly BatchStepRow[] {
  return step.kind === "single" ? [{ record: step.record, operation: step.operation }] : step.rows;
}

export function toRecordOperation({ verb, ops, bins, how }: RandomOperation): RecordOperation {
  switch (verb) {
    case "operate":
      return record.operate(ops, how, how);
    case "read":
      return record.read(bins, how, how);
    case "read header":
      return record.readHeader(how, how);
    case "exists":
      return record.exists(how, how);
    case "delete":
      return record.remove(how, how);
    case "touch":
      return record.touch(how, how);
  }
}

/** Writes a step as it travels. */
export function encodeStep(w: Writer, step: Step, keys: readonly RecordKey[]): void {
  if (step.kind === "single") {
    writeCommand(w, keyOf(keys, step.record), toRecordOperation(step.operation), 0);
    return;
  }
  const rows = step.rows.map(({ record: place, operation }, index) => {
    return { index, key: keyOf(keys, place), operation: toRecordOperation(operation) };
  });
  new BatchCommand(rows, () => undefined, { inline: step.inline }).encode(w, 0);
}

/** Whether our own client would send it at all. */
export function canBeSent(step: Step, keys: readonly RecordKey[]): boolean {
  try {
    encodeStep(new Writer(256), step, keys);
    return true;
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return false;
    throw error;
  }
}

function keyOf(keys: readonly RecordKey[], place: number): RecordKey {
  const key = keys[place];
  if (key === undefined) throw new RangeError(`record ${place} of ${keys.length}`);
  return key;
}
