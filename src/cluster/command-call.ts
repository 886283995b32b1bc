import type { Reader } from "../../protocol/bytes/reader.js";
import type { Writer } from "../../protocol/bytes/writer.js";
import type { Command } from "../../protocol/command/command.js";
import { ProtoType } from "../../protocol/frame/proto.js";
import type { RecordKey } from "../../protocol/key/record-key.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import { ResultCode } from "../../protocol/result-code.js";
import { ResultError } from "../../protocol/result-error.js";
import type { Timer } from "../../runtime/runtime.js";
import { describeContext, type ErrorContext, errorOfResult } from "../errors/error-of-result.js";
import {
  type AerospikeError,
  ConnectionError,
  InvalidNamespaceError,
  InvalidNodeError,
  MaxErrorRateError,
  SerializationError,
  TimeoutError,
} from "../errors/errors.js";
import { abortError, type Deadline } from "../time/deadline.js";
import { Call } from "./call.js";
import { publishCommand } from "./command-event.js";
import type { Io } from "./io.js";
import type { ClusterNode } from "./node.js";
import type { CommandSettings } from "./options.js";
import type { Router, Trail } from "./router.js";

/** The least pause before trying again what failed without anything being sent: there is nothing new to find before. */
const UNSENT_PAUSE_MS = 50;

/** What a command needs of the cluster that it runs on. */
export interface CommandHost {
  readonly io: Io;
  readonly router: Router;
  /** Why no command on this namespace can succeed, when that is sure before asking any node. */
  refuseNamespace(namespace: string): string | undefined;
  /** Asks for a tend at once. */
  nudge(): void;
}

/** How an attempt failed, as far as the next one depends on it. */
type FailureKind =
  /** The client's time for the attempt ran out. */
  | "clientTimeout"
  /** The server's did. */
  | "serverTimeout"
  /** Nothing was sent: the node is left in peace. */
  | "backoff"
  /** Nothing was sent: there is no node to send it to. */
  | "noNode"
  /** The connection broke, or the server can't do it at the moment. */
  | "trouble";

/**
 * A command through all its attempts: the one retry loop there is. It is itself the exchange of each attempt, so that a
 * command costs one object and one promise.
 *
 * A write is in doubt when its request was sent and no answer says what became of it. It is not tried again then, for it
 * could happen twice; so a write that is tried again has had nothing but refusals, and only its last attempt can be in
 * doubt.
 */
export class CommandCall<T> extends Call<T> implements Trail {
  protected readonly operation: string;
  readonly #host: CommandHost;
  readonly #command: Command<T>;
  readonly #settings: CommandSettings;
  /** Where a command on a record goes; undefined for one to a certain node. */
  readonly #key: RecordKey | undefined;
  #attempts = 0;
  /** Whether the request of the latest attempt was handed to the network. */
  #sent = false;
  #pause: Timer | undefined = undefined;
  #value!: T;
  #refusal: ResultError | undefined = undefined;
  #garbled: unknown = undefined;

  sequence = 0;
  node: ClusterNode | undefined;

  /** @param target the record whose owner to ask, or the node */
  constructor(
    host: CommandHost,
    command: Command<T>,
    target: RecordKey | ClusterNode,
    settings: CommandSettings,
    deadline: Deadline,
    resolve: (value: T) => void,
    reject: (error: unknown) => void,
  ) {
    super(host.io, deadline, resolve, reject);
    this.operation = command.name;
    this.#host = host;
    this.#command = command;
    this.#settings = settings;
    this.#key = "digest" in target ? target : undefined;
    this.node = "digest" in target ? undefined : target;
  }

  start(): void {
    if (!this.listen()) return;
    if (this.#key !== undefined && this.#settings.replica === "random") {
      this.sequence = this.#host.router.firstSequence(this.#key.namespace, "random", this.#command.isWrite);
    }
    this.#attempt();
  }

  encode(w: Writer): void {
    this.#command.encode(w, this.deadline.attemptMs(this.#settings.socketTimeoutMs));
  }

  onFrame(type: ProtoType, body: Reader): boolean {
    try {
      if (type !== ProtoType.MESSAGE)
        throw new ProtocolError(`a message of type ${type} answers the ${this.operation}`);
      const { message } = this.io;
      message.load(body);
      if (!message.next()) throw new ProtocolError(`an empty message answers the ${this.operation}`);
      this.#value = this.#command.decode(message);
      if (body.left > 0) throw new ProtocolError(`${body.left} bytes follow the reply to the ${this.operation}`);
    } catch (error) {
      if (!(error instanceof ResultError)) {
        this.#garbled = error;
        throw error;
      }
      this.#refusal = error;
    }
    return true;
  }

  onReplied(): void {
    this.#sent = true;
    const refusal = this.#refusal;
    if (refusal === undefined) {
      this.succeed(this.#value);
      return;
    }
    this.#refusal = undefined;
    const { resultCode } = refusal;
    const isTimeout = resultCode === ResultCode.TIMEOUT;
    const error = errorOfResult(refusal, this.#context(isTimeout));
    if (isTimeout || resultCode === ResultCode.DEVICE_OVERLOAD || resultCode === ResultCode.PARTITION_UNAVAILABLE) {
      this.node?.breaker.countError();
      if (resultCode === ResultCode.PARTITION_UNAVAILABLE) this.#host.nudge();
      this.#failAttempt(error, isTimeout ? "serverTimeout" : "trouble");
      return;
    }
    if (resultCode === ResultCode.NOT_AUTHENTICATED && this.node !== undefined) this.io.renewLogin(this.node, error);
    this.fail(error);
  }

  onLost(loss: ConnectionError, sent: boolean): void {
    this.#endPause();
    this.#sent = sent;
    const context = this.#context(true);
    const message = `${loss.message} (${describeContext(context)})`;
    if (this.#garbled === undefined) {
      this.#failAttempt(new ConnectionError(message, { ...context, code: loss.code, cause: loss }), "trouble");
    } else {
      this.fail(new SerializationError(message, { ...context, cause: this.#garbled }));
    }
  }

  onDue(): void {
    this.#leave();
    const { deadline } = this;
    const isOver = deadline.isOver;
    const limit = isOver ? `${deadline.totalMs} ms` : `the ${this.#settings.socketTimeoutMs} ms of an attempt`;
    const context = this.#context(true);
    const error = new TimeoutError(`No answer within ${limit} (${describeContext(context)})`, context);
    if (isOver) this.fail(error);
    else this.#failAttempt(error, "clientTimeout");
  }

  protected override onAborted(signal: AbortSignal): void {
    this.#leave();
    const context = this.#context(true);
    this.fail(abortError(signal, `Aborted by the caller (${describeContext(context)})`, context));
  }

  protected override succeed(value: T): void {
    super.succeed(value);
    this.#publish(undefined);
  }

  protected override fail(error: unknown): void {
    super.fail(error);
    this.#publish(error);
  }

  #attempt(): void {
    this.#endPause();
    if (this.io.closed !== undefined) {
      this.onLost(this.io.closed, false);
      return;
    }
    this.#attempts++;
    this.#sent = false;
    const node = this.#key === undefined ? this.node : this.#route(this.#key);
    if (node === undefined) return;
    this.node = node;
    const { breaker } = node;
    if (!node.isActive) {
      this.fail(new InvalidNodeError(`Node ${node} has left the cluster (${this.operation})`, this.#context(true)));
    } else if (breaker.isOpen) {
      this.#failAttempt(
        new MaxErrorRateError(
          `Node ${node} had more than ${breaker.limit} errors lately and is left in peace until the next tend (${this.operation})`,
          this.#context(true),
        ),
        "backoff",
      );
    } else {
      this.io.heap.set(this, this.deadline.attemptEndsAt(this.#settings.socketTimeoutMs));
      const sockets = this.io.socketsOf(node);
      (this.#settings.exclusive === true ? sockets.streams : sockets.short).submit(this);
    }
  }

  /** The node to ask. Undefined when there is none; the attempt has failed then. */
  #route(key: RecordKey): ClusterNode | undefined {
    const { replica } = this.#settings;
    const node = this.#host.router.choose(key.namespace, key.partition, replica, this.#command.isWrite, this);
    if (node !== undefined) return node;
    const refusal = this.#host.refuseNamespace(key.namespace);
    if (refusal !== undefined) {
      this.fail(new InvalidNamespaceError(refusal, { attempts: 0, key: this.#key }));
      return undefined;
    }
    this.#host.nudge();
    const context = this.#context(true);
    this.#failAttempt(
      new InvalidNodeError(`No node serves partition ${key.partition} (${describeContext(context)})`, context),
      "noNode",
    );
    return undefined;
  }

  /** Tries once more if that is allowed and worth it, else ends with the error. */
  #failAttempt(error: AerospikeError, kind: FailureKind): void {
    const { maxRetries, retryDelayMs } = this.#settings;
    const isTargetedWrite = this.#key === undefined && this.#command.isWrite;
    // A write that may have happened would happen twice.
    if (this.#attempts > maxRetries || isTargetedWrite || error.inDoubt || this.io.closed !== undefined) {
      this.fail(error);
      return;
    }
    const advanced = this.#advance(kind);
    // Another replica can be asked at once, and after a timeout enough time has passed.
    let pause = kind === "clientTimeout" || (advanced && this.#attempts === 1) ? 0 : retryDelayMs;
    if (kind === "noNode" || (kind === "backoff" && !advanced)) pause = Math.max(pause, UNSENT_PAUSE_MS);
    if (this.deadline.remainingMs <= pause) {
      this.fail(error);
      return;
    }
    this.io.heap.set(this, this.deadline.endsAt);
    this.io.paused.add(this);
    this.#pause = this.io.runtime.setTimer(pause, () => this.#attempt(), true);
  }

  /** Moves on to the next replica where the kind of command and of failure allow it. */
  #advance(kind: FailureKind): boolean {
    if (this.#key === undefined || this.#settings.replica === "master") return false;
    const isUncertain = kind === "clientTimeout" || kind === "serverTimeout" || kind === "backoff";
    if (isUncertain && (this.#command.isWrite || this.#settings.linearize === true)) return false;
    this.sequence++;
    return true;
  }

  /** Leaves socket, queue or pause. */
  #leave(): void {
    this.#endPause();
    this.#sent = this.withdraw();
    if (!this.#sent) return;
    this.node?.breaker.countError();
  }

  #endPause(): void {
    if (this.#pause === undefined) return;
    this.#pause.cancel();
    this.#pause = undefined;
    this.io.paused.delete(this);
  }

  /** @param isUnanswered whether the request of this attempt, if it was sent, had no answer that says what happened */
  #context(isUnanswered: boolean): ErrorContext {
    return {
      operation: this.operation,
      namespace: this.#key?.namespace,
      setName: this.#key?.setName,
      node: this.node?.id,
      attempts: this.#attempts,
      key: this.#key,
      inDoubt: this.#command.isWrite && this.#sent && isUnanswered,
    };
  }

  #publish(error: unknown): void {
    const channel = this.io.diagnostics.command;
    if (!channel.hasSubscribers) return;
    publishCommand(channel, this.io.runtime, {
      operation: this.operation,
      key: this.#key,
      node: this.node,
      attempts: this.#attempts,
      startedAt: this.deadline.startedAt,
      error,
    });
  }
}
