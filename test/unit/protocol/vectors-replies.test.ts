import { describe, expect, it } from "vitest";
import { Reader } from "../../../protocol/bytes/reader.js";
import { exists, operate, read, readHeader, udf } from "../../../protocol/command/record-operation.js";
import { readOpResults, readReply, returnedValue } from "../../../protocol/command/record-reply.js";
import { MessageReader } from "../../../protocol/message/message-reader.js";
import { OpCode } from "../../../protocol/message/op.js";
import { ProtocolError } from "../../../protocol/protocol-error.js";
import { ResultError } from "../../../protocol/result-error.js";
import { type Entry, loadVectors, responsesOf } from "../../support/vectors/entry.js";
import { toDecoded } from "../../support/vectors/typed-value.js";

const FILES = [
  { file: "single-record", replies: 281 },
  { file: "values", replies: 365 },
  { file: "lists", replies: 618 },
  { file: "maps", replies: 687 },
  { file: "bits", replies: 176 },
  { file: "hll", replies: 146 },
  { file: "expressions", replies: 510 },
  { file: "udf", replies: 77 },
  { file: "background", replies: 51 },
  { file: "query", replies: 27 },
  { file: "index", replies: 5 },
  { file: "info", replies: 3 },
  { file: "errors", replies: 77 },
  { file: "batch", replies: 20 },
];

function open(bytes: Uint8Array): MessageReader {
  const message = new MessageReader();
  message.load(new Reader(bytes, 8));
  expect(message.next()).toBe(true);
  return message;
}

function isRecordReply(entry: Entry): boolean {
  return entry.decoded.bins !== undefined;
}

function valuesOf(entry: Entry): unknown[] {
  return entry.decoded.bins!.map(({ value }) => toDecoded(value));
}

describe.each(FILES)("recorded replies of $file", ({ file, replies }) => {
  const entries = loadVectors(file).filter(isRecordReply);

  it("are decoded row by row", () => {
    expect(entries.length).toBe(replies);
    for (const entry of entries) {
      const message = open(responsesOf(entry)[0]!);
      message.skipFields();
      const { decoded } = entry;
      expect(message.resultCode, entry.id).toBe(decoded.resultCode);
      expect(message.generation, entry.id).toBe(decoded.generation);
      expect(message.recordTtl, entry.id).toBe(decoded.voidTime);
      const expected = decoded.bins!.map(({ name, op, value }) => ({ bin: name, code: op, value: toDecoded(value) }));
      expect(readOpResults(message), entry.id).toStrictEqual(expected);
      expect(message.reader.left, entry.id).toBe(0);
    }
  });

  it("are a record, or a ResultError with the server's code", () => {
    const operation = operate([{ code: OpCode.READ, bin: "", all: true }]);
    for (const entry of entries) {
      const { resultCode, generation, voidTime, bins } = entry.decoded;
      const message = open(responsesOf(entry)[0]!);
      if (resultCode !== 0) {
        expect(() => readReply(message, operation), entry.id).toThrow(new ResultError(resultCode!));
      } else {
        const record = readReply(message, operation);
        expect(record, entry.id).toMatchObject({ generation, voidTime });
        expect(
          record.results.map(({ value }) => value),
          entry.id,
        ).toStrictEqual(valuesOf(entry));
        const present = bins!.filter(({ value }) => !value.nil).map(({ name }) => name);
        expect(Object.keys(record.bins).sort(), entry.id).toEqual([...new Set(present)].sort());
      }
      expect(message.reader.left, entry.id).toBe(0);
    }
  });
});

describe("lists that a server counted wrong", () => {
  const entries = loadVectors("lists").filter(({ decoded }) => decoded.undecodable !== undefined);

  it("are refused, not guessed at", () => {
    expect(entries.length).toBe(5);
    for (const entry of entries) {
      const message = open(responsesOf(entry)[0]!);
      message.skipFields();
      expect(() => readOpResults(message), entry.id).toThrow(ProtocolError);
    }
  });
});

describe("replies to reads of whole records", () => {
  const reads = loadVectors("single-record").filter(({ intent }) => ["get", "select"].includes(intent.command));

  it("are bins by name", () => {
    const found = reads.filter(({ decoded }) => decoded.resultCode === 0);
    expect(found.length).toBeGreaterThan(40);
    for (const entry of found) {
      const record = readReply(open(responsesOf(entry)[0]!), read());
      expect(record.bins, entry.id).toStrictEqual(
        Object.fromEntries(entry.decoded.bins!.map(({ name, value }) => [name, toDecoded(value)])),
      );
    }
  });

  it("tell of a missing record", () => {
    const entry = reads.find(({ decoded }) => decoded.resultCode === 2)!;
    expect(() => readReply(open(responsesOf(entry)[0]!), read())).toThrow(new ResultError(2));
  });
});

describe("replies to exists", () => {
  const replies = loadVectors("single-record").filter(({ intent }) => intent.command === "exists");

  it("are true, false or an error, and carry the header", () => {
    expect(replies.length).toBe(14);
    for (const entry of replies) {
      const { resultCode, generation, voidTime } = entry.decoded;
      const message = () => open(responsesOf(entry)[0]!);
      if (resultCode !== 0 && resultCode !== 2) {
        expect(() => readReply(message(), exists())).toThrow(new ResultError(resultCode!));
        continue;
      }
      expect(readReply(message(), exists()).resultCode, entry.id).toBe(resultCode);
      if (resultCode === 0) expect(readReply(message(), readHeader())).toMatchObject({ generation, voidTime });
    }
  });
});

describe("replies to UDF calls", () => {
  const calls = loadVectors("udf").filter(({ intent }) => intent.command === "apply");
  const apply = udf({ package: "m", function: "f", args: [] });

  it("are the returned value, or a ResultError with what Lua said", () => {
    let values = 0;
    let failures = 0;
    for (const entry of calls) {
      const { resultCode, bins } = entry.decoded;
      const message = open(responsesOf(entry)[0]!);
      const value = bins![0]?.value;
      if (resultCode === 0) {
        expect(returnedValue(readReply(message, apply)), entry.id).toStrictEqual(toDecoded(value!));
        values++;
      } else {
        expect(() => readReply(message, apply), entry.id).toThrow(new ResultError(resultCode!, value?.string));
        if (resultCode === 100) failures++;
      }
      expect(message.reader.left, entry.id).toBe(0);
    }
    expect(values).toBeGreaterThan(40);
    expect(failures).toBeGreaterThan(5);
  });
});
