import { connect as connectSocket, type Socket } from "node:net";
import type { Reader } from "../../protocol/bytes/reader.js";
import { Writer } from "../../protocol/bytes/writer.js";
import { FrameSplitter } from "../../protocol/frame/frame-splitter.js";
import type { RecordKey } from "../../protocol/key/record-key.js";
import { MessageReader } from "../../protocol/message/message-reader.js";
import type { Side } from "./compare.js";
import { ReplyBuilder, type StepReply } from "./reply.js";
import { encodeStep, rowsOf, type Step } from "./step.js";

interface Waiting {
  readonly builder: ReplyBuilder;
  readonly resolve: (reply: StepReply) => void;
  readonly reject: (error: Error) => void;
}

/** A socket to one node that carries steps out in their order. */
export class Wire implements Side {
  readonly #socket: Socket;
  readonly #waiting: Waiting[] = [];
  readonly #splitter = new FrameSplitter();
  readonly #message = new MessageReader();
  #lost: Error | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("error", (error) => this.#lose(error));
    socket.on("close", () => this.#lose(new Error("the server closed the socket")));
  }

  static open(host: string, port: number): Promise<Wire> {
    return new Promise((resolve, reject) => {
      const socket = connectSocket(port, host);
      socket.setNoDelay(true);
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.off("error", reject);
        resolve(new Wire(socket));
      });
    });
  }

  /** Sends steps at once; the replies come in their order. */
  run(steps: readonly Step[], keys: readonly RecordKey[]): Promise<StepReply[]> {
    const w = new Writer(4096);
    for (const step of steps) encodeStep(w, step, keys);
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    const replies = steps.map((step) => {
      return new Promise<StepReply>((resolve, reject) => {
        const builder = new ReplyBuilder(rowsOf(step).length, step.kind === "batch");
        this.#waiting.push({ builder, resolve, reject });
      });
    });
    this.#socket.write(w.copy());
    return Promise.all(replies);
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#splitter.push(chunk);
    try {
      while (this.#splitter.next()) this.#takeBody(this.#splitter.body);
    } catch (error) {
      this.#lose(error instanceof Error ? error : new Error(String(error)));
      this.#socket.destroy();
    }
  }

  #takeBody(body: Reader): void {
    this.#message.load(body);
    while (this.#message.next()) {
      const [first] = this.#waiting;
      if (first === undefined) throw new Error("a reply that nobody asked for");
      if (!first.builder.take(this.#message)) continue;
      this.#waiting.shift();
      first.resolve(first.builder.reply);
    }
  }

  #lose(error: Error): void {
    this.#lost ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#lost);
  }
}
