import type { Writer } from "../../protocol/bytes/writer.js";
import type { RecordCommand } from "../../protocol/command/command.js";
import { skipRest } from "../../protocol/command/record-reply.js";
import type { MessageReader } from "../../protocol/message/message-reader.js";
import type { Key } from "../data/key.js";
import { RecordResult } from "./record-result.js";

/** What a command on one key is made of, besides how its answer becomes a row. */
export interface RowCommandParts<T, D> {
  /** In errors and diagnostics: "upsert", "exists". */
  readonly name: string;
  readonly key: Key<T>;
  /** Position of the key. */
  readonly index: number;
  /** The command on the wire. */
  readonly command: RecordCommand<D>;
  /** Result codes that are answers here and no errors. */
  readonly answers: ReadonlySet<number>;
}

/** A command on one record, whose answer is a row. It lends the command on the wire its verb's name. */
export class RowCommand<T, B, D> implements RecordCommand<RecordResult<T, B>> {
  readonly name: string;
  readonly isWrite: boolean;
  readonly key: Key<T>;
  readonly #parts: RowCommandParts<T, D>;
  readonly #toRow: (data: D, key: Key<T>, index: number) => RecordResult<T, B>;

  constructor(parts: RowCommandParts<T, D>, toRow: (data: D, key: Key<T>, index: number) => RecordResult<T, B>) {
    this.name = parts.name;
    this.isWrite = parts.command.isWrite;
    this.key = parts.key;
    this.#parts = parts;
    this.#toRow = toRow;
  }

  encode(w: Writer, timeoutMs: number): void {
    this.#parts.command.encode(w, timeoutMs);
  }

  decode(message: MessageReader): RecordResult<T, B> {
    const { command, index, answers } = this.#parts;
    if (!answers.has(message.resultCode)) return this.#toRow(command.decode(message), this.key, index);
    skipRest(message);
    return RecordResult.notOk(this.name, this.key, index, message.resultCode);
  }
}

/** What the commands of one call share. */
export interface CommandRequest {
  readonly namespace: string;
  readonly shape: "point" | "batch";
  /** A packed filter expression. */
  readonly filter: Uint8Array | undefined;
  /** Result codes that are answers here and no errors. */
  readonly answers: ReadonlySet<number>;
}

/** Makes the command for a key. */
export type CommandMaker<T, B> = (key: Key<T>, index: number) => RecordCommand<RecordResult<T, B>>;

/** Commands whose success is all that their rows say. */
export function commandsWithoutRecord<T>(
  name: string,
  { answers }: CommandRequest,
  make: (key: Key<T>) => RecordCommand<unknown>,
): CommandMaker<T, T> {
  const toRow = (_data: unknown, key: Key<T>, index: number): RecordResult<T, T> =>
    RecordResult.ok<T, T>(name, key, index, null);
  return (key, index) => new RowCommand({ name, key, index, answers, command: make(key) }, toRow);
}
