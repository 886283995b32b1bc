import type { Reader } from "../../protocol/bytes/reader.js";
import type { Writer } from "../../protocol/bytes/writer.js";
import { ProtoType } from "../../protocol/frame/proto.js";
import { type InfoReply, parseInfoReply } from "../../protocol/info/info-reply.js";
import { writeInfoRequest } from "../../protocol/info/info-request.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import { ResultError } from "../../protocol/result-error.js";
import type { Deadline } from "../time/deadline.js";
import type { Exchange } from "./exchange.js";
import type { ClusterNode } from "./node.js";
import { Operation, type OperationHost } from "./operation.js";
import type { CommandSettings } from "./options.js";

/** Where a request may go besides the sockets of a node: the socket that a node is tended over. */
export interface InfoChannel {
  /** Of the node or its address, for messages. */
  readonly name: string;
  submit(exchange: Exchange): void;
}

/** The whole time of the operation is the one attempt's. */
const ONE_ATTEMPT: CommandSettings = { socketTimeoutMs: 0, maxRetries: 0, retryDelayMs: 0, replica: "master" };

/** Sends info commands to a node, once. A value of the reply may still be the refusal of its command. */
export function requestInfo(
  host: OperationHost,
  target: ClusterNode | InfoChannel,
  commands: readonly string[],
  deadline: Deadline,
): Promise<InfoReply> {
  return new InfoOperation(host, target, commands, deadline).start();
}

/** An info request to a node. Over a channel it is housekeeping, which no circuit breaker stops and nobody observes. */
class InfoOperation extends Operation<InfoReply> {
  readonly #channel: InfoChannel | undefined;
  readonly #commands: readonly string[];
  #reply!: InfoReply;

  constructor(host: OperationHost, target: ClusterNode | InfoChannel, commands: readonly string[], deadline: Deadline) {
    super(host, "submit" in target ? undefined : target, ONE_ATTEMPT, deadline);
    this.#channel = "submit" in target ? target : undefined;
    this.#commands = commands;
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

  protected get isWrite(): boolean {
    return false;
  }

  protected get isPinned(): boolean {
    return true;
  }

  protected get maxRetries(): number {
    return 0;
  }

  protected get key(): undefined {
    return undefined;
  }

  protected get namespace(): undefined {
    return undefined;
  }

  protected get setName(): undefined {
    return undefined;
  }

  protected override get nodeName(): string | undefined {
    return this.#channel?.name ?? this.node?.id;
  }

  protected override get isObserved(): boolean {
    return this.#channel === undefined;
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
