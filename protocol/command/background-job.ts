import type { Writer } from "../bytes/writer.js";
import { type ErrorDetailLevel, errorDetailBits } from "../message/error-details.js";
import { FieldType } from "../message/field-type.js";
import { Info2 } from "../message/flags.js";
import type { MessageReader } from "../message/message-reader.js";
import { beginMessage, type MessageWriter } from "../message/message-writer.js";
import { ResultCode } from "../result-code.js";
import { type IndexFilter, writeIndexFields } from "./index-range.js";
import { expectOk, skipRest } from "./record-reply.js";

// Header and fields that all background jobs share. One message goes to every node, with one task id:
//   info2 WRITE [| DURABLE_DELETE] · record ttl
//   fields: NAMESPACE · [SET] · [RECORDS_PER_SECOND] · SOCKET_TIMEOUT · TASK_ID · [index fields] · … · [filter]
// The reply comes at once: code 0, the job runs; code 2, the node does not know the set.

/** Which records a job goes through, and how fast. */
export interface BackgroundJob {
  readonly namespace: string;
  /** Empty for the whole namespace. */
  readonly setName: string;
  /** 1 to 2^64-1, the same on every node; a node refuses an id that it still lists. */
  readonly taskId: bigint;
  /** Records a second on each node, at least 1; undefined for the server's own limit. */
  readonly recordsPerSecond?: number | undefined;
  /** Only the records in this range of a secondary index. */
  readonly index?: IndexFilter | undefined;
  /** Only the records that this packed filter expression passes. */
  readonly filter?: Uint8Array | undefined;
  /** Seconds to live of what is written; 0 (default): as the namespace is set; -1: for ever; -2: as it is. */
  readonly ttl?: number | undefined;
  /** Deleted records leave tombstones. Enterprise servers only. */
  readonly durableDelete?: boolean | undefined;
  /** What servers from 8.2 are asked to say of errors. Default `"none"`. */
  readonly errorDetails?: ErrorDetailLevel | undefined;
}

/** A node's reply: the job runs, or the node has no record of the set and so nothing to do. */
export type BackgroundStart = "started" | "no such set";

/** What other clients send; servers do not look at it in a background job. */
const SOCKET_TIMEOUT_MS = 30_000;

/** Writes the header and the fields up to the index; the filter is the caller's, last of all fields. */
export function beginBackgroundJob(w: Writer, job: BackgroundJob, timeoutMs: number, info3 = 0): MessageWriter {
  const m = beginMessage(w, {
    info2: Info2.WRITE | (job.durableDelete ? Info2.DURABLE_DELETE : 0),
    info3,
    info4: errorDetailBits(job.errorDetails),
    recordTtl: job.ttl ?? 0,
    transactionTtl: timeoutMs,
  });
  m.textField(FieldType.NAMESPACE, job.namespace);
  if (job.setName !== "") m.textField(FieldType.SET, job.setName);
  if (job.recordsPerSecond !== undefined) m.u32Field(FieldType.RECORDS_PER_SECOND, job.recordsPerSecond);
  m.u32Field(FieldType.SOCKET_TIMEOUT, SOCKET_TIMEOUT_MS);
  m.u64Field(FieldType.TASK_ID, job.taskId);
  if (job.index !== undefined) writeIndexFields(m, job.index);
  return m;
}

export function decodeBackgroundStart(message: MessageReader): BackgroundStart {
  const unknownSet = message.resultCode === ResultCode.KEY_NOT_FOUND;
  if (!unknownSet) expectOk(message);
  skipRest(message);
  return unknownSet ? "no such set" : "started";
}
