import { expect } from "vitest";
import { Emulator, type EmulatorOptions } from "../../../../emulator/index.js";
import { VirtualRuntime } from "../../../../runtime/virtual-runtime.js";
import { isWholeReply, normalReply } from "./normal-reply.js";
import { type Entry, recordedReply } from "./recorded.js";
import { ReplayClient } from "./replay-client.js";

const EPOCH_SECONDS = 1_262_304_000;
/** As the server that was recorded was configured. */
const OPTIONS: EmulatorOptions = {
  replicationFactor: 1,
  clusterName: "gold",
  namespaces: ["test", "bar"].map((name) => ({ name, nsupPeriod: 10, allowTtlWithoutNsup: true })),
  listen: "memory",
};

interface Replies {
  readonly actual: unknown;
  readonly recorded: unknown;
}

/** Sends recorded requests to an emulated node of its own, in the order they were recorded. */
export class Replay implements AsyncDisposable {
  readonly #emulator: Emulator;
  readonly #runtime: VirtualRuntime;
  #client: ReplayClient;

  private constructor(emulator: Emulator, runtime: VirtualRuntime) {
    this.#emulator = emulator;
    this.#runtime = runtime;
    this.#client = this.#connect();
  }

  static async start(options: EmulatorOptions = {}): Promise<Replay> {
    const runtime = new VirtualRuntime({ wallClock: 1_795_500_000_000 });
    return new Replay(await Emulator.start({ ...OPTIONS, runtime, ...options }), runtime);
  }

  /** Sends one entry's request and expects the recorded reply. */
  async check(entry: Entry): Promise<void> {
    const { actual, recorded } = await this.#replies(entry);
    expect.soft(actual, `${entry.id}: ${entry.title}`).toEqual(recorded);
  }

  /** Sends one entry's request and expects a reply that is known not to be the recorded one. */
  async checkDiffers(entry: Entry): Promise<void> {
    const { actual, recorded } = await this.#replies(entry);
    expect.soft(actual, `${entry.id} is as recorded: it needs no exception`).not.toEqual(recorded);
  }

  async #replies(entry: Entry): Promise<Replies> {
    for (const step of entry.before ?? []) {
      if (step.sleepMs !== undefined) await this.#runtime.advance(step.sleepMs);
      if (step.newConnection) this.#client = this.#connect();
      if (step.waitJob !== undefined) await this.#waitForJob(step.waitJob);
    }
    if (this.#client.isClosed) this.#client = this.#connect();
    const request = new Uint8Array(Buffer.from(entry.request, "hex"));
    if (entry.closed || entry.noReply) return this.#silence(entry, request);
    const reply = await this.#client.exchange(request, (bytes) => isWholeReply(entry, bytes));
    const now = Math.floor(this.#runtime.wallClock() / 1000) - EPOCH_SECONDS;
    const actual = normalReply(entry, reply, { now, replace: this.#own() });
    const recorded = normalReply(entry, recordedReply(entry), { now: entry.recordedAt ?? 0 });
    return { actual: settleTimes(actual, recorded), recorded };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#emulator.close();
  }

  #connect(): ReplayClient {
    return new ReplayClient(this.#emulator.transport, this.#runtime, this.#emulator.hosts);
  }

  #own(): ReadonlyMap<string, string> {
    const [node] = this.#emulator.nodes;
    return new Map([
      [node!.id, "BB900C80"],
      [this.#emulator.hosts, "127.0.0.1:3200"],
    ]);
  }

  async #waitForJob(taskId: string): Promise<void> {
    const client = this.#connect();
    const body = Buffer.from(`query-show:trid=${taskId}\n`);
    const request = Buffer.concat([Buffer.from([2, 1, 0, 0, 0, 0, 0, body.length]), body]);
    for (let turn = 0; turn < 1000; turn++) {
      const reply = await client.exchange(request, (bytes) => bytes.includes(10));
      if (Buffer.from(reply).includes("status=done")) break;
      await this.#runtime.advance(5);
    }
    client.close();
  }

  async #silence(entry: Entry, request: Uint8Array): Promise<Replies> {
    const reply = await this.#client.exchange(request, () => this.#client.isClosed, 1500);
    const actual = { bytes: reply.length, closed: this.#client.isClosed };
    this.#client = this.#connect();
    return { actual, recorded: { bytes: 0, closed: entry.closed ?? false } };
  }
}

/** Void-times lie within two seconds of what was recorded: then they count as equal. */
function settleTimes(actual: unknown, recorded: unknown): unknown {
  if (Array.isArray(actual) && Array.isArray(recorded)) return actual.map((item, i) => settleTimes(item, recorded[i]));
  if (!isObject(actual) || !isObject(recorded)) return actual;
  return Object.fromEntries(
    Object.entries(actual).map(([name, value]) => {
      const due = recorded[name];
      const isNear = typeof value === "number" && typeof due === "number" && Math.abs(value - due) <= 2;
      if (name === "voidTime" && isNear && value !== 0 && due !== 0) return [name, due];
      return [name, settleTimes(value, due)];
    }),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
