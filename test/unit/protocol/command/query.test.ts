import { describe, expect, it } from "vitest";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { BinTypesCommand } from "../../../../protocol/command/bin-types.js";
import { CountCommand, QueryCommand, type QueryStream } from "../../../../protocol/command/query.js";
import type { QueryRequest } from "../../../../protocol/command/query-request.js";
import type { QueryRow, RowPosition } from "../../../../protocol/command/query-row.js";
import { FieldType } from "../../../../protocol/message/field-type.js";
import { Info2, Info3 } from "../../../../protocol/message/flags.js";
import { MessageReader } from "../../../../protocol/message/message-reader.js";
import { type MessageHeader, MessageWriter } from "../../../../protocol/message/message-writer.js";
import { OpCode } from "../../../../protocol/message/op.js";
import { ProtocolError } from "../../../../protocol/protocol-error.js";
import { ResultError } from "../../../../protocol/result-error.js";
import { ParticleType } from "../../../../protocol/value/particle-type.js";
import { openMessage } from "../../../support/message.js";

const request: QueryRequest = { namespace: "test", setName: "s", taskId: 1n, partitions: [0] };
const DIGEST = new Uint8Array(20).fill(7);

function row(fill?: (m: MessageWriter) => void): [MessageHeader, (m: MessageWriter) => void] {
  return [
    { generation: 2, recordTtl: 9 },
    (m) => {
      m.textField(FieldType.NAMESPACE, "test");
      m.bytesField(FieldType.DIGEST, DIGEST);
      fill?.(m);
    },
  ];
}

/** The body of a proto with several messages, and a reader on it. */
function stream(...messages: [MessageHeader, ((m: MessageWriter) => void)?][]): MessageReader {
  const w = new Writer();
  for (const [header, fill] of messages) {
    const m = new MessageWriter(w, header);
    fill?.(m);
    m.finish();
  }
  const reader = new MessageReader();
  reader.load(new Reader(w.copy()));
  return reader;
}

function takeAll(command: QueryStream, messages: MessageReader): boolean[] {
  const lasts: boolean[] = [];
  while (messages.next()) lasts.push(command.take(messages));
  return lasts;
}

const LAST: [MessageHeader] = [{ info3: Info3.LAST }];

describe("a query's stream", () => {
  it("is rows up to the last message", () => {
    const rows: QueryRow[] = [];
    const command = new QueryCommand(request, (found) => rows.push(found));
    const withAll = row((m) => {
      m.textField(FieldType.SET, "s");
      m.bytesField(FieldType.KEY, Uint8Array.of(3, 0x61));
      m.u64Field(FieldType.BVAL_ARRAY, BigInt.asUintN(64, 0x0500_0000_0000_0000n));
      m.op({ code: OpCode.WRITE, bin: "a", value: 1 });
    });
    expect(takeAll(command, stream(row(), withAll, LAST))).toEqual([false, false, true]);
    const plain = {
      namespace: "test",
      setName: "",
      digest: DIGEST,
      userKey: undefined,
      bval: undefined,
      results: undefined,
    };
    expect(rows).toEqual([
      { ...plain, generation: 2, voidTime: 9, bins: {} },
      { ...plain, setName: "s", userKey: "a", bval: 5n, generation: 2, voidTime: 9, bins: { a: 1 } },
    ]);
  });

  it("reads a result for each of its operations, by position and by bin", () => {
    const rows: QueryRow[] = [];
    const read = { code: OpCode.READ, bin: "a" } as const;
    const command = new QueryCommand({ ...request, ops: [read, read, { ...read, bin: "b" }] }, (found) =>
      rows.push(found),
    );
    const three = row((m) => {
      m.op({ code: OpCode.WRITE, bin: "a", value: 7 });
      m.op({ code: OpCode.READ, bin: "a" });
      m.op({ code: OpCode.READ, bin: "b" });
    });
    expect(takeAll(command, stream(three, LAST))).toEqual([false, true]);
    expect(rows[0]?.bins).toEqual({ a: 7 });
    expect(rows[0]?.results?.map(({ bin, value }) => [bin, value])).toEqual([
      ["a", 7],
      ["a", null],
      ["b", null],
    ]);
    const two = row((m) => {
      m.op({ code: OpCode.READ, bin: "a" });
      m.op({ code: OpCode.READ, bin: "b" });
    });
    const again = new QueryCommand(command.request, () => undefined);
    expect(() => takeAll(again, stream(two))).toThrow("a row of a query has 2 results of 3 operations");
  });

  it("collects the partitions that a node could not read", () => {
    const command = new CountCommand(request);
    const done: [MessageHeader] = [{ info3: Info3.PARTITION_DONE, generation: 4095, resultCode: 11 }];
    const fine: [MessageHeader] = [{ info3: Info3.PARTITION_DONE, generation: 5 }];
    expect(takeAll(command, stream(row(), done, fine, LAST))).toEqual([false, false, false, true]);
    expect(command.failures).toEqual([{ partition: 4095, resultCode: 11 }]);
    expect(command.count).toBe(1);
  });

  it("throws a refusal before it began", () => {
    const messages = stream([{ resultCode: 201 }]);
    messages.next();
    expect(() => new CountCommand(request).take(messages)).toThrow(new ResultError(201));
    expect(messages.reader.left).toBe(0);
  });

  it("throws a refusal at its end", () => {
    const command = new CountCommand(request);
    const messages = stream(row(), [{ info3: Info3.LAST, resultCode: 15 }]);
    expect(messages.next() && command.take(messages)).toBe(false);
    expect(messages.next()).toBe(true);
    expect(() => command.take(messages)).toThrow(new ResultError(15));
    expect([command.count, messages.reader.left]).toEqual([1, 0]);
  });

  it("can't be trusted when it refuses in the middle and does not say that this is the end", () => {
    const command = new CountCommand(request);
    const messages = stream(row(), [{ resultCode: 4 }]);
    expect(messages.next() && command.take(messages)).toBe(false);
    expect(messages.next()).toBe(true);
    expect(() => command.take(messages)).toThrow(ProtocolError);
  });

  it("counts and says where rows stand without reading bins", () => {
    const positions: RowPosition[] = [];
    const command = new CountCommand(request, ({ digest, bval }) => positions.push({ digest: digest.slice(), bval }));
    const unreadable = row((m) => {
      m.u64Field(FieldType.BVAL_ARRAY, BigInt.asUintN(64, 0xfbff_ffff_ffff_ffffn));
      m.op({ code: OpCode.CDT_READ, bin: "x", payload: Uint8Array.of(0xc1) });
    });
    takeAll(command, stream(unreadable, row(), LAST));
    expect(command.count).toBe(2);
    expect(positions).toEqual([
      { digest: DIGEST, bval: -5n },
      { digest: DIGEST, bval: undefined },
    ]);
  });

  it("says how many bytes a row takes", () => {
    const sizes: number[] = [];
    const [small, large] = [row(), row((m) => m.op({ code: OpCode.WRITE, bin: "a", value: "x".repeat(100) }))];
    const messages = stream(small, large, LAST);
    const whole = messages.reader.left;
    takeAll(new QueryCommand(request, (_, bytes) => sizes.push(bytes)), messages);
    expect(sizes).toEqual([22 + 9 + 25, 22 + 9 + 25 + 9 + 100]);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(whole - 22);
  });

  it.each([
    ["no digest", (m: MessageWriter) => m.textField(FieldType.NAMESPACE, "test")],
    ["a digest too short", (m: MessageWriter) => m.bytesField(FieldType.DIGEST, new Uint8Array(19))],
    ["an index entry too short", (m: MessageWriter) => m.bytesField(FieldType.BVAL_ARRAY, new Uint8Array(7))],
  ])("can't be counted when a row has %s", (_what, fill) => {
    const messages = stream([{}, fill]);
    messages.next();
    expect(() => new CountCommand(request, () => undefined).take(messages)).toThrow(ProtocolError);
  });

  it.each([
    ["no digest", (m: MessageWriter) => m.textField(FieldType.NAMESPACE, "test")],
    ["a digest too short", (m: MessageWriter) => m.bytesField(FieldType.DIGEST, new Uint8Array(19))],
    ["a key without a type", (m: MessageWriter) => m.bytesField(FieldType.KEY, new Uint8Array(0))],
    ["an integer key too short", (m: MessageWriter) => m.bytesField(FieldType.KEY, Uint8Array.of(1, 5))],
    ["an index entry too short", (m: MessageWriter) => m.bytesField(FieldType.BVAL_ARRAY, new Uint8Array(7))],
  ])("is damaged when a row has %s", (_what, fill) => {
    const messages = stream([{}, fill]);
    messages.next();
    expect(() => new QueryCommand(request, () => undefined).take(messages)).toThrow(ProtocolError);
  });

  it.each([
    ["an integer", [1, 0, 0, 0, 0, 0, 0, 0, 5], 5],
    ["a string", [3, 0x61], "a"],
    ["a blob", [4, 9], Uint8Array.of(9)],
    ["a double, which is none of ours", [2, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0], undefined],
  ])("has rows whose key is %s", (_what, bytes, key) => {
    const rows: QueryRow[] = [];
    const messages = stream(row((m) => m.bytesField(FieldType.KEY, Uint8Array.from(bytes))));
    messages.next();
    new QueryCommand(request, (found) => rows.push(found)).take(messages);
    expect(rows.map(({ userKey }) => userKey)).toEqual([key]);
  });
});

describe("a query's request", () => {
  function encoded(query: QueryRequest): MessageReader {
    const w = new Writer();
    new QueryCommand(query, () => undefined).encode(w, 0);
    return openMessage(w.copy(8));
  }

  it("never goes without the flag that servers insist on", () => {
    expect(encoded(request).info3).toBe(Info3.PARTITION_DONE);
    expect(encoded({ ...request, bins: "header" }).info3).toBe(Info3.PARTITION_DONE);
  });

  it("asks for a result of each operation, and for none of them in a count", () => {
    const payload = Uint8Array.of(0x91, 0x10);
    const ops = [
      { code: OpCode.CDT_READ, bin: "l", payload },
      { code: OpCode.READ, bin: "a" },
    ] as const;
    const message = encoded({ ...request, ops });
    expect(message.info2).toBe(Info2.RESPOND_ALL_OPS);
    message.skipFields();
    const found: unknown[] = [];
    while (message.nextOp()) found.push([message.opCode, message.opName, message.size]);
    expect(found).toEqual([
      [OpCode.CDT_READ, "l", 2],
      [OpCode.READ, "a", 0],
    ]);
    expect(new CountCommand({ ...request, ops }).request).toMatchObject({ bins: "header", ops: undefined });
    expect(encoded(request).info2).toBe(0);
  });

  it("gives index entries beside digests in index queries alone", () => {
    const resume = [{ digest: DIGEST, bval: -1n }];
    const types = (query: QueryRequest) => {
      const found: [number, number][] = [];
      encoded(query).fields((type, _data, size) => found.push([type, size]));
      return found.filter(([type]) => type >= FieldType.PARTITION_ARRAY && type <= FieldType.BVAL_ARRAY);
    };
    expect(types({ ...request, resume })).toEqual([
      [FieldType.PARTITION_ARRAY, 2],
      [FieldType.DIGEST_ARRAY, 20],
    ]);
    const index = { target: { bin: "b" }, bounds: { type: "integer", begin: 1, end: 2 } } as const;
    expect(types({ ...request, partitions: [], resume, index, maxRecords: 5 })).toEqual([
      [FieldType.DIGEST_ARRAY, 20],
      [FieldType.BVAL_ARRAY, 8],
      [FieldType.SAMPLE_MAX, 8],
    ]);
  });
});

describe("BinTypesCommand", () => {
  it("reads the types of bins, whatever they hold", () => {
    const types: (readonly [string, number][])[] = [];
    const command = new BinTypesCommand({ ...request, bins: ["a", "b"], maxRecords: 5 }, (found) =>
      types.push([...found]),
    );
    const withBoth = row((m) => {
      m.op({ code: OpCode.WRITE, bin: "a", value: "text" });
      m.op({ code: OpCode.WRITE, bin: "b", value: { of: ["anything"] } });
    });
    const withOne = row((m) => m.op({ code: OpCode.WRITE, bin: "b", value: 1.5 }));
    expect(takeAll(command, stream(withBoth, withOne, LAST))).toEqual([false, false, true]);
    expect(types).toEqual([
      [
        ["a", ParticleType.STRING],
        ["b", ParticleType.MAP],
      ],
      [["b", ParticleType.DOUBLE]],
    ]);
  });
});
