import type { Reader } from "../../protocol/bytes/reader.js";
import type { Writer } from "../../protocol/bytes/writer.js";
import type { StreamCommand } from "../../protocol/command/command.js";
import { ProtoType } from "../../protocol/frame/proto.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import { ResultError } from "../../protocol/result-error.js";
import { errorOfResult } from "../errors/error-of-result.js";
import { ConnectionError, SerializationError, TimeoutError } from "../errors/errors.js";
import type { Deadline } from "../time/deadline.js";
import { Call } from "./call.js";
import type { Io } from "./io.js";
import type { ClusterNode } from "./node.js";
import type { CommandSettings } from "./options.js";

/** Lets the one who takes a stream hold it up: the socket is not read meanwhile, and the server waits. */
export interface StreamFlow {
  pause(): void;
  resume(): void;
}

/**
 * A command that many messages answer, on a socket of its own. Only a stream that was read to its end leaves the socket
 * in a state to be used again; in every other case it is destroyed, and the server notices.
 */
export class StreamCall extends Call<void> implements StreamFlow {
  protected readonly operation: string;
  readonly #node: ClusterNode;
  readonly #command: StreamCommand;
  readonly #settings: CommandSettings;
  #paused = false;
  /** What ended the stream while its messages were read: it is thrown to the connection, and so destroys it. */
  #failure: { readonly error: unknown } | undefined = undefined;

  constructor(
    io: Io,
    deadline: Deadline,
    node: ClusterNode,
    command: StreamCommand,
    settings: CommandSettings,
    resolve: () => void,
    reject: (error: unknown) => void,
  ) {
    super(io, deadline, resolve, reject);
    this.operation = command.name;
    this.#node = node;
    this.#command = command;
    this.#settings = settings;
  }

  start(): void {
    if (!this.listen()) return;
    this.#expectNews();
    this.io.socketsOf(this.#node).streams.submit(this);
  }

  pause(): void {
    this.#paused = true;
    this.connection?.pause();
    this.#expectNews();
  }

  resume(): void {
    this.#paused = false;
    this.connection?.resume();
    this.#expectNews();
  }

  encode(w: Writer): void {
    this.#command.encode(w, this.deadline.attemptMs(this.#settings.socketTimeoutMs));
  }

  onFrame(type: ProtoType, body: Reader): boolean {
    try {
      const isLast = this.#takeAll(type, body);
      if (!isLast) this.#expectNews();
      else if (this.#paused) this.connection?.resume();
      return isLast;
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }

  onReplied(): void {
    this.succeed(undefined);
  }

  onLost(loss: ConnectionError): void {
    const node = this.#node.id;
    const error = this.#failure?.error;
    if (this.#failure === undefined) {
      this.fail(
        new ConnectionError(`${loss.message} (${this.operation})`, { code: loss.code, node, attempts: 1, cause: loss }),
      );
    } else if (error instanceof ResultError) {
      this.fail(errorOfResult(error, { operation: this.operation, node, attempts: 1 }));
    } else if (error instanceof ProtocolError) {
      this.fail(new SerializationError(`${loss.message} (${this.operation})`, { node, attempts: 1, cause: error }));
    } else {
      // The taker's own error.
      this.fail(error);
    }
  }

  onDue(): void {
    const inAll = this.deadline.isOver;
    const limit = inAll
      ? `${this.deadline.totalMs} ms in all`
      : `${this.#settings.socketTimeoutMs} ms without a sign of life`;
    this.#giveUp();
    this.fail(
      new TimeoutError(`The ${this.operation} on node ${this.#node.id} took more than ${limit}`, {
        node: this.#node.id,
        attempts: 1,
      }),
    );
  }

  protected override onAborted(signal: AbortSignal): void {
    this.#giveUp();
    super.onAborted(signal);
  }

  #takeAll(type: ProtoType, body: Reader): boolean {
    if (type !== ProtoType.MESSAGE) throw new ProtocolError(`a message of type ${type} answers the ${this.operation}`);
    const { message } = this.io;
    message.load(body);
    while (message.next()) {
      if (!this.#command.take(message)) continue;
      if (body.left > 0) throw new ProtocolError(`${body.left} bytes follow the last message of the ${this.operation}`);
      return true;
    }
    return false;
  }

  /** A paused stream is silent because its taker wants it so. */
  #expectNews(): void {
    const { deadline } = this;
    this.io.heap.set(this, this.#paused ? deadline.endsAt : deadline.attemptEndsAt(this.#settings.socketTimeoutMs));
  }

  #giveUp(): void {
    const { connection } = this;
    if (!this.withdraw()) return;
    connection?.retire(
      new ConnectionError(`The ${this.operation} on ${connection.address} was given up before its end`),
    );
  }
}
