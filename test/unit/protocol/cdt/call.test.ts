import { describe, expect, it } from "vitest";
import { bitGet } from "../../../../protocol/cdt/bit.js";
import { type CdtCall, callOp, encodePayload, inContext } from "../../../../protocol/cdt/call.js";
import { CTX } from "../../../../protocol/cdt/context.js";
import { ListReturnType, MapReturnType } from "../../../../protocol/cdt/flags.js";
import { hllAdd, hllGetCount, hllGetUnion } from "../../../../protocol/cdt/hll.js";
import { listAppend, listAppendItems, listClear, listInsert, listSize } from "../../../../protocol/cdt/list.js";
import { listByIndex, listByValue, listByValueList } from "../../../../protocol/cdt/list-selectors.js";
import { mapPut, mapPutItems } from "../../../../protocol/cdt/map.js";
import { mapByKeyList } from "../../../../protocol/cdt/map-selectors.js";
import { getBy, removeBy } from "../../../../protocol/cdt/selector.js";
import { readExpression } from "../../../../protocol/exp/read.js";
import { OpCode } from "../../../../protocol/message/op.js";
import { double } from "../../../../protocol/value/double.js";
import { WILDCARD } from "../../../../protocol/value/special.js";
import { Argument } from "../../../../src/exp/call.js";
import { packedCall } from "../../../support/packed-call.js";

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, "hex"));
const computed = (hex: string) => new Argument(readExpression(bytes(hex)));
const plain = (call: CdtCall) => Buffer.from(encodePayload(call)).toString("hex");
const inExpression = (call: CdtCall) => Buffer.from(packedCall(call).call).toString("hex");
const systemOf = (call: CdtCall) => packedCall(call).system;

describe("a call on its own", () => {
  it("is a list of op code and parameters", () => {
    expect(plain(listInsert(2, "x"))).toBe("930302a20378");
  });

  it("stands third after 0xff and the context", () => {
    expect(plain(inContext(listSize(), [CTX.mapKey("a"), CTX.listIndex(-1)]))).toBe("93ccff9422a2036110ff9110");
  });

  it("is the call itself in an empty context", () => {
    expect(plain(inContext(listClear(), []))).toBe("910b");
  });

  it("tells reads from writes by the op code", () => {
    const codeOf = (call: CdtCall) => callOp("b", call).code;
    expect(codeOf(listSize())).toBe(OpCode.CDT_READ);
    expect(codeOf(listClear())).toBe(OpCode.CDT_MODIFY);
    expect(codeOf(bitGet(0, 1))).toBe(OpCode.BITS_READ);
    expect(codeOf(hllGetCount())).toBe(OpCode.HLL_READ);
    expect(codeOf(hllAdd(["a"]))).toBe(OpCode.HLL_MODIFY);
    expect(callOp("tags", listClear())).toEqual({ code: OpCode.CDT_MODIFY, bin: "tags", payload: bytes("910b") });
  });

  it("takes no computed parameters", () => {
    expect(() => encodePayload(listAppend(computed("01")))).toThrow(/only inside of an expression/);
  });

  it("names the parameter and the path of a value that has no Aerospike type", () => {
    const values = [1, { when: new Date(0) }];
    // @ts-expect-error a Date is no Value
    expect(() => encodePayload(listAppendItems(values))).toThrow("values[1].when: a Date has no Aerospike type");
  });

  it("stores neither wildcard nor infinity, but searches with them", () => {
    // @ts-expect-error a symbol is no Value
    expect(() => encodePayload(listAppend([1, WILDCARD]))).toThrow(/only compare/);
    expect(plain(getBy(listByValue([1, WILDCARD]), ListReturnType.COUNT))).toBe("9316059201d4ff00");
  });
});

describe("a call inside of an expression", () => {
  it("quotes literal lists, whichever parameter they are", () => {
    expect(inExpression(listAppend([1, 2]))).toBe("9201927e920102");
    expect(inExpression(listAppendItems([]))).toBe("9202927e90");
    expect(inExpression(getBy(listByValueList([1]), ListReturnType.COUNT))).toBe("931705927e9101");
    expect(inExpression(getBy(mapByKeyList(["a"]), MapReturnType.COUNT))).toBe("936b05927e91a20361");
    expect(inExpression(hllAdd(["a"], { indexBits: 8 }))).toBe("9501927e91a2036108ff00");
  });

  it("leaves all other literals alone", () => {
    expect(inExpression(mapPut("k", new Map([["l", [1]]])))).toBe("9443a2036b82c70001c0a2036c910100");
    expect(inExpression(mapPutItems({ a: 1 }))).toBe("934482c70001c0a203610100");
    expect(inExpression(listAppend(double(1)))).toBe("9201cb3ff0000000000000");
  });

  it("puts computed parameters in as they are", () => {
    expect(inExpression(getBy(listByIndex(computed("93150302")), ListReturnType.VALUE))).toBe("93130793150302");
    expect(inExpression(listAppendItems(computed("935104a16c")))).toBe("9202935104a16c");
    expect(inExpression(hllGetUnion(computed("935109a168")))).toBe("9233935109a168");
  });

  it("takes its context literally", () => {
    expect(inExpression(inContext(listAppend([1]), [CTX.listValue([7])]))).toBe("93ccff921391079201927e9101");
  });

  it("adds 0x40 to the system when it modifies", () => {
    expect(systemOf(listSize())).toBe(0);
    expect(systemOf(listClear())).toBe(0x40);
    expect(systemOf(bitGet(0, 1))).toBe(1);
    expect(systemOf(hllAdd([1]))).toBe(0x42);
  });
});

describe("contexts", () => {
  it("are for lists and maps", () => {
    expect(() => inContext(bitGet(0, 1), [CTX.mapKey("a")])).toThrow(/whole bins/);
    expect(() => inContext(hllGetCount(), [CTX.mapKey("a")])).toThrow(/whole bins/);
  });

  it("lead to one place", () => {
    for (const step of [CTX.allChildren(), CTX.mapKeysIn(["a"]), CTX.andFilter({ packed: bytes("c3") })]) {
      expect(() => inContext(removeBy(listByIndex(0)), [step])).toThrow(/only for path operations/);
    }
  });

  it("create something only for a write", () => {
    const context = [CTX.mapKeyCreate("a", 1)];
    expect(() => inContext(listSize(), context)).toThrow(/A read creates nothing/);
    expect(plain(inContext(listClear(), context))).toBe("93ccff92cca2a20361910b");
  });

  it("are made of CTX steps", () => {
    // @ts-expect-error a plain object is no step
    expect(() => inContext(listSize(), [{ type: 0x22, value: "a" }])).toThrow(/expected a CTX step/);
  });
});
