import { describe, expect, test } from "vitest";
import { parseConnectionString } from "../../../../src/client/seeds.js";

describe("host lists", () => {
  test.each([
    ["localhost", [{ host: "localhost", port: 3000 }]],
    ["localhost:3100", [{ host: "localhost", port: 3100 }]],
    [
      " h1:3000 , h2 ",
      [
        { host: "h1", port: 3000 },
        { host: "h2", port: 3000 },
      ],
    ],
    ["10.0.0.1:4000", [{ host: "10.0.0.1", port: 4000 }]],
    ["[::1]:3000", [{ host: "::1", port: 3000 }]],
    ["[2001:db8::7]", [{ host: "2001:db8::7", port: 3000 }]],
    ["[fe80::1%eth0]:3001", [{ host: "fe80::1%eth0", port: 3001 }]],
    ["[::1]:prod:4333", [{ host: "::1", port: 4333, tlsName: "prod" }]],
    ["2001:db8::7", [{ host: "2001:db8::7", port: 3000 }]],
    ["host:tls-name:4333", [{ host: "host", port: 4333, tlsName: "tls-name" }]],
    ["cafe:babe:4333", [{ host: "cafe", port: 4333, tlsName: "babe" }]],
  ])("%s", (text, seeds) => {
    expect(parseConnectionString(text)).toEqual({ seeds });
  });

  test("another default port", () => {
    expect(parseConnectionString("a,b:1", 3100).seeds).toEqual([
      { host: "a", port: 3100 },
      { host: "b", port: 1 },
    ]);
  });

  test.each([
    ["", 'expected hosts such as "localhost:3000", an array of them, or a ClusterDefinition, got ""'],
    ["  ", 'got "  "'],
    [":3000", '":3000" has no host name'],
    ["h1,,h2", '"" has no host name'],
    ["h1:", "1 to 65535, got nothing"],
    ["h1:http", "1 to 65535, got something else behind the colon"],
    ["h1:0", "1 to 65535, got 0"],
    ["h1:65536", "1 to 65535, got 65536"],
    ["h1::3000", "is not host, host:port"],
    ["h1:a:b:3000", "is not host, host:port"],
    ["[::1", "is not host, host:port"],
    ["[]:3000", "is not host, host:port"],
    ["[::1]3000", "is not host, host:port"],
    ["host/path", "is not host, host:port"],
    ["two words:3000", "is not host, host:port"],
    ["http://h1:3000", 'scheme "http" is unknown'],
  ])("refuses %j", (text, message) => {
    expect(() => parseConnectionString(text)).toThrow(TypeError);
    expect(() => parseConnectionString(text)).toThrow(message);
  });
});

describe("URLs", () => {
  test("hosts, credentials and TLS name", () => {
    expect(parseConnectionString("aerospike://user:password@h1,h2:3100?tls-name=prod")).toEqual({
      seeds: [
        { host: "h1", port: 3000, tlsName: "prod" },
        { host: "h2", port: 3100, tlsName: "prod" },
      ],
      user: "user",
      password: "password",
    });
  });

  test("a host's own TLS name stays", () => {
    expect(parseConnectionString("aerospike://h1:mine:4333,h2?tls-name=prod").seeds).toEqual([
      { host: "h1", port: 4333, tlsName: "mine" },
      { host: "h2", port: 3000, tlsName: "prod" },
    ]);
  });

  test("no credentials, trailing slash, IPv6, upper case", () => {
    expect(parseConnectionString("AEROSPIKE://[::1]:3000/")).toEqual({ seeds: [{ host: "::1", port: 3000 }] });
  });

  test("a user without a password", () => {
    expect(parseConnectionString("aerospike://ann@h1")).toEqual({ seeds: [{ host: "h1", port: 3000 }], user: "ann" });
  });

  test("percent-encoded credentials, and a password with separators in it", () => {
    const parsed = parseConnectionString("aerospike://a%40b:p%3Aw/?@x@h1");
    expect(parsed).toEqual({ seeds: [{ host: "h1", port: 3000 }], user: "a@b", password: "p:w/?@x" });
  });

  test.each([
    ["aerospike://h1?x=1", 'parameter "x" is unknown'],
    ["aerospike://h1?tls-name=", "tls-name is empty"],
    ["aerospike://:pw@h1", "user name in the URL is empty"],
    ["aerospike://u:%ff@h1", "password in the URL is not percent-encoded"],
    ["aerospike://", "has no host name"],
  ])("refuses %s", (text, message) => {
    expect(() => parseConnectionString(text)).toThrow(message);
  });

  test.each([
    "user:hunter2@h1:3000",
    "aerospike://user:hunter2",
    "aerospike://user:hunter2@h1:99999",
    "aerospike://user:hunter2%zz@h1",
    "aerospike://user:hunter2@h1?y=1",
    "aerospike://us%zzer:hunter2@h1",
    "user:hunter2",
  ])("never repeats the password of %s", (text) => {
    let message = "";
    try {
      parseConnectionString(text);
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch(/^TypeError: connect\(hosts\)/);
    expect(message).not.toContain("hunter2");
  });
});
