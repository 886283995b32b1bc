import type { MemoryNetwork } from "../../../emulator/index.js";
import {
  type Endpoint,
  formatEndpoint,
  type Socket,
  type SocketHandler,
  type Transport,
} from "../../../src/transport/transport.js";

const INFO = 1;
const SECURITY = 2;
const HEADER = 8;
const AUTHENTICATE = 0;
const LOGIN = 20;

/** What one thing that is asked of a node is replied with, in the order of its requests. */
export interface Recording {
  readonly replies: readonly { readonly isInfo: boolean; readonly bytes: Uint8Array }[];
  readonly requests: readonly Uint8Array[];
}

/** One reply in place of another. */
export interface Damage {
  /** Which of the replies, from 0. */
  readonly index: number;
  readonly pieces: readonly Uint8Array[];
}

interface Reply {
  readonly isInfo: boolean;
  chunks: Uint8Array[];
}

/**
 * The way to an emulated node; what that replied once can be replied again without it, in a microtask, with one of the
 * replies damaged.
 */
export class ReplayNode implements Transport {
  readonly #network: MemoryNetwork;
  readonly #sockets = new Set<ReplaySocket>();
  /** By address and text of the request, the latest reply. */
  readonly #info = new Map<string, Reply>();
  #replies: Reply[] = [];
  #requests: Uint8Array[] = [];
  #isReplaying = false;
  #recording: Recording = { replies: [], requests: [] };
  #damage: Damage | undefined;
  /** Requests since the recording was begun to be replied, and those of them that were no info. */
  #asked = 0;
  #messages = 0;

  constructor(network: MemoryNetwork) {
    this.#network = network;
  }

  get isReplaying(): boolean {
    return this.#isReplaying;
  }

  /** Whether the reply that is damaged was given. */
  get hasDamaged(): boolean {
    return this.#damage !== undefined && this.#asked > this.#damage.index;
  }

  /** Carries everything to the emulator, and records it until {@link recorded}. */
  record(): void {
    this.#isReplaying = false;
    this.#replies = [];
    this.#requests = [];
  }

  recorded(): Recording {
    const replies = this.#replies.map(({ isInfo, chunks }) => ({
      isInfo,
      bytes: new Uint8Array(Buffer.concat(chunks)),
    }));
    return { replies: replies.filter(({ bytes }) => bytes.length > 0), requests: this.#requests };
  }

  /** Gives what was recorded, from its beginning, with one reply damaged or none. */
  replay(recording: Recording, damage: Damage | undefined): void {
    this.#isReplaying = true;
    this.#recording = recording;
    this.#damage = damage;
    this.#asked = 0;
    this.#messages = 0;
  }

  /** Ends every socket that commands wait on, as a node does that has no more to say. */
  hangUp(): void {
    for (const socket of [...this.#sockets]) socket.hangUp();
  }

  connect(endpoint: Endpoint, handler: SocketHandler): Socket {
    const socket = new ReplaySocket(this, endpoint, handler, (replay) => this.#sockets.delete(replay));
    this.#sockets.add(socket);
    if (!this.#isReplaying) socket.carry(this.#network);
    return socket;
  }

  /** Takes note of a request, and answers where its reply is to be put. */
  noted(address: string, request: Uint8Array): Reply {
    const isInfo = isOfItself(request);
    const reply: Reply = { isInfo, chunks: [] };
    this.#requests.push(request);
    this.#replies.push(reply);
    if (isInfo) this.#info.set(address + textOf(request), reply);
    return reply;
  }

  /** What is replied to a request, in pieces; nothing where the node says nothing. */
  replyTo(address: string, request: Uint8Array): readonly Uint8Array[] {
    const index = this.#asked++;
    const isInfo = isOfItself(request);
    const place = isInfo ? -1 : this.#messages++;
    if (index === this.#damage?.index) return this.#damage.pieces;
    if (isInfo) return this.#info.get(address + textOf(request))?.chunks ?? [];
    const bytes = this.#recording.replies.filter((reply) => !reply.isInfo)[place]?.bytes;
    return bytes === undefined ? [] : [bytes];
  }
}

class ReplaySocket implements Socket {
  readonly #node: ReplayNode;
  readonly #endpoint: Endpoint;
  readonly #handler: SocketHandler;
  readonly #onEnd: (socket: ReplaySocket) => void;
  #inner: Socket | undefined;
  /** Of the latest request. */
  #reply: Reply | undefined;
  readonly #arriving: Uint8Array[] = [];
  #isPaused = false;
  #isClosed = false;

  constructor(node: ReplayNode, endpoint: Endpoint, handler: SocketHandler, onEnd: (socket: ReplaySocket) => void) {
    this.#node = node;
    this.#endpoint = endpoint;
    this.#handler = handler;
    this.#onEnd = onEnd;
    if (node.isReplaying) queueMicrotask(() => this.#isClosed || handler.onConnect());
  }

  carry(network: MemoryNetwork): void {
    this.#inner = network.connect(this.#endpoint, {
      onConnect: () => this.#handler.onConnect(),
      onData: (bytes) => {
        this.#reply?.chunks.push(bytes);
        this.#handler.onData(bytes);
      },
      onDrain: () => this.#handler.onDrain(),
      onClose: (error) => {
        if (this.#isClosed) return;
        this.#end();
        this.#handler.onClose(error);
      },
    });
  }

  write(bytes: Uint8Array): boolean {
    // The client may write its next request into the same memory.
    const request = bytes.slice();
    if (!this.#node.isReplaying) {
      this.#reply = this.#node.noted(formatEndpoint(this.#endpoint), request);
      return this.#inner?.write(request) ?? true;
    }
    this.#arriving.push(...this.#node.replyTo(formatEndpoint(this.#endpoint), request));
    queueMicrotask(() => this.#deliver());
    return true;
  }

  pause(): void {
    this.#isPaused = true;
    this.#inner?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#inner?.resume();
    queueMicrotask(() => this.#deliver());
  }

  destroy(): void {
    this.hangUp();
  }

  keepAlive(): void {
    // There is no handle that could keep the process running.
  }

  hangUp(): void {
    if (this.#isClosed) return;
    this.#end();
    this.#inner?.destroy();
    queueMicrotask(() => this.#handler.onClose());
  }

  #deliver(): void {
    while (!this.#isClosed && !this.#isPaused) {
      const piece = this.#arriving.shift();
      if (piece === undefined) return;
      this.#handler.onData(piece);
    }
  }

  #end(): void {
    this.#isClosed = true;
    this.#onEnd(this);
  }
}

/** Whether it is asked by the client of itself, whatever the program asks: info, and logins. */
function isOfItself(request: Uint8Array): boolean {
  if (request[1] === INFO) return true;
  const command = request[HEADER + 2];
  return request[1] === SECURITY && (command === AUTHENTICATE || command === LOGIN);
}

function textOf(request: Uint8Array): string {
  return Buffer.from(request.buffer, request.byteOffset + HEADER, request.length - HEADER).toString("latin1");
}
