import type { Reader } from "../../protocol/bytes/reader.js";
import type { Writer } from "../../protocol/bytes/writer.js";
import { ProtoType } from "../../protocol/frame/proto.js";
import { type InfoReply, parseInfoReply } from "../../protocol/info/info-reply.js";
import { writeInfoRequest } from "../../protocol/info/info-request.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import { ResultError } from "../../protocol/result-error.js";
import { describeContext } from "../errors/error-of-result.js";
import { ConnectionError } from "../errors/errors.js";
import type { Deadline } from "../time/deadline.js";
import type { Exchange } from "./exchange.js";
import type { ClusterNode } from "./node.js";
import { NodeOperation } from "./node-operation.js";
import type { OperationHost } from "./operation.js";
import type { InfoSettings } from "./options.js";

/** Where a request may go besides the sockets of a node: the socket that a node is tended over. */
export interface InfoChannel {
  /** Of the node or its address, for messages. */
  readonly name: string;
  submit(exchange: Exchange): void;
}

/** Any of several nodes: those that there are when an attempt begins. */
export type AnyNode = () => readonly ClusterNode[];

/** The whole time of the operation is the one attempt's. */
export const ONE_ATTEMPT: InfoSettings = { socketTimeoutMs: 0, maxRetries: 0 };

/** Sends info commands to a node. A value of the reply may still be the refusal of its command. */
export function requestInfo(
  host: OperationHost,
  target: ClusterNode | AnyNode | InfoChannel,
  commands: readonly string[],
  settings: InfoSettings,
  deadline: Deadline,
): Promise<InfoReply> {
  return new InfoOperation(host, target, commands, settings, deadline).start();
}

/** An info request to a node. Over a channel it is housekeeping, which no circuit breaker stops and nobody observes. */
class InfoOperation extends NodeOperation<InfoReply> {
  readonly #channel: InfoChannel | undefined;
  readonly #anyNode: AnyNode | undefined;
  readonly #commands: readonly string[];
  protected readonly isWrite: boolean;
  /** Which of the nodes is next; the first is left to chance. */
  #turn: number | undefined;
  #reply!: InfoReply;

  constructor(
    host: OperationHost,
    target: ClusterNode | AnyNode | InfoChannel,
    commands: readonly string[],
    { socketTimeoutMs, maxRetries, isWrite = false }: InfoSettings,
    deadline: Deadline,
  ) {
    const isNode = typeof target === "object" && !("submit" in target);
    const settings = { socketTimeoutMs, maxRetries, retryDelayMs: 0, replica: "sequence" } as const;
    super(host, isNode ? target : undefined, settings, deadline);
    this.#channel = typeof target === "object" && "submit" in target ? target : undefined;
    this.#anyNode = typeof target === "function" ? target : undefined;
    this.#commands = commands;
    this.isWrite = isWrite;
  }

  encode(w: Writer): void {
    writeInfoRequest(w, this.#commands);
  }

  onFrame(type: ProtoType, body: Reader): boolean {
    try {
      if (type !== ProtoType.INFO) throw new ProtocolError(`the reply to an info request is of type ${type}`);
      this.#reply = parseInfoReply(body, this.#commands);
    } catch (error) {
      if (!(error instanceof ResultError)) {
        this.unreadable = { cause: error };
        throw error;
      }
      this.refusal = error;
    }
    return true;
  }

  /** The commands without their parameters, which may be long or secret. */
  protected get name(): string {
    return `info ${this.#commands.map((command) => command.split(/[:/]/, 1)[0]).join(", ")}`;
  }

  /** Of few kinds, whatever the commands. */
  protected override get kind(): string {
    return "info";
  }

  protected override get isPinned(): boolean {
    return this.#anyNode === undefined;
  }

  protected override get maxRetries(): number {
    return this.settings.maxRetries;
  }

  protected override get nodeName(): string | undefined {
    return this.#channel?.name ?? this.node?.id;
  }

  protected override get isObserved(): boolean {
    return this.#channel === undefined;
  }

  protected override route(): boolean {
    if (this.#anyNode === undefined) return true;
    const nodes = this.#anyNode();
    this.#turn ??= Math.floor(this.host.io.runtime.random() * nodes.length);
    this.node = nodes[this.#turn % nodes.length];
    if (this.node !== undefined) return true;
    this.failAttempt(
      "noNode",
      (context) => new ConnectionError(`No node of the cluster can be reached (${describeContext(context)})`, context),
    );
    return false;
  }

  protected override nextReplica(): void {
    if (this.#turn !== undefined) this.#turn++;
  }

  protected submit(): void {
    const { node, host } = this;
    if (node === undefined) this.#channel?.submit(this);
    else host.io.socketsOf(node).info.submit(this);
  }

  protected takeValue(): InfoReply {
    return this.#reply;
  }
}
