import { Info3 } from "../../protocol/message/flags.js";
import type { MessageReader } from "../../protocol/message/message-reader.js";

/** What a server says of one record, in the bytes that it said it in. */
export interface RowReply {
  readonly resultCode: number;
  readonly generation: number;
  /** Seconds since 2010-01-01T00:00:00Z, 0 for never. */
  readonly voidTime: number;
  readonly ops: readonly ReplyOp[];
}

export interface ReplyOp {
  readonly code: number;
  readonly bin: string;
  readonly particle: number;
  /** In hex. */
  readonly value: string;
}

/** The reply to a step: one row, or those of a batch by their places, and how the batch as a whole went. */
export interface StepReply {
  readonly rows: readonly (RowReply | undefined)[];
  /** 0 for a single command. */
  readonly batchCode: number;
}

/** Puts the messages of a reply together. */
export class ReplyBuilder {
  readonly #rows: (RowReply | undefined)[];
  readonly #isBatch: boolean;
  #batchCode = 0;

  constructor(rows: number, isBatch: boolean) {
    this.#rows = new Array(rows).fill(undefined);
    this.#isBatch = isBatch;
  }

  get reply(): StepReply {
    return { rows: this.#rows, batchCode: this.#batchCode };
  }

  /** Takes the next message; true when it was the last one. */
  take(message: MessageReader): boolean {
    if (this.#isBatch && (message.info3 & Info3.LAST) !== 0) {
      this.#batchCode = message.resultCode;
      message.skipFields();
      message.skipOps();
      return true;
    }
    const place = this.#isBatch ? message.transactionTtl : 0;
    this.#rows[place] = readRow(message);
    return !this.#isBatch;
  }
}

function readRow(message: MessageReader): RowReply {
  const { resultCode, generation, recordTtl: voidTime } = message;
  message.skipFields();
  const ops: ReplyOp[] = [];
  message.ops((code, bin, particle, value, size) => {
    ops.push({ code, bin, particle, value: Buffer.from(value.copy(size)).toString("hex") });
  });
  return { resultCode, generation, voidTime, ops };
}

/** Seconds that two clocks may differ by, and that may pass between the same command on both sides. */
const CLOCKS = 20;

/** The first place where two replies differ, in words; undefined where they are the same. */
export function differenceOf(one: StepReply, other: StepReply): string | undefined {
  if (one.batchCode !== other.batchCode) return `the batch ended with ${one.batchCode} and ${other.batchCode}`;
  for (let place = 0; place < one.rows.length; place++) {
    const difference = rowDifference(one.rows[place], other.rows[place]);
    if (difference !== undefined) return one.rows.length === 1 ? difference : `row ${place}: ${difference}`;
  }
  return undefined;
}

function rowDifference(one: RowReply | undefined, other: RowReply | undefined): string | undefined {
  if (one === undefined || other === undefined) return one === other ? undefined : `${said(one)} and ${said(other)}`;
  if (one.resultCode !== other.resultCode) return `codes ${one.resultCode} and ${other.resultCode}`;
  if (one.generation !== other.generation) return `generations ${one.generation} and ${other.generation}`;
  if ((one.voidTime === 0) !== (other.voidTime === 0) || Math.abs(one.voidTime - other.voidTime) > CLOCKS) {
    return `void-times ${one.voidTime} and ${other.voidTime}`;
  }
  const length = Math.max(one.ops.length, other.ops.length);
  for (let i = 0; i < length; i++) {
    const [mine, its] = [describeOp(one.ops[i]), describeOp(other.ops[i])];
    if (mine !== its) return `op ${i}: ${mine} and ${its}`;
  }
  return undefined;
}

function said(row: RowReply | undefined): string {
  return row === undefined ? "no reply" : `code ${row.resultCode}`;
}

function describeOp(op: ReplyOp | undefined): string {
  return op === undefined ? "nothing" : `${op.bin} (op ${op.code}, particle ${op.particle}) ${op.value}`;
}
