import { ResultCode } from "../../protocol/result-code.js";

/** An error as the value of a command; thrown, so that a missing parameter ends a command wherever it is found. */
export class InfoError extends Error {
  override readonly name = "InfoError";
  readonly text: string;

  constructor(code: number, message: string) {
    // The code of "unknown" is left out.
    const text = `ERROR:${code === ResultCode.SERVER_ERROR ? "" : code}:${message}`;
    super(text);
    this.text = text;
  }
}
