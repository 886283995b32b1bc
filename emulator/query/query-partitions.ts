import { PARTITIONS } from "../../protocol/limits.js";
import { FieldType } from "../../protocol/message/field-type.js";
import type { Request } from "../command/request.js";
import { DIGEST_SIZE, partitionOf } from "../record/digest.js";

/** Where a query goes on in a partition. */
export interface ResumePoint {
  /** The last record that the client has. */
  readonly digest: Uint8Array;
  /** The index key of that record. */
  readonly key: bigint;
}

/** The partitions that a query asks for. */
export interface QueryPartitions {
  /** By partition: 1 where it is asked for. */
  readonly isAsked: Uint8Array;
  /** How many are. */
  readonly count: number;
  /** Those that go on behind a record; the others start at their beginning. */
  readonly resumed: ReadonlyMap<number, ResumePoint>;
}

/** Undefined when the request names none; null for what the server refuses with PARAMETER. */
export function partitionsOf(request: Request): QueryPartitions | undefined | null {
  const pids = request.field(FieldType.PARTITION_ARRAY);
  const digests = request.field(FieldType.DIGEST_ARRAY);
  const keys = request.field(FieldType.BVAL_ARRAY);
  if (pids === undefined && digests === undefined) return undefined;
  const isAsked = new Uint8Array(PARTITIONS);
  const resumed = new Map<number, ResumePoint>();
  if (pids !== undefined && !addPartitions(isAsked, pids)) return null;
  const fresh = pids === undefined ? 0 : pids.length >> 1;
  if (digests === undefined) return keys === undefined ? { isAsked, count: fresh, resumed } : null;
  const hasRange = request.field(FieldType.INDEX_RANGE) !== undefined;
  if (!addDigests(isAsked, resumed, digests, hasRange ? (keys ?? null) : undefined)) return null;
  return { isAsked, count: fresh + resumed.size, resumed };
}

/** u16 little-endian each. */
function addPartitions(isAsked: Uint8Array, field: Uint8Array): boolean {
  const count = field.length >> 1;
  if (count === 0 || count > PARTITIONS) return false;
  for (let i = 0; i < count; i++) {
    const pid = field[2 * i]! | (field[2 * i + 1]! << 8);
    if (pid >= PARTITIONS || isAsked[pid] === 1) return false;
    isAsked[pid] = 1;
  }
  return true;
}

/** 20 bytes each; with a where clause an index key for each, i64 little-endian. */
function addDigests(
  isAsked: Uint8Array,
  resumed: Map<number, ResumePoint>,
  field: Uint8Array,
  keys: Uint8Array | null | undefined,
): boolean {
  const count = Math.floor(field.length / DIGEST_SIZE);
  if (count === 0 || count > PARTITIONS || keys === null) return false;
  if (keys !== undefined && keys.length >> 3 !== count) return false;
  const view = keys && new DataView(keys.buffer, keys.byteOffset, keys.length);
  for (let i = 0; i < count; i++) {
    const digest = field.slice(i * DIGEST_SIZE, (i + 1) * DIGEST_SIZE);
    const pid = partitionOf(digest);
    if (isAsked[pid] === 1) return false;
    isAsked[pid] = 1;
    resumed.set(pid, { digest, key: view?.getBigInt64(8 * i, true) ?? 0n });
  }
  return true;
}
