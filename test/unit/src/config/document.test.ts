import { describe, expect, test } from "vitest";
import { parseDocument, readDocument } from "../../../../src/config/document.js";
import { ConfigError, parseConfig } from "../../../../src/config/index.js";
import { Behavior } from "../../../../src/index.js";

async function refusalOf(text: string, format: "yaml" | "json" = "yaml"): Promise<ConfigError> {
  const error: unknown = await parseConfig(text, { format }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConfigError)) throw new Error(`expected a ConfigError, got ${String(error)}`);
  return error;
}

describe("a document of this client's own making", () => {
  const text = `
connect:
  hosts: [db1:3000, "db2:prod:4333"]
  user: app
  passwordEnv: SHOP_PASSWORD
  clusterName: prod
  maxConnectionsPerNode: 50
  tendIntervalMs: 2000
  racks: [2, 1]
  ipMap: { 10.0.0.1: db1.example.org }
  transactions: { attempts: 3 }
  logLevel: debug
behaviors:
  DEFAULT:
    all: { maxRetries: 1 }
  patient:
    all: { totalTimeout: 5000 }
  nightly:
    parent: patient
    readsQuery: { maxRetries: 20 }
    systemTxnRoll: { maxRetries: 9 }
  quick:
    parent: READ_FAST
`;

  test("says how to connect", async () => {
    const { configuration } = await readDocument(await parseDocument(text, "yaml"), async () => new Uint8Array());
    expect(configuration).toMatchObject({
      hosts: ["db1:3000", "db2:prod:4333"],
      passwordEnv: "SHOP_PASSWORD",
      ignored: [],
      options: {
        user: "app",
        clusterName: "prod",
        maxConnectionsPerNode: 50,
        tendIntervalMs: 2000,
        racks: [2, 1],
        ipMap: { "10.0.0.1": "db1.example.org" },
        transactions: { attempts: 3, implicitBatchWrites: true },
        logLevel: "debug",
      },
    });
  });

  test("has behaviors that are derived from each other, from its DEFAULT, or from what is predefined", async () => {
    await using config = await parseConfig(text);
    expect(config.behaviorNames).toEqual(["DEFAULT", "patient", "nightly", "quick"]);
    const nightly = config.behavior("nightly");
    expect(nightly.getSettings("read", "query")).toMatchObject({ maxRetries: 20, totalTimeout: 0 });
    expect(nightly.getSettings("read", "point")).toMatchObject({ maxRetries: 1, totalTimeout: 5_000 });
    expect(nightly.getTxnSettings("roll").maxRetries).toBe(9);
    expect(nightly.parent).toBe(config.behavior("patient"));
    expect(config.behavior("quick").parent).toBe(Behavior.READ_FAST);
    expect(config.behavior().getSettings("writeRetryable", "point").maxRetries).toBe(1);
    expect(() => config.behavior("nigthly")).toThrow(/has no "nigthly"\. Did you mean nightly/);
  });

  test("leaves the behaviors of the process alone", async () => {
    const before = Behavior.DEFAULT.explain();
    await using config = await parseConfig(text);
    expect(config.behavior()).not.toBe(Behavior.DEFAULT);
    expect(Behavior.DEFAULT.explain()).toBe(before);
    expect(Behavior.DEFAULT.findBehavior("nightly")).toBeUndefined();
  });

  test("may be empty", async () => {
    await using config = await parseConfig("");
    expect(config.behaviorNames).toEqual(["DEFAULT"]);
  });

  test("may use anchors and merges", async () => {
    await using config = await parseConfig(
      "behaviors:\n  a: &a\n    all: { maxRetries: 7 }\n  b:\n    <<: *a\n    reads: { sendKey: true }\n",
    );
    expect(config.behavior("b").getSettings("read", "point")).toMatchObject({ maxRetries: 7, sendKey: true });
  });
});

describe("what can't be is refused, with its place, what stands there and what is allowed", () => {
  test.each([
    ["a: 1", "a", 'there is no section "a". Known: connect, behaviors'],
    ["- 1", "", "expected a mapping, got an Array"],
    ["connect: 7", "connect", "expected a mapping, got 7"],
    [
      "connect: { maxConectionsPerNode: 5 }",
      "connect.maxConectionsPerNode",
      'there is no option "maxConectionsPerNode". Did you mean maxConnectionsPerNode',
    ],
    ["connect: { tendIntervalMs: 0 }", "connect.tendIntervalMs", "expected a whole number from 1 to 2147483647, got 0"],
    ["connect: { tendIntervalMs: 1s }", "connect.tendIntervalMs", 'got "1s"'],
    ["connect: { maxConnections: 1 }", "connect.maxConnections", "from 2 to 100000, got 1"],
    ["connect: { logLevel: loud }", "connect.logLevel", 'expected "debug" or "info" or "warn" or "error", got "loud"'],
    ["connect: { racks: [a] }", "connect.racks", "expected an array of whole numbers from 0, got an Array"],
    ["connect: { failIfNotConnected: maybe }", "connect.failIfNotConnected", "expected true or false"],
    [
      "connect: { minConnectionsPerNode: 60, maxConnectionsPerNode: 50 }",
      "connect",
      "minConnectionsPerNode is 60; allowed are at most maxConnectionsPerNode, which is 50",
    ],
    ["connect: { hosts: 7 }", "connect.hosts", 'expected text such as "db1:3000,db2:3000" or a list'],
    ["connect: { hosts: [] }", "connect.hosts", "expected text"],
    ["connect: { hosts: 'a b:3000' }", "connect.hosts", "is not host, host:port"],
    [
      "connect: { transactions: { attempts: 0 } }",
      "connect.transactions",
      "expected attempts to be a whole number from 1",
    ],
    ["connect: { tls: 1 }", "connect.tls", "expected a mapping, got 1"],
    ["connect: { tls: { minVersion: SSLv3 } }", "connect.tls.minVersion", "expected TLSv1, TLSv1.1, TLSv1.2, TLSv1.3"],
    ["connect: { tls: { caFiles: x } }", "connect.tls.caFiles", 'there is no setting "caFiles". Did you mean caFile'],
    [
      "connect: { tls: { passphraseEnv: AEROWIRE_NOT_SET } }",
      "connect.tls.passphraseEnv",
      "expected the name of a variable of the environment that is set",
    ],
    ["connect: { tls: { caFile: /nowhere/ca.pem } }", "connect.tls.caFile", "the file can't be read: ENOENT"],
    ["behaviors: { a: { red: {} } }", "behaviors.a.red", 'there is no scope "red". Did you mean reads'],
    [
      "behaviors: { a: { maxRetries: 1 } }",
      "behaviors.a.maxRetries",
      "needs the commands that it is for, such as all: { maxRetries: … }",
    ],
    [
      "behaviors: { a: { all: { maxRetriess: 1 } } }",
      "behaviors.a.all.maxRetriess",
      'there is no setting "maxRetriess". Did you mean maxRetries',
    ],
    [
      "behaviors: { a: { all: { maxRetries: -1 } } }",
      "behaviors.a.all.maxRetries",
      "expected a whole number from 0 to 1000000, got -1",
    ],
    [
      "behaviors: { a: { reads: { replica: near } } }",
      "behaviors.a.reads.replica",
      'expected "master" or "sequence" or "preferRack" or "random", got "near"',
    ],
    [
      "behaviors: { a: { systemTxnRoll: { sendKey: true } } }",
      "behaviors.a.systemTxnRoll.sendKey",
      'there is no setting "sendKey". Known: totalTimeout',
    ],
    [
      "behaviors: { a: { parent: b } }",
      "behaviors.a.parent",
      'there is no behavior "b". Did you mean a? Known: a, DEFAULT, READ_FAST',
    ],
    ["behaviors: { a: { parent: b }, b: { parent: a } }", "behaviors.a.parent", "expected no circle, got a -> b -> a"],
    ["behaviors: { a: { parent: a } }", "behaviors.a.parent", "expected no circle, got a -> a"],
    ["behaviors: { c: { parent: a }, a: { parent: b }, b: { parent: a } }", "behaviors.a.parent", "expected no circle"],
    ["behaviors: { DEFAULT: { parent: READ_FAST } }", "behaviors.DEFAULT.parent", "has no parent"],
    ["behaviors: { READ_FAST: { all: {} } }", "behaviors.READ_FAST", '"READ_FAST" is predefined'],
    ["a: {", "", "the text is not YAML"],
    ["a: 1\na: 2", "", "the text is not YAML: duplicate key"],
  ])("%s", async (text, path, message) => {
    const error = await refusalOf(text);
    expect(error.path).toBe(path);
    expect(error.message).toContain(message);
    expect(error.code).toBe("CONFIG");
  });

  test("says the line, in YAML", async () => {
    expect((await refusalOf("behaviors:\n  a:\n    all:\n      maxRetries: -1\n")).line).toBe(4);
    expect((await refusalOf("a:\n  - [")).line).toBe(2);
    expect((await refusalOf('{ "behaviors": 1 }', "json")).line).toBeUndefined();
  });

  test("JSON that is none says where, and repeats nothing", async () => {
    const error = await refusalOf('{ "password": "hunter2", ]', "json");
    expect(error.message).toMatch(/^the text is not JSON, at position \d+$/);
  });

  test("a document that grows when it is read is refused", async () => {
    const bomb = Array.from(
      { length: 12 },
      (_, i) =>
        `a${i}: &a${i} [${Array(10)
          .fill(i === 0 ? "x" : `*a${i - 1}`)
          .join(",")}]`,
    );
    expect((await refusalOf(bomb.join("\n"))).message).toContain("there are too many of them");
    expect((await refusalOf(`a: ${"x".repeat(1_100_000)}`)).message).toContain("expected at most 1048576 characters");
  });

  test("names that JavaScript's objects have are names like any other", async () => {
    expect((await refusalOf("connect: { constructor: 1 }")).message).toContain('no option "constructor"');
    expect((await refusalOf("behaviors: { a: { all: { __proto__: { maxRetries: 1 } } } }")).path).toBe(
      "behaviors.a.all.__proto__",
    );
    expect((await refusalOf('{ "behaviors": { "a": { "toString": {} } } }', "json")).path).toBe("behaviors.a.toString");
  });
});

describe("secrets", () => {
  test.each([
    "connect: { password: hunter2 }",
    "connect: { hosts: 'aerospike://app:hunter2@db1' }",
    "connect: { hosts: ['aerospike://app:hunter2@db1'] }",
    "connect: { hosts: 'app:hunter2@db1' }",
    "connect: { tls: { passphrase: hunter2 } }",
    "connect: { tls: { passphraseEnv: hunter2 } }",
    "connect: { tls: { key: hunter2 } }",
    "connect: { tls: { key: [hunter2] } }",
  ])("%s is refused, and not repeated", async (text) => {
    const error = await refusalOf(text);
    expect(error.message).not.toContain("hunter2");
    expect(String(error.stack)).not.toContain("hunter2");
    expect(error.path).toMatch(/^connect\./);
  });
});

test("nothing of text that is no YAML is repeated", async () => {
  for (const text of ['a: "x" hunter2', "a: *hunter2", "hunter2: [", "a: !hunter2 b", "a: hunter2: b"]) {
    expect((await refusalOf(text)).message).not.toContain("hunter2");
  }
});

describe("a document for Aerospike's other clients", () => {
  const text = `
version: "1.0.0"
static:
  client:
    config_interval: 1000
    max_connections_per_node: 200
    async_max_connections_per_node: 300
    min_connections_per_node: 100
dynamic:
  client:
    app_id: billing
    timeout: 2500
    error_rate_window: 2
    max_error_rate: 50
    max_socket_idle: 30
    rack_aware: true
    rack_ids: [3, 1]
    tend_interval: 500
    login_timeout: 5000
    use_service_alternate: true
  read:
    read_mode_ap: ALL
    read_mode_sc: ALLOW_REPLICA
    replica: PREFER_RACK
    socket_timeout: 50
    total_timeout: 250
    max_retries: 4
    sleep_between_retries: 5
    timeout_delay: 1
  write: { send_key: true, durable_delete: true, max_retries: 0 }
  batch_read: { allow_inline: false, allow_inline_ssd: true, respond_all_keys: true }
  query: { max_retries: 8, record_queue_size: 100 }
  batch_udf: { send_key: true }
  txn_roll: { max_retries: 3, replica: MASTER }
  metrics: { enable: true }
`;

  test("says what holds where nothing else is said", async () => {
    await using config = await parseConfig(text);
    expect(config.behaviorNames).toEqual(["DEFAULT"]);
    const behavior = config.behavior();
    expect(behavior.getSettings("read", "point")).toMatchObject({
      readModeAp: "all",
      readModeSc: "allowReplica",
      replica: "preferRack",
      socketTimeout: 50,
      totalTimeout: 250,
      maxRetries: 4,
      retryDelay: 5,
    });
    expect(behavior.getSettings("writeRetryable", "point")).toMatchObject({
      sendKey: true,
      durableDelete: true,
      maxRetries: 0,
    });
    expect(behavior.getSettings("read", "batch")).toMatchObject({
      allowInline: false,
      allowInlineSsd: true,
      maxRetries: 2,
    });
    expect(behavior.getSettings("read", "query").maxRetries).toBe(8);
    expect(behavior.getTxnSettings("roll").maxRetries).toBe(3);
  });

  test("names what has no meaning here", async () => {
    await using config = await parseConfig(text);
    expect([...config.ignored].sort()).toEqual([
      "dynamic.batch_read.respond_all_keys",
      "dynamic.batch_udf",
      "dynamic.client.login_timeout",
      "dynamic.metrics",
      "dynamic.query.record_queue_size",
      "dynamic.read.timeout_delay",
      "dynamic.txn_roll.replica",
      "static.client.config_interval",
    ]);
  });

  test("becomes options of connect", async () => {
    const { configuration } = await readDocument(await parseDocument(text, "yaml"), async () => new Uint8Array());
    expect(configuration.options).toEqual({
      maxConnectionsPerNode: 300,
      minConnectionsPerNode: 16,
      appId: "billing",
      connectTimeoutMs: 2500,
      errorRateWindow: 2,
      maxErrorRate: 50,
      maxSocketIdleMs: 30_000,
      racks: [3, 1],
      tendIntervalMs: 500,
      useServicesAlternate: true,
    });
  });

  test.each([
    ["version: 2.0.0\nstatic: {}", "version", 'expected "1.0.0"'],
    ["dynamic: { read: { replica: NEAR } }", "dynamic.read.replica", "expected MASTER or MASTER_PROLES"],
    ["dynamic: { read: { replica: constructor } }", "dynamic.read.replica", "expected MASTER or"],
    ["dynamic: { read: { max_retries: many } }", "dynamic.read.max_retries", "expected a whole number"],
    ["dynamic: { client: { tend_interval: 0 } }", "dynamic.client.tend_interval", "expected a whole number from 1"],
    ["dynamic: { client: { rack_ids: 1 } }", "dynamic.client.rack_ids", "expected a list of whole numbers from 0"],
    ["dynamic: { client: { rack_aware: yes } }", "dynamic.client.rack_aware", "expected true or false"],
    [
      "dynamic: { client: { max_socket_idle: -1 } }",
      "dynamic.client.max_socket_idle",
      "expected a whole number of seconds",
    ],
  ])("%s is refused", async (document, path, message) => {
    const error = await refusalOf(document);
    expect(error.path).toBe(path);
    expect(error.message).toContain(message);
  });

  test("0 leaves the idle time to the client, and no racks are preferred unless asked", async () => {
    const read = async (client: string) =>
      (await readDocument(await parseDocument(`dynamic: { client: ${client} }`, "yaml"), async () => new Uint8Array()))
        .configuration.options;
    expect(await read("{ max_socket_idle: 0 }")).toEqual({ maxSocketIdleMs: undefined });
    expect(await read("{ rack_aware: false, rack_ids: [1] }")).toEqual({ racks: [] });
  });
});
