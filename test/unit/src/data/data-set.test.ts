import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataSet } from "../../../../src/data/data-set.js";
import { runs } from "../../../support/runs.js";

const users = DataSet.of("test", "users");

describe("data sets", () => {
  test("names", () => {
    expect(users.namespace).toBe("test");
    expect(users.setName).toBe("users");
    expect(users.isWholeNamespace).toBe(false);
    expect(users.toString()).toBe("test:users");
  });

  test("a whole namespace is asked for by name, never by an empty set", () => {
    const everything = DataSet.ofNamespace("test");
    expect(everything.isWholeNamespace).toBe(true);
    expect(everything.setName).toBe("");
    expect(() => DataSet.of("test", "")).toThrow("DataSet.ofNamespace");
  });

  test("equality is that of the names", () => {
    expect(users.equals(DataSet.of("test", "users"))).toBe(true);
    expect(users.equals(DataSet.of("bar", "users"))).toBe(false);
    expect(users.equals(DataSet.of("test", "user"))).toBe(false);
  });

  test.each<[unknown, unknown, string]>([
    ["", "s", "The namespace is empty"],
    [undefined, "s", "The namespace is undefined"],
    ["te;st", "s", "semicolon"],
    ["test", undefined, "The set name is undefined"],
    ["test", 5, "The set name is 5"],
    ["test", "a:b", "colon"],
    ["test", "\udc00", "half a surrogate pair"],
  ])("refuses %j, %j with a TypeError", (namespace, setName, message) => {
    const make = () => Reflect.apply(DataSet.of, DataSet, [namespace, setName]);
    expect(make).toThrow(TypeError);
    expect(make).toThrow(message);
  });

  test("refuses names that are too long", () => {
    expect(() => DataSet.of("n".repeat(32), "s")).toThrow(RangeError);
    expect(() => DataSet.of("test", "s".repeat(64))).toThrow(RangeError);
    expect(() => DataSet.ofNamespace("é".repeat(16))).toThrow("takes 32 bytes");
    expect(DataSet.of("n".repeat(31), "s".repeat(63)).setName).toHaveLength(63);
  });
});

describe("keys", () => {
  interface Row {
    readonly set: string;
    readonly key: { readonly int?: string; readonly string?: string; readonly blob?: string };
    readonly digest: string;
    readonly partitionId: number;
  }

  function userKeyOf({ int, string, blob }: Row["key"]): bigint | string | Uint8Array | undefined {
    if (int !== undefined) return BigInt(int);
    return string ?? (blob === undefined ? undefined : Buffer.from(blob, "hex"));
  }

  test("digest and partition are the server's", () => {
    const file = new URL("../../../vectors/key-digests.json", import.meta.url);
    const rows: readonly Row[] = JSON.parse(readFileSync(file, "utf8"));
    let checked = 0;
    for (const row of rows) {
      const userKey = userKeyOf(row.key);
      if (userKey === undefined || row.set === "") continue;
      const key = DataSet.of("test", row.set).id(userKey);
      expect(Buffer.from(key.digest).toString("hex")).toBe(row.digest);
      expect(key.partition).toBe(row.partitionId);
      checked++;
    }
    expect(checked).toBeGreaterThan(200);
  });

  test("carry what they were made of", () => {
    const key = users.id("ada");
    expect(key).toMatchObject({ namespace: "test", setName: "users", userKey: "ada" });
    expect(key.digest).toHaveLength(20);
    expect(key.toString()).toBe("test:users:ada");
  });

  test("number and bigint are the same key, string and integer are two", () => {
    expect(users.id(1).equals(users.id(1n))).toBe(true);
    expect(users.id("1").equals(users.id(1))).toBe(false);
  });

  test("equality is that of namespace and digest", () => {
    expect(users.id(1).equals(DataSet.of("bar", "users").id(1))).toBe(false);
    expect(users.id(1).equals(users.idFromDigest(users.id(1).digest))).toBe(true);
  });

  test("bytes are copied", () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const key = users.id(bytes);
    bytes[0] = 9;
    expect(key.userKey).toEqual(Uint8Array.of(1, 2, 3));
    expect(key.toString()).toBe("test:users:010203");
  });

  test("several at once, as arguments or as a list", () => {
    const one = users.ids(1, "b", 3n);
    const other = users.ids([1, "b", 3n]);
    expect(one.map((key) => key.userKey)).toEqual([1, "b", 3n]);
    expect(one.every((key, i) => key.equals(other[i]!))).toBe(true);
    expect(users.ids()).toEqual([]);
    expect(users.ids([])).toEqual([]);
    expect(users.ids(Uint8Array.of(7))[0]?.userKey).toEqual(Uint8Array.of(7));
  });

  test("from digests, as bytes or hexadecimal digits", () => {
    const hex = "00112233445566778899aabbccddeeff00112233";
    const [first, second] = users.idsFromDigests(hex, Buffer.from(hex, "hex"));
    expect(first?.equals(second!)).toBe(true);
    expect(first?.userKey).toBeUndefined();
    expect(first?.partition).toBe(0x100);
    expect(first?.toString()).toBe(`test:users:${hex}`);
    expect(users.idsFromDigests([hex.toUpperCase()])[0]?.equals(first!)).toBe(true);
  });

  test("any digest survives the way through hexadecimal digits", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (digest) => {
        expect(users.idFromDigest(Buffer.from(digest).toString("hex")).digest).toEqual(digest);
      }),
      { numRuns: runs(10) },
    );
  });

  test.each<[string, unknown, string]>([
    ["a fraction", 1.5, "The key: expected a safe integer, a bigint, a string or a Uint8Array, got 1.5"],
    ["an unsafe integer", 2 ** 53, "expected a safe integer"],
    ["a boolean", true, "string or a Uint8Array, got true"],
    ["null", null, "string or a Uint8Array, got null"],
    ["undefined", undefined, "string or a Uint8Array, got undefined"],
    ["an object", {}, "string or a Uint8Array, got an Object"],
    ["a list among others", [1], "an Array"],
    ["half a surrogate pair", "\ud800", "half a surrogate pair"],
  ])("refuse %s", (_what, value, message) => {
    expect(() => Reflect.apply(users.id, users, [value])).toThrow(TypeError);
    expect(() => Reflect.apply(users.ids, users, ["a", value])).toThrow(message);
  });

  test("refuse a bigint beyond int64", () => {
    expect(() => users.id(2n ** 63n)).toThrow(RangeError);
    expect(users.id(-(2n ** 63n)).userKey).toBe(-(2n ** 63n));
  });

  test.each<[unknown, string]>([
    ["abc", 'The digest is "abc"'],
    ["g".repeat(40), "hexadecimal digits"],
    [Uint8Array.of(1), "has 1 bytes"],
    [null, "The digest is null"],
  ])("refuse the digest %j", (digest, message) => {
    expect(() => Reflect.apply(users.idFromDigest, users, [digest])).toThrow(message);
  });
});
