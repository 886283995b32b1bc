import type { Memory } from "../../protocol/bytes/memory.js";
import type { Reader } from "../../protocol/bytes/reader.js";
import { Writer } from "../../protocol/bytes/writer.js";
import { FrameSplitter } from "../../protocol/frame/frame-splitter.js";
import { ProtoType } from "../../protocol/frame/proto.js";
import { MAX_REPLY_BODY } from "../../protocol/limits.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import type { Runtime } from "../../runtime/runtime.js";
import { AerospikeError, ConnectionError } from "../errors/errors.js";
import type { DeadlineHeap, Expiring } from "../time/deadline-heap.js";
import { nextTurn } from "../time/next-turn.js";
import { type Endpoint, formatEndpoint, type Socket, type Transport } from "../transport/transport.js";
import type { Handshake } from "./auth/handshake.js";
import type { ConnectionOwner } from "./connection-owner.js";
import { describeGarbage } from "./describe-garbage.js";
import type { Exchange } from "./exchange.js";
import type { Meter } from "./metrics/meter.js";
import { SocketError } from "./socket-error.js";

/** Requests of more than this are not collected any further before they leave. */
const FLUSH_AT = 32 * 1024;
/** A socket whose unsent bytes exceed this takes no further request. */
const UNSENT_LIMIT = 256 * 1024;
const SMALLEST_BUFFER = 512;
/** A socket that was unused for so long may have been closed by the other side while this process slept. */
const LONG_REST_MS = 1_000;

export interface ConnectionOptions {
  readonly transport: Transport;
  readonly endpoint: Endpoint;
  readonly runtime: Runtime;
  readonly heap: DeadlineHeap;
  readonly meter: Meter;
  /** For long requests. */
  readonly memory: Memory;
  /** Requests that may wait for their replies at once: a power of two. */
  readonly depth: number;
  readonly connectTimeoutMs: number;
  /** How long replies that nobody waits for may keep the socket blocked. */
  readonly drainTimeoutMs: number;
  readonly handshake?: Handshake | undefined;
  /** Never keeps the process running, whatever waits on it: for housekeeping. */
  readonly background: boolean;
}

type State = "opening" | "handshake" | "ready" | "closed";

/**
 * One socket and the exchanges on it. The wire has no correlation id: the n-th reply belongs to the n-th request and
 * nothing else says so. So exchanges stand in a ring of slots in the order of their requests; one that gave up leaves
 * its slot empty, and the late reply is read and dropped there.
 *
 * Requests are encoded at once into a send buffer; those of one tick leave in one write.
 */
export class Connection implements Expiring {
  dueAt = Number.POSITIVE_INFINITY;
  heapIndex = -1;

  readonly address: string;
  /** Time that the server lately took for a reply while requests waited here, in ms: a running mean. */
  pace = 0;
  /** When it was begun to open, on the runtime's clock. */
  readonly openedAt: number;
  /** When the last request left. */
  lastUsedAt: number;

  readonly #options: ConnectionOptions;
  readonly #owner: ConnectionOwner;
  readonly #socket: Socket | undefined;
  readonly #splitter: FrameSplitter;
  readonly #writer: Writer;
  /** Long requests that have not left yet. */
  #leaving: Uint8Array[] = [];
  readonly #mask: number;
  /** Slots by their number; an empty one within [#head, #tail) is abandoned. */
  readonly #slots: (Exchange | undefined)[];
  /** Where the request of each unsent slot begins in the send buffer. */
  readonly #starts: number[];
  /** When the request of each sent slot left. */
  readonly #sentAt: Float64Array;
  /** When replies were last read. */
  #repliedAt = Number.NEGATIVE_INFINITY;
  /** Number of the next slot to be answered, of the next to leave, of the next to be given out. */
  #head = 0;
  #unsent = 0;
  #tail = 0;
  #abandoned = 0;
  #state: State = "opening";
  /** The runtime's send buffer is full. */
  #blocked = false;
  #retired = false;
  #holdsProcess = false;
  #flushPlanned = false;
  /** Nothing is sent before the socket was read: it may be at its end. */
  #readsFirst = false;
  /** Length of the send buffer when the flush was last put off. */
  #seen = 0;
  readonly #flushTask = (): void => this.#flushWhenQuiet();

  constructor(options: ConnectionOptions, owner: ConnectionOwner) {
    this.#options = options;
    this.#owner = owner;
    this.#writer = new Writer(SMALLEST_BUFFER, options.memory);
    this.#splitter = new FrameSplitter(MAX_REPLY_BODY, options.transport.allocate);
    this.address = formatEndpoint(options.endpoint);
    this.#mask = options.depth - 1;
    this.#slots = new Array<Exchange | undefined>(options.depth).fill(undefined);
    this.#starts = new Array<number>(options.depth).fill(0);
    this.#sentAt = new Float64Array(options.depth);
    this.openedAt = options.runtime.now();
    this.lastUsedAt = this.openedAt;
    options.heap.set(this, this.openedAt + options.connectTimeoutMs, this.openedAt);
    try {
      this.#socket = options.transport.connect(options.endpoint, {
        onConnect: () => this.#onConnect(),
        onData: (bytes) => this.#onData(bytes),
        target: () => this.#target(),
        onDrain: () => this.#onDrain(),
        onClose: (error) => this.#onClose(error),
      });
      this.#holdsProcess = !options.background;
      this.#socket.keepAlive(this.#holdsProcess);
    } catch (error) {
      // The owner learns of it as of any failure: after it has the connection.
      queueMicrotask(() => this.#onClose(error instanceof Error ? error : new Error(String(error))));
    }
  }

  get isReady(): boolean {
    return this.#state === "ready";
  }

  get isOpening(): boolean {
    return this.#state === "opening" || this.#state === "handshake";
  }

  get isClosed(): boolean {
    return this.#state === "closed";
  }

  get isBackground(): boolean {
    return this.#options.background;
  }

  /** Whose reply comes next; undefined when nobody wants it, or before a login has been answered. */
  get #waiting(): Exchange | undefined {
    return this.#state === "ready" ? this.#slots[this.#head & this.#mask] : undefined;
  }

  /** Requests that wait for their replies, abandoned ones included. */
  get pending(): number {
    return this.#tail - this.#head;
  }

  /** The reply that everything else waits behind is one that nobody wants any more. */
  get isStalled(): boolean {
    return this.#head !== this.#tail && this.#slots[this.#head & this.#mask] === undefined;
  }

  /** Since when the oldest request has been waiting with no other before it; Infinity when none waits. */
  get oldestSince(): number {
    if (this.#head === this.#unsent) return Number.POSITIVE_INFINITY;
    return Math.max(this.#repliedAt, this.#sentAt[this.#head & this.#mask]!);
  }

  /** Whether one more request may be given to it. */
  get hasRoom(): boolean {
    return this.pending <= this.#mask && this.#writer.length < UNSENT_LIMIT && this.#state !== "closed";
  }

  /** Gives the exchange the next slot. Throws what its encoding throws, with nothing written. */
  send(exchange: Exchange): void {
    const w = this.#writer;
    const start = w.length;
    try {
      exchange.encode(w);
    } catch (error) {
      w.rewind(start);
      throw error;
    }
    const slot = this.#tail++;
    this.#slots[slot & this.#mask] = exchange;
    this.#starts[slot & this.#mask] = start;
    exchange.onPlaced(this, slot);
    this.#holdProcess();
    if (this.#state !== "ready") return;
    if (slot === this.#head && !this.#flushPlanned) this.#readFirstIfRested();
    if (w.length >= FLUSH_AT) this.#flush();
    else if (!this.#flushPlanned) {
      this.#flushPlanned = true;
      this.#seen = w.length;
      if (!this.#readsFirst) queueMicrotask(this.#flushTask);
    }
  }

  /**
   * A process that was frozen (a Lambda between two invocations) wakes up with sockets whose end it has not read yet. What
   * is written to them is lost, and a write would be in doubt. So after a long rest the first request waits until the
   * socket was read: one turn to hear of the end, another for the runtime to say that the socket is closed.
   */
  #readFirstIfRested(): void {
    const { runtime } = this.#options;
    if (runtime.now() - this.lastUsedAt < LONG_REST_MS) return;
    this.#readsFirst = true;
    nextTurn(runtime, () =>
      nextTurn(runtime, () => {
        this.#readsFirst = false;
        this.#flushTask();
      }),
    );
  }

  /** Takes an exchange out of its slot; true when its request was sent already. */
  withdraw(exchange: Exchange): boolean {
    exchange.connection = undefined;
    if (exchange.slot >= this.#unsent) {
      this.#takeBack(exchange.slot);
      // It may have been held up by a stream that leaves it to others now.
      this.resume();
      this.#holdProcess();
      if (this.#state === "ready") this.#owner.onRoom(this);
      return false;
    }
    this.#slots[exchange.slot & this.#mask] = undefined;
    if (this.#abandoned++ === 0) this.#awaitDrain();
    this.#holdProcess();
    return true;
  }

  pause(): void {
    this.#socket?.pause();
  }

  resume(): void {
    this.#socket?.resume();
  }

  /** Whether it was closed because nobody needed it any more, which is nobody's fault. */
  get isRetired(): boolean {
    return this.#retired;
  }

  /** Closes a socket that works but is of no more use. */
  retire(reason: ConnectionError): void {
    this.#retired = true;
    this.destroy(reason);
  }

  /** Closes the socket at once and tells every exchange on it. */
  destroy(reason: ConnectionError): void {
    if (this.#state === "closed") return;
    const ready = this.#state === "ready";
    this.#state = "closed";
    if (ready) this.#owner.traffic.closed++;
    else this.#owner.traffic.failed++;
    this.#options.heap.remove(this);
    this.#socket?.destroy();
    this.#owner.onClosed(this, reason, ready);
    for (; this.#head < this.#tail; this.#head++) {
      const exchange = this.#slots[this.#head & this.#mask];
      if (exchange === undefined) continue;
      this.#slots[this.#head & this.#mask] = undefined;
      exchange.connection = undefined;
      exchange.onLost(reason, this.#head < this.#unsent);
    }
  }

  /** It did not open, or did not drain, in time. */
  onDue(): void {
    const { connectTimeoutMs, drainTimeoutMs } = this.#options;
    if (this.#state === "opening") {
      this.destroy(new SocketError(`No connection to ${this.address} within ${connectTimeoutMs} ms`, "opening"));
    } else if (this.#state === "handshake") {
      this.destroy(new SocketError(`No answer to the login on ${this.address} within ${connectTimeoutMs} ms`, "login"));
    } else {
      this.destroy(
        new ConnectionError(
          `${this.address} left a request unanswered for ${drainTimeoutMs} ms after its caller gave up`,
        ),
      );
    }
  }

  #onConnect(): void {
    if (this.#state !== "opening") return;
    const { handshake } = this.#options;
    if (handshake === undefined) {
      this.#getReady();
      return;
    }
    this.#state = "handshake";
    const w = new Writer();
    try {
      handshake.encode(w);
    } catch (error) {
      const cause = error instanceof Error ? error : undefined;
      this.destroy(new SocketError(`No login on ${this.address}: ${cause?.message}`, "login", cause));
      return;
    }
    this.#owner.traffic.bytesOut += w.length;
    this.#socket?.write(w.take());
  }

  #getReady(): void {
    this.#state = "ready";
    this.#owner.traffic.opened++;
    this.#options.heap.remove(this);
    this.#holdProcess();
    this.#flush();
    this.#owner.onReady(this);
  }

  #onData(bytes: Uint8Array): void {
    if (this.#state === "closed") return;
    const { meter, runtime } = this.#options;
    meter.readAt = runtime.now();
    this.#owner.traffic.bytesIn += bytes.length;
    const splitter = this.#splitter;
    const first = this.#head;
    const sentAt = this.#sentAt[first & this.#mask]!;
    try {
      splitter.push(bytes);
      while (splitter.next(this.#waiting?.onPart !== undefined)) {
        this.#onFrame(splitter.type, splitter.body);
        if (this.isClosed) return;
      }
      const waiting = this.#waiting;
      // What is compressed can be read only as a whole.
      const hasParts = splitter.type !== ProtoType.COMPRESSED;
      if (waiting?.onPart !== undefined && hasParts && splitter.nextPart()) {
        waiting.onPart(splitter.type, splitter.body);
        if (this.isClosed) return;
      }
    } catch (error) {
      this.destroy(this.#untrusted(error, bytes));
      return;
    }
    if (this.#state !== "ready") return;
    if (this.#head !== first) {
      const now = this.#options.runtime.now();
      const replies = this.#head - first;
      const backlogMs = Math.max(0, this.#repliedAt - sentAt);
      this.pace += ((now - sentAt - backlogMs) / replies - this.pace) / 8;
      this.#owner.onReplies?.(now, replies, now - sentAt, backlogMs);
      this.#repliedAt = now;
    }
    if (this.#abandoned > 0) this.#awaitDrain();
    else this.#options.heap.remove(this);
    this.#holdProcess();
    this.#owner.onRoom(this);
  }

  /** Room for a long reply that has begun to come, unless its parts are read as they come. */
  #target(): Uint8Array | undefined {
    return this.#waiting?.onPart === undefined ? this.#splitter.room() : undefined;
  }

  #onFrame(type: ProtoType, body: Reader): void {
    if (this.#state === "handshake") {
      this.#options.handshake?.onFrame(type, body);
      this.#getReady();
      return;
    }
    if (this.#head === this.#unsent) throw new ProtocolError("a reply came that no request asked for");
    const at = this.#head & this.#mask;
    const exchange = this.#slots[at];
    if (exchange === undefined) {
      this.#head++;
      this.#abandoned--;
    } else if (exchange.onFrame(type, body)) {
      this.#slots[at] = undefined;
      this.#head++;
      exchange.connection = undefined;
      exchange.onReplied();
    }
  }

  #onDrain(): void {
    if (this.#state !== "ready") return;
    this.#blocked = false;
    // Where a transport can't tell whether they have left they are not used again, and not kept either.
    if (this.#socket?.isFlushed === true) for (const buffer of this.#leaving) this.#options.memory.give(buffer);
    this.#leaving = [];
    this.#flush();
    this.#owner.onRoom(this);
  }

  #onClose(error: Error | undefined): void {
    if (this.#state === "opening") {
      // Node.js repeats the address, that of IPv6 without brackets.
      const repeated = ` ${this.address.replace(/[[\]]/g, "")}`;
      const why = error?.message.replace(repeated, "") ?? "it was closed at once";
      this.destroy(new SocketError(`No connection to ${this.address}: ${why}`, "opening", error));
    } else {
      const why = error?.message ?? "the server closed it";
      const phase = this.#state === "handshake" ? "login" : "open";
      this.destroy(new SocketError(`The connection to ${this.address} was lost: ${why}`, phase, error));
    }
    this.#owner.onReleased(this);
  }

  /** Puts the flush off as long as every turn brings further requests: their callers are all awake now. */
  #flushWhenQuiet(): void {
    if (this.#writer.length > this.#seen) {
      this.#seen = this.#writer.length;
      queueMicrotask(this.#flushTask);
      return;
    }
    this.#flushPlanned = false;
    this.#flush();
  }

  #flush(): void {
    const size = this.#writer.length;
    if (size === 0 || this.#blocked || this.#readsFirst || this.#state !== "ready") return;
    const now = this.#options.runtime.now();
    for (; this.#unsent < this.#tail; this.#unsent++) this.#sentAt[this.#unsent & this.#mask] = now;
    this.lastUsedAt = now;
    this.#owner.traffic.bytesOut += size;
    const w = this.#writer;
    if (this.#socket?.write(w.view()) === false) this.#blocked = true;
    const hasLeft = this.#socket?.isFlushed === true;
    if (hasLeft && size <= FLUSH_AT && w.buffer.length <= 2 * FLUSH_AT) w.rewind(0);
    else {
      const buffer = w.takeBuffer(Math.min(Math.max(SMALLEST_BUFFER, size), FLUSH_AT));
      if (hasLeft) this.#options.memory.give(buffer);
      else if (size > FLUSH_AT && this.#blocked) this.#leaving.push(buffer);
    }
  }

  /** Cuts an unsent request out of the send buffer. The slots behind it move up. */
  #takeBack(slot: number): void {
    const w = this.#writer;
    const mask = this.#mask;
    const start = this.#starts[slot & mask]!;
    const end = slot + 1 < this.#tail ? this.#starts[(slot + 1) & mask]! : w.length;
    const rest = w.copy(end);
    w.rewind(start);
    w.bytes(rest);
    for (let next = slot + 1; next < this.#tail; next++) {
      const exchange = this.#slots[next & mask];
      if (exchange !== undefined) exchange.slot = next - 1;
      this.#slots[(next - 1) & mask] = exchange;
      this.#starts[(next - 1) & mask] = this.#starts[next & mask]! - (end - start);
    }
    this.#tail--;
    this.#slots[this.#tail & mask] = undefined;
  }

  #awaitDrain(): void {
    const { heap, runtime, drainTimeoutMs } = this.#options;
    const now = runtime.now();
    heap.set(this, now + drainTimeoutMs, now);
  }

  /** The process stays as long as somebody waits for the socket to open or for a reply. */
  #holdProcess(): void {
    const hold = !this.#options.background && (this.isOpening || this.#tail - this.#head > this.#abandoned);
    if (hold === this.#holdsProcess) return;
    this.#holdsProcess = hold;
    this.#socket?.keepAlive(hold);
  }

  #untrusted(error: unknown, bytes: Uint8Array): ConnectionError {
    if (error instanceof AerospikeError) {
      return new ConnectionError(`${this.address} refused the connection: ${error.message}`, { cause: error });
    }
    return new ConnectionError(`${this.address} ${describeGarbage(error, bytes)}`, { cause: error });
  }
}
