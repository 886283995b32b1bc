import { describe, expect, test } from "vitest";
import { VirtualRuntime } from "../../../../runtime/virtual-runtime.js";
import { type ConnectOptions, clusterOptions, decodeOptions } from "../../../../src/client/connect-options.js";
import { parseConnectionString } from "../../../../src/client/seeds.js";
import type { Transport } from "../../../../src/transport/transport.js";

const transport: Transport = {
  connect: () => {
    throw new Error("nothing connects here");
  },
};
const runtime = new VirtualRuntime();

function resolve(hosts: string, options: ConnectOptions = {}) {
  return clusterOptions(parseConnectionString(hosts), { transport, runtime, ...options });
}

describe("what the cluster gets", () => {
  test("hosts alone", () => {
    expect(resolve("h1,h2:3100")).toEqual({
      seeds: [
        { host: "h1", port: 3000 },
        { host: "h2", port: 3100 },
      ],
      tls: false,
      credentials: undefined,
      transport,
      runtime,
    });
  });

  test("options pass through", () => {
    const options = { clusterName: "prod", tendIntervalMs: 250, racks: [1, 2], maxErrorRate: 0, appId: "shop" };
    expect(resolve("h", options)).toMatchObject(options);
  });

  test("the machine's clock and sockets unless told otherwise", () => {
    const plain = clusterOptions(parseConnectionString("h"), {});
    expect(plain.runtime.wallClock()).toBeGreaterThan(1_700_000_000_000);
    expect(plain.transport).toHaveProperty("connect");
  });
});

describe("TLS", () => {
  test.each<[string, ConnectOptions, boolean]>([
    ["h", {}, false],
    ["h", { tls: false }, false],
    ["h", { tls: true }, true],
    ["h", { tls: {} }, true],
    ["h:name:4333", {}, true],
    ["aerospike://h?tls-name=prod", { tls: { ca: "-----BEGIN CERTIFICATE-----" } }, true],
  ])("%s with %j: %s", (hosts, options, tls) => {
    expect(resolve(hosts, options).tls).toBe(tls);
  });

  test("a TLS name without TLS makes no sense", () => {
    expect(() => resolve("h:name:4333", { tls: false })).toThrow('host "h" has the TLS name "name", but tls is false');
  });
});

describe("credentials", () => {
  test.each<[string, ConnectOptions, unknown]>([
    ["h", {}, undefined],
    ["aerospike://u:p@h", {}, { kind: "internal", user: "u", password: "p" }],
    ["h", { user: "u", password: "p" }, { kind: "internal", user: "u", password: "p" }],
    ["aerospike://u:p@h", { password: "other" }, { kind: "internal", user: "u", password: "other" }],
    ["h", { user: "u", password: "", authMode: "external" }, { kind: "external", user: "u", password: "" }],
    ["h", { authMode: "certificate", tls: true }, { kind: "certificate" }],
  ])("%s with %j", (hosts, options, credentials) => {
    expect(resolve(hosts, options).credentials).toEqual(credentials);
  });

  test.each<[string, object, string]>([
    ["aerospike://u@h", {}, 'user "u" has no password'],
    ["h", { password: "p" }, "password without user"],
    ["h", { password: "p", authMode: "external" }, "password without user"],
    ["h", { user: "", password: "p" }, 'expected user to be a name, got ""'],
    ["h", { authMode: "internal" }, "expected user to be a name, got undefined"],
    ["h", { authMode: "certificate" }, 'authMode "certificate" needs TLS'],
    ["h", { authMode: "certificate", tls: true, user: "u" }, 'authMode "certificate" takes no user or password'],
    ["aerospike://u:p@h", { authMode: "certificate", tls: true }, 'authMode "certificate" takes no user or password'],
    ["h", { authMode: "pki" }, 'expected authMode to be "internal", "external" or "certificate", got "pki"'],
  ])("%s with %j is refused", (hosts, options, message) => {
    expect(() => resolve(hosts, options)).toThrow(TypeError);
    expect(() => resolve(hosts, options)).toThrow(message);
  });

  test("the password is in no message", () => {
    expect(() => resolve("h", { user: "", password: "hunter2" })).toThrow(/^(?!.*hunter2)/);
    expect(() => resolve("h", { password: "hunter2" })).toThrow(/^(?!.*hunter2)/);
  });
});

describe("values", () => {
  test("come back as numbers and plain objects unless told otherwise", () => {
    expect(decodeOptions({})).toEqual({ int64: "auto", maps: "auto" });
    expect(decodeOptions({ int64: "bigint", maps: "map" })).toEqual({ int64: "bigint", maps: "map" });
  });

  test.each<[object, string]>([
    [{ int64: "number" }, 'expected int64 to be "auto" or "bigint", got "number"'],
    [{ maps: "object" }, 'expected maps to be "auto" or "map", got "object"'],
  ])("%j is refused", (options, message) => {
    expect(() => decodeOptions(options)).toThrow(message);
  });
});
