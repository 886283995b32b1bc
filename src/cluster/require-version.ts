import { ServerVersion } from "../../protocol/info/server-version.js";
import { type Op, OpCode } from "../../protocol/message/op.js";
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

/**
 * Refuses what some of the nodes does not know, and names it.
 * @throws AerospikeError with code `"UNSUPPORTED_FEATURE"`
 */
export function requireOfNodes(nodes: readonly VersionedNode[], needed: string, what: string): void {
  const least = ServerVersion.parse(needed);
  const old = nodes.find(({ version }) => version.compare(least) < 0);
  if (old === undefined) return;
  throw new AerospikeError(`It takes server ${needed} for ${what}; node ${old.id} is ${old.version}`, {
    code: "UNSUPPORTED_FEATURE",
    resultCode: ResultCode.UNSUPPORTED_FEATURE,
    node: old.id,
  });
}

interface VersionedNode {
  readonly id: string;
  readonly version: ServerVersion;
}

/**
 * Refuses an expression that some of the nodes does not know, and names both the node and what in the expression it does not know.
 * @param what "this where clause"
 * @throws AerospikeError with code `"UNSUPPORTED_FEATURE"`
 */
export function requireVersionOfExp(nodes: readonly VersionedNode[], exp: VersionedExpression, what: string): void {
  const { minVersion } = exp;
  if (minVersion !== OLDEST) requireOfNodes(nodes, minVersion, `${what} (${exp.neededFor})`);
}

interface VersionedExpression {
  readonly minVersion: string;
  readonly neededFor: string;
}

/** Of expressions: clusters have no older node. */
const OLDEST = "6.0";

/** Refuses operations that some of the nodes does not know, and names it. */
export function requireVersionOfOps(nodes: readonly VersionedNode[], ops: readonly Op[]): void {
  for (const op of ops) {
    if (!("payload" in op) || op.minVersion === undefined) continue;
    const isExpression = op.code === OpCode.EXP_READ || op.code === OpCode.EXP_MODIFY;
    const what = `${isExpression ? "the expression for" : "an operation on"} bin "${op.bin}"`;
    requireOfNodes(nodes, op.minVersion, op.neededFor === undefined ? what : `${what} (${op.neededFor})`);
  }
}
