import type { Writer } from "../bytes/writer.js";
import { Info3 } from "../message/flags.js";
import { MESSAGE_HEADER_SIZE, type MessageReader } from "../message/message-reader.js";
import { ProtocolError } from "../protocol-error.js";
import { ResultCode } from "../result-code.js";
import type { DecodeOptions } from "../value/value.js";
import type { StreamCommand } from "./command.js";
import { type QueryRequest, writeQueryRequest } from "./query-request.js";
import { type QueryRow, type RowPosition, RowPositionReader, readQueryRow } from "./query-row.js";
import { refuse, skipRest } from "./record-reply.js";

// The reply to a query is a stream of messages:
//   a row               result 0, see query-row.ts
//   a partition's end   info3 PARTITION_DONE, the partition's id in the generation; servers from 6.0 send it for errors
//   the end             info3 LAST and how it went
//   a refusal           the first message, with a result code and without LAST; nothing follows

/** A partition that a node could not read: to be asked of another node. */
export interface PartitionFailure {
  readonly partition: number;
  readonly resultCode: number;
}

/** A query on one node: what it asks for, and what it says of partitions; the kinds differ in what they read of a row. */
export abstract class QueryStream implements StreamCommand {
  abstract readonly name: string;
  readonly request: QueryRequest;
  readonly #failures: PartitionFailure[] = [];
  #hasBegun = false;

  constructor(request: QueryRequest) {
    this.request = request;
  }

  get namespace(): string {
    return this.request.namespace;
  }

  get setName(): string {
    return this.request.setName;
  }

  /** The partitions that this node could not read. */
  get failures(): readonly PartitionFailure[] {
    return this.#failures;
  }

  encode(w: Writer, timeoutMs: number): void {
    writeQueryRequest(w, this.request, timeoutMs);
  }

  take(message: MessageReader): boolean {
    const { info3, resultCode } = message;
    const hasBegun = this.#hasBegun;
    this.#hasBegun = true;
    if ((info3 & Info3.PARTITION_DONE) !== 0) {
      if (resultCode !== ResultCode.OK) this.#failures.push({ partition: message.generation, resultCode });
    } else if (resultCode !== ResultCode.OK) {
      // Only before its start does a server refuse with a message that is not marked as the last.
      if (hasBegun && (info3 & Info3.LAST) === 0) {
        throw new ProtocolError(`the ${this.name} goes on after result code ${resultCode}`);
      }
      refuse(message);
    } else if ((info3 & Info3.LAST) === 0) {
      this.takeRow(message);
      return false;
    }
    skipRest(message);
    return (info3 & Info3.LAST) !== 0;
  }

  /** Reads the fields and ops of a row. */
  protected abstract takeRow(message: MessageReader): void;
}

/** Reads records from one node, row by row. */
export class QueryCommand extends QueryStream {
  readonly name = "query";
  readonly #onRow: (row: QueryRow, bytes: number) => void;
  readonly #decode: DecodeOptions | undefined;

  /** @param onRow called with each record, and the bytes that it took on the wire */
  constructor(request: QueryRequest, onRow: (row: QueryRow, bytes: number) => void, decode?: DecodeOptions) {
    super(request);
    this.#onRow = onRow;
    this.#decode = decode;
  }

  protected takeRow(message: MessageReader): void {
    const start = message.reader.at;
    const row = readQueryRow(message, this.#decode, this.request.ops);
    this.#onRow(row, MESSAGE_HEADER_SIZE + message.reader.at - start);
  }
}

/**
 * Counts records on one node: asks for headers alone and keeps none.
 * @example new CountCommand({ namespace: "test", setName: "users", taskId: 7n, partitions: [0, 1, 2] })
 */
export class CountCommand extends QueryStream {
  readonly name = "count";
  readonly #onRow: ((row: RowPosition) => void) | undefined;
  readonly #position = new RowPositionReader();
  #count = 0;

  /** @param onRow called with where each record stands, which is good during the call */
  constructor(request: Omit<QueryRequest, "bins">, onRow?: (row: RowPosition) => void) {
    super({ ...request, bins: "header", ops: undefined });
    this.#onRow = onRow;
  }

  /** Rows so far. */
  get count(): number {
    return this.#count;
  }

  protected takeRow(message: MessageReader): void {
    if (this.#onRow === undefined) {
      message.skipFields();
    } else {
      this.#position.read(message);
      this.#onRow(this.#position);
    }
    message.skipOps();
    this.#count++;
  }
}
