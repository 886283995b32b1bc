import { FieldType } from "../../protocol/message/field-type.js";
import { Info2 } from "../../protocol/message/flags.js";
import type { ErrorDetails } from "../command/error-details.js";
import type { Request, RequestOp } from "../command/request.js";
import type { Release } from "../release.js";

/** The two bits that name a read mode: who may answer is settled before the record is looked at. */
const READ_MODE = 0xc0;

/** A request as one on a record that nobody locks: what belongs to the Enterprise Edition was seen to. */
export class PlainRequest implements Request {
  readonly info1: number;
  readonly info2: number;
  readonly info3: number;
  readonly info4 = 0;
  readonly generation: number;
  ttl: number;
  readonly timeoutMs: number;
  readonly ops: readonly RequestOp[];
  readonly release: Release;
  readonly details: ErrorDetails;
  readonly #request: Request;

  constructor(request: Request, ttl: number = request.ttl) {
    this.info1 = request.info1;
    this.info2 = request.info2 & ~Info2.DURABLE_DELETE;
    this.info3 = request.info3 & ~READ_MODE;
    this.generation = request.generation;
    this.ttl = ttl;
    this.timeoutMs = request.timeoutMs;
    this.ops = request.ops;
    this.release = request.release;
    this.details = request.details;
    this.#request = request;
  }

  field(type: number): Uint8Array | undefined {
    switch (type) {
      case FieldType.MRT_ID:
      case FieldType.MRT_DEADLINE:
      case FieldType.RECORD_VERSION:
        return undefined;
      default:
        return this.#request.field(type);
    }
  }
}
