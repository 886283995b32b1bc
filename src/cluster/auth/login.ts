import type { Reader } from "../../../protocol/bytes/reader.js";
import type { Writer } from "../../../protocol/bytes/writer.js";
import { ProtoType } from "../../../protocol/frame/proto.js";
import { ProtocolError } from "../../../protocol/protocol-error.js";
import { ResultCode } from "../../../protocol/result-code.js";
import { ResultError } from "../../../protocol/result-error.js";
import {
  type LoginRequest,
  readSecurityReply,
  type SecurityReply,
  writeAuthenticate,
  writeLogin,
} from "../../../protocol/security/login.js";
import type { Runtime } from "../../../runtime/runtime.js";
import { errorOfResult } from "../../errors/error-of-result.js";
import { SecurityError } from "../../errors/errors.js";
import type { LoginCredentials } from "./credentials.js";
import type { Handshake } from "./handshake.js";
import type { NodeToken } from "./login-memory.js";

/** A session is renewed so long before the server ends it. */
const EARLY_MS = 60_000;

/** How the nodes of a cluster are logged in to, each by itself. */
export class NodeLogins {
  readonly credentials: LoginCredentials;
  readonly #runtime: Runtime;
  readonly #tokens: Map<string, NodeToken>;

  /** @param tokens of all nodes, by address */
  constructor(credentials: LoginCredentials, runtime: Runtime, tokens: Map<string, NodeToken>) {
    this.credentials = credentials;
    this.#runtime = runtime;
    this.#tokens = tokens;
  }

  to(address: string): NodeLogin {
    return new NodeLogin(this.credentials, this.#runtime, this.#tokens, address);
  }
}

/**
 * One node's view of who we are: every node is logged in to by itself, over the control channel, and its other sockets
 * then show the token that it gave.
 */
export class NodeLogin {
  readonly #request: LoginRequest;
  readonly #runtime: Runtime;
  readonly #tokens: Map<string, NodeToken>;
  readonly #address: string;
  #refused = false;

  /**
   * @param tokens of all nodes, by address
   * @param address of this node
   */
  constructor(request: LoginRequest, runtime: Runtime, tokens: Map<string, NodeToken>, address: string) {
    this.#request = request;
    this.#runtime = runtime;
    this.#tokens = tokens;
    this.#address = address;
  }

  /** Whether the control channel has to log in anew. */
  get isDue(): boolean {
    const given = this.#tokens.get(this.#address);
    return this.#refused || (given !== undefined && this.#runtime.now() >= given.renewAt);
  }

  /** The node does not know the session any more. */
  renew(): void {
    this.#refused = true;
    this.#tokens.delete(this.#address);
  }

  loginHandshake(): Handshake {
    return {
      encode: (w: Writer) => writeLogin(w, this.#request),
      onFrame: (type: ProtoType, body: Reader) => {
        const { token, ttl } = expectWelcome(type, body, "login");
        this.#refused = false;
        const now = this.#runtime.now();
        const endsAt = ttl === undefined ? Number.POSITIVE_INFINITY : now + ttl * 1_000;
        this.#tokens.set(this.#address, { token, renewAt: Math.max(now, endsAt - EARLY_MS), endsAt });
      },
    };
  }

  /**
   * Shows the token that the node gave; undefined when it has no security enabled.
   * @param mayLogIn whether to log in where there is none that holds. Otherwise that is left to the control channel.
   */
  sessionHandshake(mayLogIn: boolean): Handshake | undefined {
    const given = this.#tokens.get(this.#address);
    if (given === undefined || this.#runtime.now() >= given.endsAt) {
      if (mayLogIn) return this.loginHandshake();
      this.#refused = true;
      return NO_SESSION;
    }
    const { token } = given;
    if (token === undefined) return undefined;
    return {
      encode: (w: Writer) => writeAuthenticate(w, this.#request.user, token),
      onFrame: (type: ProtoType, body: Reader) => {
        try {
          expectWelcome(type, body, "authentication");
        } catch (error) {
          this.renew();
          throw error;
        }
      },
    };
  }
}

const NO_SESSION: Handshake = {
  encode() {
    throw new SecurityError("The session has ended; it is renewed over TLS", { code: "EXPIRED_SESSION" });
  },
  onFrame: () => undefined,
};

function expectWelcome(type: ProtoType, body: Reader, operation: string): SecurityReply {
  if (type !== ProtoType.ADMIN) throw new ProtocolError(`the reply to a security message is of type ${type}`);
  const reply = readSecurityReply(body);
  // A server with security switched off lets everybody in.
  if (reply.resultCode !== ResultCode.OK && reply.resultCode !== ResultCode.SECURITY_NOT_ENABLED) {
    throw errorOfResult(new ResultError(reply.resultCode), { operation });
  }
  return reply;
}
