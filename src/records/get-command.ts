import type { Writer } from "../../protocol/bytes/writer.js";
import type { RecordCommand } from "../../protocol/command/command.js";
import { ReadCommand } from "../../protocol/command/read.js";
import type { ReadPolicy } from "../../protocol/command/read-policy.js";
import type { MessageReader } from "../../protocol/message/message-reader.js";
import type { Runtime } from "../../runtime/runtime.js";
import type { Key } from "../data/key.js";
import { Record } from "./record.js";
import { secondsToLive } from "./void-time.js";

/** Reads a record, all bins or some of them. */
export class GetCommand<T, B> implements RecordCommand<Record<T, B>> {
  readonly name = "get";
  readonly isWrite = false;
  readonly key: Key<T>;
  readonly #read: ReadCommand;
  readonly #runtime: Runtime;

  constructor(key: Key<T>, bins: readonly string[] | undefined, policy: ReadPolicy, runtime: Runtime) {
    this.key = key;
    this.#read = new ReadCommand(key, bins, policy);
    this.#runtime = runtime;
  }

  encode(w: Writer, timeoutMs: number): void {
    this.#read.encode(w, timeoutMs);
  }

  decode(message: MessageReader): Record<T, B> {
    const { bins, generation, voidTime } = this.#read.decode(message);
    const ttl = secondsToLive(voidTime, this.#runtime.wallClock());
    // The one place where bins get the type that their data set declares: nobody but the caller can know it.
    return new Record<T, B>(this.key, bins as B, generation, ttl);
  }
}
