import { describe, expect, it } from "vitest";
import { computeDigest } from "../../../../protocol/key/digest.js";
import { makeKey, makeKeyFromDigest } from "../../../../protocol/key/make-key.js";
import type { UserKey } from "../../../../protocol/key/record-key.js";

/** Calls from JavaScript can pass anything. */
function untyped(value: unknown): UserKey {
  return value as UserKey;
}

describe("makeKey", () => {
  it("has digest and partition", () => {
    const key = makeKey("test", "demo", 0);
    expect(Buffer.from(key.digest).toString("hex")).toBe("ceded27492b392e0232514bb54a8ec2076acef37");
    expect(key).toMatchObject({ namespace: "test", setName: "demo", partition: 3790, userKey: 0 });
  });

  it("stays what it was when the caller goes on using the bytes", () => {
    const bytes = Buffer.from([1, 2, 3]);
    const key = makeKey("test", "demo", bytes);
    bytes[0] = 9;
    expect(key.userKey).toEqual(Uint8Array.of(1, 2, 3));
    expect(key.digest).toEqual(computeDigest("demo", Uint8Array.of(1, 2, 3)));
  });

  it.each([
    [1.5, TypeError, "The key: expected a safe integer, a bigint, a string or a Uint8Array, got 1.5"],
    [Number.NaN, TypeError, "The key: expected a safe integer, a bigint, a string or a Uint8Array, got NaN"],
    [2 ** 53, TypeError, "string or a Uint8Array, got 9007199254740992"],
    [2n ** 63n, RangeError, "The key 9223372036854775808n does not fit a 64-bit signed integer"],
    [-(2n ** 63n) - 1n, RangeError, "does not fit"],
    [null, TypeError, "The key: expected a safe integer, a bigint, a string or a Uint8Array, got null"],
    [undefined, TypeError, "string or a Uint8Array, got undefined"],
    [true, TypeError, "string or a Uint8Array, got true"],
    [[1], TypeError, "string or a Uint8Array, got an Array"],
    [new Date(0), TypeError, "string or a Uint8Array, got a Date"],
    ["\ud800", TypeError, "half a surrogate pair"],
  ])("refuses %s", (value, kind, message) => {
    expect(() => makeKey("test", "demo", untyped(value))).toThrow(kind);
    expect(() => makeKey("test", "demo", untyped(value))).toThrow(message);
  });

  it("takes the edges of int64", () => {
    expect(makeKey("test", "demo", 2n ** 63n - 1n).userKey).toBe(2n ** 63n - 1n);
    expect(makeKey("test", "demo", -(2n ** 63n)).userKey).toBe(-(2n ** 63n));
    expect(makeKey("test", "demo", -0).digest).toEqual(makeKey("test", "demo", 0).digest);
    expect(makeKey("test", "demo", "").userKey).toBe("");
  });
});

describe("makeKeyFromDigest", () => {
  it("routes by the digest and knows no user key", () => {
    const { digest } = makeKey("test", "demo", 0);
    const key = makeKeyFromDigest("test", "demo", digest);
    expect(key).toEqual({ ...makeKey("test", "demo", 0), userKey: undefined });
    expect(key.digest).not.toBe(digest);
  });

  it("refuses what is no digest", () => {
    expect(() => makeKeyFromDigest("test", "demo", new Uint8Array(19))).toThrow("The digest has 19 bytes");
    expect(() => makeKeyFromDigest("test", "demo", "x".repeat(20) as unknown as Uint8Array)).toThrow(TypeError);
  });
});
