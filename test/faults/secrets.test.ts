import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Emulator } from "../../emulator/index.js";
import { ClusterDefinition, type ConnectOptions, connect, DataSet } from "../../src/index.js";
import { StrangeServer } from "../support/faults/strange-server.js";

const PASSWORD = "correct horse/battery:staple";
/** As it stands in a URL, and the start of what is sent in its place: a hash with a salt that all servers share. */
const FORMS = [PASSWORD, encodeURIComponent(PASSWORD), "$2a$10$"];
const CHANNELS = ["command", "connection", "node", "tend", "breaker", "task", "campaign", "config"].map(
  (name) => `aerowire:${name}`,
);

/** What was published, and what was said to the logger. */
const events: unknown[] = [];
const FAST: ConnectOptions = {
  connectTimeoutMs: 200,
  readyTimeoutMs: 1_000,
  logger: (entry) => void events.push(entry),
  logLevel: "debug",
};
const keep = (event: unknown): void => {
  events.push(event);
};

beforeEach(() => {
  events.length = 0;
  for (const channel of CHANNELS) subscribe(channel, keep);
});

afterEach(() => {
  for (const channel of CHANNELS) unsubscribe(channel, keep);
});

/** Everything that a log, a console or a crash report could show of a value. */
/** @param getters whether what is only told when asked for, as `error.key` is, counts as shown */
function shown(value: unknown, getters = true): string {
  const texts = [
    String(value),
    inspect(value, { depth: 20, showHidden: true, getters, maxArrayLength: null, maxStringLength: null }),
    JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? String(part) : part)) ?? "",
  ];
  for (let error = value; error instanceof Error; error = error.cause) {
    texts.push(
      error.message,
      error.stack ?? "",
      JSON.stringify(error),
      JSON.stringify(Object.getOwnPropertyDescriptors(error)),
    );
  }
  return texts.join("\n");
}

function expectNoSecretIn(value: unknown): void {
  const text = shown(value);
  for (const form of FORMS) expect(text).not.toContain(form);
}

async function failureOf(connecting: Promise<unknown>): Promise<unknown> {
  try {
    await connecting;
  } catch (error) {
    return error;
  }
  throw new Error("It connected");
}

/** A security reply that carries nothing but a result code. */
function refusal(resultCode: number): Uint8Array {
  const reply = new Uint8Array(24);
  reply.set([2, 2, 0, 0, 0, 0, 0, 16, 0, resultCode]);
  return reply;
}

describe("a password", () => {
  it.each<[string, "internal" | "external", () => Promise<StrangeServer>]>([
    ["a web server", "internal", () => StrangeServer.http()],
    ["a silent server", "external", () => StrangeServer.start(() => undefined)],
    ["a server that hangs up", "internal", () => StrangeServer.start((socket) => socket.destroy())],
    ["a server that refuses the password", "internal", () => StrangeServer.answering(refusal(62))],
    ["a server that does not know the user", "external", () => StrangeServer.answering(refusal(60))],
    [
      "a server that sends back what it got",
      "external",
      () => StrangeServer.start((socket) => socket.on("data", (bytes) => socket.write(bytes))),
    ],
  ])("is in no error and no event of connecting to %s", async (_, authMode, start) => {
    await using server = await start();
    const credentials = { user: "bob", password: PASSWORD, authMode };
    expectNoSecretIn(await failureOf(connect(server.address, { ...FAST, ...credentials })));
    expect(events.length).toBeGreaterThan(0);
    expectNoSecretIn(events);
  });

  it("is in no error of a cluster that takes no credentials", async () => {
    await using emulator = await Emulator.start({ udf: "none" });
    const url = `aerospike://bob:${encodeURIComponent(PASSWORD)}@${emulator.hosts}`;
    expectNoSecretIn(await failureOf(connect(url, FAST)));
    const definition = new ClusterDefinition(emulator.hosts).withNativeCredentials("bob", PASSWORD);
    expectNoSecretIn(definition);
    expectNoSecretIn(await failureOf(definition.connect(FAST)));
    expectNoSecretIn(events);
  });

  it.each([
    `aerospike://bob:${PASSWORD}@`,
    `aerospike://bob:${PASSWORD}@host:port`,
    `aerospike://bob:${PASSWORD}@host:70000`,
    `aerospike://bob:${PASSWORD}@host?tls=1`,
    `aerospike://:${PASSWORD}@host`,
    `http://bob:${PASSWORD}@host`,
    `bob:${PASSWORD}@host:3000`,
    `host:${PASSWORD}`,
    `aerospike://bob:%${PASSWORD}@host`,
  ])("is in no complaint about a host list: %s", async (hosts) => {
    const error = await failureOf(connect(hosts));
    expect(error).toBeInstanceOf(TypeError);
    expectNoSecretIn(error);
  });

  it("is in no complaint about options", async () => {
    const attempts = [
      { password: PASSWORD, authMode: "internal" },
      { user: "", password: PASSWORD },
      { user: "bob", pasword: PASSWORD },
      { user: "bob", password: PASSWORD, authMode: "none" },
    ];
    for (const options of attempts) {
      // What a program in JavaScript may pass.
      const wrong: object = { ...FAST, ...options };
      expectNoSecretIn(await failureOf(connect("127.0.0.1:1", wrong)));
    }
  });
});

describe("a record's content", () => {
  it("is in no event, and neither is its key", async () => {
    await using emulator = await Emulator.start({ nodes: 2, udf: "none" });
    const client = await connect(emulator.hosts, FAST);
    const session = client.createSession();
    const set = DataSet.of("test", "patients");
    await session.put(set.id("key-of-a-patient"), { diagnosis: "content-of-a-record" });
    await session.get(set.id("key-of-a-patient"));
    await failureOf(session.get(set.id("key-of-another")));
    using _ = emulator.faults.add({ command: "write", do: "cut" });
    await failureOf(session.put(set.id("key-of-a-patient"), { diagnosis: "content-of-a-record" }));
    const task = await session
      .backgroundTask()
      .update(set)
      .where("$.diagnosis == ?0", "content-of-a-record")
      .bin("n")
      .add(1)
      .execute();
    await task.waitTillComplete();
    await client.close();
    const text = shown(events, false);
    expect(events.length).toBeGreaterThan(5);
    for (const secret of ["key-of-a", "content-of-a-record"]) expect(text).not.toContain(secret);
  });
});
