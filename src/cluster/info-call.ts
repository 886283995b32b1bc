import type { Reader } from "../../protocol/bytes/reader.js";
import type { Writer } from "../../protocol/bytes/writer.js";
import { ProtoType } from "../../protocol/frame/proto.js";
import { type InfoReply, parseInfoReply } from "../../protocol/info/info-reply.js";
import { writeInfoRequest } from "../../protocol/info/info-request.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import { ResultError } from "../../protocol/result-error.js";
import { errorOfResult } from "../errors/error-of-result.js";
import { ConnectionError, SerializationError, TimeoutError } from "../errors/errors.js";
import type { Deadline } from "../time/deadline.js";
import { Call } from "./call.js";
import type { Io } from "./io.js";

/** Whoever gives the request a socket. */
export interface InfoRoute {
  submit(exchange: InfoCall): void;
}

/** Asks a node over the info protocol, once. */
export function askInfo(
  io: Io,
  route: InfoRoute,
  node: string,
  commands: readonly string[],
  deadline: Deadline,
): Promise<InfoReply> {
  return new Promise((resolve, reject) => {
    new InfoCall(io, deadline, node, commands, resolve, reject).start(route);
  });
}

export class InfoCall extends Call<InfoReply> {
  protected readonly operation = "info request";
  readonly #node: string;
  readonly #commands: readonly string[];
  #outcome: InfoReply | ResultError | undefined = undefined;
  #garbled: unknown = undefined;

  /** @param node id or address, for messages */
  constructor(
    io: Io,
    deadline: Deadline,
    node: string,
    commands: readonly string[],
    resolve: (reply: InfoReply) => void,
    reject: (error: unknown) => void,
  ) {
    super(io, deadline, resolve, reject);
    this.#node = node;
    this.#commands = commands;
  }

  start(route: InfoRoute): void {
    if (!this.listen()) return;
    this.io.heap.set(this, this.deadline.endsAt);
    route.submit(this);
  }

  encode(w: Writer): void {
    writeInfoRequest(w, this.#commands);
  }

  onFrame(type: ProtoType, body: Reader): boolean {
    try {
      if (type !== ProtoType.INFO) throw new ProtocolError(`a message of type ${type} answers an info request`);
      this.#outcome = parseInfoReply(body, this.#commands);
    } catch (error) {
      if (!(error instanceof ResultError)) {
        this.#garbled = error;
        throw error;
      }
      this.#outcome = error;
    }
    return true;
  }

  onReplied(): void {
    const outcome = this.#outcome;
    if (outcome instanceof ResultError) {
      this.fail(errorOfResult(outcome, { operation: this.#describe(), node: this.#node }));
    } else if (outcome !== undefined) this.succeed(outcome);
  }

  onLost(loss: ConnectionError): void {
    if (this.#garbled === undefined) {
      this.fail(
        new ConnectionError(`${loss.message} (${this.#describe()})`, {
          code: loss.code,
          node: this.#node,
          cause: loss,
        }),
      );
    } else {
      this.fail(new SerializationError(loss.message, { node: this.#node, cause: this.#garbled }));
    }
  }

  onDue(): void {
    this.withdraw();
    this.fail(
      new TimeoutError(`No answer from node ${this.#node} within ${this.deadline.totalMs} ms (${this.#describe()})`, {
        node: this.#node,
      }),
    );
  }

  /** The commands without their parameters, which may be long or secret. */
  #describe(): string {
    return `info ${this.#commands.map((command) => command.split(/[:/]/, 1)[0]).join(", ")}`;
  }
}
