import type { RecordKey } from "../../protocol/key/record-key.js";
import { ResultCode } from "../../protocol/result-code.js";
import type { ResultError } from "../../protocol/result-error.js";
import type { Timer } from "../../runtime/runtime.js";
import { rejectedWithCallerFrames } from "../errors/caller-frames.js";
import { andOne } from "../errors/earlier-errors.js";
import { describeContext, type ErrorContext, errorOfResult } from "../errors/error-of-result.js";
import {
  AerospikeError,
  ConnectionError,
  InvalidNodeError,
  MaxErrorRateError,
  SerializationError,
  TimeoutError,
} from "../errors/errors.js";
import { abortError, type Deadline } from "../time/deadline.js";
import { onAbort } from "../time/on-abort.js";
import type { Connection } from "./connection.js";
import type { CommandEvent } from "./diagnostics.js";
import { Exchange } from "./exchange.js";
import type { Io } from "./io.js";
import type { ClusterNode } from "./node.js";
import { eventOf } from "./operation-event.js";
import type { CommandSettings } from "./options.js";
import { decideRetry, type Failure, failureOfResult } from "./retry.js";
import { SocketError } from "./socket-error.js";
import type { Telemetry } from "./telemetry.js";
import { complain } from "./tell.js";

// What settles a promise is taken out of it by one function for all, which costs nothing for each.
let capturedResolve: (value: never) => void;
function capture(resolve: (value: never) => void): void {
  capturedResolve = resolve;
}

/** What an operation needs of the cluster that it runs on. */
export interface OperationHost {
  readonly io: Io;
  /** Asks for a tend at once: the map of partitions may be out of date. */
  nudge(): void;
}

/**
 * One operation on the cluster, through all its attempts: a command, a stream from one node, an info request. It is
 * itself the exchange of each attempt, so that a command costs one object and one promise; the kinds differ in where
 * they go and in how they read a reply.
 *
 * What is the same for all is here: the deadline and the caller's signal, what an attempt that failed means for the
 * operation and for the node (see {@link decideRetry}), and that those who observe the client hear how it ended.
 */
export abstract class Operation<T> extends Exchange {
  protected readonly host: OperationHost;
  protected readonly settings: CommandSettings;
  protected readonly deadline: Deadline;
  /** Where the latest attempt went or will go. */
  node: ClusterNode | undefined;
  #attempts = 0;
  /** When the first attempt began, on the runtime's clock. */
  #startedAt = Number.NaN;
  /** Whether the request of the latest attempt was handed to the network. */
  #sent = false;
  /** Whether an attempt left it in doubt. */
  #inDoubt = false;
  #isOver = false;
  /** What the node had sent when this was given to its sockets. */
  #repliesBefore = 0;
  /** Since when it waits for a socket, if it has to. */
  #queuedAt: number | undefined = undefined;
  /** Whether it was taken over to another socket because the one before ended with the request not sent. */
  #hasMoved = false;
  #pause: Timer | undefined = undefined;
  /** Where the program follows commands: to be told of the end. */
  #onEnd: ((event: CommandEvent) => void) | undefined = undefined;
  /** Set while the caller's signal is listened to. */
  #stopListening: (() => void) | undefined = undefined;
  #earlierErrors: readonly AerospikeError[] | undefined = undefined;
  /** What the reply says, noted by {@link onFrame}: that the server refuses, or that it can't be read. */
  protected refusal: ResultError | undefined = undefined;
  protected unreadable: { readonly cause: unknown } | undefined = undefined;
  readonly #result: Promise<T>;
  readonly #resolve: (value: T | Promise<never>) => void;

  /** @param node the one node that it is for; undefined when each attempt is routed */
  constructor(host: OperationHost, node: ClusterNode | undefined, settings: CommandSettings, deadline: Deadline) {
    super();
    this.#result = new Promise<T>(capture);
    this.#resolve = capturedResolve as (value: T | Promise<never>) => void;
    this.host = host;
    this.node = node;
    this.settings = settings;
    this.deadline = deadline;
  }

  /** In messages and events: "get", "count", "info build". */
  protected abstract readonly name: string;
  /** What it is counted under: of these there are few. */
  protected get kind(): string {
    return this.name;
  }
  protected abstract readonly isWrite: boolean;
  /** Whether it is for one certain node, whoever owns what. */
  protected abstract readonly isPinned: boolean;
  /** Attempts after the first. */
  protected abstract readonly maxRetries: number;
  /** What it is about, where there is such a thing. */
  protected abstract readonly key: RecordKey | undefined;
  protected abstract readonly namespace: string | undefined;
  protected abstract readonly setName: string | undefined;

  /** Gives the request to the sockets of the node. */
  protected abstract submit(): void;

  /** The value of a reply that was read to its end. */
  protected abstract takeValue(): T;

  /** Begins, and resolves to what comes of it. To be called once. */
  start(): Promise<T> {
    const { telemetry } = this.host.io;
    if (telemetry !== undefined && this.isObserved) this.#begin(telemetry);
    const { signal } = this.deadline;
    if (signal?.aborted === true) this.#onAborted(signal);
    else {
      if (signal !== undefined) this.#stopListening = onAbort(signal, () => this.#onAborted(signal));
      this.#attempt();
    }
    return this.#result;
  }

  #begin(telemetry: Telemetry): void {
    try {
      this.#onEnd = telemetry.begin();
    } catch (error) {
      complain("telemetry", telemetry, error);
    }
  }

  override onPlaced(connection: Connection, slot: number): void {
    super.onPlaced(connection, slot);
    if (this.#queuedAt === undefined) return;
    // The time of an attempt begins with the socket.
    const { runtime, meter } = this.host.io;
    const now = runtime.now();
    if (this.isObserved) meter.socketWait.add(now - this.#queuedAt);
    this.#queuedAt = undefined;
    this.#limitAttempt(now);
  }

  onReplied(): void {
    this.#sent = true;
    const { refusal } = this;
    if (refusal === undefined) {
      this.#succeed(this.takeValue());
      return;
    }
    this.refusal = undefined;
    const explained = this.explain(refusal);
    if (explained === undefined) {
      this.#takeRefusal(refusal);
      return;
    }
    // How it ends is settled, whatever becomes of its time and of the caller while the node is asked.
    this.#end();
    explained.then((explanation) => this.#takeRefusal(explanation));
  }

  #takeRefusal(refusal: ResultError): void {
    const { resultCode } = refusal;
    if (resultCode === ResultCode.PARTITION_UNAVAILABLE) this.host.nudge();
    this.failAttempt(failureOfResult(resultCode), (context) => {
      const error = errorOfResult(refusal, context);
      if (resultCode === ResultCode.NOT_AUTHENTICATED && this.node !== undefined) {
        this.host.io.renewLogin(this.node, error);
      }
      return error;
    });
  }

  onLost(loss: ConnectionError, sent: boolean): void {
    this.#endPause();
    this.#sent = sent;
    if (!sent && this.#move(loss)) return;
    const { unreadable } = this;
    if (unreadable !== undefined) {
      this.failAttempt("badReply", (context) => this.errorOfUnreadable(loss, unreadable.cause, context));
      return;
    }
    const isClosed = this.host.io.closed !== undefined;
    this.failAttempt(isClosed ? "closed" : "lost", (context) => {
      const message = `${loss.message} (${describeContext(context)})`;
      return new ConnectionError(message, { ...context, code: loss.code, cause: loss });
    });
  }

  /**
   * An open socket that ends with nothing sent on it costs no attempt: it was idle, and the process asleep or the server
   * tired of it. Once, so that a server which closes every socket is found out.
   */
  #move(loss: ConnectionError): boolean {
    if (this.#hasMoved || !(loss instanceof SocketError) || loss.phase !== "open") return false;
    if (this.host.io.closed !== undefined || this.node?.isActive === false) return false;
    this.#hasMoved = true;
    this.submit();
    if (this.queue !== undefined) this.#queuedAt = this.host.io.runtime.now();
    return true;
  }

  onRejected(error: unknown): void {
    this.#fail(error);
  }

  onDue(): void {
    if (this.#waitsItsTurn()) return;
    const { isOver } = this.deadline;
    if (!isOver && this.settings.socketTimeoutMs === 0) {
      // The limit was put off since this was told of it, and an attempt has none of its own.
      this.#limitAttempt();
      return;
    }
    this.#leave();
    const failure = isOver ? this.expiry : "timeout";
    this.failAttempt(
      failure,
      (context) => new TimeoutError(`${this.describeExpiry(isOver)} (${describeContext(context)})`, context),
    );
  }

  /**
   * The refusal with the reason that it leaves out, where the node can be asked for it; undefined where not. Such a
   * refusal is final. The promise does not reject.
   */
  protected explain(_refusal: ResultError): Promise<ResultError> | undefined {
    return undefined;
  }

  /**
   * Waits for another time of an attempt when it still waits for a socket and the node serves others meanwhile: nothing
   * is wrong then but that there are many. The limit of the operation holds.
   */
  #waitsItsTurn(): boolean {
    const { node, deadline } = this;
    if (this.queue === undefined || node === undefined || deadline.isOver || node.replies === this.#repliesBefore) {
      return false;
    }
    this.#repliesBefore = node.replies;
    this.#limitAttempt();
    return true;
  }

  #limitAttempt(now: number = this.host.io.runtime.now()): void {
    this.host.io.heap.set(this, this.deadline.attemptEndsAt(this.settings.socketTimeoutMs, now), now);
  }

  /** What it means that the limit of the operation ran out. */
  protected get expiry(): "expired" | "outlasted" {
    return "expired";
  }

  /** In messages: which limit ran out. */
  protected describeExpiry(isOver: boolean): string {
    const limit = isOver ? `${this.deadline.totalMs} ms` : `the ${this.settings.socketTimeoutMs} ms of an attempt`;
    return `No reply within ${limit}`;
  }

  /** What a reply that can't be read ends the operation with. */
  protected errorOfUnreadable(loss: ConnectionError, cause: unknown, context: ErrorContext): unknown {
    return new SerializationError(`${loss.message} (${describeContext(context)})`, { ...context, cause });
  }

  /** Chooses the node for the next attempt. False when there is none; the attempt has failed then. */
  protected route(): boolean {
    return true;
  }

  /** Records of a batch. */
  protected get batchSize(): number | undefined {
    return undefined;
  }

  /** Moves the route on. */
  protected nextReplica(): void {
    // One certain node has no replicas.
  }

  /** Gives up a request that was sent, whose reply nobody wants any more. */
  protected abandon(): boolean {
    return this.withdraw();
  }

  /** Whether a write that may have happened can be sent again. */
  protected get isRepeatable(): boolean {
    return false;
  }

  /** In messages. */
  protected get nodeName(): string | undefined {
    return this.node?.id;
  }

  /** Whether those who observe the client hear of it. */
  protected get isObserved(): boolean {
    return true;
  }

  protected get isOver(): boolean {
    return this.#isOver;
  }

  /** Ends the operation without another attempt, before it has reached any node. */
  protected refuse(error: AerospikeError): void {
    this.#fail(error);
  }

  /** Tries once more if that is allowed and worth it, else ends with the error. */
  protected failAttempt(failure: Failure, makeError: (context: ErrorContext) => unknown): void {
    const decision = decideRetry(failure, this.settings, {
      attempts: this.#attempts,
      attemptsLeft: this.maxRetries + 1 - this.#attempts,
      isWrite: this.isWrite,
      isRepeatable: this.isRepeatable,
      wasSent: this.#sent,
      wasInDoubt: this.#inDoubt,
      isPinned: this.isPinned,
      remainingMs: this.deadline.remainingMs,
    });
    this.#inDoubt = decision.inDoubt;
    if (decision.countsAgainstNode) this.node?.breaker.countError();
    const { retry } = decision;
    const { io } = this.host;
    const error = makeError(this.#context(decision.inDoubt));
    if (retry === undefined || io.closed !== undefined) {
      this.#fail(error);
      return;
    }
    if (error instanceof AerospikeError) this.#earlierErrors = andOne(this.#earlierErrors, error);
    if (this.isObserved) io.meter.of(this.kind).retries++;
    if (retry.nextReplica) this.nextReplica();
    const now = io.runtime.now();
    io.heap.set(this, this.deadline.attemptEndsAt(0, now), now);
    io.paused.add(this);
    this.#pause = io.runtime.setTimer(retry.pauseMs, () => this.#attempt(), true);
  }

  #attempt(): void {
    this.#endPause();
    const { io } = this.host;
    if (io.closed !== undefined) {
      this.onLost(io.closed, false);
      return;
    }
    this.#sent = false;
    const now = io.runtime.now();
    // Compared first, for this is on the path of every command.
    if (now >= this.deadline.endsAt && !this.deadline.hasTime()) {
      this.failAttempt("expired", (context) => {
        const message = `Not sent within ${this.deadline.totalMs} ms (${describeContext(context)})`;
        return new TimeoutError(message, context);
      });
      return;
    }
    if (this.#attempts++ === 0) this.#startedAt = now;
    if (!this.route()) return;
    const { node } = this;
    if (node !== undefined && !node.isActive) {
      this.failAttempt(
        "nodeLeft",
        (context) => new InvalidNodeError(`Node ${node} has left the cluster (${this.name})`, context),
      );
    } else if (node?.breaker.isOpen === true) {
      this.failAttempt("breakerOpen", (context) => {
        const message = `Node ${node} had more than ${node.breaker.limit} errors lately; nothing is sent to it before the next tend (${this.name})`;
        return new MaxErrorRateError(message, context);
      });
    } else {
      if (node !== undefined) this.#repliesBefore = node.replies;
      this.#limitAttempt(now);
      this.submit();
      if (this.queue !== undefined) this.#queuedAt = now;
    }
  }

  #onAborted(signal: AbortSignal): void {
    this.#leave();
    this.failAttempt("aborted", (context) =>
      abortError(signal, `Aborted by the caller (${describeContext(context)})`, context),
    );
  }

  #succeed(value: T): void {
    this.#end();
    // The reply came with what was read last.
    const { meter } = this.host.io;
    if (this.isObserved) meter.of(this.kind).latency.add(meter.readAt - this.#startedAt);
    this.#resolve(value);
    this.#publish(undefined);
  }

  #fail(error: unknown): void {
    this.#end();
    if (this.isObserved) {
      const { io } = this.host;
      const meter = io.meter.of(this.kind);
      meter.countError(error);
      if (this.#attempts > 0) meter.latency.add(io.runtime.now() - this.#startedAt);
    }
    this.#resolve(rejectedWithCallerFrames(error));
    this.#publish(error);
  }

  #end(): void {
    this.#isOver = true;
    this.host.io.heap.remove(this);
    this.#stopListening?.();
    this.#stopListening = undefined;
  }

  /** Leaves socket, queue or pause. */
  #leave(): void {
    this.#endPause();
    this.#sent = this.abandon();
  }

  #endPause(): void {
    if (this.#pause === undefined) return;
    this.#pause.cancel();
    this.#pause = undefined;
    this.host.io.paused.delete(this);
  }

  #context(inDoubt: boolean): ErrorContext {
    return {
      operation: this.name,
      namespace: this.namespace,
      setName: this.setName,
      node: this.nodeName,
      attempts: this.#attempts,
      inDoubt,
      key: this.key,
      earlierErrors: this.#earlierErrors,
    };
  }

  #publish(error: unknown): void {
    const { io } = this.host;
    const { command, failedCommand } = io.diagnostics;
    const channel = error === undefined ? command : failedCommand;
    if (!this.isObserved || !(channel.hasSubscribers || this.#onEnd !== undefined)) return;
    const event = eventOf(io.runtime, {
      operation: this.name,
      namespace: this.namespace,
      setName: this.setName,
      node: this.node,
      attempts: this.#attempts,
      batchSize: this.batchSize,
      startedAt: this.#attempts > 0 ? this.#startedAt : io.runtime.now(),
      error,
    });
    if (channel.hasSubscribers) channel.publish(event);
    try {
      this.#onEnd?.(event);
    } catch (thrown) {
      complain("telemetry", io.telemetry ?? this, thrown);
    }
  }
}
