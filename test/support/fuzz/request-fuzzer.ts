import { Emulator, type EmulatorOptions, MemoryNetwork } from "../../../emulator/index.js";
import type { Accept, Link, LinkHandler, Listener } from "../../../emulator/listener/link.js";
import { FrameSplitter } from "../../../protocol/frame/frame-splitter.js";
import { VirtualRuntime } from "../../../runtime/virtual-runtime.js";
import { connect } from "../../../src/index.js";
import { WatchedAllocations } from "../faults/watched-allocations.js";
import { Random } from "../random/random.js";
import { mutate } from "./mutate.js";
import { ReplayNode } from "./replay-node.js";
import { recordedRequests } from "./seeds.js";

/** One in so many cases is watched for what it allocates. */
const WATCHED = 16;
/** The largest array that a request may make a node allocate: as large as a record, and what a list may be padded to. */
const MOST = 64 * 1024 * 1024;
/** A node that has got so many requests is replaced by a fresh one: records and indexes pile up. */
const LIFETIME = 2_000;
/** Jobs and queries that a request begins go on for so long. */
const AFTER_MS = 20;

const SERVERS: readonly EmulatorOptions[] = [
  { namespaces: [{ name: "test" }], version: "8.1.2" },
  { namespaces: [{ name: "test", strongConsistency: true }], version: "8.2.0" },
  { namespaces: [{ name: "test" }], security: true },
];

/** Emulated nodes that get damaged requests: they may answer, refuse, hang up, or say nothing, and go on. */
export class RequestFuzzer implements AsyncDisposable {
  readonly #requests: readonly Uint8Array[];
  readonly #servers: (DirectNode | undefined)[] = [];
  readonly #stray: unknown[] = [];
  readonly #onStray = (reason: unknown): void => void this.#stray.push(reason);
  /** How cases ended. */
  readonly outcomes = new Map<string, number>();

  private constructor(requests: readonly Uint8Array[]) {
    this.#requests = requests;
    process.on("unhandledRejection", this.#onStray);
  }

  static async open(): Promise<RequestFuzzer> {
    return new RequestFuzzer([...recordedRequests(), ...(await securityRequests())]);
  }

  /** One case: the seed says which request to which server is damaged, and how. */
  async run(seed: number): Promise<{ text: string; request: string } | undefined> {
    const random = new Random(seed);
    const request = mutate(random.pick(this.#requests), random, this.#requests);
    const place = random.below(SERVERS.length);
    const text = random.oneIn(WATCHED) ? await this.#watched(place, request) : await this.#flaw(place, request);
    if (text === undefined) return undefined;
    await this.#servers[place]?.close();
    this.#servers[place] = undefined;
    return { text: `server ${place}: ${text}`, request: Buffer.from(request).toString("hex") };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off("unhandledRejection", this.#onStray);
    for (const server of this.#servers) await server?.close();
  }

  async #watched(place: number, request: Uint8Array): Promise<string | undefined> {
    using allocations = new WatchedAllocations();
    const flaw = await this.#flaw(place, request);
    if (flaw !== undefined || allocations.largest <= MOST) return flaw;
    return `it makes room for ${allocations.largest}`;
  }

  async #flaw(place: number, request: Uint8Array): Promise<string | undefined> {
    let server = this.#servers[place];
    if (server === undefined || server.requests >= LIFETIME) {
      await server?.close();
      server = await DirectNode.open(SERVERS[place]!);
      this.#servers[place] = server;
    }
    try {
      const outcome = await server.send(request);
      this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
    } catch (error) {
      return textOf(error);
    }
    const stray = this.#stray.pop();
    return stray === undefined ? undefined : `a rejection that nobody takes: ${textOf(stray)}`;
  }
}

/** A node whose every message comes and goes in the same turn. */
class DirectNode {
  readonly #emulator: Emulator;
  readonly #runtime: VirtualRuntime;
  readonly #accept: Accept;
  readonly #resting: number;
  requests = 0;

  private constructor(emulator: Emulator, runtime: VirtualRuntime, accept: Accept) {
    this.#emulator = emulator;
    this.#runtime = runtime;
    this.#accept = accept;
    this.#resting = runtime.pendingTimers;
  }

  static async open(options: EmulatorOptions): Promise<DirectNode> {
    const runtime = new VirtualRuntime();
    const network = new DirectNetwork(runtime);
    const emulator = await Emulator.start({ udf: "none", ...options, listen: network, runtime });
    return new DirectNode(emulator, runtime, network.accept);
  }

  /** Answers what came of it; throws what the node threw, or what is wrong with its answer. */
  async send(request: Uint8Array): Promise<string> {
    this.requests++;
    const link = new CollectingLink();
    const handler = this.#accept(link);
    if (handler === undefined) throw new Error("the node takes no clients in any more");
    link.handler = handler;
    handler.onData(request);
    if (this.#runtime.pendingTimers > this.#resting) await this.#runtime.advance(AFTER_MS);
    const outcome = link.isClosed ? "hung up" : link.bytes === 0 ? "silent" : "answered";
    if (!link.isClosed) handler.onClose();
    link.check();
    return outcome;
  }

  close(): Promise<void> {
    return this.#emulator.close();
  }
}

class DirectNetwork extends MemoryNetwork {
  accept: Accept = () => undefined;

  override open(_host: string, port: number, accept: Accept): Listener {
    this.accept = accept;
    return { port: port === 0 ? 3000 : port, close: () => Promise.resolve() };
  }
}

class CollectingLink implements Link {
  readonly peer = "127.0.0.1:40000";
  handler: LinkHandler | undefined;
  isClosed = false;
  bytes = 0;
  readonly #replies = new FrameSplitter();

  write(bytes: Uint8Array): boolean {
    this.bytes += bytes.length;
    this.#replies.push(bytes);
    return true;
  }

  pause(): void {
    throw new Error("nothing is ever full here");
  }

  resume(): void {
    throw new Error("nothing is ever full here");
  }

  end(): void {
    this.destroy();
  }

  destroy(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.handler?.onClose();
  }

  /** Throws when what was written is no messages. */
  check(): void {
    while (this.#replies.next());
  }
}

/** What clients send that manage users, and that log in. */
async function securityRequests(): Promise<readonly Uint8Array[]> {
  const runtime = new VirtualRuntime();
  await using emulator = await Emulator.start({ security: true, udf: "none", listen: "memory", runtime });
  const node = new ReplayNode(emulator.transport);
  const client = await runtime.until(
    connect(emulator.hosts, { transport: node, runtime, user: "admin", password: "admin" }),
  );
  const security = client.createSession().security();
  await runtime.until(
    (async () => {
      await security.createRole("auditor", {
        privileges: [{ code: "read", namespace: "test", setName: "s" }],
        allowlist: ["127.0.0.1"],
        readQuota: 5,
      });
      await security.createUser("ann", "secret", ["read", "auditor"]);
      await security.grantRoles("ann", ["write"]);
      await security.changePassword("ann", "other");
      await security.users();
      await security.role("auditor");
      await client.close();
    })(),
  );
  return node.recorded().requests;
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
