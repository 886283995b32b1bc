import type { ServerErrorDetails } from "./message/error-details.js";

/** A server's answer other than what its command can use. The client turns it into one of its error classes. */
export class ResultError extends Error {
  override readonly name = "ResultError";
  readonly resultCode: number;
  /** What the server said in words, where it does (UDF failures, info errors). */
  readonly detail: string | undefined;
  /** What a server from 8.2 says besides. */
  readonly details: ServerErrorDetails | undefined;

  constructor(resultCode: number, detail?: string, details?: ServerErrorDetails) {
    super(detail === undefined ? `result code ${resultCode}` : `result code ${resultCode}: ${detail}`);
    this.resultCode = resultCode;
    this.detail = detail;
    this.details = details;
  }
}
