import type { Writer } from "../../protocol/bytes/writer.js";

/** One request being answered. A socket has one at a time: the next waits until this one is finished. */
export interface Exchange {
  /** Where the answer goes. */
  readonly out: Writer;
  /** Who asks: "127.0.0.1:40123". */
  readonly peer: string;
  /** False when the client is gone. */
  readonly isOpen: boolean;
  /** Sends what was written so far and calls once the client has room for more, or is gone. */
  flush(then: () => void): void;
  /** Ends the answer. */
  finish(): void;
  /** Ends the socket in place of an answer. */
  hangUp(): void;
}
