import type { Reader } from "../../protocol/bytes/reader.js";
import type { Writer } from "../../protocol/bytes/writer.js";
import type { StreamCommand } from "../../protocol/command/command.js";
import type { ProtoType } from "../../protocol/frame/proto.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import { ResultError } from "../../protocol/result-error.js";
import type { ErrorContext } from "../errors/error-of-result.js";
import { ConnectionError } from "../errors/errors.js";
import type { Deadline } from "../time/deadline.js";
import { compressRequest, messageBody } from "./compression.js";
import type { Connection } from "./connection.js";
import type { ClusterNode } from "./node.js";
import { NodeOperation } from "./node-operation.js";
import type { OperationHost } from "./operation.js";
import type { CommandSettings } from "./options.js";

/** Lets the one who takes a stream hold it up: the socket is not read meanwhile, and the server waits. */
export interface StreamFlow {
  pause(): void;
  resume(): void;
}

/**
 * A command whose reply is a stream of messages, from one node, on a socket of its own. Only a stream that was read to its end, or
 * that the server refused, leaves the socket in a state to be used again; in every other case it is destroyed, and the
 * server notices.
 *
 * It is one attempt: what to do about its failure is for the one who takes it, who knows what has come.
 */
export class StreamOperation extends NodeOperation<void> implements StreamFlow {
  readonly #command: StreamCommand;
  #isPaused = false;
  /** Whether a part of the reply has come. */
  #hasBegun = false;

  constructor(
    host: OperationHost,
    node: ClusterNode,
    command: StreamCommand,
    settings: CommandSettings,
    deadline: Deadline,
  ) {
    super(host, node, settings, deadline);
    this.#command = command;
  }

  pause(): void {
    this.#isPaused = true;
    this.connection?.pause();
    this.#expectMore();
  }

  resume(): void {
    this.#isPaused = false;
    this.connection?.resume();
    this.#expectMore();
  }

  encode(w: Writer): void {
    const start = w.length;
    this.#command.encode(w, this.deadline.attemptMs(this.settings.socketTimeoutMs));
    if (this.settings.compress === true) compressRequest(w, start, this.host.io, this.node);
  }

  override onPlaced(connection: Connection, slot: number): void {
    super.onPlaced(connection, slot);
    // It may have been paused before it had a socket.
    if (this.#isPaused) this.pause();
  }

  onFrame(type: ProtoType, body: Reader): boolean {
    const isLast = this.#take(type, body, true);
    this.node!.replies++;
    if (!isLast) this.#expectMore();
    else if (this.#isPaused) this.connection?.resume();
    return isLast;
  }

  override onPart(type: ProtoType, body: Reader): void {
    this.#take(type, body, false);
    this.#expectMore();
  }

  protected get name(): string {
    return this.#command.name;
  }

  protected get isWrite(): boolean {
    return this.#command.isWrite === true;
  }

  protected override get namespace(): string | undefined {
    return this.#command.namespace;
  }

  protected override get setName(): string | undefined {
    return this.#command.setName;
  }

  protected override get batchSize(): number | undefined {
    return this.#command.batchSize;
  }

  protected submit(): void {
    this.#expectMore();
    this.host.io.socketsOf(this.node!).streams.submit(this);
  }

  protected takeValue(): void {
    // Its messages were taken one by one.
  }

  protected override get expiry(): "expired" | "outlasted" {
    return this.#hasBegun ? "outlasted" : "expired";
  }

  protected override describeExpiry(isOver: boolean): string {
    return isOver
      ? `Not finished within the totalTimeout of ${this.deadline.totalMs} ms`
      : `No data for ${this.settings.socketTimeoutMs} ms`;
  }

  /** The taker's own errors pass as they are. */
  protected override errorOfUnreadable(loss: ConnectionError, cause: unknown, context: ErrorContext): unknown {
    return cause instanceof ProtocolError ? super.errorOfUnreadable(loss, cause, context) : cause;
  }

  protected override abandon(): boolean {
    const { connection } = this;
    if (!this.withdraw()) return false;
    connection?.retire(new ConnectionError(`The ${this.name} on ${connection.address} was given up before its end`));
    return true;
  }

  #take(type: ProtoType, body: Reader, isWhole: boolean): boolean {
    this.#hasBegun = true;
    try {
      return this.#takeMessages(type, body, isWhole);
    } catch (error) {
      this.unreadable = { cause: error };
      throw error;
    }
  }

  /** @param isWhole whether no more follows of this body; else a message may break off at its end */
  #takeMessages(type: ProtoType, body: Reader, isWhole: boolean): boolean {
    const { message } = this.host.io;
    const inner = messageBody(type, body, this.name, this.host.io);
    message.load(inner);
    let isLast = false;
    try {
      while (!isLast && (isWhole || message.isWhole) && message.next()) isLast = this.#command.take(message);
    } catch (error) {
      if (!(error instanceof ResultError)) throw error;
      this.refusal = error;
      isLast = true;
    }
    if (isLast && (inner.left > 0 || !isWhole)) {
      const left = isWhole ? `${inner.left} bytes follow` : "More follows";
      throw new ProtocolError(`${left} the last message of the ${this.name}`);
    }
    return isLast;
  }

  /** A paused stream is silent because its taker wants it so. */
  #expectMore(): void {
    if (this.isOver) return;
    const { runtime, heap } = this.host.io;
    const now = runtime.now();
    heap.set(this, this.deadline.attemptEndsAt(this.#isPaused ? 0 : this.settings.socketTimeoutMs, now), now);
  }
}
