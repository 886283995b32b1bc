import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { ClusterDefinition, DataSet, double, GeoJson, Hll, Host, Record } from "../../../../src/index.js";
import { openFakeSession } from "../../../support/fake/session.js";

const users = DataSet.of("test", "users");
const line = (value: unknown): string => inspect(value, { breakLength: Number.POSITIVE_INFINITY });

describe("inspect", () => {
  test("shows of a client, a session and a task what a person wants to see", async () => {
    const { client, session, until } = await openFakeSession({ nodes: 2 });
    expect(line(client)).toBe(
      "Cluster { isConnected: true, namespaces: [ 'test', 'bar' ], " +
        "nodes: [ 'A1 10.0.0.1:3000 8.1.2.0', 'A2 10.0.0.2:3000 8.1.2.0' ] }",
    );
    expect(line({ session })).toBe("{ session: Session { behavior: 'DEFAULT', namespaces: [ 'test', 'bar' ] } }");
    await until(client.close());
    expect(line(client)).toContain("isConnected: false");
  });

  test("shows digests as people write them", () => {
    expect(line(users)).toBe("DataSet { namespace: 'test', setName: 'users' }");
    expect(line(users.id("ada"))).toMatch(
      /^Key \{ namespace: 'test', setName: 'users', userKey: 'ada', digest: '[0-9a-f]{40}' \}$/,
    );
    const record = new Record(users.id(1), { name: "Ada", tags: ["a"] }, 3, -1);
    expect(line(record)).toBe(
      "Record { key: 'test:users:1', bins: { name: 'Ada', tags: [ 'a' ] }, generation: 3, ttl: -1 }",
    );
  });

  test("shows no password and no private key", () => {
    const definition = new ClusterDefinition({ hosts: [Host.of("db1"), Host.of("db2", 4333)] })
      .withNativeCredentials("ann", "hunter2")
      .withTls({ tlsName: "prod", key: "PRIVATE", passphrase: "hunter3" });
    expect(line(definition)).toBe(
      "ClusterDefinition { hosts: [ 'db1:3000', 'db2:4333' ], tls: 'prod', authMode: 'internal', user: 'ann' }",
    );
  });
});

describe("JSON.stringify", () => {
  const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

  test("gives key and bins of a record", () => {
    const key = users.id(1);
    const bins = {
      n: 1,
      big: 2n ** 60n,
      small: 5n,
      bytes: Uint8Array.of(1, 2, 255),
      named: new Map([["k", [1n, Uint8Array.of(0)]]]),
      numbered: new Map<number | bigint, unknown>([
        [1, "a"],
        [2n ** 53n, new Map()],
      ]),
      place: new GeoJson({ type: "Point", coordinates: [1, 2] }),
      sketch: new Hll(Uint8Array.of(7)),
      ratio: double(1),
      nothing: null,
    };
    expect(json(new Record(key, bins, 3, -1))).toEqual({
      key: { namespace: "test", setName: "users", userKey: 1, digest: expect.stringMatching(/^[0-9a-f]{40}$/) },
      bins: {
        n: 1,
        big: "1152921504606846976",
        small: 5,
        bytes: "AQL/",
        named: { k: [1, "AA=="] },
        numbered: [
          [1, "a"],
          ["9007199254740992", {}],
        ],
        place: { type: "Point", coordinates: [1, 2] },
        sketch: "Bw==",
        ratio: 1,
        nothing: null,
      },
      generation: 3,
      ttl: -1,
    });
  });

  test("gives a key whose digest leads back to it", () => {
    for (const key of [users.id(2n ** 60n), users.id(Uint8Array.of(1)), users.idFromDigest("ab".repeat(20))]) {
      const { digest } = key.toJSON();
      expect(users.idFromDigest(digest).equals(key)).toBe(true);
    }
    expect(json(users.id(2n ** 60n))).toMatchObject({ userKey: "1152921504606846976" });
    expect(json(users.id(Uint8Array.of(1)))).toMatchObject({ userKey: "AQ==" });
    expect(json(users.idFromDigest("ab".repeat(20)))).toEqual({
      namespace: "test",
      setName: "users",
      digest: "ab".repeat(20),
    });
  });

  test("leaves a bin named __proto__ a bin", () => {
    const bins = JSON.parse('{"__proto__":1}');
    expect(JSON.stringify(new Record(users.id(1), bins, 1, 0).toJSON().bins)).toBe('{"__proto__":1}');
  });

  test("takes GeoJson that is no JSON as text", () => {
    expect(json(new GeoJson("{"))).toBe("{");
  });
});
