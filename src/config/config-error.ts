import type { ErrorCode } from "../errors/error-code.js";
import { AerospikeError, mark } from "../errors/errors.js";

/**
 * A configuration that can't be: what stands in it is of the wrong type, outside its range or unknown, or it can't be read.
 * The message names the place, what stands there, and what is allowed. Nothing of it was applied.
 */
export class ConfigError extends AerospikeError {
  static override readonly defaultCode: ErrorCode = "CONFIG";
  static {
    mark(ConfigError, "ConfigError");
  }

  /** Where in the document, such as `behaviors.patient.reads.maxRetries`; empty for the whole of it. */
  readonly path: string;
  /** What is wrong there. @internal */
  readonly reason: string;
  /** The line, from 1; undefined where that is not known, as in JSON. */
  readonly line: number | undefined;

  constructor(path: string, reason: string, { line, cause }: { line?: number | undefined; cause?: unknown } = {}) {
    super(`${path === "" ? "" : `${path}: `}${reason}${line === undefined ? "" : ` (line ${line})`}`, { cause });
    this.path = path;
    this.reason = reason;
    this.line = line;
  }
}
