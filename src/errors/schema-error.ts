import type { ErrorCode } from "./error-code.js";
import { AerospikeError, type ErrorDetails, mark, type SchemaIssue } from "./errors.js";

/**
 * Values that the schema of their data set does not allow, or that can't be mapped. When writing, nothing was sent. When
 * reading, it is about that record alone; where the command wrote, too, that has happened: `inDoubt` is true then.
 *
 * The message has the words of the schema's library, which may quote the value.
 */
export class SchemaError extends AerospikeError {
  static override readonly defaultCode: ErrorCode = "SCHEMA";
  static {
    mark(SchemaError, "SchemaError");
  }

  readonly direction: "reading" | "writing";
  /** The bin; undefined when it is about the whole record. */
  readonly bin: string | undefined;
  // Private, so that what prints the error does not print what issues of some libraries have: the value.
  readonly #issues: readonly SchemaIssue[];

  /** @internal */
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details);
    const { direction = "writing", bin, issues = [] } = details.schema ?? {};
    this.direction = direction;
    this.bin = bin;
    this.#issues = issues;
  }

  /**
   * What is wrong, one by one, as the schema says it. Empty when a mapper threw; `cause` is what, then.
   */
  get issues(): readonly SchemaIssue[] {
    return this.#issues;
  }

  /** @internal */
  protected override ownDetails(): ErrorDetails {
    const { direction, bin, issues } = this;
    return { ...super.ownDetails(), schema: { direction, bin, issues } };
  }
}
