import type { ErrorCode } from "../errors/error-code.js";
import { AerospikeError, mark } from "../errors/errors.js";

/**
 * Bytes that `aerowire/packed` can't read: they are damaged, of another making, or of shapes that this program does not
 * know. The column of a data set throws it as the `cause` of a SchemaError.
 */
export class PackedError extends AerospikeError {
  static override readonly defaultCode: ErrorCode = "PACKED";
  static {
    mark(PackedError, "PackedError");
  }
}
