import { FieldType } from "../../protocol/message/field-type.js";
import { ErrorDetails } from "../command/error-details.js";
import { HeadedRequest, type Part, parsePart, type Request, type RequestHead } from "../command/request.js";
import { DIGEST_SIZE } from "../record/digest.js";
import { readName } from "../record/name.js";

// The rows of a batch, field 41 (or 42, of old clients) of a message with BATCH:
//   u32 rows · u8 flags of the batch · rows
//   row: u32 index · 20 bytes digest · u8 row flags · what the flags say, then fields and ops as in a message
//     REPEAT: nothing more, the row before is done again
//     else:   u8 info1 · [INFO: u8 info2 · u8 info3] · [INFO4: u8 info4] · [GENERATION: u16] · [TTL: u32] · u16 fields · u16 ops

const BATCH_HEADER_SIZE = 5;
const ROW_HEADER_SIZE = 4 + DIGEST_SIZE + 1;

/** What a batch may take when its client does not say. */
const DEFAULT_TIMEOUT_MS = 30_000;

const BatchFlag = { RESPOND_ALL_KEYS: 0x04, REPORT_ERROR_ROW: 0x08 } as const;
const RowFlag = { REPEAT: 0x01, INFO: 0x02, GENERATION: 0x04, TTL: 0x08, INFO4: 0x10 } as const;

/** One row: a command on a record, and the index that its reply carries. */
export interface BatchRow {
  readonly index: number;
  readonly namespace: string;
  readonly request: Request;
}

/** What a batch says before its rows. */
export interface BatchHead {
  readonly count: number;
  /** Every row has a reply, also after one that failed. */
  readonly respondAllKeys: boolean;
  /** A row that failed has a reply itself, when it is the last one. */
  readonly reportErrorRow: boolean;
  readonly rows: Uint8Array;
}

/** Undefined when there is no field of rows, or it can't hold as many as it says. */
export function batchHead(request: Request): BatchHead | undefined {
  const field = request.field(FieldType.BATCH) ?? request.field(FieldType.BATCH_WITH_SET);
  if (field === undefined || field.length < BATCH_HEADER_SIZE) return undefined;
  const count = new DataView(field.buffer, field.byteOffset).getUint32(0);
  const rows = field.subarray(BATCH_HEADER_SIZE);
  if (count === 0 || count * ROW_HEADER_SIZE > rows.length) return undefined;
  const flags = field[4]!;
  return {
    count,
    respondAllKeys: (flags & BatchFlag.RESPOND_ALL_KEYS) !== 0,
    reportErrorRow: (flags & BatchFlag.REPORT_ERROR_ROW) !== 0,
    rows,
  };
}

/**
 * The rows one after the other. Undefined stands for one that can't be read, after which none comes.
 * @param parent its time limit, and its filter where a row has none of its own, hold for the rows
 */
export function* batchRows({ count, rows }: BatchHead, parent: Request): Generator<BatchRow | undefined, void> {
  const view = new DataView(rows.buffer, rows.byteOffset, rows.length);
  let at = 0;
  let full: FullRow | undefined;
  for (let i = 0; i < count; i++) {
    if (at + ROW_HEADER_SIZE > rows.length) {
      yield undefined;
      return;
    }
    const index = view.getUint32(at);
    const digest = rows.subarray(at + 4, at + 4 + DIGEST_SIZE);
    const flags = rows[at + ROW_HEADER_SIZE - 1]!;
    at += ROW_HEADER_SIZE;
    if ((flags & RowFlag.REPEAT) === 0) {
      full = readFullRow(rows, view, at, flags);
      at = full?.part.end ?? at;
    } else if (full?.part.field(FieldType.KEY) !== undefined) {
      full = undefined;
    }
    if (full === undefined) {
      yield undefined;
      return;
    }
    yield { index, namespace: full.namespace, request: new RowRequest(full, digest, parent) };
  }
}

/** A row that says all itself; those behind it that repeat it have its head, and what came to be written into that. */
interface FullRow extends RequestHead {
  readonly namespace: string;
  readonly part: Part;
}

function readFullRow(rows: Uint8Array, view: DataView, start: number, flags: number): FullRow | undefined {
  const has = (flag: number): boolean => (flags & flag) !== 0;
  const size = 1 + (has(RowFlag.INFO) ? 2 : 0) + (has(RowFlag.INFO4) ? 1 : 0);
  const headEnd = start + size + (has(RowFlag.GENERATION) ? 2 : 0) + (has(RowFlag.TTL) ? 4 : 0) + 4;
  if (headEnd > rows.length) return undefined;
  let at = start;
  const info1 = rows[at++]!;
  const info2 = has(RowFlag.INFO) ? rows[at++]! : 0;
  const info3 = has(RowFlag.INFO) ? rows[at++]! : 0;
  const info4 = has(RowFlag.INFO4) ? rows[at++]! : 0;
  const generation = has(RowFlag.GENERATION) ? view.getUint16(at) : 0;
  at += has(RowFlag.GENERATION) ? 2 : 0;
  const ttl = has(RowFlag.TTL) ? view.getUint32(at) : 0;
  at += has(RowFlag.TTL) ? 4 : 0;
  // Old clients have said 0 and sent the namespace.
  const part = parsePart(rows, headEnd, Math.max(1, view.getUint16(at)), view.getUint16(at + 2));
  const namespace = part?.firstField === FieldType.NAMESPACE ? part.field(FieldType.NAMESPACE) : undefined;
  if (part === undefined || namespace === undefined) return undefined;
  return { info1, info2, info3, info4, generation, ttl, namespace: readName(namespace), part };
}

class RowRequest extends HeadedRequest {
  readonly #part: Part;
  readonly #digest: Uint8Array;
  readonly #parent: Request;

  constructor(row: FullRow, digest: Uint8Array, parent: Request) {
    const { release } = parent;
    super(row, {
      timeoutMs: parent.timeoutMs || DEFAULT_TIMEOUT_MS,
      ops: row.part.ops,
      release,
      details: new ErrorDetails(release, row.info4),
    });
    this.#part = row.part;
    this.#digest = digest;
    this.#parent = parent;
  }

  field(type: number): Uint8Array | undefined {
    if (type === FieldType.DIGEST) return this.#digest;
    const own = this.#part.field(type);
    return own ?? (type === FieldType.FILTER_EXPRESSION ? this.#parent.field(type) : undefined);
  }
}
