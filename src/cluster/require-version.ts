import { ServerVersion } from "../../protocol/info/server-version.js";
import type { Op } from "../../protocol/message/op.js";
import { ResultCode } from "../../protocol/result-code.js";
import { AerospikeError } from "../errors/errors.js";

/**
 * Refuses what the oldest server of the cluster does not know, before it is sent.
 * @param needed such as `"8.1"`
 * @param what "an index on an expression"
 * @throws AerospikeError with code `"UNSUPPORTED_FEATURE"`
 */
export function requireVersion(oldest: ServerVersion, needed: string, what: string): void {
  if (oldest.compare(ServerVersion.parse(needed)) >= 0) return;
  throw new AerospikeError(`It takes server ${needed} for ${what}; the oldest of this cluster is ${oldest}`, {
    code: "UNSUPPORTED_FEATURE",
    resultCode: ResultCode.UNSUPPORTED_FEATURE,
  });
}

/** Refuses operations that the oldest server of the cluster does not know. */
export function requireVersionOfOps(oldest: ServerVersion, ops: readonly Op[]): void {
  for (const op of ops) {
    if (!("payload" in op) || op.minVersion === undefined) continue;
    requireVersion(oldest, op.minVersion, `the expression for bin "${op.bin}"`);
  }
}
