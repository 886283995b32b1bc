import { Info2 } from "../../protocol/message/flags.js";
import { OpCode } from "../../protocol/message/op.js";
import { ResultCode } from "../../protocol/result-code.js";
import { filterOf } from "../command/filter.js";
import { type Outcome, outcome } from "../command/outcome.js";
import type { Request } from "../command/request.js";
import type { Counters } from "../node/counters.js";
import type { Exchange } from "../node/exchange.js";
import { type RecordNode, runRecordCommand } from "../node/record-command.js";
import { type BatchHead, type BatchRow, batchHead, batchRows } from "./batch-request.js";
import { BatchWriter } from "./batch-writer.js";

/** What a batch needs of the node that it comes to. */
export interface BatchNode extends RecordNode {
  readonly isReady: boolean;
  readonly counters: Counters;
}

/** What a batch may ask of its node, as its configuration says. */
export interface BatchLimits {
  /** 0 switches batches off. */
  readonly batchIndexThreads: number;
  /** Rows of one batch; 0 for no limit. */
  readonly batchMaxRequests: number;
}

/** Whether the client may do what a row asks for: OK, or the row's result code. */
export type Access = (request: Request) => number;

/** A message with BATCH: many commands on one record each, every one on its own. */
export function runBatch(
  node: BatchNode,
  limits: BatchLimits,
  request: Request | undefined,
  exchange: Exchange,
  access: Access = () => ResultCode.OK,
): void {
  const writer = new BatchWriter(exchange.out);
  const head = request && batchHead(request);
  const refusal = refuse(limits, request, head);
  node.counters.add("batch_index_initiate");
  if (request === undefined || head === undefined || refusal !== ResultCode.OK) {
    node.counters.add("batch_index_error");
    writer.end(refusal);
    exchange.finish();
    return;
  }
  new BatchRun(node, head, writer, exchange, access).start(batchRows(head, request));
}

function refuse({ batchIndexThreads, batchMaxRequests }: BatchLimits, request?: Request, head?: BatchHead): number {
  if (batchIndexThreads === 0) return ResultCode.BATCH_DISABLED;
  if (request === undefined || head === undefined) return ResultCode.PARAMETER_ERROR;
  if (batchMaxRequests > 0 && head.count > batchMaxRequests) return ResultCode.BATCH_MAX_REQUESTS_EXCEEDED;
  return typeof filterOf(request) === "number" ? ResultCode.PARAMETER_ERROR : ResultCode.OK;
}

class BatchRun {
  readonly #node: BatchNode;
  readonly #head: BatchHead;
  readonly #writer: BatchWriter;
  readonly #exchange: Exchange;
  readonly #access: Access;
  /** How the batch as a whole ends. */
  #code: number = ResultCode.OK;
  /** Rows under way, and one for the reading of rows itself. */
  #open = 1;

  constructor(node: BatchNode, head: BatchHead, writer: BatchWriter, exchange: Exchange, access: Access) {
    this.#access = access;
    this.#node = node;
    this.#head = head;
    this.#writer = writer;
    this.#exchange = exchange;
  }

  start(rows: Iterable<BatchRow | undefined>): void {
    for (const row of rows) {
      const namespace = row && this.#node.namespace(row.namespace);
      if (row === undefined || namespace === undefined) {
        // What ran, ran: but of it only the blocks that have left reach the client.
        this.#code = ResultCode.PARAMETER_ERROR;
        this.#writer.dropBlock();
        break;
      }
      this.#open++;
      const done = (result: Outcome): void => this.#onRow(row, result);
      const access = this.#access(row.request);
      if (access !== ResultCode.OK) done(outcome(access));
      else if (!this.#node.isReady) done(outcome(ResultCode.PARTITION_UNAVAILABLE));
      else runRecordCommand(this.#node, namespace, row.request, "batch_sub", done);
    }
    this.#close();
  }

  #onRow({ index, request }: BatchRow, result: Outcome): void {
    const row = request.info2 & Info2.WRITE ? result : withReadCodes(result);
    this.#writer.row(index, row, request.details);
    if (this.#code === ResultCode.OK && !this.#head.respondAllKeys && isFailure(result.code)) {
      this.#code = result.code;
      if (this.#head.reportErrorRow) this.#writer.endWithBlock();
      else this.#writer.dropBlock();
    }
    this.#close();
  }

  #close(): void {
    if (--this.#open > 0) return;
    this.#node.counters.add(`batch_index_${this.#code === ResultCode.OK ? "complete" : "error"}`);
    this.#writer.end(this.#code);
    this.#exchange.finish();
  }
}

/** Where only reads are asked for, a batch names every op READ. */
function withReadCodes(result: Outcome): Outcome {
  return { ...result, rows: result.rows.map((row) => ({ ...row, code: OpCode.READ })) };
}

function isFailure(code: number): boolean {
  return code !== ResultCode.OK && code !== ResultCode.KEY_NOT_FOUND && code !== ResultCode.FILTERED_OUT;
}
