import type { Writer } from "../bytes/writer.js";
import type { RecordKey } from "../key/record-key.js";
import type { MessageReader } from "../message/message-reader.js";

/** A command whose reply is one message. */
export interface Command<T> {
  /** In errors and diagnostics: "get", "upsert", "background update". */
  readonly name: string;
  /** Likewise, of a command that has no key. */
  readonly namespace?: string;
  readonly setName?: string;
  /** Whether a lost reply leaves in doubt what happened. */
  readonly isWrite: boolean;
  /** Whether a write that may have happened can be sent again: done twice, it is as if it was done once. Default false. */
  readonly isRepeatable?: boolean;
  /** Seconds to live that a write gives, 0 for the server's default; absent or below 0 when it gives none. */
  readonly recordTtl?: number;
  /**
   * Appends the whole request, proto header included.
   * @param timeoutMs what the server may take, 0 for its own default
   */
  encode(w: Writer, timeoutMs: number): void;
  /**
   * Reads the reply, whose header was read already, up to its end. Throws ResultError when the server refused.
   */
  decode(message: MessageReader): T;
}

/** A command on one record, sent to the node that owns its partition. */
export interface RecordCommand<T> extends Command<T> {
  readonly key: RecordKey;
}

/** A command whose reply is a stream of messages; it has a socket of its own while it runs. */
export interface StreamCommand {
  /** In errors and diagnostics: "count", "query". */
  readonly name: string;
  readonly namespace?: string;
  readonly setName?: string;
  /** Records that it asks for or changes, where that is known. */
  readonly batchSize?: number;
  /** Whether a stream that breaks off leaves in doubt what happened. Default false. */
  readonly isWrite?: boolean;
  encode(w: Writer, timeoutMs: number): void;
  /**
   * Takes one message of the stream, fields and ops included; true when it was the last.
   * Throws ResultError when the server refused or stopped: that was the last message, and nothing follows it.
   */
  take(message: MessageReader): boolean;
}
