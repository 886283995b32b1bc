import type { Writer } from "../bytes/writer.js";
import { FieldType } from "../message/field-type.js";
import { Info3 } from "../message/flags.js";
import type { MessageReader } from "../message/message-reader.js";
import { ResultCode } from "../result-code.js";
import type { DecodeOptions } from "../value/value.js";
import type { StreamCommand } from "./command.js";
import { type QueryRequest, writeQueryRequest } from "./query-request.js";
import { type QueryRow, readQueryRow } from "./query-row.js";
import { refuse, skipRest } from "./record-reply.js";

// The reply to a query is a stream of messages:
//   a row               result 0, see query-row.ts
//   a partition's end   info3 PARTITION_DONE, the partition's id in the generation; servers from 6.0 send it for errors
//   the end             info3 LAST and how it went
//   a refusal           any other message with a result code; nothing follows

/** A partition that a node could not read: to be asked of another node. */
export interface PartitionFailure {
  readonly partition: number;
  readonly resultCode: number;
}

abstract class QueryStream implements StreamCommand {
  abstract readonly name: string;
  readonly request: QueryRequest;
  readonly #failures: PartitionFailure[] = [];

  constructor(request: QueryRequest) {
    this.request = request;
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
    if ((info3 & Info3.PARTITION_DONE) !== 0) {
      if (resultCode !== ResultCode.OK) this.#failures.push({ partition: message.generation, resultCode });
    } else if (resultCode !== ResultCode.OK) {
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
  readonly #onRow: (row: QueryRow) => void;
  readonly #decode: DecodeOptions | undefined;

  constructor(request: QueryRequest, onRow: (row: QueryRow) => void, decode?: DecodeOptions) {
    super(request);
    this.#onRow = onRow;
    this.#decode = decode;
  }

  protected takeRow(message: MessageReader): void {
    this.#onRow(readQueryRow(message, this.#decode));
  }
}

/**
 * Counts records on one node: asks for headers alone and keeps none.
 * @example new CountCommand({ namespace: "test", setName: "users", taskId: 7n, partitions: [0, 1, 2] })
 */
export class CountCommand extends QueryStream {
  readonly name = "count";
  readonly #onDigest: ((digest: Uint8Array) => void) | undefined;
  #count = 0;

  /** @param onDigest called with each record's digest, a view that is good during the call */
  constructor(request: Omit<QueryRequest, "bins">, onDigest?: (digest: Uint8Array) => void) {
    super({ ...request, bins: "header" });
    this.#onDigest = onDigest;
  }

  /** Rows so far. */
  get count(): number {
    return this.#count;
  }

  protected takeRow(message: MessageReader): void {
    const onDigest = this.#onDigest;
    if (onDigest === undefined) {
      message.skipFields();
    } else {
      message.fields((type, data, size) => {
        if (type === FieldType.DIGEST) onDigest(data.view(size));
      });
    }
    message.skipOps();
    this.#count++;
  }
}
