import { PARTITIONS } from "../../protocol/limits.js";
import { FieldType } from "../../protocol/message/field-type.js";
import type { Request } from "../command/request.js";
import { DIGEST_SIZE, partitionOf } from "../record/digest.js";

/** Where a partition's part of a query starts. */
export interface PartitionStart {
  /** The last record that the client has; absent: start at the beginning. */
  readonly digest?: Uint8Array;
  /** The index key of that record. */
  readonly key: bigint;
}

/** The partitions that a query asks for. */
export interface QueryPartitions {
  readonly starts: ReadonlyMap<number, PartitionStart>;
  /** How many of them go on behind a digest. */
  readonly resumed: number;
}

const FROM_THE_START: PartitionStart = { key: 0n };

/** Undefined when the request names none; null for what the server refuses with PARAMETER. */
export function partitionsOf(request: Request): QueryPartitions | undefined | null {
  const pids = request.field(FieldType.PARTITION_ARRAY);
  const digests = request.field(FieldType.DIGEST_ARRAY);
  const keys = request.field(FieldType.BVAL_ARRAY);
  if (pids === undefined && digests === undefined) return undefined;
  const starts = new Map<number, PartitionStart>();
  if (pids !== undefined && !addPartitions(starts, pids)) return null;
  if (digests === undefined) return keys === undefined ? { starts, resumed: 0 } : null;
  const hasRange = request.field(FieldType.INDEX_RANGE) !== undefined;
  const resumed = addDigests(starts, digests, hasRange ? (keys ?? null) : undefined);
  return resumed === undefined ? null : { starts, resumed };
}

/** u16 little-endian each. */
function addPartitions(starts: Map<number, PartitionStart>, field: Uint8Array): boolean {
  const count = field.length >> 1;
  if (count === 0 || count > PARTITIONS) return false;
  for (let i = 0; i < count; i++) {
    const pid = field[2 * i]! | (field[2 * i + 1]! << 8);
    if (pid >= PARTITIONS || starts.has(pid)) return false;
    starts.set(pid, FROM_THE_START);
  }
  return true;
}

/** 20 bytes each; with a where clause an index key for each, i64 little-endian. */
function addDigests(
  starts: Map<number, PartitionStart>,
  field: Uint8Array,
  keys: Uint8Array | null | undefined,
): number | undefined {
  const count = Math.floor(field.length / DIGEST_SIZE);
  if (count === 0 || count > PARTITIONS || keys === null) return undefined;
  if (keys !== undefined && keys.length >> 3 !== count) return undefined;
  const view = keys && new DataView(keys.buffer, keys.byteOffset, keys.length);
  for (let i = 0; i < count; i++) {
    const digest = field.slice(i * DIGEST_SIZE, (i + 1) * DIGEST_SIZE);
    const pid = partitionOf(digest);
    if (starts.has(pid)) return undefined;
    starts.set(pid, { digest, key: view?.getBigInt64(8 * i, true) ?? 0n });
  }
  return count;
}
