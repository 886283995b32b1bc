import { ResultCode } from "../result-code.js";
import { ResultError } from "../result-error.js";

// How a server says no in the value of an info command:
//   ERROR:<code>:<message>     ERROR::<message> for code 1
//   FAIL:<code>:<message>      servers before 7.1; also FAIL:<message>
//   error=<message>            UDF commands, all versions
//   ERROR, error, FAIL, fail   old servers
// Some commands put the same error in front of something else, or twice.

/** A refusal of an info command. */
export interface InfoError {
  readonly code: number;
  readonly message: string;
}

const FORM = /^(?:error|fail)(?::(.*)|)$/is;
const UDF_FORM = /^error=(.*)$/is;
const CODE_AND_MESSAGE = /^(-?\d{0,5})(?::(.*))?$/s;

/** The refusal that a value stands for; undefined when it is an answer. */
export function parseInfoError(value: string): InfoError | undefined {
  const form = FORM.exec(value);
  if (form !== null) return splitCode(form[1] ?? "");
  const udf = UDF_FORM.exec(value);
  return udf === null ? undefined : { code: ResultCode.UDF_EXECUTION, message: udf[1]! };
}

/** Passes an answer on; throws ResultError with the server's words for a refusal. */
export function expectInfo(value: string): string {
  const error = parseInfoError(value);
  if (error !== undefined) throw new ResultError(error.code, error.message);
  return value;
}

function splitCode(rest: string): InfoError {
  const parts = CODE_AND_MESSAGE.exec(rest);
  // Text in place of the code: FAIL:<message>.
  if (parts === null) return { code: ResultCode.SERVER_ERROR, message: rest };
  const code = parts[1] === "" ? ResultCode.SERVER_ERROR : Number(parts[1]);
  return { code, message: withoutRepetition(parts[2] ?? "") };
}

/** `sindex-list` says the same error twice, joined by a semicolon. */
function withoutRepetition(message: string): string {
  const again = message.search(/;(?:ERROR|FAIL):/);
  return again < 0 ? message : message.slice(0, again);
}
