import { ResultCode } from "../../protocol/result-code.js";
import type { InfoCommands } from "./info-command.js";
import { InfoError } from "./info-error.js";
import type { InfoParams } from "./info-params.js";

const MAX_ID = 25;
const MAX_U64 = 2n ** 64n - 1n;

/** The queries and background jobs of a node. */
export const jobCommands: InfoCommands = {
  "query-show": ({ node, params }) => {
    const now = node.runtime.now();
    const id = params.optional("id", MAX_ID, "trid");
    if (id === undefined)
      return node.jobs
        .all()
        .map((job) => job.describe(now))
        .join(";");
    const job = node.jobs.find(parseId(id));
    if (job === undefined) throw new InfoError(ResultCode.KEY_NOT_FOUND, "job not found");
    return job.describe(now);
  },
  "query-abort": ({ node, params }) => {
    if (!node.jobs.abort(requiredId(params))) throw new InfoError(ResultCode.KEY_NOT_FOUND, "id not active");
    return "ok";
  },
  "query-abort-all": ({ node }) => `number-of-queries-killed:${node.jobs.abortAll()}`,
};

function requiredId(params: InfoParams): bigint {
  return parseId(params.required("id", MAX_ID, "trid"));
}

/** Decimal, 0x hexadecimal or 0 octal; a negative number is taken modulo 2^64. */
function parseId(text: string): bigint {
  const match = /^\s*([+-]?)(0[xX][0-9a-fA-F]+|\d+)$/.exec(text);
  const digits = match?.[2];
  if (digits === undefined || (/^0\d/.test(digits) && /[89]/.test(digits))) throw bad();
  const value = BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
  if (value === 0n || value > MAX_U64) throw bad();
  return match?.[1] === "-" ? BigInt.asUintN(64, -value) : value;
}

function bad(): InfoError {
  return new InfoError(ResultCode.PARAMETER_ERROR, "bad id");
}
