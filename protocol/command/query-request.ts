import type { Writer } from "../bytes/writer.js";
import { type ErrorDetailLevel, errorDetailBits } from "../message/error-details.js";
import { FieldType } from "../message/field-type.js";
import { Info1, Info2, Info3 } from "../message/flags.js";
import { beginMessage, type MessageWriter } from "../message/message-writer.js";
import type { Op } from "../message/op.js";
import { type IndexFilter, writeIndexFields } from "./index-range.js";

// A foreground query (a scan when it has no index range), sent to the node that owns the partitions it lists:
//   info1 READ [| GET_NO_BINS | SHORT_QUERY] · info2 [RELAX_AP_LONG_QUERY] [| RESPOND_ALL_OPS] · info3 PARTITION_DONE
//   record ttl -1
//   fields: NAMESPACE · [SET] · [RECORDS_PER_SECOND] · SOCKET_TIMEOUT · TASK_ID · [index fields] · [filter] ·
//           [PARTITION_ARRAY: u16 LE each] · [DIGEST_ARRAY] · [BVAL_ARRAY: i64 LE each, index queries] · [SAMPLE_MAX]
//   ops: a READ for each bin that is asked for, or the operations that work rows out (server 8.1.2)

/** Where to go on in a partition that was read in part. */
export interface ResumePoint {
  /** The last record that arrived. */
  readonly digest: Uint8Array;
  /** Its index entry; index queries only. */
  readonly bval?: bigint | undefined;
}

/** What one node is asked for. */
export interface QueryRequest {
  readonly namespace: string;
  /** Empty for the whole namespace. */
  readonly setName: string;
  /** 1 to 2^64-1; a node refuses an id that it still lists. */
  readonly taskId: bigint;
  /** Partitions to read from their start, 0 to 4095, none twice. */
  readonly partitions: readonly number[];
  /** Partitions to go on in. */
  readonly resume?: readonly ResumePoint[] | undefined;
  /** `"all"` (default) bins, the `"header"` alone, or the named bins: a record that has none of them gives no row. */
  readonly bins?: "all" | "header" | readonly string[] | undefined;
  /**
   * Operations that only read, in place of `bins`: a row has what they return, null where one has no value to give.
   * Records on which one fails are left out, and counted as failed. Server 8.1.2 and newer.
   */
  readonly ops?: readonly Op[] | undefined;
  readonly index?: IndexFilter | undefined;
  /** A packed filter expression. */
  readonly filter?: Uint8Array | undefined;
  /** At most so many rows from this node. */
  readonly maxRecords?: number | undefined;
  /** Records a second, at least 1; undefined for no limit. Not with `"short"`. */
  readonly recordsPerSecond?: number | undefined;
  /** How long the server waits for a reader that does not read, in ms; 0 for ever. Default 30000. */
  readonly socketTimeoutMs?: number | undefined;
  /** What servers from 8.2 are asked to say of errors. Default `"none"`. */
  readonly errorDetails?: ErrorDetailLevel | undefined;
  /** Default `"long"`. */
  readonly expectedDuration?: QueryDuration | undefined;
}

/**
 * How a server is to take a query:
 * - `"long"`: as a job of its own, which it lists and can be told to stop
 * - `"short"`: for few records, at once and untracked; it gives up after the query's time limit, 1 s without one
 * - `"longRelaxAp"`: as `"long"`, also from partitions that are being moved, in available namespaces. Server 7.1+
 */
export type QueryDuration = "long" | "short" | "longRelaxAp";

const DEFAULT_SOCKET_TIMEOUT_MS = 30_000;
/** Reading in a query never renews a record. */
const NO_READ_TOUCH = -1;

export function writeQueryRequest(w: Writer, query: QueryRequest, timeoutMs: number): void {
  const { bins = "all", ops = [] } = query;
  const m = beginMessage(w, {
    info1:
      Info1.READ |
      (bins === "header" ? Info1.GET_NO_BINS : 0) |
      (query.expectedDuration === "short" ? Info1.SHORT_QUERY : 0),
    info2:
      (query.expectedDuration === "longRelaxAp" ? Info2.RELAX_AP_LONG_QUERY : 0) |
      (ops.length > 0 ? Info2.RESPOND_ALL_OPS : 0),
    info3: Info3.PARTITION_DONE,
    info4: errorDetailBits(query.errorDetails),
    recordTtl: NO_READ_TOUCH,
    transactionTtl: timeoutMs,
  });
  m.textField(FieldType.NAMESPACE, query.namespace);
  if (query.setName !== "") m.textField(FieldType.SET, query.setName);
  if (query.recordsPerSecond !== undefined) m.u32Field(FieldType.RECORDS_PER_SECOND, query.recordsPerSecond);
  m.u32Field(FieldType.SOCKET_TIMEOUT, query.socketTimeoutMs ?? DEFAULT_SOCKET_TIMEOUT_MS);
  m.u64Field(FieldType.TASK_ID, query.taskId);
  if (query.index !== undefined) writeIndexFields(m, query.index);
  m.filter(query.filter);
  writePartitionFields(m, query);
  if (query.maxRecords !== undefined) m.u64Field(FieldType.SAMPLE_MAX, BigInt(query.maxRecords));
  if (typeof bins === "object") for (const bin of bins) m.read(bin);
  for (const op of ops) m.op(op);
  m.finish();
}

function writePartitionFields(m: MessageWriter, { partitions, resume = [], index }: QueryRequest): void {
  const w = m.writer;
  if (partitions.length > 0) {
    const at = m.beginField(FieldType.PARTITION_ARRAY);
    for (const partition of partitions) w.u16le(partition);
    m.endField(at);
  }
  if (resume.length === 0) return;
  const at = m.beginField(FieldType.DIGEST_ARRAY);
  for (const point of resume) w.bytes(point.digest);
  m.endField(at);
  if (index === undefined) return;
  const bvals = m.beginField(FieldType.BVAL_ARRAY);
  for (const point of resume) w.u64le(BigInt.asUintN(64, point.bval ?? 0n));
  m.endField(bvals);
}
