import type { LoginCredentials } from "./credentials.js";

/** What a node gave to show on further sockets. */
export interface NodeToken {
  /** Undefined when the node has no security enabled. */
  readonly token: Uint8Array | undefined;
  /** When to ask for another, and when this one ends, on the runtime's clock. */
  readonly renewAt: number;
  readonly endsAt: number;
}

/**
 * What was learned of logging in, as plain data: the hash of the password, which takes long to compute, and the tokens
 * that nodes gave. A program whose clients live briefly hands it from one to the next. It never leaves the process.
 */
export class LoginMemory {
  credentials: LoginCredentials | undefined = undefined;
  /** By address: a node that is found again knows its token still. */
  readonly tokens: Map<string, NodeToken> = new Map();
}
