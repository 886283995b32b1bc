import { encodeBase64, tryDecodeBase64 } from "../../../protocol/bytes/base64.js";
import { Reader } from "../../../protocol/bytes/reader.js";
import { Writer } from "../../../protocol/bytes/writer.js";
import { type IndexFilter, writeIndexFields } from "../../../protocol/command/index-range.js";
import { DIGEST_SIZE } from "../../../protocol/key/digest.js";
import { partitionId } from "../../../protocol/key/partition-id.js";
import { ripemd160 } from "../../../protocol/key/ripemd160.js";
import { PARTITIONS } from "../../../protocol/limits.js";
import { FieldType } from "../../../protocol/message/field-type.js";
import { beginMessage } from "../../../protocol/message/message-writer.js";
import { describe } from "../../../protocol/value/invalid-value.js";
import { compareBytes } from "../../../protocol/value/map-key.js";
import type { PartitionState } from "../../query/partition-tracker.js";
import { readRange, writeRange } from "./range-bytes.js";

// The text of a cursor is base64 in the alphabet for URLs, without padding, of:
//   u8 version · u8 path · 8 bytes mark · [the range, of a chosen index]
//   runs until all 4096 partitions are told: u16, the stage in the upper two bits, below how many have it less one
//   for each partition that was read in part, in order: 20 bytes digest · [i64 LE index entry, unless the path is a scan]

const VERSION = 1;
const MARK_SIZE = 8;
const Path = { SCAN: 0, GIVEN_RANGE: 1, CHOSEN_INDEX: 2 } as const;
const Stage = { NOT_ASKED: 0, NOT_BEGUN: 1, READ_IN_PART: 2, DONE: 3 } as const;
/** Far more than 4096 positions take; a range may be a large region. */
const MAX_LETTERS = 4 * 1024 * 1024;

/** The way that a query takes to its records. A position is worth something on the same way only. */
export type QueryPath =
  | { readonly type: "scan" }
  /** A range that the caller gave. */
  | { readonly type: "givenRange" }
  /** Of an index that was chosen for the caller. Which there are may not be known when the query goes on. */
  | { readonly type: "chosenIndex"; readonly range: IndexFilter };

/** How far a query has come. */
export interface QueryCursor {
  readonly path: QueryPath;
  /** What `markOf` makes of the query. */
  readonly mark: Uint8Array;
  readonly states: readonly PartitionState[];
}

/**
 * Tells queries apart between which a position means something else: other sets, other index ranges.
 * @param where the packed condition that an index was chosen for
 */
export function markOf(
  namespace: string,
  setName: string,
  range: IndexFilter | undefined,
  where?: Uint8Array | undefined,
): Uint8Array {
  const w = new Writer();
  const m = beginMessage(w, {});
  m.textField(FieldType.NAMESPACE, namespace);
  m.textField(FieldType.SET, setName);
  if (range !== undefined) writeIndexFields(m, range);
  m.filter(where);
  m.finish();
  return ripemd160(w.view()).slice(0, MARK_SIZE);
}

/** Whether two marks are the same. */
export function isSameMark(a: Uint8Array, b: Uint8Array): boolean {
  return compareBytes(a, b) === 0;
}

export function encodeCursor({ path, mark, states }: QueryCursor): string {
  const w = new Writer();
  w.u8(VERSION);
  writePath(w, path);
  w.bytes(mark);
  if (path.type === "chosenIndex") writeRange(w, path.range);
  const byId = new Map(states.map((state) => [state.partition, state]));
  writeStages(w, (partition) => stageOf(byId.get(partition)));
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const state = byId.get(partition);
    if (stageOf(state) !== Stage.READ_IN_PART || state?.digest === undefined) continue;
    w.bytes(state.digest);
    if (path.type !== "scan") w.u64le(BigInt.asUintN(64, state.bval ?? 0n));
  }
  return encodeBase64(w.view()).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * Reads the text of a cursor, which may come from anywhere.
 * @throws TypeError unless it is one
 */
export function decodeCursor(text: unknown): QueryCursor {
  const bytes = typeof text === "string" && text.length <= MAX_LETTERS ? fromBase64Url(text) : undefined;
  if (bytes === undefined) {
    throw new TypeError(`resumeFrom(cursor): expected the text that cursor() returned, got ${describe(text)}`);
  }
  if (bytes.length > 0 && bytes[0] !== VERSION) {
    throw new TypeError(`resumeFrom(cursor): the cursor is of version ${bytes[0]}, expected ${VERSION}`);
  }
  try {
    return readCursor(new Reader(bytes));
  } catch (cause) {
    throw new TypeError("resumeFrom(cursor): the cursor is damaged", { cause });
  }
}

function readCursor(r: Reader): QueryCursor {
  r.skip(1);
  const pathCode = r.u8();
  const mark = r.copy(MARK_SIZE);
  const path = readPath(pathCode, r);
  const stages = readStages(r);
  const states: PartitionState[] = [];
  for (const [partition, stage] of stages.entries()) {
    if (stage === Stage.NOT_ASKED) continue;
    if (stage !== Stage.READ_IN_PART) {
      states.push({ partition, isDone: stage === Stage.DONE });
      continue;
    }
    const digest = r.copy(DIGEST_SIZE);
    if (partitionId(digest) !== partition) throw new RangeError(`a digest of another partition than ${partition}`);
    states.push({ partition, digest, bval: path.type === "scan" ? undefined : r.i64le(), isDone: false });
  }
  if (r.left > 0) throw new RangeError(`${r.left} bytes too many`);
  return { path, mark, states };
}

function writePath(w: Writer, { type }: QueryPath): void {
  w.u8({ scan: Path.SCAN, givenRange: Path.GIVEN_RANGE, chosenIndex: Path.CHOSEN_INDEX }[type]);
}

function readPath(code: number, r: Reader): QueryPath {
  switch (code) {
    case Path.SCAN:
      return { type: "scan" };
    case Path.GIVEN_RANGE:
      return { type: "givenRange" };
    case Path.CHOSEN_INDEX:
      return { type: "chosenIndex", range: readRange(r) };
    default:
      throw new RangeError(`path ${code}`);
  }
}

function stageOf(state: PartitionState | undefined): number {
  if (state === undefined) return Stage.NOT_ASKED;
  if (state.isDone) return Stage.DONE;
  return state.digest === undefined ? Stage.NOT_BEGUN : Stage.READ_IN_PART;
}

function writeStages(w: Writer, stageAt: (partition: number) => number): void {
  let first = 0;
  for (let partition = 1; partition <= PARTITIONS; partition++) {
    const stage = stageAt(first);
    if (partition < PARTITIONS && stageAt(partition) === stage) continue;
    w.u16((stage << 14) | (partition - first - 1));
    first = partition;
  }
}

function readStages(r: Reader): number[] {
  const stages: number[] = [];
  while (stages.length < PARTITIONS) {
    const run = r.u16();
    const length = (run & 0x3fff) + 1;
    if (stages.length + length > PARTITIONS) throw new RangeError("more partitions than there are");
    for (let i = 0; i < length; i++) stages.push(run >> 14);
  }
  return stages;
}

function fromBase64Url(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) return undefined;
  const padding = "=".repeat((4 - (text.length % 4)) % 4);
  return tryDecodeBase64(text.replaceAll("-", "+").replaceAll("_", "/") + padding);
}
