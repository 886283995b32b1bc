import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { KeptMemory } from "../../../../protocol/bytes/memory.js";
import type { Reader } from "../../../../protocol/bytes/reader.js";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { beginProto, finishProto, ProtoType } from "../../../../protocol/frame/proto.js";
import { ProtocolError } from "../../../../protocol/protocol-error.js";
import { VirtualRuntime } from "../../../../runtime/virtual-runtime.js";
import type { Handshake } from "../../../../src/cluster/auth/handshake.js";
import { Connection } from "../../../../src/cluster/connection.js";
import type { ConnectionOwner } from "../../../../src/cluster/connection-owner.js";
import { Exchange } from "../../../../src/cluster/exchange.js";
import { Meter } from "../../../../src/cluster/metrics/meter.js";
import { Traffic } from "../../../../src/cluster/metrics/traffic.js";
import { AuthenticationError, type ConnectionError } from "../../../../src/errors/errors.js";
import { DeadlineHeap } from "../../../../src/time/deadline-heap.js";
import { ScriptedTransport } from "../../../support/fake/scripted-transport.js";

/** A message whose body is text. */
function frame(text: string): Uint8Array {
  const w = new Writer();
  const at = beginProto(w);
  w.utf8(text);
  finishProto(w, at, ProtoType.INFO);
  return w.take();
}

function join(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Sends its label and notes what becomes of it. */
class Labelled extends Exchange {
  readonly label: string;
  readonly log: string[];
  readonly frames: number;
  received: string[] = [];
  failure: unknown;

  constructor(label: string, log: string[], frames = 1) {
    super();
    this.label = label;
    this.log = log;
    this.frames = frames;
  }

  encode(w: Writer): void {
    w.bytes(frame(this.label));
    if (this.failure !== undefined) throw this.failure;
  }

  onFrame(_type: ProtoType, body: Reader): boolean {
    const text = body.utf8(body.left);
    if (text === "damaged") throw new ProtocolError("damaged");
    this.received.push(text);
    return this.received.length === this.frames;
  }

  onReplied(): void {
    this.log.push(`${this.label} got ${this.received.join("+")}`);
  }

  onLost(loss: ConnectionError, sent: boolean): void {
    this.log.push(`${this.label} lost, ${sent ? "sent" : "not sent"}: ${loss.message}`);
  }

  onRejected(error: unknown): void {
    this.log.push(`${this.label} rejected: ${error}`);
  }

  onDue(): void {
    this.log.push(`${this.label} due`);
  }
}

let runtime: VirtualRuntime;
let transport: ScriptedTransport;
let heap: DeadlineHeap;
let traffic: Traffic;
let log: string[];
/** What the owner was told of each read: replies, response and backlog in ms. */
let reads: number[][];

function open(changes: { depth?: number; handshake?: Handshake; background?: boolean } = {}): Connection {
  const owner: ConnectionOwner = {
    traffic,
    onReady: () => log.push("ready"),
    onRoom: () => undefined,
    onReplies: (_, replies, responseMs, backlogMs) => reads.push([replies, responseMs, backlogMs]),
    onClosed: (_, reason, ready) => log.push(`closed ${ready ? "open" : "opening"}: ${reason.message}`),
    onReleased: () => log.push("released"),
  };
  return new Connection(
    {
      transport,
      runtime,
      heap,
      meter: new Meter(),
      memory: new KeptMemory(),
      endpoint: { host: "node", port: 3000 },
      depth: changes.depth ?? 4,
      connectTimeoutMs: 1_000,
      drainTimeoutMs: 500,
      handshake: changes.handshake,
      background: changes.background ?? false,
    },
    owner,
  );
}

/** Open, with nothing noted yet. */
function ready(depth?: number): Connection {
  const connection = open(depth === undefined ? {} : { depth });
  transport.socket.handler.onConnect();
  log.length = 0;
  return connection;
}

function send(connection: Connection, ...labels: string[]): Labelled[] {
  return labels.map((label) => {
    const exchange = new Labelled(label, log);
    connection.send(exchange);
    return exchange;
  });
}

beforeEach(() => {
  runtime = new VirtualRuntime();
  transport = new ScriptedTransport();
  traffic = new Traffic();
  heap = new DeadlineHeap(runtime);
  log = [];
  reads = [];
});

describe("replies", () => {
  test("belong to the requests in their order", async () => {
    const connection = ready();
    send(connection, "a", "b", "c");
    await runtime.settle();
    transport.socket.handler.onData(join(frame("1"), frame("2")));
    transport.socket.handler.onData(frame("3"));
    expect(log).toEqual(["a got 1", "b got 2", "c got 3"]);
    expect(connection.pending).toBe(0);
  });

  test("belong to their requests however the bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 60 }), { maxLength: 12 }), async (cuts) => {
        log = [];
        transport = new ScriptedTransport();
        send(ready(), "a", "b", "c", "d");
        await runtime.settle();
        const bytes = join(frame("one"), frame(""), frame("three"), frame("4"));
        let at = 0;
        for (const cut of [...cuts, bytes.length]) {
          const end = Math.min(bytes.length, at + cut);
          transport.socket.handler.onData(bytes.slice(at, end));
          at = end;
        }
        expect(log).toEqual(["a got one", "b got ", "c got three", "d got 4"]);
      }),
    );
  });

  test("of several messages end with the last one", async () => {
    const connection = ready();
    connection.send(new Labelled("stream", log, 3));
    send(connection, "next");
    await runtime.settle();
    transport.socket.handler.onData(join(frame("1"), frame("2")));
    expect(log).toEqual([]);
    transport.socket.handler.onData(join(frame("3"), frame("n")));
    expect(log).toEqual(["stream got 1+2+3", "next got n"]);
  });

  test("that come too late are dropped, and those behind them are not touched", async () => {
    const connection = ready();
    const [, b] = send(connection, "a", "b", "c");
    await runtime.settle();
    expect(b?.withdraw()).toBe(true);
    transport.socket.handler.onData(join(frame("1"), frame("2"), frame("3")));
    expect(log).toEqual(["a got 1", "c got 3"]);
  });

  test("tell how long they took, and how long of that others were before them", async () => {
    const connection = ready(8);
    expect(connection.oldestSince).toBe(Number.POSITIVE_INFINITY);
    send(connection, "a", "b");
    await runtime.advance(2);
    send(connection, "c", "d");
    expect(connection.oldestSince).toBe(0);
    await runtime.advance(3);
    transport.socket.handler.onData(frame("1"));
    expect(connection.oldestSince).toBe(5);
    await runtime.advance(4);
    // In pieces, the first of which completes nothing.
    transport.socket.handler.onData(join(frame("2"), frame("3")).slice(0, 4));
    transport.socket.handler.onData(join(frame("2"), frame("3")).slice(4));
    await runtime.advance(1);
    transport.socket.handler.onData(frame("4"));
    expect(reads).toEqual([
      [1, 5, 0],
      [2, 9, 5],
      [1, 8, 7],
    ]);
    expect(connection.oldestSince).toBe(Number.POSITIVE_INFINITY);
  });

  test("that nobody asked for end the connection", () => {
    ready();
    transport.socket.handler.onData(frame("hello"));
    expect(log).toEqual([
      "closed open: node:3000 sent bytes that are not Aerospike's protocol: a reply came that no request asked for",
    ]);
    expect(transport.socket.isDestroyed).toBe(true);
  });

  test("that are damaged end the connection for everybody", async () => {
    const connection = ready();
    send(connection, "a", "b");
    await runtime.settle();
    send(connection, "c");
    transport.socket.handler.onData(frame("damaged"));
    expect(log).toEqual([
      "closed open: node:3000 sent bytes that are not Aerospike's protocol: damaged",
      "a lost, sent: node:3000 sent bytes that are not Aerospike's protocol: damaged",
      "b lost, sent: node:3000 sent bytes that are not Aerospike's protocol: damaged",
      "c lost, not sent: node:3000 sent bytes that are not Aerospike's protocol: damaged",
    ]);
    transport.socket.handler.onData(frame("more"));
    expect(log).toHaveLength(4);
  });

  test.each([
    ["a web server", "HTTP/1.1 400 Bad Request\r\n\r\n", "node:3000 is no Aerospike server: it is a web server"],
    ["an SSH server", "SSH-2.0-OpenSSH_9.6\r\n", "node:3000 is no Aerospike server: it is an SSH server"],
    [
      "a TLS port",
      "\x15\x03\x01\x00\x02\x02\x16",
      "node:3000 expects TLS: connect with TLS, or to the port for clear connections",
    ],
  ])("of %s are told as what they are", async (_, bytes, message) => {
    const connection = ready();
    send(connection, "a");
    await runtime.settle();
    transport.socket.handler.onData(Uint8Array.from(bytes, (letter) => letter.charCodeAt(0)));
    expect(log).toEqual([`closed open: ${message}`, `a lost, sent: ${message}`]);
  });
});

describe("requests", () => {
  test("of one tick leave in one write", async () => {
    const connection = ready();
    send(connection, "a", "b");
    await Promise.resolve();
    send(connection, "c");
    expect(transport.socket.written).toEqual([]);
    await runtime.settle();
    expect(transport.socket.written).toEqual([join(frame("a"), frame("b"), frame("c"))]);
  });

  test("use the memory of those before once the runtime is done with it, and only then", async () => {
    const connection = ready(8);
    const { socket } = transport;
    const memory: ArrayBufferLike[] = [];
    for (const [label, isFlushed] of [
      ["a", true],
      ["b", false],
      ["c", true],
      ["d", true],
    ] as const) {
      socket.isFlushed = isFlushed;
      send(connection, label);
      await runtime.settle();
      const bytes = socket.written.at(-1)!;
      expect(bytes).toEqual(frame(label));
      memory.push(bytes.buffer);
    }
    const [a, b, c, d] = memory;
    expect([a === b, b === c, c === d]).toEqual([true, false, true]);
  });

  test("that are long use the memory of those before once they have left, and only then", async () => {
    const connection = ready(8);
    const { socket } = transport;
    const long = (letter: string): string => letter.repeat(100_000);
    const write = async (label: string): Promise<ArrayBufferLike> => {
      send(connection, label);
      await runtime.settle();
      const bytes = socket.written.at(-1)!;
      expect(Buffer.compare(bytes, frame(label))).toBe(0);
      return bytes.buffer;
    };
    socket.isFlushed = true;
    const a = await write(long("a"));
    const b = await write(long("b"));
    expect(b === a).toBe(true);

    socket.isFlushed = false;
    socket.isFull = true;
    const c = await write(long("c"));
    expect(c === a).toBe(true);
    send(connection, long("d"));
    await runtime.settle();
    expect(socket.written).toHaveLength(3);
    socket.isFull = false;
    socket.handler.onDrain();
    // The runtime said that there is room again, not that it has no bytes of c any more.
    const d = socket.written.at(-1)!;
    expect(Buffer.compare(d, frame(long("d")))).toBe(0);
    expect(d.buffer === c).toBe(false);

    socket.isFull = true;
    const e = await write(long("e"));
    expect(e === c || e === d.buffer).toBe(false);
    socket.isFlushed = true;
    socket.isFull = false;
    socket.handler.onDrain();
    const f = await write(long("f"));
    // That of c was let go of: nobody said when it had left.
    expect(f === e).toBe(true);
  });

  test.each(["still opens", "is blocked"])(
    "that are short give back the memory of a long one that was withdrawn while the socket %s",
    async (state) => {
      const connection = state === "is blocked" ? ready(8) : open({ depth: 8 });
      const { socket } = transport;
      socket.isFlushed = true;
      socket.isFull = state === "is blocked";
      if (socket.isFull) {
        send(connection, "before");
        await runtime.settle();
      }
      const [long] = send(connection, "a".repeat(1_000_000));
      expect(connection.withdraw(long!)).toBe(false);
      send(connection, "short");
      await runtime.settle();
      socket.isFull = false;
      if (state === "is blocked") socket.handler.onDrain();
      else socket.handler.onConnect();
      const { buffer: first } = socket.written.at(-1)!;
      expect(socket.written.at(-1)).toEqual(frame("short"));
      send(connection, "shorter");
      await runtime.settle();
      expect(socket.written.at(-1)).toEqual(frame("shorter"));
      // The socket goes on with little, …
      expect(socket.written.at(-1)!.buffer.byteLength).toBeLessThan(1_000);
      send(connection, "b".repeat(1_000_000));
      await runtime.settle();
      // … and the next long one has the memory.
      expect(socket.written.at(-1)!.buffer === first).toBe(true);
    },
  );

  test("wait until the socket is open", async () => {
    const connection = open();
    send(connection, "a");
    await runtime.settle();
    expect(transport.socket.written).toEqual([]);
    transport.socket.handler.onConnect();
    expect(transport.socket.written).toEqual([frame("a")]);
  });

  test("leave no trace when they can't be encoded", async () => {
    const connection = ready();
    send(connection, "a");
    const bad = new Labelled("bad", log);
    bad.failure = new TypeError("no such type");
    expect(() => connection.send(bad)).toThrow(bad.failure);
    send(connection, "b");
    await runtime.settle();
    expect(transport.socket.written).toEqual([join(frame("a"), frame("b"))]);
    expect(connection.pending).toBe(2);
  });

  test("wait while the runtime's buffer is full", async () => {
    const connection = ready();
    transport.socket.isFull = true;
    send(connection, "a");
    await runtime.settle();
    send(connection, "b");
    await runtime.settle();
    expect(transport.socket.written).toEqual([frame("a")]);
    transport.socket.isFull = false;
    transport.socket.handler.onDrain();
    expect(transport.socket.written).toEqual([frame("a"), frame("b")]);
  });

  test("that are given up before they left are not sent at all", async () => {
    const connection = ready();
    const [, b] = send(connection, "a", "bb", "c", "d");
    expect(b?.withdraw()).toBe(false);
    expect(connection.pending).toBe(3);
    await runtime.settle();
    expect(transport.socket.written).toEqual([join(frame("a"), frame("c"), frame("d"))]);
    transport.socket.handler.onData(join(frame("1"), frame("3"), frame("4")));
    expect(log).toEqual(["a got 1", "c got 3", "d got 4"]);
  });

  test("that are given up behind sent ones keep their places apart", async () => {
    const connection = ready(8);
    const [a] = send(connection, "a", "b");
    await runtime.settle();
    const [c, d] = send(connection, "c", "d", "e");
    expect(a?.withdraw()).toBe(true);
    expect(d?.withdraw()).toBe(false);
    expect(c?.withdraw()).toBe(false);
    await runtime.settle();
    expect(transport.socket.written[1]).toEqual(frame("e"));
    transport.socket.handler.onData(join(frame("1"), frame("2"), frame("5")));
    expect(log).toEqual(["b got 2", "e got 5"]);
  });

  test("find room up to the depth", () => {
    const connection = ready(2);
    send(connection, "a");
    expect(connection.hasRoom).toBe(true);
    send(connection, "b");
    expect(connection.hasRoom).toBe(false);
  });

  test("find no room behind a quarter of a megabyte that can't leave", async () => {
    const connection = open({ depth: 4 });
    send(connection, "x".repeat(300_000));
    expect(connection.hasRoom).toBe(false);
    transport.socket.handler.onConnect();
    expect(connection.hasRoom).toBe(true);
    expect(transport.socket.written[0]?.length).toBe(300_008);
  });

  test("that are large leave without waiting for the end of the tick", () => {
    const connection = ready();
    send(connection, "a", "x".repeat(40_000), "b");
    expect(transport.socket.written.map(({ length }) => length)).toEqual([9 + 40_008]);
  });
});

describe("an end", () => {
  test("tells every exchange whether its request had left", async () => {
    const connection = ready();
    const [, b] = send(connection, "a", "b", "c");
    await runtime.settle();
    send(connection, "d");
    b?.withdraw();
    transport.socket.handler.onClose(new Error("read ECONNRESET"));
    expect(log).toEqual([
      "closed open: The connection to node:3000 was lost: read ECONNRESET",
      "a lost, sent: The connection to node:3000 was lost: read ECONNRESET",
      "c lost, sent: The connection to node:3000 was lost: read ECONNRESET",
      "d lost, not sent: The connection to node:3000 was lost: read ECONNRESET",
      "released",
    ]);
    expect(connection.isClosed).toBe(true);
    expect(heap.size).toBe(0);
  });

  test("in the middle of a reply loses it", async () => {
    const connection = ready();
    send(connection, "a");
    await runtime.settle();
    transport.socket.handler.onData(frame("half of it").slice(0, 12));
    transport.socket.handler.onClose();
    expect(log[1]).toBe("a lost, sent: The connection to node:3000 was lost: the server closed it");
  });

  test("before it was open says why", () => {
    open();
    transport.socket.handler.onClose(new Error("connect ECONNREFUSED 10.0.0.1:3000"));
    expect(log).toEqual(["closed opening: No connection to node:3000: connect ECONNREFUSED 10.0.0.1:3000", "released"]);
  });

  test("comes when it does not open in time", async () => {
    const connection = open();
    send(connection, "a");
    await runtime.advance(999);
    expect(log).toEqual([]);
    await runtime.advance(1);
    expect(log).toEqual([
      "closed opening: No connection to node:3000 within 1000 ms",
      "a lost, not sent: No connection to node:3000 within 1000 ms",
    ]);
  });

  test("comes later when the transport fails at once", async () => {
    transport.failure = new Error("no such option");
    const connection = open();
    send(connection, "a");
    expect(log).toEqual([]);
    await runtime.settle();
    expect(log).toEqual([
      "closed opening: No connection to node:3000: no such option",
      "a lost, not sent: No connection to node:3000: no such option",
      "released",
    ]);
  });

  test("comes when a reply that nobody wants blocks the socket for too long", async () => {
    const connection = ready();
    const [a] = send(connection, "a", "b");
    await runtime.settle();
    a?.withdraw();
    expect(connection.isStalled).toBe(true);
    await runtime.advance(499);
    expect(log).toEqual([]);
    await runtime.advance(1);
    expect(log[0]).toBe("closed open: node:3000 left a request unanswered for 500 ms after its caller gave up");
    expect(log[1]).toMatch(/^b lost, sent/);
  });

  test("does not come while replies go on arriving", async () => {
    const connection = ready(8);
    const exchanges = send(connection, "a", "b", "c", "d");
    await runtime.settle();
    for (const exchange of exchanges) exchange.withdraw();
    for (const label of ["1", "2", "3", "4"]) {
      await runtime.advance(400);
      transport.socket.handler.onData(frame(label));
    }
    await runtime.advance(2_000);
    expect(log).toEqual([]);
    expect(connection.pending).toBe(0);
  });
});

describe("the process", () => {
  test("is held while the socket opens and while replies are awaited", async () => {
    const connection = open();
    const { socket } = transport;
    expect(socket.holdsProcess).toBe(true);
    socket.handler.onConnect();
    expect(socket.holdsProcess).toBe(false);
    const [a] = send(connection, "a", "b");
    expect(socket.holdsProcess).toBe(true);
    await runtime.settle();
    a?.withdraw();
    expect(socket.holdsProcess).toBe(true);
    socket.handler.onData(join(frame("1"), frame("2")));
    expect(socket.holdsProcess).toBe(false);
  });

  test("is not held by replies that nobody wants", async () => {
    const connection = ready();
    const [a] = send(connection, "a");
    await runtime.settle();
    a?.withdraw();
    expect(transport.socket.holdsProcess).toBe(false);
  });

  test("is never held by housekeeping", () => {
    const connection = open({ background: true });
    send(connection, "a");
    expect(transport.socket.holdsProcess).toBe(false);
  });
});

describe("a handshake", () => {
  const handshake = (answer: () => void): Handshake => ({
    encode: (w) => w.bytes(frame("hello")),
    onFrame: answer,
  });

  test("comes before everything else", () => {
    const connection = open({ handshake: handshake(() => log.push("welcome")) });
    send(connection, "a");
    transport.socket.handler.onConnect();
    expect(transport.socket.written).toEqual([frame("hello")]);
    expect(connection.isReady).toBe(false);
    transport.socket.handler.onData(frame("welcome"));
    expect(log).toEqual(["welcome", "ready"]);
    expect(transport.socket.written).toEqual([frame("hello"), frame("a")]);
  });

  test("that is turned down ends the connection, with the reason", () => {
    const refusal = new AuthenticationError("no such user");
    const connection = open({
      handshake: handshake(() => {
        throw refusal;
      }),
    });
    send(connection, "a");
    transport.socket.handler.onConnect();
    transport.socket.handler.onData(frame("go away"));
    expect(log).toEqual([
      "closed opening: node:3000 refused the connection: no such user",
      "a lost, not sent: node:3000 refused the connection: no such user",
    ]);
  });

  test("that is not answered ends the connection", async () => {
    open({ handshake: handshake(() => undefined) });
    transport.socket.handler.onConnect();
    transport.socket.handler.onData(frame("welcome").slice(0, 3));
    await runtime.advance(1_000);
    expect(log).toEqual(["closed opening: No answer to the login on node:3000 within 1000 ms"]);
  });
});
