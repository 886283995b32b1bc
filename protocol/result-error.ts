/** A server's answer other than what its command can use. The client turns it into one of its error classes. */
export class ResultError extends Error {
  override readonly name = "ResultError";
  readonly resultCode: number;
  /** What the server said in words, where it does (UDF failures, info errors). */
  readonly detail: string | undefined;

  constructor(resultCode: number, detail?: string) {
    super(detail === undefined ? `result code ${resultCode}` : `result code ${resultCode}: ${detail}`);
    this.resultCode = resultCode;
    this.detail = detail;
  }
}
