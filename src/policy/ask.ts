import { expectInfo } from "../../protocol/info/info-error.js";
import type { ServerVersion } from "../../protocol/info/server-version.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import { ResultError } from "../../protocol/result-error.js";
import type { ClusterNode } from "../cluster/node.js";
import { describeContext, type ErrorContext, errorOfResult } from "../errors/error-of-result.js";
import { AerospikeError, ConnectionError } from "../errors/errors.js";
import type { Deadline } from "../time/deadline.js";
import type { SessionContext } from "./session-context.js";

/** Options of calls that ask the cluster something or change its administration. */
export interface AdminOptions {
  /** Gives up, with AbortError. A change that was sent may have happened. */
  readonly signal?: AbortSignal;
}

/** The limit of an administrative request: that of writes. Namespaces, if any, do not matter for it. */
export function adminDeadline({ behavior, cluster }: SessionContext, signal: AbortSignal | undefined): Deadline {
  return cluster.deadline(behavior.getSettings("writeRetryable", "point").totalTimeout, signal);
}

/** The nodes there are to ask. @throws ConnectionError when the client is closed or the cluster out of reach */
export function nodesOf({ cluster }: SessionContext): readonly ClusterNode[] {
  if (cluster.isClosed) throw new ConnectionError("The client is closed", { code: "CLIENT_CLOSED" });
  if (cluster.nodes.length === 0) throw new ConnectionError("No node of the cluster can be reached");
  return cluster.nodes;
}

/** The value that one node answers, which may be a refusal. Another node is asked when the connection fails. */
export async function askAny(context: SessionContext, command: string, options: AdminOptions): Promise<string> {
  nodesOf(context);
  const reply = await context.cluster.infoOnAny([command], adminDeadline(context, options.signal));
  return reply.get(command) ?? "";
}

/** The values that all nodes answer, by node id; each may be a refusal. All are asked at once. */
export async function askAll(
  context: SessionContext,
  commandFor: (version: ServerVersion) => string,
  deadline: Deadline,
): Promise<ReadonlyMap<string, string>> {
  const { cluster } = context;
  const answers = nodesOf(context).map(async (node) => {
    const command = commandFor(node.version);
    const reply = await cluster.info(node, [command], deadline);
    return [node.id, reply.get(command) ?? ""] as const;
  });
  return new Map(await Promise.all(answers));
}

/**
 * What an answer means.
 * @throws AerospikeError when it is a refusal, or with code `"BAD_REPLY"` when it means nothing
 */
export function understand<T>(value: string, about: ErrorContext, parse: (value: string) => T): T {
  const answer = accept(value, about);
  try {
    return parse(answer);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const message = `The server's answer means nothing: ${error.message} (${describeContext(about)})`;
    throw new AerospikeError(message, { code: "BAD_REPLY", node: about.node, cause: error });
  }
}

/** Passes an answer on; throws the AerospikeError of a refusal. */
export function accept(value: string, about: ErrorContext): string {
  try {
    return expectInfo(value);
  } catch (error) {
    throw error instanceof ResultError ? errorOfResult(error, about) : error;
  }
}
