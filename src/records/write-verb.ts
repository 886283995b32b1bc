import type { RecordExistsAction } from "../../protocol/command/write-policy.js";
import { type Op, OpCode } from "../../protocol/message/op.js";
import type { KeyVerb } from "./key-command-builder.js";

/** A verb that writes bins, and what it does about a record that is there or is not. */
export interface WriteVerb extends KeyVerb {
  readonly recordExists: RecordExistsAction;
}

function verb(name: string, recordExists: RecordExistsAction, needsRecord: boolean): WriteVerb {
  return { name, recordExists, needsRecord, kind: "writeNonRetryable", answersEveryKey: false };
}

export const UPSERT = verb("upsert", "update", false);
export const INSERT = verb("insert", "createOnly", false);
export const UPDATE = verb("update", "updateOnly", true);
export const REPLACE = verb("replace", "replace", false);
export const REPLACE_IF_EXISTS = verb("replaceIfExists", "replaceOnly", true);

/** @throws TypeError when the verb starts the record from nothing and the operation works on what is there */
export function checkOpOfVerb({ name, recordExists }: WriteVerb, op: Op): void {
  if (recordExists !== "replace" && recordExists !== "replaceOnly") return;
  if (op.code === OpCode.EXP_MODIFY || (op.code === OpCode.WRITE && op.value !== null)) return;
  throw new TypeError(
    `${name}: the operation on bin "${op.bin}" needs the record as it was; a replaced record takes whole values and expressions only`,
  );
}
