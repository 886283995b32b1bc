import { describe, expect, test } from "vitest";
import { Spread } from "../../../../src/cluster/spread.js";

interface Model {
  /** Requests under way all the time. */
  readonly inFlight: number;
  /** Time that the server works on one, in milliseconds, and how many it can work on at once. */
  readonly serviceMs: number;
  readonly parallel: number;
  /** Time on the network, both ways. */
  readonly networkMs: number;
  /** The client's time for each request, and for each write and read of a socket; 0 for a client that is never busy. */
  readonly requestMs: number;
  readonly readMs: number;
  /** Of a reply. */
  readonly bytes?: number;
  /** How often either side pauses, and for how long. */
  readonly pauses?: { readonly share: number; readonly ms: number };
}

interface Socket {
  /** When the server gets each request, or has answered it, in order. */
  readonly arrivals: number[];
  readonly sentAt: number[];
  /** When the server is done with the socket's last request. */
  freeAt: number;
  readonly doneAt: number[];
  repliedAt: number;
}

/** A client that always has so many requests under way, and a server that serves each socket in order. */
class Simulation {
  readonly spread: Spread;
  model: Model;
  now = 0;
  answered = 0;
  readonly #sockets: Socket[];
  /** When each of the server's workers is free. */
  #workers: number[] = [];
  readonly #moved = { bytesIn: 0, bytesOut: 0 };
  #seed: number;
  #left: number;

  constructor(most: number, model: Model, seed = 1) {
    this.#seed = seed;
    this.spread = new Spread(most, this.#moved);
    this.model = model;
    this.#left = 0;
    this.#sockets = Array.from({ length: most }, () => ({
      arrivals: [],
      sentAt: [],
      freeAt: 0,
      doneAt: [],
      repliedAt: Number.NEGATIVE_INFINITY,
    }));
  }

  get sockets(): number {
    return this.spread.socketsFor(this.model.inFlight);
  }

  /** Runs for so long; answers the number of sockets at the end of each tenth. */
  run(ms: number): number[] {
    const counts: number[] = [];
    const start = this.now;
    this.answered = 0;
    for (let tenth = 1; tenth <= 10; tenth++) {
      while (this.now < start + (ms * tenth) / 10) this.#turn();
      counts.push(this.sockets);
    }
    return counts;
  }

  /** One turn of the client's event loop: reads what is there, and sends as many requests as were answered. */
  #turn(): void {
    const { model } = this;
    this.#workers.length = model.parallel;
    for (let i = 0; i < model.parallel; i++) this.#workers[i] ??= 0;
    for (; this.#left < model.inFlight; this.#left++) this.#send();
    let isIdle = true;
    for (const socket of this.#sockets) {
      const replies = count(socket.doneAt, (at) => at + model.networkMs / 2 <= this.now);
      if (replies === 0) continue;
      isIdle = false;
      this.now += model.readMs + replies * model.requestMs;
      if (model.pauses !== undefined && this.#random() < model.pauses.share) this.now += model.pauses.ms;
      const response = this.now - socket.sentAt[0]!;
      const backlog = Math.max(0, socket.repliedAt - socket.sentAt[0]!);
      socket.doneAt.splice(0, replies);
      socket.sentAt.splice(0, replies);
      socket.repliedAt = this.now;
      this.#left -= replies;
      this.answered += replies;
      this.#moved.bytesIn += replies * (model.bytes ?? 100);
      this.spread.onReplies(this.now, replies, response, backlog, this.#left);
      for (; this.#left < model.inFlight; this.#left++) this.#send();
    }
    if (!isIdle) return;
    const next = Math.min(...this.#sockets.map(({ doneAt }) => doneAt[0] ?? Number.POSITIVE_INFINITY));
    this.now = Math.max(this.now, next + model.networkMs / 2);
  }

  #send(): void {
    const { model } = this;
    let best = this.#sockets[0]!;
    for (const socket of this.#sockets.slice(0, this.sockets)) {
      if (socket.sentAt.length < best.sentAt.length) best = socket;
    }
    best.sentAt.push(this.now);
    let worker = 0;
    for (const [i, freeAt] of this.#workers.entries()) if (freeAt < this.#workers[worker]!) worker = i;
    const begin = Math.max(this.now + model.networkMs / 2, best.freeAt, this.#workers[worker]!);
    best.freeAt = begin + model.serviceMs * (0.5 + this.#random());
    this.#workers[worker] = best.freeAt;
    best.doneAt.push(best.freeAt);
  }

  #random(): number {
    this.#seed = (Math.imul(this.#seed, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return this.#seed / 0x8000_0000;
  }
}

function count(values: readonly number[], matches: (value: number) => boolean): number {
  const end = values.findIndex((value) => !matches(value));
  return end < 0 ? values.length : end;
}

/** A disk that serves many at a time, and memory that one core serves; the client's own times as measured. */
const CLIENT = { requestMs: 0.004, readMs: 0.016, networkMs: 0.01 };
const DEVICE: Model = { ...CLIENT, inFlight: 16, serviceMs: 0.1, parallel: 64 };
const MEMORY: Model = { ...CLIENT, inFlight: 128, serviceMs: 0.006, parallel: 1 };
const LARGE: Model = {
  ...CLIENT,
  inFlight: 16,
  serviceMs: 0.3,
  parallel: 1,
  requestMs: 0.3,
  bytes: 1_000_000,
  pauses: { share: 0.3, ms: 10 },
};

describe("requests are spread over", () => {
  test.each([16, 128])("many sockets where a server works on %i at a time and each takes long", (inFlight) => {
    const simulation = new Simulation(16, { ...DEVICE, inFlight });
    simulation.run(300);
    const counts = simulation.run(1_000);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(4);
    // One socket would give ten thousand a second.
    expect(simulation.answered).toBeGreaterThan(35_000);
  });

  test.each([4, 16, 128])("few sockets where the server is busy all the time, with %i under way", (inFlight) => {
    const simulation = new Simulation(16, { ...MEMORY, inFlight });
    simulation.run(300);
    const counts = simulation.run(1_000);
    expect(counts.reduce((sum, n) => sum + n, 0) / counts.length).toBeLessThanOrEqual(4);
    expect(simulation.answered).toBeGreaterThan(60_000);
  });

  test("one socket where requests come one at a time", () => {
    const simulation = new Simulation(16, { ...DEVICE, inFlight: 1 });
    expect(Math.max(...simulation.run(1_000))).toBe(1);
  });

  test("one socket where only the network takes long", () => {
    const simulation = new Simulation(16, { ...MEMORY, inFlight: 16, networkMs: 20, parallel: 16 });
    expect(Math.max(...simulation.run(10_000))).toBeLessThanOrEqual(2);
  });

  test("many soon: within a tenth of a second", () => {
    const simulation = new Simulation(16, { ...DEVICE, inFlight: 64 });
    expect(simulation.run(100).at(-1)).toBeGreaterThanOrEqual(8);
  });

  test("more than what the number of requests alone asks for, at the first try", () => {
    const simulation = new Simulation(16, { ...DEVICE, inFlight: 128 });
    expect(simulation.sockets).toBe(4);
    expect(simulation.run(30)).toContain(8);
  });

  test("enough for few to share a fate, whatever that brings", () => {
    const simulation = new Simulation(16, { ...MEMORY, inFlight: 256 });
    expect(Math.min(...simulation.run(1_000))).toBeGreaterThanOrEqual(8);
  });

  test("as many as fit, when what fits changes", () => {
    const simulation = new Simulation(16, MEMORY);
    simulation.run(500);
    expect(simulation.sockets).toBeLessThanOrEqual(4);
    simulation.model = { ...DEVICE, inFlight: 64 };
    simulation.run(500);
    expect(simulation.sockets).toBeGreaterThanOrEqual(8);
    // Each read and write now costs the client more than the server's work.
    simulation.model = { ...MEMORY, inFlight: 16, serviceMs: 0.003 };
    const counts = simulation.run(4_000);
    expect(counts.slice(5).reduce((sum, n) => sum + n, 0) / 5).toBeLessThanOrEqual(6);
  });

  test("few sockets although the client pauses now and then", () => {
    const simulation = new Simulation(16, { ...MEMORY, pauses: { share: 0.01, ms: 5 } });
    simulation.run(300);
    const counts = simulation.run(2_000);
    expect(counts.reduce((sum, n) => sum + n, 0) / counts.length).toBeLessThanOrEqual(5);
  });

  // Values of a megabyte: each takes long, and the collector stops the client every few of them.
  test("few sockets where replies take now this long and now that, whatever chance does", () => {
    const counts = [1, 2, 3, 4, 5].flatMap((seed) => new Simulation(16, LARGE, seed).run(20_000));
    expect(counts.reduce((sum, n) => sum + n, 0) / counts.length).toBeLessThan(1.6);
  });

  test("no more sockets than allowed", () => {
    const simulation = new Simulation(3, { ...DEVICE, inFlight: 128 });
    expect(Math.max(...simulation.run(500))).toBe(3);
    simulation.spread.raise(10);
    expect(simulation.sockets).toBe(3);
  });
});

describe("a request is late", () => {
  test("after ten milliseconds where replies take microseconds", () => {
    const simulation = new Simulation(16, MEMORY);
    simulation.run(100);
    expect(simulation.spread.lateAfterMs).toBe(10);
  });

  test("after several times what it usually takes where the way is long", () => {
    const spread = new Spread(16, { bytesIn: 0, bytesOut: 0 });
    spread.onOpened(100);
    expect(spread.lateAfterMs).toBe(400);
    for (let i = 0; i < 200; i++) spread.onReplies(1_000 + 100 * i, 1, 100, 0, 0);
    expect(spread.lateAfterMs).toBe(400);
  });

  test("after hardly longer than before when one was stuck", () => {
    const spread = new Spread(16, { bytesIn: 0, bytesOut: 0 });
    for (let i = 0; i < 200; i++) spread.onReplies(i, 1, 0.2, 0, 0);
    spread.onReplies(3_200, 1, 3_000, 0, 0);
    expect(spread.lateAfterMs).toBeLessThan(20);
  });
});
