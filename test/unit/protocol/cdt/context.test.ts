import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBase64, encodeBase64 } from "../../../../protocol/bytes/base64.js";
import { CTX } from "../../../../protocol/cdt/context.js";
import { packedContext } from "../../../../protocol/cdt/context-bytes.js";
import { ListOrderType, MapOrder } from "../../../../protocol/cdt/flags.js";

const hexOf = (step: CTX) => Buffer.from(step.packed).toString("hex");

describe("CTX", () => {
  it.each<[string, CTX, string]>([
    ["listIndex", CTX.listIndex(-2), "10fe"],
    ["listIndexCreate, unordered", CTX.listIndexCreate(3, ListOrderType.UNORDERED), "5003"],
    ["listIndexCreate, padded", CTX.listIndexCreate(3, ListOrderType.UNORDERED, true), "cc9003"],
    ["listIndexCreate, ordered", CTX.listIndexCreate(3, ListOrderType.ORDERED), "ccd003"],
    ["listRank", CTX.listRank(1), "1101"],
    ["listValue", CTX.listValue("v"), "13a20376"],
    ["mapIndex", CTX.mapIndex(0), "2000"],
    ["mapRank", CTX.mapRank(-1), "21ff"],
    ["mapKey", CTX.mapKey(7n), "2207"],
    ["mapKeyCreate, unordered", CTX.mapKeyCreate("k", MapOrder.UNORDERED), "62a2036b"],
    ["mapKeyCreate, key ordered", CTX.mapKeyCreate("k", MapOrder.KEY_ORDERED), "cca2a2036b"],
    ["mapKeyCreate, key and value ordered", CTX.mapKeyCreate("k", MapOrder.KEY_VALUE_ORDERED), "cce2a2036b"],
    ["mapValue", CTX.mapValue([1]), "239101"],
    ["allChildren", CTX.allChildren(), "04c3"],
    ["allChildrenWithFilter", CTX.allChildrenWithFilter({ packed: Uint8Array.of(0xc2) }), "04c2"],
    ["mapKeysIn", CTX.mapKeysIn(["a", 1]), "2a92a2036101"],
    ["andFilter", CTX.andFilter({ packed: Uint8Array.of(0xc2) }), "cd0204c2"],
  ])("%s", (_, step, hex) => {
    expect(hexOf(step)).toBe(hex);
  });

  it("keeps what it was made of, whatever happens to that later", () => {
    const value = [1, 2];
    const step = CTX.listValue(value);
    value.push(3);
    expect(hexOf(step)).toBe("13920102");
  });

  it("refuses keys that no map can hold, which a create flag would store", () => {
    for (const key of [1.5, Number.NaN, 2 ** 53, 2n ** 63n, null, true, [1], {}]) {
      // @ts-expect-error no map key
      expect(() => CTX.mapKeyCreate(key, MapOrder.KEY_ORDERED), String(key)).toThrow(TypeError);
      // @ts-expect-error no map key
      expect(() => CTX.mapKey(key), String(key)).toThrow(TypeError);
    }
  });

  it("refuses padding up to a negative or enormous index, which a server does not survive", () => {
    expect(() => CTX.listIndexCreate(-1, ListOrderType.UNORDERED, true)).toThrow(RangeError);
    expect(() => CTX.listIndexCreate(8 * 1024 * 1024, ListOrderType.UNORDERED, true)).toThrow(RangeError);
    expect(() => CTX.listIndexCreate(0, ListOrderType.ORDERED, true)).toThrow(/pad is for unordered lists/);
    expect(() => CTX.listIndex(-1).creating(true)).toThrow(RangeError);
  });

  it("refuses to create an element in front of a list, which takes the server down too", () => {
    for (const order of [ListOrderType.UNORDERED, ListOrderType.ORDERED]) {
      expect(() => CTX.listIndexCreate(-2, order)).toThrow(
        "index of a list to create is -2; expected an integer from -1",
      );
      expect(hexOf(CTX.listIndexCreate(-1, order)).endsWith("ff")).toBe(true);
    }
    expect(() => CTX.listIndex(-2).creating()).toThrow(RangeError);
  });

  it("turns a plain step into one that creates", () => {
    expect(hexOf(CTX.listIndex(3).creating())).toBe("5003");
    expect(hexOf(CTX.listIndex(3).creating(true))).toBe("cc9003");
    expect(hexOf(CTX.mapKey("k").creating())).toBe("62a2036b");
    expect(hexOf(CTX.mapKeyCreate("k", MapOrder.KEY_ORDERED).creating())).toBe("cca2a2036b");
    const padded = CTX.listIndexCreate(3, ListOrderType.UNORDERED, true);
    expect(padded.creating(true)).toBe(padded);
    expect(() => CTX.listIndexCreate(3, ListOrderType.ORDERED).creating(true)).toThrow(/in another way/);
    expect(() => CTX.mapRank(0).creating()).toThrow(/at an index of a list or under a key/);
  });

  it("refuses positions beyond 32 bits and orders that there are not", () => {
    expect(() => CTX.listIndex(2 ** 31)).toThrow(
      "index is 2147483648; expected an integer from -2147483648 to 2147483647",
    );
    expect(() => CTX.mapRank(-(2n ** 31n) - 1n)).toThrow(RangeError);
    expect(() => CTX.mapIndex(0.5)).toThrow(TypeError);
    // @ts-expect-error 2 is no order
    expect(() => CTX.mapKeyCreate("a", 2)).toThrow(RangeError);
    expect(() => CTX.mapKeysIn([])).toThrow(RangeError);
  });
});

describe("the context of an index", () => {
  it("is the list of its steps", () => {
    const steps = [
      CTX.listIndex(1),
      CTX.listRank(2),
      CTX.listValue("v"),
      CTX.mapIndex(3),
      CTX.mapRank(-4),
      CTX.mapKey(Uint8Array.of(0, 255)),
      CTX.mapValue(1.5),
    ];
    expect(encodeBase64(packedContext(steps))).toBe("nhABEQITogN2IAMh/CKjBAD/I8s/+AAAAAAAAA==");
  });

  it("creates nothing and leads to one place", () => {
    expect(() => packedContext([])).toThrow(RangeError);
    expect(() => packedContext([CTX.listIndexCreate(0, ListOrderType.ORDERED)])).toThrow(/creates nothing/);
    expect(() => packedContext([CTX.allChildren()])).toThrow(/only for path operations/);
  });
});

describe("base64", () => {
  it("equals that of the platform", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = encodeBase64(bytes);
        expect(text).toBe(Buffer.from(bytes).toString("base64"));
        expect(decodeBase64(text)).toEqual(bytes);
      }),
    );
  });

  it.each(["a", "ab=", "a===", "====", "a b=", "ab\n=", "a-_=", "abcde"])("refuses %j", (text) => {
    expect(() => decodeBase64(text)).toThrow(TypeError);
  });
});
