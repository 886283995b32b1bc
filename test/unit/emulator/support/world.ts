import { Emulator, type EmulatorOptions } from "../../../../emulator/index.js";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { Writer } from "../../../../protocol/bytes/writer.js";
import type { Command, StreamCommand } from "../../../../protocol/command/command.js";
import type { BinsToWrite } from "../../../../protocol/command/record-operation.js";
import type { RecordData } from "../../../../protocol/command/record-reply.js";
import { writeInfoRequest } from "../../../../protocol/info/info-request.js";
import { type JobStatus, parseJobStatus } from "../../../../protocol/info/job-status.js";
import { hasPartition, parseReplicas } from "../../../../protocol/info/replicas.js";
import { makeKey } from "../../../../protocol/key/make-key.js";
import type { RecordKey } from "../../../../protocol/key/record-key.js";
import { PARTITIONS } from "../../../../protocol/limits.js";
import { MessageReader } from "../../../../protocol/message/message-reader.js";
import { ResultError } from "../../../../protocol/result-error.js";
import { VirtualRuntime } from "../../../../runtime/virtual-runtime.js";
import { readCommand, writeCommand } from "../../../support/record-commands.js";
import { TestSocket } from "./test-socket.js";

export const NAMESPACE = "test";
export const SET = "people";

export function keyOf(id: number | string, setName = SET): RecordKey {
  return makeKey(NAMESPACE, setName, id);
}

export function encoded(command: Command<unknown> | StreamCommand, timeoutMs = 1000): Uint8Array {
  const w = new Writer();
  command.encode(w, timeoutMs);
  return w.copy();
}

export function infoRequest(...commands: string[]): Uint8Array {
  const w = new Writer();
  writeInfoRequest(w, commands);
  return w.copy();
}

export function messageOf(body: Uint8Array): MessageReader {
  const message = new MessageReader();
  message.load(new Reader(body));
  if (!message.next()) throw new Error("The answer holds no message");
  return message;
}

/** A cluster in memory under virtual time, and a client that talks to one node of it at a time. */
export class World implements AsyncDisposable {
  readonly emulator: Emulator;
  readonly runtime: VirtualRuntime;
  readonly #sockets = new Map<number, TestSocket>();

  private constructor(emulator: Emulator, runtime: VirtualRuntime) {
    this.emulator = emulator;
    this.runtime = runtime;
  }

  /** @param options `lua`: functions can be registered; left out, as Lua takes time to start */
  static async start({ lua = false, ...options }: EmulatorOptions & { readonly lua?: boolean } = {}): Promise<World> {
    const runtime = new VirtualRuntime();
    const all: EmulatorOptions = { namespaces: [{ name: NAMESPACE }], ...(!lua && { udf: "none" }), ...options };
    return new World(await Emulator.start({ ...all, runtime, listen: "memory" }), runtime);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.emulator.close();
  }

  /** A new socket to a node. */
  open(node = 0): TestSocket {
    return new TestSocket(this.emulator.transport, this.emulator.nodes[node]!);
  }

  /** The socket to a node that commands go through: opened when there is none. */
  socket(node = 0): TestSocket {
    const open = this.#sockets.get(node);
    if (open !== undefined && !open.isClosed) return open;
    const socket = this.open(node);
    this.#sockets.set(node, socket);
    return socket;
  }

  /** The value that a node answers to an info command. */
  async info(command: string, node = 0): Promise<string> {
    const socket = this.socket(node);
    socket.write(infoRequest(command));
    const { body } = await this.runtime.until(socket.next());
    const text = new TextDecoder().decode(body);
    return text.slice(text.indexOf("\t") + 1, -1);
  }

  /** What a command comes to at a node; rejects with a ResultError when it is refused. */
  async run<T>(command: Command<T>, node = 0, timeoutMs = 1000): Promise<T> {
    const socket = this.socket(node);
    socket.write(encoded(command, timeoutMs));
    const { body } = await this.runtime.until(socket.next());
    return command.decode(messageOf(body));
  }

  /** The result code that a command comes to: 0 when it is carried out. */
  async codeOf(command: Command<unknown>, node = 0, timeoutMs = 1000): Promise<number> {
    try {
      await this.run(command, node, timeoutMs);
      return 0;
    } catch (error) {
      if (error instanceof ResultError) return error.resultCode;
      throw error;
    }
  }

  /** Takes the whole stream that a node answers. */
  stream(command: StreamCommand, node = 0): Promise<void> {
    return this.streamOn(this.socket(node), command);
  }

  async streamOn(socket: TestSocket, command: StreamCommand): Promise<void> {
    socket.write(encoded(command, 0));
    for (;;) {
      const { body } = await this.runtime.until(socket.next());
      const message = new MessageReader();
      message.load(new Reader(body));
      while (message.next()) if (command.take(message)) return;
    }
  }

  write(id: number | string, bins: BinsToWrite, node = 0): Promise<unknown> {
    return this.run(writeCommand(keyOf(id), bins), node);
  }

  /** Records 0 to `count` - 1 of the set, each with its number in bin `n`. */
  async fill(count: number): Promise<void> {
    for (let id = 0; id < count; id++) await this.write(id, { n: id });
  }

  /** A record as a node answers it; undefined when there is none. */
  async read(id: number | string, node = 0): Promise<RecordData | undefined> {
    try {
      return await this.run(readCommand(keyOf(id)), node);
    } catch (error) {
      if (error instanceof ResultError && error.resultCode === 2) return undefined;
      throw error;
    }
  }

  async job(taskId: bigint, node = 0): Promise<JobStatus> {
    return parseJobStatus(await this.info(`query-show:trid=${taskId}`, node));
  }

  /** Lets time pass until a node's part of a job has ended. */
  async finished(taskId: bigint, node = 0): Promise<JobStatus> {
    for (;;) {
      const job = await this.job(taskId, node);
      if (job.done) return job;
      await this.runtime.advance(10);
    }
  }

  /** By partition: the node that says it is the master; throws when none or two do. */
  async masters(): Promise<number[]> {
    const masters = new Array<number>(PARTITIONS).fill(-1);
    for (const { index, running } of this.emulator.nodes) {
      if (!running) continue;
      const bitmap = parseReplicas(await this.info("replicas", index)).get(NAMESPACE)!.columns[0]!;
      for (let partition = 0; partition < PARTITIONS; partition++) {
        if (!hasPartition(bitmap, partition)) continue;
        if (masters[partition] !== -1) throw new Error(`Partition ${partition} has two masters`);
        masters[partition] = index;
      }
    }
    return masters;
  }
}
