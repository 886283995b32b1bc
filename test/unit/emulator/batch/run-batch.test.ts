import { describe, expect, it } from "vitest";
import type { Writer } from "../../../../protocol/bytes/writer.js";
import { writeBatchRow } from "../../../../protocol/command/batch-row.js";
import type { StreamCommand } from "../../../../protocol/command/command.js";
import { SingleCommand } from "../../../../protocol/command/record-command.js";
import { type RecordOperation, write } from "../../../../protocol/command/record-operation.js";
import type { RecordKey } from "../../../../protocol/key/record-key.js";
import { FieldType } from "../../../../protocol/message/field-type.js";
import { Info1, Info2, Info3 } from "../../../../protocol/message/flags.js";
import type { MessageReader } from "../../../../protocol/message/message-reader.js";
import { beginMessage } from "../../../../protocol/message/message-writer.js";
import { OpCode } from "../../../../protocol/message/op.js";
import { readParticle } from "../../../../protocol/value/particle.js";
import { readCommand } from "../../../support/record-commands.js";
import { keyOf, NAMESPACE, World } from "../support/world.js";

interface RowReply {
  readonly index: number;
  readonly code: number;
  readonly n: unknown;
}

const RESPOND_ALL_KEYS = 0x04;
const REPORT_ERROR_ROW = 0x08;
/** Of a row. */
const REPEAT = 0x01;

/** A batch of reads of all bins, or of writes of bin `n`; what came back, in the order it came. */
class Batch implements StreamCommand {
  readonly name = "batch";
  readonly rows: RowReply[] = [];
  code: number | undefined;
  readonly #keys: readonly RecordKey[];
  readonly #value: number | undefined;
  readonly #flags: number;

  constructor(keys: readonly RecordKey[], value?: number, flags = RESPOND_ALL_KEYS) {
    this.#keys = keys;
    this.#value = value;
    this.#flags = flags;
  }

  encode(w: Writer, timeoutMs: number): void {
    const m = beginMessage(w, { info1: Info1.BATCH, transactionTtl: timeoutMs });
    const field = m.beginField(FieldType.BATCH);
    w.u32(this.#keys.length);
    w.u8(this.#flags);
    for (const [index, key] of this.#keys.entries()) this.#row(w, index, key);
    m.endField(field);
    m.finish();
  }

  take(message: MessageReader): boolean {
    const { resultCode: code, transactionTtl: index, info3 } = message;
    message.skipFields();
    let n: unknown;
    message.ops((_, bin, type, value, size) => {
      if (bin === "n") n = readParticle(value, type, size);
    });
    if ((info3 & Info3.LAST) === 0) this.rows.push({ index, code, n });
    else this.code = code;
    return (info3 & Info3.LAST) !== 0;
  }

  #row(w: Writer, index: number, key: RecordKey): void {
    w.u32(index);
    w.bytes(key.digest);
    w.u8(0x02);
    w.u8(this.#value === undefined ? Info1.READ | Info1.GET_ALL : 0);
    w.u8(this.#value === undefined ? 0 : Info2.WRITE);
    w.u8(0);
    w.u16(1);
    w.u16(this.#value === undefined ? 0 : 1);
    const name = new TextEncoder().encode(NAMESPACE);
    w.u32(name.length + 1);
    w.u8(FieldType.NAMESPACE);
    w.bytes(name);
    if (this.#value === undefined) return;
    w.u32(4 + 1 + 8);
    w.u8(OpCode.WRITE);
    w.u8(1);
    w.u8(0);
    w.u8(1);
    w.bytes(new TextEncoder().encode("n"));
    w.i64(BigInt(this.#value));
  }
}

/** One write of a record, and rows that repeat it for others, as no client should where times to live are to stay. */
class Repeated implements StreamCommand {
  readonly name = "batch";
  readonly #keys: readonly RecordKey[];
  readonly #operation: RecordOperation;

  constructor(keys: readonly RecordKey[], operation: RecordOperation) {
    this.#keys = keys;
    this.#operation = operation;
  }

  encode(w: Writer, timeoutMs: number): void {
    const m = beginMessage(w, { info1: Info1.BATCH, transactionTtl: timeoutMs });
    const field = m.beginField(FieldType.BATCH);
    w.u32(this.#keys.length);
    w.u8(RESPOND_ALL_KEYS);
    for (const [index, key] of this.#keys.entries()) {
      if (index === 0) writeBatchRow(w, { index, key, operation: this.#operation });
      else {
        w.u32(index);
        w.bytes(key.digest);
        w.u8(REPEAT);
      }
    }
    m.endField(field);
    m.finish();
  }

  take(message: MessageReader): boolean {
    message.skipFields();
    message.skipOps();
    return (message.info3 & Info3.LAST) !== 0;
  }
}

function keys(count: number): RecordKey[] {
  return Array.from({ length: count }, (_, id) => keyOf(id));
}

describe("a batch", () => {
  it("works on the records of every node, whichever it is sent to", async () => {
    await using world = await World.start({ nodes: 3 });
    await world.fill(100);
    for (const node of [0, 1, 2]) {
      const batch = new Batch(keys(101));
      await world.stream(batch, node);
      expect(batch.code).toBe(0);
      expect(batch.rows).toEqual([
        ...Array.from({ length: 100 }, (_, id) => ({ index: id, code: 0, n: id })),
        { index: 100, code: 2, n: undefined },
      ]);
    }
  });

  it("answers the rows of a node that is gone with a timeout, and the others as ever", async () => {
    await using world = await World.start({ nodes: 3, heartbeatTimeoutMs: 60_000 });
    await world.fill(60);
    const masters = await world.masters();
    await world.emulator.nodes[2]!.stop();
    const batch = new Batch(keys(60));
    await world.stream(batch);
    expect(batch.code).toBe(0);
    const late = batch.rows.filter(({ code }) => code === 9).map(({ index }) => index);
    expect(late.length).toBeGreaterThan(0);
    expect(late.every((id) => masters[keyOf(id).partition] === 2)).toBe(true);
    expect(batch.rows.length).toBe(60);
  });

  it("that stops at the first failure has still done every row", async () => {
    await using world = await World.start();
    await world.write(1, { n: "text" });
    // The rows name no set, and record 1 is in one.
    const wrongSet = new Batch([keyOf(0), keyOf(1), keyOf(2)], 7, REPORT_ERROR_ROW);
    await world.stream(wrongSet);
    expect(wrongSet.code).toBe(4);
    expect(wrongSet.rows.map(({ index, code }) => [index, code])).toEqual([
      [0, 0],
      [1, 4],
      [2, 0],
    ]);
    const silent = new Batch([keyOf(0), keyOf(1), keyOf(2)], 8, 0);
    await world.stream(silent);
    expect(silent).toMatchObject({ code: 4, rows: [] });
    const after = new Batch(keys(3));
    await world.stream(after);
    expect(after.rows.map(({ n }) => n)).toEqual([8, "text", 8]);
  });

  it("takes the default for times to live that were to stay, in rows that repeat one which created a record", async () => {
    await using world = await World.start();
    const voidTimeOf = async (id: number): Promise<number> => (await world.run(readCommand(keyOf(id)))).voidTime;
    const lasting = write({ n: 1 }, {}, { ttl: 5_000 });
    for (const id of [1, 2]) await world.run(new SingleCommand(keyOf(id), lasting, (reply) => reply));
    const staying = write({ n: 2 }, {}, { ttl: -2 });
    await world.stream(new Repeated([keyOf(1), keyOf(3), keyOf(2)], staying));
    expect([await voidTimeOf(1), await voidTimeOf(3), await voidTimeOf(2)].map((time) => time > 0)).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("ends as a batch does when a fault answers it", async () => {
    await using world = await World.start();
    using fault = world.emulator.faults.add({ do: "answer", resultCode: 18, command: "batch" });
    const batch = new Batch(keys(2));
    await world.stream(batch);
    expect(batch).toMatchObject({ code: 18, rows: [] });
    expect(fault.hits).toBe(1);
  });
});
