import { describe, expect, it } from "vitest";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { BatchCommand } from "../../../../protocol/command/batch.js";
import type { BatchRow } from "../../../../protocol/command/batch-row.js";
import {
  exists,
  operate,
  type RecordOperation,
  read,
  udf,
  write,
} from "../../../../protocol/command/record-operation.js";
import type { RecordReply } from "../../../../protocol/command/record-reply.js";
import { makeKey } from "../../../../protocol/key/make-key.js";
import { MessageReader } from "../../../../protocol/message/message-reader.js";
import { OpCode } from "../../../../protocol/message/op.js";
import { ProtocolError } from "../../../../protocol/protocol-error.js";
import { ResultError } from "../../../../protocol/result-error.js";
import { loadVectors, responsesOf, toHex } from "../../../support/vectors/entry.js";

const entries = loadVectors("batch");

function entry(id: string) {
  const found = entries.find((each) => each.id === id);
  if (found === undefined) throw new Error(`There is no ${id}`);
  return found;
}

/** Hands every message of a recorded reply to the command; whether its end came. */
function takeAll(command: BatchCommand, protos: readonly Uint8Array[]): boolean {
  let isOver = false;
  for (const proto of protos) {
    const message = new MessageReader();
    message.load(new Reader(proto, 8));
    while (message.next()) isOver = command.take(message);
  }
  return isOver;
}

type Answer = [row: number, reply: RecordReply | ResultError];

function batchOf(rows: readonly BatchRow[]) {
  const answers: Answer[] = [];
  const command = new BatchCommand(rows, (row, reply) => answers.push([row.index, reply]));
  return { command, answers };
}

function readRows(names: readonly string[]): BatchRow[] {
  const operation = read();
  return names.map((name, index) => ({ index: index + 10, key: makeKey("test", "ba", name), operation }));
}

describe("a batch", () => {
  it("is written as another client wrote the same reads", () => {
    const { command } = batchOf(readRows(["b1", "b2", "b3"]));
    const w = new Writer();
    const { request } = entry("batch/read/001");
    command.encode(w, Buffer.from(request, "hex").readUInt32BE(8 + 14));
    expect(toHex(w.copy())).toBe(request);
  });

  it("gives each row its answer, whatever the order, and is over at the end", () => {
    const { command, answers } = batchOf(readRows(["b1", "no1", "b3"]));
    expect(takeAll(command, responsesOf(entry("batch/read/005")))).toBe(true);
    const byRow = new Map(answers);
    expect(byRow.get(10)).toMatchObject({ resultCode: 0, bins: { i: 1 } });
    expect(byRow.get(11)).toEqual(new ResultError(2));
    expect(byRow.get(12)).toMatchObject({ resultCode: 0, bins: { i: 3 } });
    expect(command.unanswered).toEqual([]);
  });

  it("takes what a row accepts for an answer", () => {
    const rows = ["b1", "no1", "b3"].map((name, index) => ({
      index,
      key: makeKey("test", "ba", name),
      operation: exists(),
    }));
    const { command, answers } = batchOf(rows);
    takeAll(command, responsesOf(entry("batch/get-exists-select/002")));
    expect(answers.map(([, reply]) => reply instanceof ResultError)).toEqual([false, false, false]);
  });

  it("keeps what came before the stream broke off, and says what is missing", () => {
    const rows = readRows(["b1", "no1", "b3"]);
    const { command, answers } = batchOf(rows);
    const message = new MessageReader();
    message.load(new Reader(responsesOf(entry("batch/read/005"))[0]!, 8));
    message.next();
    command.take(message);
    expect(answers.length).toBe(1);
    expect(command.unanswered).toEqual(rows.filter(({ index }) => index !== answers[0]![0]));
  });

  it("throws the refusal of the whole", () => {
    const { command } = batchOf(readRows(["b1"]));
    expect(() => takeAll(command, responsesOf(entry("batch/handmade/025")))).toThrow(new ResultError(4));
  });

  it("does not believe rows that were not asked for, twice the same, or an end without some", () => {
    const three = responsesOf(entry("batch/read/005"));
    expect(() => takeAll(batchOf(readRows(["b1", "b2"])).command, three)).toThrow("row 2 of a batch of 2");
    const { command } = batchOf(readRows(["b1", "no1", "b3"]));
    expect(() => takeAll(command, [three[0]!, three[0]!])).toThrow(ProtocolError);
    const many = batchOf(readRows(["b1", "no1", "b3", "b4"])).command;
    expect(() => takeAll(many, three)).toThrow("a batch of 4 rows ended without 1 of them");
  });

  it("says how rows are to be worked on", () => {
    const flagsOf = (options: object): number => {
      const w = new Writer();
      new BatchCommand(readRows(["b1"]), () => undefined, options).encode(w, 0);
      return w.copy()[8 + 22 + 5 + 4]!;
    };
    expect(flagsOf({})).toBe(0x0d);
    expect(flagsOf({ inline: false })).toBe(0x0c);
    expect(flagsOf({ inlineSsd: true })).toBe(0x0f);
  });

  it("is sent whole or not at all", () => {
    const good = { index: 0, key: makeKey("test", "ba", 1), operation: write({ a: 1 }) };
    const bad = { index: 1, key: makeKey("test", "ba", 2), operation: write({ [`${"b".repeat(16)}`]: 1 }) };
    const w = new Writer();
    expect(() => new BatchCommand([good, bad], () => undefined).encode(w, 0)).toThrow(/16 bytes/);
    expect(() => new BatchCommand([], () => undefined)).toThrow("A batch has no rows");
  });

  it("repeats no row in which a server may change the time to live", () => {
    const add = [{ code: OpCode.INCR, bin: "a", value: 1 } as const];
    const call = { package: "p", function: "f", args: [] };
    const isShort = (operation: RecordOperation): boolean => {
      const sizeOf = (rows: number): number => {
        const w = new Writer();
        const keys = Array.from({ length: rows }, (_, index) => ({
          index,
          key: makeKey("test", "ba", index),
          operation,
        }));
        new BatchCommand(keys, () => undefined).encode(w, 0);
        return w.length;
      };
      return sizeOf(2) - sizeOf(1) === 4 + 20 + 1;
    };
    expect(isShort(operate(add, {}, { ttl: 60 }))).toBe(true);
    expect(isShort(operate(add, {}, { ttl: -1 }))).toBe(true);
    // It creates nothing.
    expect(isShort(operate(add, {}, { ttl: -2, recordExists: "updateOnly" }))).toBe(true);
    expect(isShort(operate(add, {}, { ttl: -2 }))).toBe(false);
    expect(isShort(udf(call))).toBe(false);
    expect(isShort(read())).toBe(true);
  });

  it("mixes reads and writes", () => {
    const key = makeKey("test", "ba", 1);
    const rows = [read(["a"]), operate([{ code: OpCode.INCR, bin: "a", value: 1 }]), write({ b: 1 })].map(
      (operation, index) => ({ index, key, operation }),
    );
    const w = new Writer();
    new BatchCommand(rows, () => undefined).encode(w, 1000);
    const r = new Reader(w.copy(), 8 + 22);
    r.skip(5);
    expect(r.u32()).toBe(3);
    r.skip(1 + 4 + 20);
    // INFO and TTL; writes have GENERATION, too.
    expect(r.u8()).toBe(0x0a);
  });
});
