import type { Reader } from "../../protocol/bytes/reader.js";
import type { Writer } from "../../protocol/bytes/writer.js";
import { ProtoType } from "../../protocol/frame/proto.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import { ResultCode } from "../../protocol/result-code.js";
import { ResultError } from "../../protocol/result-error.js";
import {
  readSecurityFields,
  readSecurityHeader,
  type SecurityRequest,
  writeSecurity,
} from "../../protocol/security/message.js";
import { AerospikeError } from "../errors/errors.js";
import type { Deadline } from "../time/deadline.js";
import type { ClusterNode } from "./node.js";
import { NodeOperation } from "./node-operation.js";
import type { OperationHost } from "./operation.js";
import type { CommandSettings } from "./options.js";

/** What is asked of a node about users and roles. */
export interface SecurityAsk<T> {
  /** In errors: "create user ada". Never with a password. */
  readonly name: string;
  readonly request: SecurityRequest;
  /** Reads an entry of the reply to a query; undefined for a change, whose reply says only how it went. */
  readonly readEntry?: ((body: Reader, fields: number) => T | undefined) | undefined;
}

/** More than any cluster has; what goes on and on is no list of users. */
const MOST_ENTRIES = 100_000;

/** The whole time of the operation is the one attempt's. */
const ONE_ATTEMPT: CommandSettings = { socketTimeoutMs: 0, maxRetries: 0, retryDelayMs: 0, replica: "master" };

/**
 * Sends it to one of the nodes. A question goes on to the next node if that fails, each with a fair share of the time
 * that is left; a change is sent once, and is in doubt when it may have been made.
 */
export async function requestSecurity<T>(
  host: OperationHost,
  nodes: readonly ClusterNode[],
  ask: SecurityAsk<T>,
  deadline: Deadline,
): Promise<readonly T[]> {
  const first = Math.floor(deadline.runtime.random() * nodes.length);
  const turns = ask.readEntry === undefined ? 1 : nodes.length;
  for (let turn = 1; ; turn++) {
    const node = nodes[(first + turn) % nodes.length]!;
    const share = deadline.within(deadline.remainingMs / (turns - turn + 1));
    try {
      return await new SecurityOperation(host, node, ask, share).start();
    } catch (error) {
      if (turn === turns || !(error instanceof AerospikeError && error.isTransient)) throw error;
    }
  }
}

class SecurityOperation<T> extends NodeOperation<readonly T[]> {
  readonly #ask: SecurityAsk<T>;
  readonly #entries: T[] = [];

  constructor(host: OperationHost, node: ClusterNode, ask: SecurityAsk<T>, deadline: Deadline) {
    super(host, node, ONE_ATTEMPT, deadline);
    this.#ask = ask;
  }

  encode(w: Writer): void {
    writeSecurity(w, this.#ask.request);
  }

  onFrame(type: ProtoType, body: Reader): boolean {
    try {
      if (type !== ProtoType.ADMIN) throw new ProtocolError(`the reply to a security message is of type ${type}`);
      return this.#take(body);
    } catch (error) {
      this.unreadable = { cause: error };
      throw error;
    }
  }

  #take(body: Reader): boolean {
    const { readEntry } = this.#ask;
    while (body.left > 0) {
      const { resultCode, fields } = readSecurityHeader(body);
      if (resultCode !== ResultCode.OK || readEntry === undefined) {
        readSecurityFields(body, fields, () => undefined);
        if (body.left > 0) throw new ProtocolError(`${body.left} bytes follow the end of a security reply`);
        const isEnd = resultCode === ResultCode.OK || (resultCode === ResultCode.QUERY_END && readEntry !== undefined);
        if (!isEnd) this.refusal = new ResultError(resultCode);
        return true;
      }
      if (this.#entries.length === MOST_ENTRIES)
        throw new ProtocolError(`a reply lists more than ${MOST_ENTRIES} entries`);
      const entry = readEntry(body, fields);
      if (entry !== undefined) this.#entries.push(entry);
    }
    return false;
  }

  protected get name(): string {
    return this.#ask.name;
  }

  protected get isWrite(): boolean {
    return this.#ask.readEntry === undefined;
  }

  protected submit(): void {
    this.host.io.socketsOf(this.node!).info.submit(this);
  }

  protected takeValue(): readonly T[] {
    return this.#entries;
  }
}
