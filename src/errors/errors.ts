import type { RecordKey } from "../../protocol/key/record-key.js";
import type { ExpressionTrace, ServerErrorDetails } from "../../protocol/message/error-details.js";
import { ResultCode } from "../../protocol/result-code.js";
import { type ErrorCode, isTransientCode } from "./error-code.js";
import { hintFor } from "./hints.js";

/** An error of a Lua function, taken apart. */
export interface LuaFailure {
  /** Name of the file that it happened in, as it is registered; undefined where Lua does not say. */
  readonly fileName: string | undefined;
  /** From 1; undefined where Lua does not say. */
  readonly line: number | undefined;
  /** Lua's own words, whole. */
  readonly message: string;
}

/** One thing that is wrong with a value, in the words of the library of the schema that says so. */
export interface SchemaIssue {
  readonly message: string;
  /** Where in the value; absent for the value itself. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What a schema or a mapper of a data set refused. */
export interface SchemaFailure {
  readonly direction: "reading" | "writing";
  /** Undefined for the whole record. */
  readonly bin: string | undefined;
  readonly issues: readonly SchemaIssue[];
}

/** What an error says besides its message. */
export interface ErrorDetails {
  readonly code?: ErrorCode | undefined;
  readonly resultCode?: number | undefined;
  readonly inDoubt?: boolean | undefined;
  readonly node?: string | undefined;
  readonly attempts?: number | undefined;
  /** What the attempts before the last one failed with. */
  readonly earlierErrors?: readonly AerospikeError[] | undefined;
  /** What a server says besides its result code. */
  readonly server?: ServerErrorDetails | undefined;
  /** What Lua says of the error of a function. */
  readonly lua?: LuaFailure | undefined;
  /** What a schema of a data set refused. */
  readonly schema?: SchemaFailure | undefined;
  /** The record that the operation was about. */
  readonly key?: RecordKey | undefined;
  readonly cause?: unknown;
}

/**
 * Gives a class its name and makes `instanceof` work between copies of this package (two versions in one program, a
 * bundle beside its source). A class without a mark of its own, such as a user's subclass, is told by its prototype.
 */
export function mark(errorClass: { readonly prototype: Error }, name: string): void {
  const brand = Symbol.for(`aerowire.${name}`);
  Object.defineProperty(errorClass.prototype, "name", { value: name, writable: true, configurable: true });
  Object.defineProperty(errorClass.prototype, brand, { value: true });
  Object.defineProperty(errorClass, "brand", { value: brand });
}

/**
 * The root of what this client throws when something goes wrong that the caller could not know beforehand. Wrong
 * arguments are `TypeError` and `RangeError` instead, thrown before anything is sent.
 *
 * @example
 * try {
 *   await session.update(users.id(1)).bin("visits").add(1).execute();
 * } catch (error) {
 *   if (error instanceof AerospikeError && error.inDoubt) await reconcile();
 *   else throw error;
 * }
 */
export class AerospikeError extends Error {
  /** @internal */
  declare static readonly brand: symbol;
  /** What `code` is when the details do not say. @internal */
  static readonly defaultCode: ErrorCode = "CLIENT_ERROR";
  /** What `resultCode` is when the details do not say. @internal */
  static readonly defaultResultCode: number = ResultCode.CLIENT_ERROR;
  static {
    mark(AerospikeError, "AerospikeError");
  }

  // biome-ignore-start lint/complexity/noThisInStatic: the class on the right of instanceof is meant, whichever it is.
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (typeof value !== "object" || value === null) return false;
    return Object.hasOwn(this, "brand")
      ? this.brand in value
      : Object.prototype.isPrototypeOf.call(this.prototype, value);
  }
  // biome-ignore-end lint/complexity/noThisInStatic: the class on the right of instanceof is meant, whichever it is.

  /** A stable name of what went wrong, such as `"RECORD_NOT_FOUND"`. */
  readonly code: ErrorCode;
  /** The server's result code; below zero for what only a client can find. A timeout is 9 wherever it happened. */
  readonly resultCode: number;
  /** Whether a write may have happened although it failed. Only ever true for writes. */
  readonly inDoubt: boolean;
  /** Id of the node that the last attempt went to, or its address while the id is unknown. */
  readonly node: string | undefined;
  /** Attempts that were made, the first included; 0 when none was. */
  readonly attempts: number;
  // Private, so that what prints or serializes an error does not print the key or values of records, which may be
  // personal, nor a list of errors that buries the message.
  readonly #key: RecordKey | undefined;
  readonly #server: ServerErrorDetails | undefined;
  readonly #earlierErrors: readonly AerospikeError[];

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code ?? new.target.defaultCode;
    this.resultCode = details.resultCode ?? new.target.defaultResultCode;
    this.inDoubt = details.inDoubt ?? false;
    this.node = details.node;
    this.attempts = details.attempts ?? 0;
    this.#key = details.key;
    this.#server = details.server;
    this.#earlierErrors = details.earlierErrors ?? [];
  }

  /**
   * The record that the failed operation was about; undefined where there is no single one. Neither the message nor the
   * printed error shows it: it may be personal.
   */
  get key(): RecordKey | undefined {
    return this.#key;
  }

  /**
   * What the server says of the cause, from 8.2, for `errorDetailVerbosity: "subCode"` and more: a number that means
   * something only together with `resultCode`. {@link hint} says what is known of it.
   */
  get subCode(): number | undefined {
    return this.#server?.subCode;
  }

  /** The server's own words, from 8.2, for `errorDetailVerbosity: "message"` and more; `message` has them, too. */
  get serverMessage(): string | undefined {
    return this.#server?.message;
  }

  /**
   * Where an expression failed, from server 8.2, for `errorDetailVerbosity: "expressionTrace"`. Printing the error does
   * not show it: it may have values of the record.
   */
  get expressionTrace(): ExpressionTrace | undefined {
    return this.#server?.trace;
  }

  /**
   * What the attempts before the last one failed with, oldest first: the latest eight of them. Empty when there was one
   * attempt. The error itself is what the last one failed with.
   */
  get earlierErrors(): readonly AerospikeError[] {
    return this.#earlierErrors;
  }

  /** What to do about it, where there is something to say; by sub code where the server gives one. */
  get hint(): string | undefined {
    return hintFor(this.resultCode, this.subCode);
  }

  /**
   * Whether the same operation may succeed if it is tried again later, with nothing changed. A write that is `inDoubt`
   * may have happened already: look before you repeat it.
   *
   * True for these values of `code`:
   * - `TIMEOUT`, `CONNECTION`, `INVALID_NODE`, `PARTITION_UNAVAILABLE`, `CLUSTER_KEY_MISMATCH`: the network, or a cluster
   *   that is changing
   * - `MAX_ERROR_RATE`, `DEVICE_OVERLOAD`, `KEY_BUSY`, `XDR_KEY_BUSY`, `QUERY_QUEUE_FULL`, `BATCH_QUEUES_FULL`,
   *   `QUOTA_EXCEEDED`: too much at once
   * - `MRT_BLOCKED`, `INDEX_NOT_READABLE`, `EXPIRED_SESSION`: a transaction, an index being built or a login to wait for
   *
   * False for all others, among them `CLIENT_CLOSED`, `ABORTED` and `OUT_OF_SPACE`, which somebody has to act on.
   */
  get isTransient(): boolean {
    return isTransientCode(this.code);
  }

  /** The same failure with other details: as one of the records has it that it befell, or the whole. @internal */
  with(details: Pick<ErrorDetails, "key" | "inDoubt" | "attempts" | "earlierErrors">): AerospikeError {
    const all: ErrorDetails = { ...this.ownDetails(), ...details };
    // It happened where this one did. Thousands of rows may fail together, and a stack of its own costs more than all else.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      const error: AerospikeError = Reflect.construct(this.constructor, [this.message, all]);
      Object.defineProperty(error, "stack", { value: this.stack, writable: true, configurable: true });
      return error;
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  }

  /** What it was made with. @internal */
  protected ownDetails(): ErrorDetails {
    const { code, resultCode, node, cause, inDoubt, attempts, key, earlierErrors } = this;
    return { code, resultCode, node, cause, inDoubt, attempts, key, earlierErrors, server: this.#server };
  }
}

/** Time ran out: the caller's (for an attempt or in all) or the server's. A background job that is waited for goes on. */
export class TimeoutError extends AerospikeError {
  static override readonly defaultCode: ErrorCode = "TIMEOUT";
  static override readonly defaultResultCode: number = ResultCode.TIMEOUT;
  static {
    mark(TimeoutError, "TimeoutError");
  }
}

/** The caller's AbortSignal ended the operation; `cause` is the signal's reason. */
export class AbortError extends AerospikeError {
  static override readonly defaultCode: ErrorCode = "ABORTED";
  static override readonly defaultResultCode: number = ResultCode.CLIENT_ABORT;
  static {
    mark(AbortError, "AbortError");
  }
}

/** No connection, or one that broke. From `connect`: no seed led to a cluster that can be used. */
export class ConnectionError extends AerospikeError {
  static override readonly defaultCode: ErrorCode = "CONNECTION";
  static override readonly defaultResultCode: number = ResultCode.CONNECTION_ERROR;
  static {
    mark(ConnectionError, "ConnectionError");
  }
}

/** No node serves the partition just now, or the node that was asked for has left the cluster. */
export class InvalidNodeError extends ConnectionError {
  static override readonly defaultCode: ErrorCode = "INVALID_NODE";
  static override readonly defaultResultCode: number = ResultCode.INVALID_NODE;
  static {
    mark(InvalidNodeError, "InvalidNodeError");
  }
}

/** The cluster has no such namespace; the message names those it has. */
export class InvalidNamespaceError extends AerospikeError {
  static override readonly defaultCode: ErrorCode = "INVALID_NAMESPACE";
  static override readonly defaultResultCode: number = ResultCode.INVALID_NAMESPACE;
  static {
    mark(InvalidNamespaceError, "InvalidNamespaceError");
  }
}

/** A reply that is not what the protocol allows. Its connection was given up. */
export class SerializationError extends AerospikeError {
  static override readonly defaultCode: ErrorCode = "BAD_REPLY";
  static {
    mark(SerializationError, "SerializationError");
  }
}

/** Nothing was sent to a node because it failed too often lately. */
export class BackoffError extends AerospikeError {
  static override readonly defaultCode: ErrorCode = "MAX_ERROR_RATE";
  static override readonly defaultResultCode: number = ResultCode.MAX_ERROR_RATE;
  static {
    mark(BackoffError, "BackoffError");
  }
}

/** A node had more errors within a tend interval than `maxErrorRate` allows; nothing was sent to it. */
export class MaxErrorRateError extends BackoffError {
  static {
    mark(MaxErrorRateError, "MaxErrorRateError");
  }
}

/** The record does not exist. */
export class RecordNotFoundError extends AerospikeError {
  static override readonly defaultCode: ErrorCode = "RECORD_NOT_FOUND";
  static override readonly defaultResultCode: number = ResultCode.KEY_NOT_FOUND;
  static {
    mark(RecordNotFoundError, "RecordNotFoundError");
  }
}

/** `insert` met a record that exists. */
export class RecordExistsError extends AerospikeError {
  static {
    mark(RecordExistsError, "RecordExistsError");
  }
}

/** The record's generation is not the one that the write expected. */
export class GenerationError extends AerospikeError {
  static {
    mark(GenerationError, "GenerationError");
  }
}

/** The filter expression excluded the record. */
export class FilteredOutError extends AerospikeError {
  static {
    mark(FilteredOutError, "FilteredOutError");
  }
}

/** The record would become larger than the namespace allows. */
export class RecordTooBigError extends AerospikeError {
  static {
    mark(RecordTooBigError, "RecordTooBigError");
  }
}

/** Something about a bin: its name, its type, its being there. */
export class BinError extends AerospikeError {
  static {
    mark(BinError, "BinError");
  }
}

/** The bin exists, and the operation was to create it (result code 6). */
export class BinExistsError extends BinError {
  static {
    mark(BinExistsError, "BinExistsError");
  }
}

/** The bin does not exist, and the operation was to change it (result code 17). */
export class BinNotFoundError extends BinError {
  static {
    mark(BinNotFoundError, "BinNotFoundError");
  }
}

/** The operation does not fit the type of the bin. */
export class BinTypeError extends BinError {
  static {
    mark(BinTypeError, "BinTypeError");
  }
}

/** The operation can't be applied to the bin's value. */
export class BinOpInvalidError extends BinError {
  static {
    mark(BinOpInvalidError, "BinOpInvalidError");
  }
}

/** Something about an element of a list or map. */
export class ElementError extends AerospikeError {
  static {
    mark(ElementError, "ElementError");
  }
}

/** The element does not exist, and the operation was to change it (result code 23). */
export class ElementNotFoundError extends ElementError {
  static {
    mark(ElementNotFoundError, "ElementNotFoundError");
  }
}

/** The element exists, and the operation was to create it (result code 24). */
export class ElementExistsError extends ElementError {
  static {
    mark(ElementExistsError, "ElementExistsError");
  }
}

/** A multi-record transaction failed or was refused. */
export class TransactionError extends AerospikeError {
  static override readonly defaultCode: ErrorCode = "TRANSACTION";
  static override readonly defaultResultCode: number = ResultCode.TXN_FAILED;
  static {
    mark(TransactionError, "TransactionError");
  }
}

/** Something about users, roles and rights. */
export class SecurityError extends AerospikeError {
  static {
    mark(SecurityError, "SecurityError");
  }
}

/** The cluster did not accept the credentials, or knows none. */
export class AuthenticationError extends SecurityError {
  static {
    mark(AuthenticationError, "AuthenticationError");
  }
}

/** The user's roles do not allow the operation, or not from this address. */
export class AuthorizationError extends SecurityError {
  static {
    mark(AuthorizationError, "AuthorizationError");
  }
}

/** The user's quota is used up, or could not be set. */
export class QuotaError extends AerospikeError {
  static {
    mark(QuotaError, "QuotaError");
  }
}

/** The server has no room: memory, storage, or queues. */
export class CapacityError extends AerospikeError {
  static {
    mark(CapacityError, "CapacityError");
  }
}

/** Too many commands wait for the same record. */
export class KeyBusyError extends CapacityError {
  static {
    mark(KeyBusyError, "KeyBusyError");
  }
}

/** Something about a secondary index (result codes 200 to 206). */
export class SecondaryIndexError extends AerospikeError {
  static {
    mark(SecondaryIndexError, "SecondaryIndexError");
  }
}

/** The namespace has no such secondary index (result code 201). */
export class IndexNotFoundError extends SecondaryIndexError {
  static {
    mark(IndexNotFoundError, "IndexNotFoundError");
  }
}

/** Another secondary index has this name or this definition (result code 200). */
export class IndexAlreadyExistsError extends SecondaryIndexError {
  static {
    mark(IndexAlreadyExistsError, "IndexAlreadyExistsError");
  }
}

/** A query failed on the server. */
export class QueryError extends AerospikeError {
  static {
    mark(QueryError, "QueryError");
  }
}

/** A query was stopped on the server. */
export class QueryTerminatedError extends QueryError {
  static {
    mark(QueryTerminatedError, "QueryTerminatedError");
  }
}
