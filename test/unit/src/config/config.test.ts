import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Emulator } from "../../../../emulator/index.js";
import { ConfigError, type ConfigEvent, loadConfig, parseConfig } from "../../../../src/config/index.js";
import { DataSet, type LogEntry } from "../../../../src/index.js";

const users = DataSet.of("test", "configured");
let emulator: Emulator;
let folder: string;
let files = 0;

beforeAll(async () => {
  emulator = await Emulator.start({ listen: "memory", udf: "none" });
  folder = await mkdtemp(join(tmpdir(), "aerowire-config-"));
});

afterAll(async () => {
  await emulator.close();
  await rm(folder, { recursive: true });
});

const fileOf = async (text: string, name = `${files++}.yaml`): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
};

describe("sessions that were made before", () => {
  test("follow with their next command, those of derived behaviors as well", async () => {
    let text = "behaviors: { DEFAULT: { writes: { sendKey: false } }, keyed: { parent: DEFAULT } }";
    await using config = await parseConfig(() => text);
    await using cluster = await config.connect({ hosts: emulator.hosts, transport: emulator.transport });
    const plain = cluster.createSession();
    const derived = cluster.createSession(
      config.behavior("keyed").deriveWithChanges("own", { reads: { maxRetries: 0 } }),
    );
    const storesKey = async (session: typeof plain, id: string): Promise<boolean> => {
      await session.delete(users.id(id)).execute();
      await session.put(users.id(id), { a: 1 });
      const rows = await session.query(users).collect();
      return rows.some(({ key }) => key.userKey === id);
    };
    expect(await storesKey(plain, "before")).toBe(false);
    expect(await storesKey(derived, "before, derived")).toBe(false);
    text = "behaviors: { DEFAULT: { writes: { sendKey: true } }, keyed: { parent: DEFAULT } }";
    expect((await config.reload()).changed).toEqual(["behaviors.DEFAULT.writes.sendKey"]);
    expect(await storesKey(plain, "after")).toBe(true);
    expect(await storesKey(derived, "after, derived")).toBe(true);
  });

  test("keep a behavior that gets another parent, whichever way round", async () => {
    let text = "behaviors: { a: { parent: b, all: { maxRetries: 5 } }, b: { all: { retryDelay: 9 } } }";
    await using config = await parseConfig(() => text);
    const [a, b] = [config.behavior("a"), config.behavior("b")];
    expect(a.getSettings("read", "point")).toMatchObject({ maxRetries: 5, retryDelay: 9 });
    text = "behaviors: { b: { parent: a }, a: { all: { maxRetries: 6 } } }";
    await config.reload();
    expect(a.parent).toBe(config.behavior());
    expect(b.parent).toBe(a);
    expect(b.children).toEqual([]);
    expect(b.getSettings("read", "point")).toMatchObject({ maxRetries: 6, retryDelay: 0 });
  });
});

describe("a document that can't be applied", () => {
  test("leaves everything as it is", async () => {
    let text = "behaviors: { a: { all: { maxRetries: 5 } } }";
    await using config = await parseConfig(() => text);
    text = "behaviors: { a: { all: { maxRetries: 6 } }, b: { all: { maxRetries: -1 } } }";
    await expect(config.reload()).rejects.toThrow("behaviors.b.all.maxRetries: expected a whole number from 0");
    expect(config.behavior("a").getSettings("read", "point").maxRetries).toBe(5);
    expect(config.behaviorNames).toEqual(["DEFAULT", "a"]);
    text = "behaviors: { a: { all: { maxRetries: 6 } } }";
    await config.reload();
    expect(config.behavior("a").getSettings("read", "point").maxRetries).toBe(6);
  });

  test("is one without a behavior that the program uses; others may go", async () => {
    let text = "behaviors: { a: { all: { maxRetries: 5 } }, b: { all: { maxRetries: 5 } } }";
    await using config = await parseConfig(() => text);
    const a = config.behavior("a");
    text = "behaviors: { a: { all: { maxRetries: 6 } } }";
    await config.reload();
    expect(config.behaviorNames).toEqual(["DEFAULT", "a"]);
    text = "behaviors: {}";
    await expect(config.reload()).rejects.toThrow("behaviors.a: it is gone, but the program uses it");
    expect(a.getSettings("read", "point").maxRetries).toBe(6);
  });
});

describe("clients that run", () => {
  test("take on what they can, and what they can't is named", async () => {
    let text = "connect: { maxErrorRate: 10, tendIntervalMs: 20, maxConnectionsPerNode: 10 }";
    const events: ConfigEvent[] = [];
    await using config = await parseConfig(() => text, { onReload: (event) => events.push(event) });
    await using cluster = await config.connect({ hosts: emulator.hosts, transport: emulator.transport });
    const limit = (): number => Object.values(cluster.metrics().nodes)[0]!.breaker.limit;
    expect(limit()).toBe(10);
    text = "connect: { maxErrorRate: 3, maxConnectionsPerNode: 20, clusterName: prod }";
    const event = await config.reload();
    expect(event).toEqual({
      source: "the configuration",
      changed: [
        "connect.clusterName",
        "connect.maxConnectionsPerNode",
        "connect.maxErrorRate",
        "connect.tendIntervalMs",
      ],
      atNextConnect: ["connect.clusterName", "connect.maxConnectionsPerNode"],
      ignored: [],
      error: undefined,
    });
    expect(events).toEqual([event]);
    await expect.poll(limit).toBe(3);
    expect((await config.reload()).changed).toEqual([]);
    expect(events.length).toBe(1);
  });

  test("have what code says where the document says nothing", async () => {
    let text = "connect: { maxErrorRate: 10 }";
    await using config = await parseConfig(() => text);
    const options = { hosts: emulator.hosts, transport: emulator.transport, maxErrorRate: 77, tendIntervalMs: 20 };
    await using cluster = await config.connect(options);
    const limit = (): number => Object.values(cluster.metrics().nodes)[0]!.breaker.limit;
    expect(limit()).toBe(10);
    text = "";
    await config.reload();
    await expect.poll(limit).toBe(77);
  });
});

test("a configuration that is closed reads nothing more", async () => {
  const config = await parseConfig("behaviors: { a: {} }");
  await config.close();
  await expect(config.reload()).rejects.toThrow("reload: the configuration is closed");
  await expect(config.connect({ hosts: "h" })).rejects.toThrow("connect: the configuration is closed");
  expect(config.behavior("a").name).toBe("a");
});

describe("connect", () => {
  test("needs hosts from somewhere", async () => {
    await using config = await parseConfig("");
    await expect(config.connect()).rejects.toThrow("neither the configuration nor the options say which hosts");
  });

  test("takes the password from a function, an option, or a variable", async () => {
    await using secured = await Emulator.start({ listen: "memory", udf: "none", security: true });
    const options = { hosts: secured.hosts, transport: secured.transport, connectTimeoutMs: 30_000 };
    await using config = await parseConfig("connect: { user: admin, passwordEnv: AEROWIRE_TEST_PASSWORD }");
    const unset: unknown = await config.connect(options).catch((error: unknown) => error);
    expect(String(unset)).toContain(
      "connect.passwordEnv: expected the name of a variable of the environment that is set",
    );
    expect(String(unset)).not.toContain("AEROWIRE_TEST_PASSWORD");
    for (const password of ["admin", async () => "admin"]) {
      await using cluster = await config.connect({ ...options, password });
      expect(cluster.isConnected).toBe(true);
    }
    process.env["AEROWIRE_TEST_PASSWORD"] = "admin";
    try {
      await using cluster = await config.connect(options);
      expect(cluster.isConnected).toBe(true);
    } finally {
      delete process.env["AEROWIRE_TEST_PASSWORD"];
    }
    const wrong: unknown = await config.connect({ ...options, password: "hunter3" }).catch((error: unknown) => error);
    expect(wrong).toMatchObject({ name: "AuthenticationError" });
    expect(String(wrong)).not.toContain("hunter3");
  });
});

describe("files", () => {
  test("are read again when they change, however they are replaced", async () => {
    const document = (retries: number): string => `{ "behaviors": { "a": { "all": { "maxRetries": ${retries} } } } }`;
    const path = await fileOf(document(1), "watched.json");
    const log: LogEntry[] = [];
    await using config = await loadConfig(path, { watchEveryMs: 100, logger: (entry) => log.push(entry) });
    const retries = (): number => config.behavior("a").getSettings("read", "point").maxRetries;
    expect(retries()).toBe(1);
    await writeFile(path, document(2));
    await expect.poll(retries).toBe(2);
    await rename(await fileOf(document(3)), path);
    await expect.poll(retries).toBe(3);
    // As Kubernetes does with mounted configuration.
    await symlink(await fileOf(document(4)), `${path}.link`);
    await rename(`${path}.link`, path);
    await expect.poll(retries).toBe(4);
    await writeFile(path, "{");
    await expect.poll(() => log.at(-1)?.level).toBe("warn");
    expect(log.at(-1)?.fields["error"]).toBeInstanceOf(ConfigError);
    expect(retries()).toBe(4);
    const told = log.length;
    await writeFile(path, document(5));
    await expect.poll(retries).toBe(5);
    expect(log.slice(told).map(({ level, message }) => [level, message])).toEqual([["info", "Configuration changed"]]);
    expect(log.at(-1)?.fields).toEqual({
      source: path,
      changed: ["behaviors.a.all.maxRetries"],
      atNextConnect: [],
      ignored: [],
    });
  });

  test("what they name is read beside them, and looked after as well", async () => {
    await writeFile(join(folder, "ca.pem"), "one");
    const path = await fileOf("connect: { tls: { caFile: ca.pem } }");
    const events: ConfigEvent[] = [];
    await using config = await loadConfig(path, { watchEveryMs: 100, onReload: (event) => events.push(event) });
    await writeFile(join(folder, "ca.pem"), "two");
    await expect.poll(() => events.length).toBe(1);
    expect(events[0]).toMatchObject({ changed: ["connect.tls.caFile"], atNextConnect: ["connect.tls.caFile"] });
    expect(JSON.stringify(events)).not.toContain("two");
    expect(config.ignored).toEqual([]);
  });

  test("are named by a path, a URL, or the variable that other clients have", async () => {
    const path = await fileOf("behaviors: { here: {} }");
    const url = pathToFileURL(path);
    process.env["AEROSPIKE_CLIENT_CONFIG_URL"] = url.href;
    const fromVariable = loadConfig();
    delete process.env["AEROSPIKE_CLIENT_CONFIG_URL"];
    for (const loading of [fromVariable, loadConfig(url), loadConfig(url.href), loadConfig(path)]) {
      await using config = await loading;
      expect(config.behaviorNames).toContain("here");
    }
  });

  test("that can't be read are refused", async () => {
    await expect(loadConfig(join(folder, "none.yaml"))).rejects.toThrow(/none\.yaml can't be read: ENOENT/);
    await expect(loadConfig("")).rejects.toThrow('expected a path or a file:// URL, got ""');
    await expect(loadConfig("https://example.org/a.yaml")).rejects.toThrow("got one of https://");
    await expect(loadConfig(undefined)).rejects.toThrow("AEROSPIKE_CLIENT_CONFIG_URL is not set");
    await expect(loadConfig("a", { watchEveryMs: 5 })).rejects.toThrow(
      "expected watchEveryMs to be 0 or a whole number from 100",
    );
    await expect(parseConfig("", { format: "toml" as "json" })).rejects.toThrow(
      'expected format to be "yaml" or "json"',
    );
    await expect(parseConfig(7 as unknown as string)).rejects.toThrow("expected text, got 7");
  });
});

describe("those who hear of it", () => {
  test("are told on a channel, too, and break nothing when they throw", async () => {
    const events: unknown[] = [];
    const listener = (event: unknown): void => {
      events.push(event);
    };
    let text = "behaviors: {}";
    await using config = await parseConfig(() => text);
    subscribe("aerowire:config", listener);
    text = "behaviors: { DEFAULT: { all: { maxRetries: 1 } } }";
    await config.reload();
    text = "behaviors: { DEFAULT: { all: { maxRetries: x } } }";
    await expect(config.reload()).rejects.toThrow(ConfigError);
    unsubscribe("aerowire:config", listener);
    expect(events).toMatchObject([
      { changed: ["behaviors.DEFAULT.all.maxRetries"], error: undefined },
      { changed: [], error: { path: "behaviors.DEFAULT.all.maxRetries" } },
    ]);
  });
});
