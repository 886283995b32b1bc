import { deflateSync, inflateSync } from "node:zlib";
import { Emulator } from "../../../emulator/index.js";
import { PROTO_HEADER_SIZE, PROTO_VERSION, ProtoType } from "../../../protocol/frame/proto.js";
import { VirtualRuntime } from "../../../runtime/virtual-runtime.js";
import { AerospikeError, type Cluster, connect } from "../../../src/index.js";
import { ASKS, type Ask, BINS, MANY, set } from "../asks.js";
import { behaviorOf } from "../faults/lab.js";
import { WatchedAllocations } from "../faults/watched-allocations.js";
import { Random } from "../random/random.js";
import { mutate } from "./mutate.js";
import { type Recording, ReplayNode } from "./replay-node.js";
import { recordedReplies } from "./seeds.js";

/** One in so many cases is watched for what it allocates: watching takes longer than the case. */
const WATCHED = 16;
/** The largest array that a reply may make the client allocate: so much, and so many times its own size. */
const MOST_BYTES = 128 * 1024;
const MOST_TIMES = 16;
/** On the virtual clock: whoever waits for longer waits for nothing. */
const PATIENCE_MS = 600_000;
const TEND_MS = 1_000;
/** Of a compressed message: the size of that in it. */
const SIZE_BYTES = 8;
/** Passwords are hashed slowly on purpose. */
const LOGIN_RARITY = 1_000;
/** Lua begins anew for each, and takes in all that came. */
const AGGREGATION_RARITY = 100;
/** Whatever goes through all partitions of a namespace. */
const SLOW = /query|count|pages|explain|task|commit/;
const SLOW_RARITY = 10;

/** Something that a reply of some kind is read for. */
interface Kind {
  readonly name: string;
  readonly node: ReplayNode;
  readonly runtime: VirtualRuntime;
  readonly recording: Recording;
  /** What it waits for ends by time alone: the clock goes on while it runs. */
  readonly takesTime: boolean;
  /** How many times more rarely it is tried than the others, because it takes long. */
  readonly rarity: number;
  /** The client that is asked, where it is one for all cases. */
  readonly client: Cluster | undefined;
  run(): Promise<unknown>;
}

/** What went wrong, and what is needed to see it again. */
export interface Finding {
  readonly kind: string;
  readonly text: string;
  /** Hexadecimal. */
  readonly reply: string;
}

/**
 * A client whose every kind of call gets replies that were damaged: it may end with what it read or with an error of this
 * client. It may not end with another error, wait for ever, or make room for more than came.
 */
export class ReplyFuzzer implements AsyncDisposable {
  readonly #kinds: readonly Kind[];
  readonly #replies: ReadonlyMap<number, readonly Uint8Array[]>;
  readonly #emulators: readonly Emulator[];
  /** How cases ended, by error code; "ok" for those that gave a value. */
  readonly outcomes = new Map<string, number>();
  readonly #stray: unknown[] = [];
  readonly #onStray = (reason: unknown): void => void this.#stray.push(reason);

  private constructor(kinds: readonly Kind[], emulators: readonly Emulator[]) {
    this.#kinds = kinds;
    this.#emulators = emulators;
    const byType = new Map<number, Uint8Array[]>();
    const recorded = kinds.flatMap(({ recording }) => recording.replies.map(({ bytes }) => bytes));
    for (const bytes of [...recordedReplies(), ...recorded]) {
      const type = bytes[1] ?? 0;
      byType.set(type, [...(byType.get(type) ?? []), bytes]);
    }
    this.#replies = byType;
    process.on("unhandledRejection", this.#onStray);
  }

  static async open(): Promise<ReplyFuzzer> {
    const worlds = [
      await openPlain(),
      await openTending(),
      await openSecured(),
      await openCompressed(),
      await openAggregations(),
    ];
    return new ReplyFuzzer(
      worlds.flatMap(({ kinds }) => kinds),
      worlds.map(({ emulator }) => emulator),
    );
  }

  get kinds(): readonly string[] {
    return this.#kinds.map(({ name }) => name);
  }

  /** One case: the seed says which reply of which kind is damaged, and how. */
  async run(seed: number): Promise<Finding | undefined> {
    const random = new Random(seed);
    let kind = random.pick(this.#kinds);
    while (!random.oneIn(kind.rarity)) kind = random.pick(this.#kinds);
    await this.#heal(kind);
    const { replies } = kind.recording;
    const index = random.below(replies.length);
    const { bytes: own, isInfo } = replies[index]!;
    const others = this.#replies.get(own[1]!) ?? [own];
    // A reply to other info commands is refused for its names.
    const takesOther = random.oneIn(isInfo ? 10 : 2);
    const whole = takesOther ? random.pick(others) : own;
    // Damage to a compressed message mostly ends at its checksum.
    const reply =
      whole[1] === ProtoType.COMPRESSED && !random.oneIn(4)
        ? compressed(mutate(expanded(whole), random, this.#replies.get(ProtoType.MESSAGE)!))
        : mutate(whole, random, others);
    kind.node.replay(kind.recording, { index, pieces: inPieces(reply, random) });
    const text = random.oneIn(WATCHED) ? await this.#watched(kind, reply) : await this.#flaw(kind);
    return text === undefined
      ? undefined
      : { kind: `${kind.name}, reply ${index}`, text, reply: Buffer.from(reply).toString("hex") };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off("unhandledRejection", this.#onStray);
    await Promise.all(this.#emulators.map((emulator) => emulator.close()));
  }

  /** What a node said of itself may have made the client let it go: it is found again by the next tends. */
  async #heal({ client, node, runtime, recording }: Kind): Promise<void> {
    if (client === undefined || client.isConnected) return;
    node.replay(recording, undefined);
    await runtime.advance(3 * TEND_MS);
    if (!client.isConnected) throw new Error("The client does not find its node again");
  }

  async #watched(kind: Kind, reply: Uint8Array): Promise<string | undefined> {
    using allocations = new WatchedAllocations();
    const flaw = await this.#flaw(kind);
    const most = MOST_BYTES + MOST_TIMES * reply.length;
    if (flaw !== undefined || allocations.largest <= most) return flaw;
    return `it makes room for ${allocations.largest} for a reply of ${reply.length} bytes`;
  }

  async #flaw({ node, runtime, run, takesTime }: Kind): Promise<string | undefined> {
    let error: unknown;
    let isSettled = false;
    // What can't be asked now may be thrown at the call.
    const ended = (async () => run())().then(
      () => {
        isSettled = true;
      },
      (reason: unknown) => {
        isSettled = true;
        error = reason;
      },
    );
    for (let turns = 3; turns > 0 && !isSettled; turns--) await runtime.settle();
    if (!isSettled) {
      // What is missing never comes.
      if (!takesTime) node.hangUp();
      try {
        await runtime.until(ended, PATIENCE_MS);
      } catch {
        return "it never ends";
      }
    }
    const stray = this.#stray.pop();
    if (stray !== undefined) return `a rejection that nobody takes: ${textOf(stray)}`;
    const outcome = error === undefined ? "ok" : error instanceof AerospikeError ? error.code : undefined;
    if (outcome === undefined) return textOf(error);
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
    if (Object.keys(Object.prototype).length > 0) return "the prototype of all objects was changed";
    return undefined;
  }
}

interface WorldOfKinds {
  readonly emulator: Emulator;
  readonly kinds: readonly Kind[];
}

const NAMESPACES = [{ name: "test" }];
const HASTY = behaviorOf({
  all: { totalTimeout: 10_000, maxRetries: 0 },
  readsQuery: { totalTimeout: 10_000, maxRetries: 0 },
  writesQuery: { totalTimeout: 10_000 },
});

/** What is asked of a session. */
async function openPlain(): Promise<WorldOfKinds> {
  const { emulator, node, runtime } = await start({ namespaces: NAMESPACES });
  const client = await runtime.until(connect(emulator.hosts, { transport: node, runtime, maxErrorRate: 0 }));
  await runtime.until(client.createSession().put(set.id(1), BINS));
  const session = client.createSession(HASTY);
  const kinds: Kind[] = [];
  // Once before, for what a call leaves to those behind it: an index, what the client knows of indexes.
  for (const [name, ask] of ASKS) await recordedKind(name, node, runtime, () => ask(session));
  for (const [name, ask] of ASKS) {
    const rarity = SLOW.test(name) ? SLOW_RARITY : 1;
    kinds.push(await recordedKind(name, node, runtime, () => ask(session), { rarity, client }));
  }
  return { emulator, kinds };
}

/** What a client asks by itself: connecting, and the tend. */
async function openTending(): Promise<WorldOfKinds> {
  const { emulator, node, runtime } = await start({ namespaces: NAMESPACES, nodes: 3 });
  const options = { transport: node, runtime, maxErrorRate: 0, racks: [1] };
  const connecting = async (): Promise<void> => {
    const client = await connect(emulator.hosts, { ...options, readyTimeoutMs: 1_000 });
    await client.close();
  };
  const tend = async (): Promise<void> => {
    const client = await connect(emulator.hosts, options);
    await new Promise<void>((resolve) => void runtime.setTimer(3 * TEND_MS, resolve, true));
    await client.close();
  };
  const kinds = [
    await recordedKind("connect", node, runtime, connecting, { takesTime: true, rarity: SLOW_RARITY }),
    await recordedKind("tend", node, runtime, tend, { takesTime: true, rarity: SLOW_RARITY }),
  ];
  return { emulator, kinds };
}

/** Logging in, and what is asked about users. */
async function openSecured(): Promise<WorldOfKinds> {
  const { emulator, node, runtime } = await start({ namespaces: NAMESPACES, security: true });
  const credentials = { user: "admin", password: "admin" };
  const client = await runtime.until(
    connect(emulator.hosts, { transport: node, runtime, maxErrorRate: 0, ...credentials }),
  );
  const security = client.createSession(HASTY).security();
  await runtime.until(
    security.createRole("auditor", { privileges: [{ code: "read", namespace: "test", setName: "s" }] }),
  );
  await runtime.until(security.createUser("ann", "secret", ["read", "auditor"]));
  const login = async (): Promise<void> => {
    const another = await connect(emulator.hosts, { transport: node, runtime, readyTimeoutMs: 1_000, ...credentials });
    await another.close();
  };
  const asks: readonly (readonly [string, () => Promise<unknown>])[] = [
    ["users", () => security.users()],
    ["a user", () => security.user("ann")],
    ["roles", () => security.roles()],
    ["a role", () => security.role("auditor")],
    ["a change of a user", () => security.grantRoles("ann", ["write"])],
  ];
  const kinds: Kind[] = [await recordedKind("login", node, runtime, login, { takesTime: true, rarity: LOGIN_RARITY })];
  for (const [name, ask] of asks) kinds.push(await recordedKind(name, node, runtime, ask, { client }));
  return { emulator, kinds };
}

/** Replies of servers that compress. */
async function openCompressed(): Promise<WorldOfKinds> {
  const { emulator, node, runtime } = await start({ namespaces: NAMESPACES, edition: "enterprise" });
  const client = await runtime.until(connect(emulator.hosts, { transport: node, runtime, maxErrorRate: 0 }));
  const session = client.createSession(HASTY.deriveWithChanges("compressing", { all: { compress: true } }));
  const bins = { ...BINS, long: "text ".repeat(100) };
  await runtime.until(session.upsert(MANY).put(bins).execute());
  const asks: readonly Ask[] = [
    (asked) => asked.get(set.id(1)),
    (asked) => asked.getMany(MANY),
    (asked) => asked.query(set).collect(),
  ];
  const kinds: Kind[] = [];
  for (const ask of asks) {
    const name = `compressed reply ${kinds.length}`;
    kinds.push(await recordedKind(name, node, runtime, () => ask(session), { rarity: SLOW_RARITY, client }));
  }
  return { emulator, kinds };
}

const AGGREGATIONS = `
function count(s) return s : map(function() return 1 end) : reduce(function(a, b) return a + b end) end
function values(s) return s : map(function(r) return map{id = r.id, list = r.list} end) end
`;

/** What nodes send of an aggregation, and the end of it in this client's Lua. */
async function openAggregations(): Promise<WorldOfKinds> {
  const { emulator, node, runtime } = await start({ namespaces: NAMESPACES }, true);
  const client = await runtime.until(connect(emulator.hosts, { transport: node, runtime, maxErrorRate: 0 }));
  const session = client.createSession(HASTY);
  await runtime.until(session.upsert(MANY).put({ id: 7, list: BINS.list }).execute());
  const task = await runtime.until(session.registerUdf(AGGREGATIONS, "sums.lua"));
  await runtime.until(task.waitTillComplete());
  const kinds: Kind[] = [];
  for (const name of ["count", "values"]) {
    const run = () => session.query(set).aggregate("sums", name).collect();
    const rarity = AGGREGATION_RARITY;
    kinds.push(await recordedKind(`aggregation ${name}`, node, runtime, run, { rarity, client }));
  }
  return { emulator, kinds };
}

async function start(options: Parameters<typeof Emulator.start>[0], hasLua = false) {
  const runtime = new VirtualRuntime();
  const emulator = await Emulator.start({ ...(!hasLua && { udf: "none" }), ...options, listen: "memory", runtime });
  return { emulator, runtime, node: new ReplayNode(emulator.transport) };
}

async function recordedKind(
  name: string,
  node: ReplayNode,
  runtime: VirtualRuntime,
  run: () => Promise<unknown>,
  { takesTime = false, rarity = 1, client }: Partial<Pick<Kind, "takesTime" | "rarity" | "client">> = {},
): Promise<Kind> {
  node.record();
  await runtime.until(
    run().catch((error: unknown) => {
      if (!(error instanceof AerospikeError)) throw error;
    }),
  );
  return { name, node, runtime, run, takesTime, rarity, client, recording: node.recorded() };
}

/** The message in a compressed one. */
function expanded(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(inflateSync(bytes.subarray(PROTO_HEADER_SIZE + SIZE_BYTES)));
}

/** A message with another in it, whatever that is. */
function compressed(bytes: Uint8Array): Uint8Array {
  const packed = deflateSync(bytes);
  const whole = new Uint8Array(PROTO_HEADER_SIZE + SIZE_BYTES + packed.length);
  const view = new DataView(whole.buffer);
  whole.set([PROTO_VERSION, ProtoType.COMPRESSED]);
  view.setUint32(4, SIZE_BYTES + packed.length);
  view.setUint32(PROTO_HEADER_SIZE + 4, bytes.length);
  whole.set(packed, PROTO_HEADER_SIZE + SIZE_BYTES);
  return whole;
}

function inPieces(bytes: Uint8Array, random: Random): Uint8Array[] {
  if (bytes.length < 2 || !random.oneIn(4)) return [bytes];
  const at = random.between(1, bytes.length - 1);
  return [bytes.subarray(0, at), ...inPieces(bytes.subarray(at), random)];
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
