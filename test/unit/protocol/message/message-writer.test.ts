import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { makeKey, makeKeyFromDigest } from "../../../../protocol/key/make-key.js";
import { FieldType } from "../../../../protocol/message/field-type.js";
import { MessageReader } from "../../../../protocol/message/message-reader.js";
import { beginMessage, MessageWriter } from "../../../../protocol/message/message-writer.js";
import { OpCode, writeOp } from "../../../../protocol/message/op.js";
import { messageBytes, openMessage } from "../../../support/message.js";
import { runs } from "../../../support/runs.js";

const u8 = fc.nat(0xff);
const u32 = fc.nat(0xffff_ffff);

const header = fc.record({
  info1: u8,
  info2: u8,
  info3: u8,
  info4: u8,
  resultCode: u8,
  generation: u32,
  recordTtl: u32,
  transactionTtl: u32,
});
const field = fc.record({ type: fc.constantFrom(...Object.values(FieldType)), data: fc.uint8Array({ maxLength: 40 }) });
const op = fc.record({
  bin: fc.string({ unit: "grapheme-ascii", maxLength: 15 }),
  payload: fc.uint8Array({ maxLength: 40 }),
});

function headerOf(message: MessageReader): Record<string, number> {
  const { info1, info2, info3, info4, resultCode, generation, recordTtl, transactionTtl } = message;
  return { info1, info2, info3, info4, resultCode, generation, recordTtl, transactionTtl };
}

describe("messages", () => {
  it("come back as they were written", () => {
    fc.assert(
      fc.property(header, fc.array(field), fc.array(op), (head, fields, ops) => {
        const bytes = messageBytes(head, (m) => {
          for (const { type, data } of fields) m.bytesField(type, data);
          for (const { bin, payload } of ops) m.op({ code: OpCode.CDT_MODIFY, bin, payload });
        });
        const message = openMessage(bytes);
        expect(headerOf(message)).toEqual(head);
        const readFields: unknown[] = [];
        message.fields((type, data, size) => readFields.push({ type, data: data.copy(size) }));
        expect(readFields).toEqual(fields);
        const readOps: unknown[] = [];
        message.ops((_code, bin, _type, value, size) => readOps.push({ bin, payload: value.copy(size) }));
        expect(readOps).toEqual(ops);
        expect(message.next()).toBe(false);
      }),
      { numRuns: runs(40) },
    );
  });

  it("stand one behind the other in a body", () => {
    const w = new Writer();
    for (const generation of [1, 2, 3]) {
      const m = new MessageWriter(w, { generation });
      m.u8Field(FieldType.INDEX_TYPE, generation);
      m.op({ code: OpCode.TOUCH, bin: "" });
      m.finish();
    }
    const message = new MessageReader();
    message.load(new Reader(w.view()));
    const generations: number[] = [];
    while (message.next()) {
      generations.push(message.generation);
      message.skipFields();
      message.skipOps();
    }
    expect(generations).toEqual([1, 2, 3]);
  });

  it("carry times to live below zero as servers read them", () => {
    expect(openMessage(messageBytes({ recordTtl: -1 })).recordTtl).toBe(0xffff_ffff);
    expect(openMessage(messageBytes({ recordTtl: -2 })).recordTtl).toBe(0xffff_fffe);
  });

  it("have a proto of their own when they begin one", () => {
    const w = new Writer();
    w.u8(7);
    const m = beginMessage(w, {});
    m.u32Field(FieldType.SOCKET_TIMEOUT, 5);
    m.u64Field(FieldType.TASK_ID, 2n ** 64n - 1n);
    m.textField(FieldType.SET, "ü");
    m.finish();
    const hex = Buffer.from(w.view()).toString("hex");
    const fields = "000000050900000005" + "0000000907ffffffffffffffff" + "0000000301c3bc";
    expect(hex).toBe(`0702030000000000${(22 + fields.length / 2).toString(16)}16${"00".repeat(17)}00030000${fields}`);
  });
});

describe("the fields of a record", () => {
  function fieldsOf(fill: (m: MessageWriter) => void): [number, string][] {
    const found: [number, string][] = [];
    openMessage(messageBytes({}, fill)).fields((type, data, size) =>
      found.push([type, Buffer.from(data.view(size)).toString("hex")]),
    );
    return found;
  }

  it("are namespace, set and digest", () => {
    const key = makeKey("test", "", 1);
    expect(fieldsOf((m) => m.address(key)).map(([type, hex]) => [type, hex.length / 2])).toEqual([
      [FieldType.NAMESPACE, 4],
      [FieldType.SET, 0],
      [FieldType.DIGEST, 20],
    ]);
  });

  it("are a user key with its type, where it is known", () => {
    expect(fieldsOf((m) => m.userKey(makeKey("t", "s", -1)))).toEqual([[2, "01ffffffffffffffff"]]);
    expect(fieldsOf((m) => m.userKey(makeKey("t", "s", 2n ** 62n)))).toEqual([[2, "014000000000000000"]]);
    expect(fieldsOf((m) => m.userKey(makeKey("t", "s", "ü")))).toEqual([[2, "03c3bc"]]);
    expect(fieldsOf((m) => m.userKey(makeKey("t", "s", Uint8Array.of(9))))).toEqual([[2, "0409"]]);
    expect(fieldsOf((m) => m.userKey(makeKeyFromDigest("t", "s", new Uint8Array(20))))).toEqual([]);
  });

  it("are a filter, when there is one", () => {
    expect(fieldsOf((m) => m.filter(Uint8Array.of(1, 2)))).toEqual([[43, "0102"]]);
    expect(fieldsOf((m) => m.filter(undefined))).toEqual([]);
  });
});

describe("writeOp", () => {
  it("never writes a name that would break the message", () => {
    const bin = "n".repeat(256);
    expect(() => writeOp(new Writer(), { code: OpCode.READ, bin })).toThrow("takes 256 bytes: at most 15 are allowed");
  });

  it("names bin and path of a value that is none", () => {
    const value: unknown = { tags: ["x", { when: new Date(0) }] };
    const op = { code: OpCode.WRITE, bin: "b", value: value as never };
    expect(() => writeOp(new Writer(), op)).toThrow(
      /^bin "b".*tags\[1\]\.when: a Date has no Aerospike type; write its getTime\(\), or give the bin a codec$/,
    );
  });
});
