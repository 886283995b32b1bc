import type { Reader } from "../../protocol/bytes/reader.js";
import type { Writer } from "../../protocol/bytes/writer.js";
import type { Command } from "../../protocol/command/command.js";
import type { ProtoType } from "../../protocol/frame/proto.js";
import type { RecordKey } from "../../protocol/key/record-key.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import { ResultCode } from "../../protocol/result-code.js";
import { ResultError } from "../../protocol/result-error.js";
import { describeContext } from "../errors/error-of-result.js";
import { InvalidNamespaceError, InvalidNodeError } from "../errors/errors.js";
import type { Deadline } from "../time/deadline.js";
import { compressRequest, messageBody } from "./compression.js";
import type { ForbiddenWrite } from "./forbidden.js";
import type { ClusterNode } from "./node.js";
import { Operation, type OperationHost } from "./operation.js";
import type { CommandSettings } from "./options.js";
import type { Router, RouteState } from "./router.js";

/** What a command needs of the cluster that it runs on. */
export interface CommandHost extends OperationHost {
  readonly router: Router;
  /** Why no command on this namespace can succeed, when that is sure before asking any node. */
  refuseNamespace(namespace: string): string | undefined;
  /** The nodes that are announced and could not be reached, with the reasons, to end a message with; else empty. */
  unreached(): string;
  /** Why a node forbids a write, as far as its settings and state tell. */
  whyForbidden(node: ClusterNode, write: ForbiddenWrite): Promise<string>;
}

/** A command whose reply is one message, on the node that owns its record or on a certain one. */
export class CommandOperation<T> extends Operation<T> implements RouteState {
  declare protected readonly host: CommandHost;
  readonly #command: Command<T>;
  /** Where a command on a record goes; undefined for one to a certain node. */
  protected readonly key: RecordKey | undefined;
  #value!: T;
  sequence = 0;

  /** @param target the record whose owner to ask, or the node */
  constructor(
    host: CommandHost,
    command: Command<T>,
    target: RecordKey | ClusterNode,
    settings: CommandSettings,
    deadline: Deadline,
  ) {
    super(host, "digest" in target ? undefined : target, settings, deadline);
    this.#command = command;
    this.key = "digest" in target ? target : undefined;
    if (this.key !== undefined && settings.replica === "random") {
      this.sequence = host.router.firstSequence(this.key.namespace, "random", command.isWrite);
    }
  }

  encode(w: Writer): void {
    const start = w.length;
    this.#command.encode(w, this.deadline.attemptMs(this.settings.socketTimeoutMs));
    if (this.settings.compress === true) compressRequest(w, start, this.host.io, this.node);
  }

  onFrame(type: ProtoType, body: Reader): boolean {
    try {
      const { message } = this.host.io;
      const inner = messageBody(type, body, this.name, this.host.io);
      message.load(inner);
      if (!message.next()) throw new ProtocolError(`the reply to the ${this.name} is empty`);
      this.#value = this.#command.decode(message);
      if (inner.left > 0) throw new ProtocolError(`${inner.left} bytes follow the reply to the ${this.name}`);
    } catch (error) {
      if (!(error instanceof ResultError)) {
        this.unreadable = { cause: error };
        throw error;
      }
      this.refusal = error;
    }
    this.node!.replies++;
    return true;
  }

  protected get name(): string {
    return this.#command.name;
  }

  protected get isWrite(): boolean {
    return this.#command.isWrite;
  }

  protected override get isRepeatable(): boolean {
    return this.#command.isRepeatable === true;
  }

  protected get isPinned(): boolean {
    return this.key === undefined;
  }

  protected get maxRetries(): number {
    return this.settings.maxRetries;
  }

  protected get namespace(): string | undefined {
    return this.key?.namespace ?? this.#command.namespace;
  }

  protected get setName(): string | undefined {
    return this.key?.setName ?? this.#command.setName;
  }

  protected submit(): void {
    const sockets = this.host.io.socketsOf(this.node!);
    (this.settings.dedicated === true ? sockets.streams : sockets.short).submit(this);
  }

  protected takeValue(): T {
    return this.#value;
  }

  /** Servers forbid writes for a dozen causes and tell none of them. */
  protected override explain({ resultCode, details }: ResultError): Promise<ResultError> | undefined {
    const { key, node } = this;
    if (resultCode !== ResultCode.FORBIDDEN || key === undefined || node === undefined || !this.isWrite)
      return undefined;
    const { namespace, setName } = key;
    const write = { namespace, setName, ttl: this.#command.recordTtl ?? -1 };
    return this.host.whyForbidden(node, write).then((why) => new ResultError(resultCode, why, details));
  }

  protected override route(): boolean {
    const { key, host } = this;
    if (key === undefined) return true;
    const node = host.router.choose(key.namespace, key.partition, this.settings.replica, this.isWrite, this);
    if (node !== undefined) {
      const { shared } = host.io;
      this.node = shared === undefined || this.settings.dedicated === true ? node : shared.carrierFor(node);
      return true;
    }
    const refusal = host.refuseNamespace(key.namespace);
    if (refusal !== undefined) {
      this.refuse(new InvalidNamespaceError(refusal, { key }));
      return false;
    }
    host.nudge();
    this.failAttempt("noNode", (context) => {
      const message = `No node serves partition ${key.partition}${host.unreached()} (${describeContext(context)})`;
      return new InvalidNodeError(message, context);
    });
    return false;
  }

  protected override nextReplica(): void {
    this.sequence++;
  }
}
