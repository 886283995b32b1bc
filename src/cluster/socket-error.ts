import { ConnectionError } from "../errors/errors.js";

/** A socket that did not open or was lost, and how far it had come: what may be the reason depends on it. */
export class SocketError extends ConnectionError {
  override readonly name = "ConnectionError";
  readonly phase: "opening" | "login" | "open";

  constructor(message: string, phase: SocketError["phase"], cause?: Error) {
    super(message, { cause });
    this.phase = phase;
  }
}
