import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { writeBatchRow } from "../../../../protocol/command/batch-row.js";
import { writeCommand } from "../../../../protocol/command/record-command.js";
import { type RecordOperation, read, write } from "../../../../protocol/command/record-operation.js";
import { readReply } from "../../../../protocol/command/record-reply.js";
import type { TxnPart } from "../../../../protocol/command/txn-part.js";
import {
  AddTxnKeys,
  closeMonitor,
  markForward,
  monitorKey,
  roll,
  verifyRead,
} from "../../../../protocol/command/txn-steps.js";
import { makeKey } from "../../../../protocol/key/make-key.js";
import { FieldType } from "../../../../protocol/message/field-type.js";
import { MESSAGE_HEADER_SIZE } from "../../../../protocol/message/message-reader.js";
import { ProtocolError } from "../../../../protocol/protocol-error.js";
import { ResultError } from "../../../../protocol/result-error.js";
import { openMessage, reply } from "../../../support/message.js";

const key = makeKey("test", "demo", 1);
const PROTO = 8;

function part(of: Partial<TxnPart>): TxnPart {
  return { id: undefined, version: undefined, deadline: 0, onReply: () => undefined, ...of };
}

function encoded(operation: RecordOperation, to = key): Uint8Array {
  const w = new Writer();
  writeCommand(w, to, operation, 0);
  return w.copy(PROTO);
}

/** The data of each field, in hexadecimal, by its type. */
function fieldsOf(message: Uint8Array): Map<number, string> {
  const fields = new Map<number, string>();
  openMessage(message).fields((type, data, size) => {
    fields.set(type, Buffer.from(data.bytes.subarray(data.at, data.at + size)).toString("hex"));
  });
  return fields;
}

function flagsOf(message: Uint8Array): string {
  return Buffer.from(message.subarray(1, 5)).toString("hex");
}

describe("the fields of a transaction", () => {
  test("stand behind the address, with their numbers the other way round", () => {
    const txn = part({ id: 0x0102_0304_0506_0708n, version: 0x0a0b_0c0d_0e0f_10n, deadline: 0x1122_3344 });
    const message = encoded({ ...write({ a: 1 }), txn });
    const fields = fieldsOf(message);
    expect([...fields.keys()]).toEqual([
      FieldType.NAMESPACE,
      FieldType.SET,
      FieldType.DIGEST,
      FieldType.MRT_ID,
      FieldType.RECORD_VERSION,
      FieldType.MRT_DEADLINE,
    ]);
    expect(fields.get(FieldType.MRT_ID)).toBe("0807060504030201");
    expect(fields.get(FieldType.RECORD_VERSION)).toBe("100f0e0d0c0b0a");
    expect(fields.get(FieldType.MRT_DEADLINE)).toBe("44332211");
  });

  test("leave out what is not known, and the deadline of reads", () => {
    const id = -1n;
    expect([...fieldsOf(encoded({ ...read(), txn: part({ id, deadline: 9 }) })).keys()].slice(3)).toEqual([
      FieldType.MRT_ID,
    ]);
    expect(fieldsOf(encoded({ ...write({ a: 1 }), txn: part({ id }) })).get(FieldType.MRT_ID)).toBe("f".repeat(16));
  });

  test("of a batch's row come behind the set, and make it differ from rows that say something else", () => {
    const rowOf = (txn: TxnPart | undefined, previous?: TxnPart | undefined | "none"): number => {
      const w = new Writer();
      const operation = (own: TxnPart | undefined): RecordOperation => ({ ...READ, txn: own });
      const before = previous === "none" ? undefined : { index: 0, key, operation: operation(previous) };
      writeBatchRow(w, { index: 1, key, operation: operation(txn) }, before);
      return w.length;
    };
    const full = rowOf(part({ id: 5n }), "none");
    expect(full - rowOf(undefined, "none")).toBe(13);
    expect(rowOf(part({ id: 5n }), part({ id: 5n }))).toBe(25);
    expect(rowOf(part({ id: 5n }), part({ id: 6n }))).toBe(full);
    expect(rowOf(part({ id: 5n }), undefined)).toBe(full);
    expect(rowOf(part({ id: 5n }), part({ id: 5n, version: 1n }))).toBe(full);
  });

  test("come back as they were sent, whatever the version", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 56n) - 1n }), fc.boolean(), (version, isRefused) => {
        const seen: unknown[] = [];
        const txn = part({ id: 1n, onReply: (...what) => seen.push(what) });
        const bytes = Buffer.from(
          fieldsOf(encoded({ ...read(), txn: part({ version }) })).get(FieldType.RECORD_VERSION) ?? "",
          "hex",
        );
        const message = reply(isRefused ? 27 : 0, undefined, (m) => m.bytesField(FieldType.RECORD_VERSION, bytes));
        if (isRefused) expect(() => readReply(message, { ...READ, txn })).toThrow(ResultError);
        else expect(readReply(message, { ...READ, txn }).version).toBe(version);
        expect(seen).toEqual([[isRefused ? 27 : 0, version]]);
      }),
    );
  });
});

const READ = read();

describe("the steps of a transaction", () => {
  const monitor = monitorKey("test", 0xffff_ffff_ffff_fffen);

  test("go to a monitor whose key is the id as a signed number", () => {
    expect(monitor).toMatchObject({ namespace: "test", setName: "<ERO~MRT", userKey: -2n });
    expect(monitor.digest).toEqual(makeKey("test", "<ERO~MRT", -2).digest);
  });

  test("say what they are by their flags", () => {
    // info1 to info4
    expect(flagsOf(encoded(verifyRead(1n)))).toBe("21004001");
    expect(flagsOf(encoded(roll("forward", 1n)))).toBe("00110002");
    expect(flagsOf(encoded(roll("back", 1n)))).toBe("00110004");
    expect(flagsOf(encoded(markForward(), monitor))).toBe("00010000");
    expect(flagsOf(encoded(closeMonitor(), monitor))).toBe("00130000");
    expect([verifyRead(1n), roll("back", 1n), markForward(), closeMonitor()].map((o) => o.isRepeatable)).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });

  test("name the version to verify, or the transaction to roll", () => {
    expect([...fieldsOf(encoded(verifyRead(3n))).entries()].slice(3)).toEqual([
      [FieldType.RECORD_VERSION, "03000000000000"],
    ]);
    expect([...fieldsOf(encoded(roll("back", 3n))).entries()].slice(3)).toEqual([
      [FieldType.MRT_ID, "0300000000000000"],
    ]);
  });

  test("begin with the first keys, which create the monitor", () => {
    const digests = [key.digest, makeKey("test", "demo", 2).digest];
    const opsOf = (create: bigint | undefined) => {
      const w = new Writer();
      const command = new AddTxnKeys(monitor, digests, create, 30);
      command.encode(w, 0);
      const message = openMessage(w.copy(PROTO));
      const { recordTtl } = message;
      message.skipFields();
      const ops: [number, string][] = [];
      message.ops((code, bin) => ops.push([code, bin]));
      return { ops, recordTtl, isRepeatable: command.isRepeatable };
    };
    expect(opsOf(5n)).toEqual({
      ops: [
        [2, "id"],
        [4, "keyds"],
      ],
      recordTtl: 30,
      isRepeatable: false,
    });
    expect(opsOf(undefined)).toEqual({ ops: [[4, "keyds"]], recordTtl: 30, isRepeatable: true });
  });

  test("learn from the reply when the transaction ends, and refuse what is none", () => {
    const command = new AddTxnKeys(monitor, [key.digest], 5n, 0);
    const withDeadline = (bytes: readonly number[]) =>
      reply(0, undefined, (m) => m.bytesField(FieldType.MRT_DEADLINE, Uint8Array.from(bytes)));
    expect(command.decode(withDeadline([0x78, 0x56, 0x34, 0xf2]))).toBe(0xf234_5678);
    expect(command.decode(reply(0))).toBeUndefined();
    expect(() => command.decode(withDeadline([1, 2, 3]))).toThrow(ProtocolError);
    expect(() => command.decode(withDeadline([1, 2, 3, 4, 5]))).toThrow(ProtocolError);
    expect(() => command.decode(reply(127))).toThrow(ResultError);
  });

  test("have a header and nothing behind their last field", () => {
    expect(encoded(roll("forward", 1n)).length).toBeGreaterThan(MESSAGE_HEADER_SIZE);
    expect(openMessage(encoded(roll("forward", 1n))).opCount).toBe(0);
    expect(openMessage(encoded(markForward(), monitor)).opCount).toBe(1);
  });
});
