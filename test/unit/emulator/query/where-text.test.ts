import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Emulator } from "../../../../emulator/index.js";
import { encodeUtf8 } from "../../../../protocol/bytes/utf8.js";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { PARTITIONS } from "../../../../protocol/limits.js";
import { FieldType } from "../../../../protocol/message/field-type.js";
import { Info1, Info2, Info3 } from "../../../../protocol/message/flags.js";
import type { MessageReader } from "../../../../protocol/message/message-reader.js";
import { beginMessage } from "../../../../protocol/message/message-writer.js";
import { connect, DataSet } from "../../../../src/index.js";
import { askMessage } from "../../../support/ask-message.js";

// The result codes of field 44, as public sources of 8.2 give them: never compared with a server.

let emulator: Emulator;

beforeAll(async () => {
  emulator = await Emulator.start({ version: "8.2.0" });
});

afterAll(async () => {
  await emulator.close();
});

interface Asked {
  readonly text?: string;
  readonly filter?: Uint8Array;
  readonly hint?: string;
  readonly info2?: number;
  /** Of a Lua function: 1 aggregates, 2 works in the background. */
  readonly udf?: number;
  /** Whether rows are asked for, of every partition. */
  readonly rows?: boolean;
}

async function codeOf(flags: readonly number[], asked: Asked = {}): Promise<number> {
  return (await replyTo(flags, asked)).resultCode;
}

async function replyTo(
  flags: readonly number[],
  { text = "$.a > 1", filter, hint, info2 = 0, udf, rows = false }: Asked,
): Promise<MessageReader> {
  const w = new Writer(128);
  const info3 = rows ? Info3.PARTITION_DONE : 0;
  const m = beginMessage(w, { info1: info2 === 0 ? Info1.READ : 0, info2, info3 });
  m.textField(FieldType.NAMESPACE, "test");
  if (udf !== undefined) {
    m.u8Field(FieldType.UDF_OP, udf);
    m.textField(FieldType.UDF_FILENAME, "none");
    m.textField(FieldType.UDF_FUNCTION, "none");
    m.bytesField(FieldType.UDF_ARGLIST, Uint8Array.of(0x90));
  }
  if (rows) {
    const at = m.beginField(FieldType.PARTITION_ARRAY);
    for (let partition = 0; partition < PARTITIONS; partition++) w.u16le(partition);
    m.endField(at);
  }
  m.bytesField(FieldType.WHERE, Uint8Array.from([...flags, ...encodeUtf8(text)]));
  if (filter !== undefined) m.bytesField(FieldType.FILTER_EXPRESSION, filter);
  if (hint !== undefined) m.textField(FieldType.INDEX_NAME, hint);
  m.finish();
  return askMessage(emulator.hosts.split(",")[0] ?? "", w.copy());
}

describe("a condition as text", () => {
  it.each<[string, readonly number[], Asked, number]>([
    ["a scan", [2], {}, 0],
    ["a scan that is not allowed", [2 | 4], {}, 201],
    ["an index that there is not, and no other", [2 | 8], { hint: "i" }, 201],
    ["an index that is not named, and no other", [2 | 8], {}, 201],
    ["what can't be", [2], { text: "$.a > 1 and $.a < 1" }, 27],
    ["more than the greatest integer", [2], { text: "$.a > 9223372036854775807" }, 27],
    ["a wrong text", [2], { text: "$.a >" }, 4],
    ["a text that is no condition", [2], { text: "$.a + 1" }, 4],
    ["no text", [2], { text: "" }, 4],
    ["flags that nobody knows", [2 | 16], {}, 4],
    ["a second byte, without flags", [3, 0], {}, 0],
    ["a flag in a second byte", [3, 2], {}, 4],
    ["flags without an end", [3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0], {}, 4],
    ["flags alone", [2], { text: "" }, 4],
    ["an index without a name", [2], { hint: "" }, 4],
    ["a filter beside it", [2], { filter: Uint8Array.of(0x92, 0x51, 0x01) }, 4],
    ["a background job", [0], { info2: Info2.WRITE }, 16],
    ["a background function", [0], { info2: Info2.WRITE, udf: 2 }, 16],
    ["an aggregation", [0], { udf: 1 }, 16],
    ["an aggregation that is explained", [2], { udf: 1 }, 16],
    ["rows, with a wrong text", [0], { rows: true, text: "$.a >" }, 4],
    ["rows, with a filter beside it", [0], { rows: true, filter: Uint8Array.of(0x92, 0x51, 0x01) }, 4],
    ["rows, and an index that has to be", [4], { rows: true }, 4],
  ])("of %s", async (_name, flags, asked, code) => {
    expect(await codeOf(flags, asked)).toBe(code);
  });

  it("without EXPLAIN is the filter of the rows", async () => {
    await using client = await connect(emulator.hosts);
    const session = client.createSession();
    const data = DataSet.of("test", "rows");
    for (const a of [1, 2, 3]) await session.upsert(data.id(a)).bin("a").setTo(a).execute();
    const reply = await replyTo([0], { rows: true, text: "$.a > 2" });
    const found: unknown[] = [];
    do {
      if ((reply.info3 & Info3.LAST) !== 0) break;
      reply.skipFields();
      while (reply.nextOp()) found.push(reply.opName, Number(reply.reader.i64()));
    } while (reply.next());
    expect(found).toEqual(["a", 3]);
  });
});
