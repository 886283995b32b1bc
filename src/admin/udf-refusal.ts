import { parseInfoError } from "../../protocol/info/info-error.js";
import { parseUdfCompileError } from "../../protocol/info/udf-info.js";
import { ResultCode } from "../../protocol/result-code.js";
import { ResultError } from "../../protocol/result-error.js";
import { errorOfResult } from "../errors/error-of-result.js";
import { type AerospikeError, TimeoutError } from "../errors/errors.js";
import { UdfError } from "../errors/udf-error.js";
import { UdfCompileError } from "./udf-compile-error.js";

/** The words that servers refuse UDF commands with, as far as a correct request can meet them. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ["not_found", "there is no module of that name"],
  ["empty", "the module is empty"],
  ["invalid_filename", "this server does not accept the file name"],
  ["json_error", "the server could not store the module"],
]);

/** Passes a value on that is no refusal; throws the error of one. @param attempt "register counters.lua" */
export function expectUdfOk(value: string, attempt: string): string {
  const error = refusalOf(value, attempt);
  if (error !== undefined) throw error;
  return value;
}

function refusalOf(value: string, attempt: string): AerospikeError | undefined {
  const refusal = parseInfoError(value);
  if (refusal === undefined) return undefined;
  const compileError = parseUdfCompileError(value);
  if (compileError !== undefined) return new UdfCompileError(compileError);
  const { code, message } = refusal;
  if (code !== ResultCode.UDF_EXECUTION) return errorOfResult(new ResultError(code, message), { operation: attempt });
  if (message === "timeout") {
    return new TimeoutError(`The cluster did not agree in time (${attempt}); it may still do so`, { inDoubt: true });
  }
  return new UdfError(`Could not ${attempt}: ${REASONS.get(message) ?? message}`, { code: "UDF", resultCode: code });
}
