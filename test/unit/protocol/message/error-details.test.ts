import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { errorDetailBits, parseErrorDetails, readErrorDetails } from "../../../../protocol/message/error-details.js";
import { FieldType } from "../../../../protocol/message/field-type.js";
import { packDetails } from "../../../support/error-details.js";
import { openMessage, reply } from "../../../support/message.js";

function parse(bytes: Uint8Array) {
  return parseErrorDetails(new Reader(bytes), bytes.length);
}

test("the bits of info4 that ask for it", () => {
  expect((["none", "subCode", "message", "expressionTrace"] as const).map(errorDetailBits)).toEqual([
    0, 0x20, 0x40, 0x60,
  ]);
  expect(errorDetailBits()).toBe(0);
});

describe("an explanation", () => {
  test("has what the server sent, and nothing else", () => {
    expect(parse(packDetails({ 1: 7 }))).toEqual({ subCode: 7, message: undefined, trace: undefined });
    expect(parse(packDetails({ 1: 2, 2: "no such bin" }))).toEqual({
      subCode: 2,
      message: "no such bin",
      trace: undefined,
    });
    expect(parse(packDetails({}))).toBeUndefined();
  });

  test("has the trace of an expression", () => {
    const trace = { 1: 2, 2: 12, 3: 20, 4: 3, 5: ["and", "=="], 6: "$.a == 1", 7: 1, 8: 2, 9: 5, 10: 8, 13: [1, 2] };
    expect(parse(packDetails({ 2: "x", 3: trace }))?.trace).toEqual({
      phase: "evaluation",
      language: "text",
      outcome: "fault",
      opCode: 20,
      path: ["and", "=="],
      depth: 3,
      byteOffset: 12,
      textOffset: 5,
      textLength: 8,
      snippet: "$.a == 1",
      operands: [1, 2],
    });
    // The language is left out for packed expressions; numbers of newer servers stand for nothing here.
    expect(parse(packDetails({ 3: { 1: 9, 7: 0 } }))?.trace).toMatchObject({
      phase: undefined,
      language: "packed",
      outcome: undefined,
      path: [],
      operands: undefined,
    });
  });

  test("may have keys that are not known", () => {
    expect(parse(packDetails({ 4: ["new", { 1: 2 }], 1: 3, 3: { 20: "new", 4: 1 } }))).toMatchObject({
      subCode: 3,
      trace: { depth: 1 },
    });
  });

  test("is read from among the fields of a reply", () => {
    const message = reply(4, undefined, (m) => {
      m.bytesField(FieldType.RECORD_VERSION, new Uint8Array(7));
      m.bytesField(FieldType.ERROR_DETAILS, packDetails({ 1: 5 }));
    });
    expect(readErrorDetails(message)).toMatchObject({ subCode: 5 });
    expect(readErrorDetails(openMessage(message.reader.bytes))).toMatchObject({ subCode: 5 });
    expect(readErrorDetails(reply(4))).toBeUndefined();
  });
});

describe("what can't be read explains nothing", () => {
  test.each<[string, Uint8Array]>([
    ["no bytes", new Uint8Array(0)],
    ["no map", Uint8Array.of(0x01)],
    ["a map of a million pairs", Uint8Array.of(0xdf, 0x00, 0x0f, 0xff, 0xff)],
    ["a text for a sub code", packDetails({ 1: "7" })],
    ["a number for a message", packDetails({ 2: 7 })],
    ["a trace that is none", packDetails({ 3: [1] })],
    ["too many bytes", packDetails({ 2: "x".repeat(1100) })],
    ["a message that breaks off", packDetails({ 2: "abc" }).subarray(0, 4)],
  ])("%s", (_what, bytes) => {
    expect(parse(bytes)).toBeUndefined();
  });

  test("whatever the bytes, nothing is thrown", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(3), (bytes, start) => {
        const damaged = packDetails({ 1: 1, 2: "abc", 3: { 1: 1, 5: ["a"], 13: [1, "b"] } });
        damaged.set(bytes.subarray(0, damaged.length - start), start);
        parse(bytes);
        parse(damaged);
      }),
    );
  });
});
