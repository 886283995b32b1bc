import type { Writer } from "../bytes/writer.js";
import { FieldType } from "../message/field-type.js";
import { Info1, Info3 } from "../message/flags.js";
import type { MessageReader } from "../message/message-reader.js";
import { beginMessage } from "../message/message-writer.js";
import { ProtocolError } from "../protocol-error.js";
import { ResultError } from "../result-error.js";
import { type BatchRow, writeBatchRow } from "./batch-row.js";
import type { StreamCommand } from "./command.js";
import { expectOk, type RecordReply, readReply, skipRest } from "./record-reply.js";

// Many operations on one record each, in one message to one node:
//   info1 BATCH
//   field BATCH: u32 rows · u8 flags · rows, see batch-row.ts
// The reply is a stream of messages:
//   a row       the row's index as transaction ttl, its result code, and what its operation expects; in any order
//   the end     info3 LAST and how the batch as a whole went

const BatchFlag = { INLINE: 0x01, INLINE_SSD: 0x02, RESPOND_ALL_KEYS: 0x04, REPORT_ERROR_ROW: 0x08 } as const;

/** What several rows of one message may take: few messages are larger, and none is a burden to hold. */
const MAX_BYTES = 4 * 1024 * 1024;

/** The rows are too large for one message. Nothing was sent. */
export class BatchTooLarge extends RangeError {}

/** How a node carries a batch out. */
export interface BatchOptions {
  /** Rows in memory are worked on by the thread that reads the batch, without a queue. Default true. */
  readonly inline?: boolean | undefined;
  /** The same for rows on a device. Default false. */
  readonly inlineSsd?: boolean | undefined;
}

/** Takes the answer to a row: its reply, or the server's refusal of this row alone. */
export type OnBatchRow<R extends BatchRow> = (row: R, reply: RecordReply | ResultError) => void;

/**
 * Rows for one node, in one message. Every row has an answer of its own, also after others failed; what is answered
 * before the stream breaks off stays answered.
 *
 * @example
 * new BatchCommand(keys.map((key, index) => ({ index, key, operation })), (row, reply) => …)
 */
export class BatchCommand<R extends BatchRow = BatchRow> implements StreamCommand {
  readonly name = "batch";
  readonly isWrite: boolean;
  readonly rows: readonly R[];
  readonly batchSize: number;
  readonly #flags: number;
  readonly #onRow: OnBatchRow<R>;
  /** Rows that were answered, by their place in this message. */
  readonly #answered: Uint8Array;
  #missing: number;

  /**
   * @param rows at least one; they travel under their places in this list, whatever their indexes are
   * @param onRow called once for a row
   */
  constructor(rows: readonly R[], onRow: OnBatchRow<R>, { inline = true, inlineSsd = false }: BatchOptions = {}) {
    if (rows.length === 0) throw new TypeError("A batch has no rows; it takes at least one");
    this.rows = rows;
    this.batchSize = rows.length;
    this.isWrite = rows.some(({ operation }) => operation.isWrite);
    this.#onRow = onRow;
    this.#flags =
      BatchFlag.RESPOND_ALL_KEYS |
      BatchFlag.REPORT_ERROR_ROW |
      (inline ? BatchFlag.INLINE : 0) |
      (inlineSsd ? BatchFlag.INLINE_SSD : 0);
    this.#answered = new Uint8Array(rows.length);
    this.#missing = rows.length;
  }

  /** The rows that have no answer yet. */
  get unanswered(): readonly R[] {
    return this.#missing === 0 ? [] : this.rows.filter((_, place) => this.#answered[place] === 0);
  }

  /**
   * @throws BatchTooLarge when several rows take more than 4 MiB; TypeError or RangeError for what a single command could
   *   not send either. Nothing of it is sent then
   */
  encode(w: Writer, timeoutMs: number): void {
    const start = w.length;
    const m = beginMessage(w, { info1: Info1.BATCH }, timeoutMs);
    const field = m.beginField(FieldType.BATCH);
    w.u32(this.rows.length);
    w.u8(this.#flags);
    let previous: BatchRow | undefined;
    for (let place = 0; place < this.rows.length; place++) {
      const { key, operation } = this.rows[place]!;
      const row: BatchRow = { index: place, key, operation };
      writeBatchRow(w, row, previous);
      if (place > 0 && w.length - start > MAX_BYTES) {
        throw new BatchTooLarge(`${place + 1} of ${this.rows.length} rows take more than ${MAX_BYTES} bytes`);
      }
      previous = row;
    }
    m.endField(field);
    m.finish();
  }

  take(message: MessageReader): boolean {
    if ((message.info3 & Info3.LAST) !== 0) {
      expectOk(message);
      skipRest(message);
      if (this.#missing > 0) {
        throw new ProtocolError(`a batch of ${this.rows.length} rows ended without ${this.#missing} of them`);
      }
      return true;
    }
    const place = message.transactionTtl;
    const row = this.rows[place];
    if (row === undefined) throw new ProtocolError(`row ${place} of a batch of ${this.rows.length}`);
    if (this.#answered[place] === 1) throw new ProtocolError(`row ${place} of a batch was answered twice`);
    // Read whole before it counts: a row that breaks off was not answered.
    const reply = replyOrRefusal(message, row);
    this.#answered[place] = 1;
    this.#missing--;
    this.#onRow(row, reply);
    return false;
  }
}

function replyOrRefusal(message: MessageReader, { operation }: BatchRow): RecordReply | ResultError {
  try {
    return readReply(message, operation);
  } catch (error) {
    if (error instanceof ResultError) return error;
    throw error;
  }
}
