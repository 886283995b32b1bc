import {
  exists,
  operate,
  type RecordOperation,
  read,
  readHeader,
  remove,
  touch,
  udf,
} from "../../protocol/command/record-operation.js";
import type { RecordExistsAction } from "../../protocol/command/write-policy.js";
import { isReadOp, type Op, OpCode } from "../../protocol/message/op.js";
import type { CommandPolicy } from "../policy/command-policy.js";
import { durableDeleteOf } from "./builders/durable-delete.js";
import { TimeToLive } from "./builders/time-to-live.js";
import type { Segment } from "./segment.js";

/** What can be done to records by their keys. */
export interface KeyVerb {
  /** Name of the method of the session. */
  readonly name: string;
  /** The method as it is called. */
  readonly call: string;
  readonly kind: "read" | "writeNonRetryable";
  /** Whether a record that does not exist is a failure. */
  readonly needsRecord: boolean;
  /** Whether every key has a row, also when its record is missing or left out. */
  readonly hasRowForEveryKey: boolean;
  /** Whether rows carry a record, with what its operations returned. */
  readonly hasRecord: boolean;
  /** What a write of bins does about a record that is there or is not. */
  readonly recordExists: RecordExistsAction | undefined;
  /** What is done to each record; throws when the segment is not complete. */
  readonly operationOf: (segment: Segment<unknown>, sending: Sending) => RecordOperation;
}

/** How a segment is sent: what its operation has besides what the caller said. */
export interface Sending {
  readonly policy: CommandPolicy;
  /** A packed filter expression. */
  readonly filter: Uint8Array | undefined;
  /** Result codes that are no failures. */
  readonly accepts: readonly number[];
}

function writing(name: string, recordExists: RecordExistsAction, needsRecord: boolean): KeyVerb {
  return {
    name,
    call: `session.${name}`,
    kind: "writeNonRetryable",
    needsRecord,
    hasRowForEveryKey: true,
    hasRecord: true,
    recordExists,
    operationOf: writeOf,
  };
}

function asking(name: string, kind: KeyVerb["kind"], operationOf: KeyVerb["operationOf"]): KeyVerb {
  return {
    name,
    call: `session.${name}`,
    kind,
    needsRecord: false,
    hasRowForEveryKey: true,
    hasRecord: false,
    recordExists: undefined,
    operationOf,
  };
}

export const UPSERT = writing("upsert", "update", false);
export const PUT_MANY = writing("putMany", "update", false);
export const UPSERT_ROWS = writing("upsertRows", "update", false);
export const INSERT = writing("insert", "createOnly", false);
export const UPDATE = writing("update", "updateOnly", true);
export const REPLACE = writing("replace", "replace", false);
export const REPLACE_IF_EXISTS = writing("replaceIfExists", "replaceOnly", true);

function reading(name: string): KeyVerb {
  return {
    name,
    call: `session.${name}`,
    kind: "read",
    needsRecord: false,
    hasRowForEveryKey: false,
    hasRecord: true,
    recordExists: undefined,
    operationOf: readOf,
  };
}

export const QUERY = reading("query");
export const GET_MANY = reading("getMany");

export const EXISTS = asking("exists", "read", (_segment, { policy, filter, accepts }) =>
  exists(policy, { filter, accepts }),
);

export const TOUCH = asking("touch", "writeNonRetryable", (segment, { policy, filter, accepts }) =>
  touch(policy, { filter, accepts, generation: segment.generation, ttl: ttlOf(segment) }),
);

export const DELETE = asking("delete", "writeNonRetryable", (segment, { policy, filter, accepts }) =>
  remove(
    { commitLevel: policy.commitLevel },
    {
      filter,
      accepts,
      generation: segment.generation,
      durableDelete: durableDeleteOf(segment) ?? policy.durableDeletes,
    },
  ),
);

export const EXECUTE_UDF = asking("executeUdf", "writeNonRetryable", (segment, { policy, filter, accepts }) => {
  if (segment.udf === undefined) throw new TypeError("executeUdf: no function is named; use function() first");
  return udf(segment.udf, policy, {
    name: segment.verb.name,
    filter,
    accepts,
    ttl: ttlOf(segment),
    durableDelete: durableDeleteOf(segment) ?? policy.durableDeletes,
  });
});

function readOf({ verb, selection, ops }: Segment<unknown>, { policy, filter, accepts }: Sending): RecordOperation {
  const options = { name: verb.name, filter, accepts };
  // Operations that read travel as a read, and are repeated as one.
  if (ops.length > 0) return operate(ops.slice(), policy, options);
  return selection === "noBins" ? readHeader(policy, options) : read(selection, policy, options);
}

function ttlOf({ ttl, defaults }: Segment<unknown>): number {
  return (ttl ?? defaults?.ttl)?.() ?? TimeToLive.SERVER_DEFAULT;
}

function writeOf(segment: Segment<unknown>, { policy, filter, accepts }: Sending): RecordOperation {
  const { verb, ops } = segment;
  const { name, recordExists } = verb;
  if (ops.length === 0) throw new TypeError(`${name}: there is nothing to write; use put() or bin() first`);
  return operate(ops.slice(), policy, {
    name,
    filter,
    accepts,
    recordExists,
    generation: segment.generation,
    ttl: ttlOf(segment),
    durableDelete: durableDeleteOf(segment) ?? (policy.durableDeletes && ops.some(canDelete)),
    // Rows for each of them would only make the reply longer.
    respondAllOps: ops.some(hasResult),
  });
}

/** @throws TypeError when the verb starts the record from nothing and the operation works on what is there */
export function checkOpOfVerb({ name, recordExists }: KeyVerb, op: Op): void {
  if (recordExists === "createOnly" && op.code === OpCode.TOUCH) {
    throw new TypeError(`${name}: touchRecord() needs the record as it was, and a new one has none`);
  }
  if (recordExists !== "replace" && recordExists !== "replaceOnly") return;
  if (op.code === OpCode.EXP_MODIFY || (op.code === OpCode.WRITE && op.value !== null)) return;
  throw new TypeError(
    `${name}: ${whatOf(op)} needs the record as it was; a replaced record takes whole values and expressions only`,
  );
}

function whatOf({ code, bin }: Op): string {
  if (code === OpCode.TOUCH) return "touchRecord()";
  return code === OpCode.DELETE_ALL ? "deleteRecord()" : `the operation on bin "${bin}"`;
}

/** Whether the operation may leave the record without a bin, which deletes it. */
function canDelete(op: Op): boolean {
  const { code } = op;
  return code === OpCode.EXP_MODIFY || code === OpCode.DELETE_ALL || (code === OpCode.WRITE && op.value === null);
}

/** Whether the operation returns something. */
export function hasResult(op: Op): boolean {
  return isReadOp(op) || op.code === OpCode.CDT_MODIFY || op.code === OpCode.HLL_MODIFY;
}
