import { expectInfo, parseInfoError } from "../../protocol/info/info-error.js";
import type { InfoReply } from "../../protocol/info/info-reply.js";
import type { ServerVersion } from "../../protocol/info/server-version.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import { ResultCode } from "../../protocol/result-code.js";
import { ResultError } from "../../protocol/result-error.js";
import { describeContext, type ErrorContext, errorOfResult } from "../errors/error-of-result.js";
import { AerospikeError } from "../errors/errors.js";
import type { Deadline } from "../time/deadline.js";
import { requestInfo } from "./info-operation.js";
import type { ClusterNode } from "./node.js";
import type { OperationHost } from "./operation.js";
import type { InfoSettings } from "./options.js";

/** The most that a node gets for a question, which it can reply to at once: one that takes longer is in trouble. */
export const QUESTION_MS = 2_000;

/** How a question is asked that belongs to something else, which goes on without a reply. */
export const QUESTION: InfoSettings = { socketTimeoutMs: QUESTION_MS, maxRetries: 0 };

/** Asks the nodes of a cluster over the info protocol. Every value may be the refusal of its command. */
export class InfoClient {
  readonly #host: OperationHost;
  readonly #nodes: () => readonly ClusterNode[];

  /** @param nodes those that there are now */
  constructor(host: OperationHost, nodes: () => readonly ClusterNode[]) {
    this.#host = host;
    this.#nodes = nodes;
  }

  /** Asks one node. */
  ask(node: ClusterNode, commands: readonly string[], settings: InfoSettings, deadline: Deadline): Promise<InfoReply> {
    return requestInfo(this.#host, node, commands, settings, deadline);
  }

  /** Asks one of the nodes, and the next one if it fails. Without settings each is asked once, for an equal share of the time. */
  askAny(
    commands: readonly string[],
    deadline: Deadline,
    settings: InfoSettings = this.#eachOnce(deadline),
  ): Promise<InfoReply> {
    return requestInfo(this.#host, this.#nodes, commands, settings, deadline);
  }

  /** Asks every node at once, each by a command for its version. The values by node id. */
  async askAll(
    commandFor: (version: ServerVersion) => string,
    settings: InfoSettings,
    deadline: Deadline,
  ): Promise<ReadonlyMap<string, string>> {
    const values = this.#nodes().map(async (node) => {
      const command = commandFor(node.version);
      const reply = await this.ask(node, [command], settings, deadline);
      return [node.id, reply.get(command) ?? ""] as const;
    });
    return new Map(await Promise.all(values));
  }

  #eachOnce(deadline: Deadline): InfoSettings {
    const count = Math.max(1, this.#nodes().length);
    deadline.hasTime();
    return { socketTimeoutMs: deadline.attemptMs(deadline.remainingMs / count), maxRetries: count - 1 };
  }
}

/**
 * Reads a value of an info reply.
 * @throws AerospikeError when it is a refusal, or with code `"BAD_REPLY"` when it can't be read
 */
export function parseInfo<T>(value: string, about: ErrorContext, parse: (value: string) => T): T {
  const text = expectInfoValue(value, about);
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const message = `The reply can't be read: ${error.message} (${describeContext(about)})`;
    throw new AerospikeError(message, { code: "BAD_REPLY", node: about.node, cause: error });
  }
}

/** Passes a value of an info reply on; throws the AerospikeError of a refusal. */
export function expectInfoValue(value: string, about: ErrorContext): string {
  try {
    return expectInfo(value);
  } catch (error) {
    throw error instanceof ResultError ? errorOfResult(error, about) : error;
  }
}

/**
 * As {@link expectInfoValue}, for what changes the cluster: a node that says that it took too long may still get the others
 * to agree, so that the error is in doubt.
 */
export function expectInfoChange(value: string, about: ErrorContext): void {
  const isLate = parseInfoError(value)?.code === ResultCode.TIMEOUT;
  expectInfoValue(value, isLate ? { ...about, inDoubt: true } : about);
}
