import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { MessageReader } from "../../../../protocol/message/message-reader.js";
import { ProtocolError } from "../../../../protocol/protocol-error.js";

interface Content {
  readonly fields: readonly (readonly [type: number, data: Uint8Array])[];
  readonly ops: readonly (readonly [name: string, type: number, value: Uint8Array])[];
}

function encode({ fields, ops }: Content): Uint8Array {
  const w = new Writer();
  for (const byte of [22, 1, 2, 3, 4, 5]) w.u8(byte);
  w.u32(6);
  w.u32(7);
  w.u32(8);
  w.u16(fields.length);
  w.u16(ops.length);
  for (const [type, data] of fields) {
    w.u32(data.length + 1);
    w.u8(type);
    w.bytes(data);
  }
  for (const [name, type, value] of ops) {
    w.u32(4 + name.length + value.length);
    w.u8(9);
    w.u8(type);
    w.u8(0);
    w.u8(name.length);
    w.utf8(name);
    w.bytes(value);
  }
  return w.copy();
}

function loaded(...bodies: readonly Uint8Array[]): MessageReader {
  const message = new MessageReader();
  message.load(new Reader(new Uint8Array(Buffer.concat(bodies))));
  return message;
}

const content = fc.record<Content>({
  fields: fc.array(fc.tuple(fc.nat(255), fc.uint8Array({ maxLength: 30 })), { maxLength: 5 }),
  ops: fc.array(fc.tuple(fc.stringMatching(/^[a-z]{0,15}$/), fc.nat(255), fc.uint8Array({ maxLength: 30 })), {
    maxLength: 5,
  }),
});

describe("MessageReader", () => {
  it("gives each field and op, however much of them is read", () => {
    fc.assert(
      fc.property(fc.array(content, { maxLength: 4 }), fc.nat(3), (contents, reads) => {
        const message = loaded(...contents.map(encode));
        for (const { fields, ops } of contents) {
          expect(message.next()).toBe(true);
          for (const [type, data] of fields) {
            expect(message.nextField()).toBe(true);
            expect([message.fieldType, message.size]).toEqual([type, data.length]);
            const some = Math.min(reads, data.length);
            expect(message.reader.copy(some)).toEqual(data.slice(0, some));
          }
          expect(message.nextField()).toBe(false);
          for (const [name, type, value] of ops) {
            expect(message.nextOp()).toBe(true);
            expect([message.opCode, message.opName, message.opType, message.size]).toEqual([
              9,
              name,
              type,
              value.length,
            ]);
            const some = Math.min(reads, value.length);
            expect(message.reader.copy(some)).toEqual(value.slice(0, some));
          }
          expect(message.nextOp()).toBe(false);
        }
        expect(message.next()).toBe(false);
      }),
    );
  });

  it("passes what is not asked for, from wherever it stands", () => {
    fc.assert(
      fc.property(content, fc.nat(5), fc.nat(5), (one, fields, ops) => {
        const message = loaded(encode(one), encode(one));
        message.next();
        for (let i = 0; i < fields && message.nextField(); i++) message.reader.at++;
        message.skipFields();
        for (let i = 0; i < ops && message.nextOp(); i++) message.reader.at++;
        message.skipOps();
        expect(message.next()).toBe(true);
        expect(message.generation).toBe(6);
      }),
    );
  });

  it("knows from any number of its bytes whether a message is whole", () => {
    fc.assert(
      fc.property(content, content, (first, second) => {
        const bytes = encode(first);
        for (let length = 0; length < bytes.length; length++) {
          expect(loaded(bytes.slice(0, length)).isWhole).toBe(false);
        }
        const message = loaded(bytes, encode(second).slice(0, -1));
        expect(message.isWhole).toBe(true);
        message.next();
        message.skipFields();
        message.skipOps();
        expect(message.isWhole).toBe(false);
      }),
    );
  });

  it.each([
    ["a field of size 0", [0, 0, 0, 0], "field", /a field of size 0/],
    ["a field beyond the end", [0, 0, 1, 0, 0], "field", /a field of 256 bytes where 1 are left/],
    ["an op of 3 bytes", [0, 0, 0, 3, 0, 0, 0], "op", /an op of 3 bytes/],
    ["an op beyond the end", [0, 0, 0, 9, 0, 0, 0, 0], "op", /an op of 9 bytes where 4 are left/],
    ["a name beyond its op", [0, 0, 0, 5, 0, 0, 0, 2, 97, 98], "op", /the name of a bin runs over the end/],
  ] as const)("refuses %s", (_, bytes, kind, error) => {
    const body = encode({ fields: [], ops: [] });
    body[kind === "field" ? 19 : 21] = 1;
    const message = loaded(body, Uint8Array.from(bytes));
    message.next();
    const read = (): boolean => (kind === "field" ? message.nextField() : message.nextOp());
    expect(read).toThrow(ProtocolError);
    const again = loaded(body, Uint8Array.from(bytes));
    again.next();
    expect(() => (kind === "field" ? again.nextField() : again.nextOp())).toThrow(error);
  });
});
