import { describe, expect, it } from "vitest";
import { Reader } from "../../../protocol/bytes/reader.js";
import { Writer } from "../../../protocol/bytes/writer.js";
import { type BatchRow, writeBatchRow } from "../../../protocol/command/batch-row.js";
import { operate, type RecordOperation, read, remove, write } from "../../../protocol/command/record-operation.js";
import { readReply } from "../../../protocol/command/record-reply.js";
import { makeKey } from "../../../protocol/key/make-key.js";
import type { RecordKey } from "../../../protocol/key/record-key.js";
import { FieldType } from "../../../protocol/message/field-type.js";
import { Info3 } from "../../../protocol/message/flags.js";
import { MessageReader } from "../../../protocol/message/message-reader.js";
import { type Op, OpCode, type ValueOp } from "../../../protocol/message/op.js";
import { ResultError } from "../../../protocol/result-error.js";
import { readParticle } from "../../../protocol/value/particle.js";
import { unpackValue } from "../../../protocol/value/unpack.js";
import type { Value } from "../../../protocol/value/value.js";
import { type Entry, fromHex, loadVectors, responsesOf, toHex } from "../../support/vectors/entry.js";
import { isPayloadCode } from "../../support/vectors/recorded-request.js";
import { toDecoded } from "../../support/vectors/typed-value.js";

// Rows that another client sent, taken apart by a reader of their own, and written again.

interface RecordedRow extends BatchRow {
  readonly bytes: string;
}

const VALUE_CODES: readonly number[] = [
  OpCode.WRITE,
  OpCode.INCR,
  OpCode.APPEND,
  OpCode.PREPEND,
] satisfies ValueOp["code"][];
/** The forms of a row that this client writes: INFO with TTL, and GEN for writes; or REPEAT. */
const READ_FLAGS = 0x0a;
const WRITE_FLAGS = 0x0e;
const REPEAT = 0x01;

/** Undefined for what this client never writes: rows of older forms, broken ones, counts that don't fit. */
function rowsOf(entry: Entry): RecordedRow[] | undefined {
  const message = new MessageReader();
  message.load(new Reader(fromHex(entry.request), 8));
  if (!message.next()) return undefined;
  let body: Uint8Array | undefined;
  message.fields((type, data, size) => {
    if (type === FieldType.BATCH) body = data.copy(size);
  });
  if (body === undefined) return undefined;
  const r = new Reader(body);
  const count = r.u32();
  r.skip(1);
  const rows: RecordedRow[] = [];
  while (r.left > 0) {
    const row = rowOf(r, rows.at(-1));
    if (row === undefined) return undefined;
    rows.push(row);
  }
  return rows.length === count ? rows : undefined;
}

function rowOf(r: Reader, previous: RecordedRow | undefined): RecordedRow | undefined {
  const start = r.at;
  const index = r.u32();
  const digest = r.copy(20);
  const flags = r.u8();
  if (flags === REPEAT) {
    if (previous === undefined) return undefined;
    const { namespace, setName } = previous.key;
    const key = { namespace, setName, digest, partition: 0, userKey: undefined };
    return { index, key, operation: previous.operation, bytes: toHex(r.bytes.slice(start, r.at)) };
  }
  if (flags !== READ_FLAGS && flags !== WRITE_FLAGS) return undefined;
  const header = { info1: r.u8(), info2: r.u8(), info3: r.u8(), generation: 0, recordTtl: 0 };
  if (flags === WRITE_FLAGS) header.generation = r.u16();
  header.recordTtl = r.u32();
  const content = new MessageReader();
  content.load(r);
  content.fieldCount = r.u16();
  content.opCount = r.u16();
  const fields = new Map<number, Uint8Array>();
  content.fields((type, data, size) => fields.set(type, data.copy(size)));
  const ops: Op[] = [];
  content.ops((code, bin, type, value, size) => ops.push(opOf(code, bin, type, value, size)));
  const text = (type: number) => new TextDecoder().decode(fields.get(type));
  const userKey = fields.get(FieldType.KEY);
  const key: RecordKey = {
    namespace: text(FieldType.NAMESPACE),
    setName: text(FieldType.SET),
    digest,
    partition: 0,
    userKey: userKey && userKeyOf(userKey),
  };
  const packedArgs = fields.get(FieldType.UDF_ARGLIST);
  const operation: RecordOperation = {
    ...operate([{ code: OpCode.READ, bin: "", all: true }]),
    ...header,
    isWrite: flags === WRITE_FLAGS,
    ops,
    filter: fields.get(FieldType.FILTER_EXPRESSION),
    sendKey: userKey !== undefined,
    udf: packedArgs && {
      package: text(FieldType.UDF_FILENAME),
      function: text(FieldType.UDF_FUNCTION),
      args: unpackValue(new Reader(packedArgs)) as Value[],
    },
  };
  return { index, key, operation, bytes: toHex(r.bytes.slice(start, r.at)) };
}

function opOf(code: number, bin: string, type: number, value: Reader, size: number): Op {
  if (VALUE_CODES.includes(code)) {
    return { code: code as ValueOp["code"], bin, value: readParticle(value, type, size) as Value };
  }
  if (isPayloadCode(code)) return { code, bin, payload: value.copy(size) };
  return { code: code as typeof OpCode.READ | typeof OpCode.TOUCH, bin };
}

function userKeyOf(bytes: Uint8Array): string | number | bigint {
  const r = new Reader(bytes);
  return r.u8() === 1 ? r.integer() : r.utf8(bytes.length - 1);
}

function written(row: BatchRow, previous?: BatchRow): string {
  const w = new Writer();
  writeBatchRow(w, row, previous);
  return toHex(w.copy());
}

describe("recorded batches", () => {
  const entries = loadVectors("batch").filter(({ decoded }) => decoded.rows !== undefined);
  const batches = entries.flatMap((entry) => {
    const rows = rowsOf(entry);
    return rows === undefined ? [] : [{ entry, rows }];
  });

  it("are written again byte for byte, row by row", () => {
    expect(batches.length).toBe(64);
    let rowsWritten = 0;
    let repeats = 0;
    for (const { entry, rows } of batches) {
      for (const [i, row] of rows.entries()) {
        const previous = rows[i - 1];
        const isRepeated = row.operation === previous?.operation;
        // The client that was recorded repeats these, too, and servers change their times to live.
        const isWhole = isRepeated && row.operation.udf !== undefined;
        expect(written(row, previous), `${entry.id}, row ${i}`).toBe(isWhole ? written(row) : row.bytes);
        rowsWritten++;
        if (isRepeated && !isWhole) repeats++;
      }
    }
    expect([rowsWritten, repeats]).toEqual([175, 56]);
  });

  it("have replies that are read like those of single commands", () => {
    let read = 0;
    for (const { entry, rows } of batches) {
      const operations = new Map(rows.map(({ index, operation }) => [index, operation]));
      const expected = new Map(entry.decoded.rows!.map((row) => [row.index, row]));
      for (const body of responsesOf(entry)) {
        const message = new MessageReader();
        message.load(new Reader(body, 8));
        while (message.next()) {
          if ((message.info3 & Info3.LAST) !== 0) break;
          const row = expected.get(message.transactionTtl)!;
          const operation = operations.get(message.transactionTtl)!;
          const { resultCode, generation, voidTime } = row;
          if (resultCode !== 0) {
            expect(() => readReply(message, operation), entry.id).toThrow(ResultError);
          } else {
            const reply = readReply(message, operation);
            expect(reply, entry.id).toMatchObject({ resultCode, generation, voidTime });
            expect(
              // Servers say nothing of a touch; the reader puts a result in its place.
              reply.results.flatMap(({ bin, code, value }) => (code === OpCode.TOUCH ? [] : [{ bin, code, value }])),
              entry.id,
            ).toStrictEqual(row.bins.map(({ name, op, value }) => ({ bin: name, code: op, value: toDecoded(value) })));
          }
          read++;
        }
      }
    }
    expect(read).toBe(170);
  });
});

describe("a row", () => {
  const [a, b] = [makeKey("test", "s", 1), makeKey("test", "s", 2)];
  const SHORT = 25 * 2;
  const second = (key: RecordKey, first: RecordOperation, operation: RecordOperation): string =>
    written({ index: 1, key, operation }, { index: 0, key: a, operation: first });

  it("is short when it does to another record what the one before did", () => {
    const ops: Op[] = [{ code: OpCode.INCR, bin: "n", value: 1 }];
    const bins = { n: 1 };
    for (const make of [() => read(), () => operate(ops), () => write(bins), () => remove()]) {
      const operation = make();
      expect(second(b, operation, operation).length).toBe(SHORT);
      expect(second(b, operation, make()).length).toBe(SHORT);
    }
  });

  it("is whole when anything differs, or a user key travels", () => {
    const bins = { n: 1 };
    const first = write(bins);
    const others = [
      write({ n: 1 }),
      write(bins, {}, { ttl: 5 }),
      write(bins, {}, { recordExists: "createOnly" }),
      write(bins, {}, { generation: { expect: "equal", generation: 1 } }),
      write(bins, {}, { filter: Uint8Array.of(1) }),
      write(bins, { commitLevel: "master" }),
      write(bins, { sendKey: true }),
      remove(),
    ];
    for (const other of others) expect(second(b, first, other).length).toBeGreaterThan(SHORT);
    expect(second(b, write(bins, { sendKey: true }), first).length).toBeGreaterThan(SHORT);
    expect(second(makeKey("test", "t", 2), first, first).length).toBeGreaterThan(SHORT);
    expect(second(makeKey("bar", "s", 2), first, first).length).toBeGreaterThan(SHORT);
    expect(written({ index: 0, key: a, operation: first }).length).toBeGreaterThan(SHORT);
  });

  it("carries the flags of a transaction where it has some", () => {
    const row = fromHex(written({ index: 0, key: a, operation: write({ n: 1 }, {}, { onLockingOnly: true }) }));
    expect([...row.subarray(24, 29)]).toEqual([0x1e, 0, 1, 0, 0x10]);
  });
});
