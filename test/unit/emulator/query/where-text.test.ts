import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Emulator } from "../../../../emulator/index.js";
import { encodeUtf8 } from "../../../../protocol/bytes/utf8.js";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { FieldType } from "../../../../protocol/message/field-type.js";
import { Info1, Info2 } from "../../../../protocol/message/flags.js";
import { beginMessage } from "../../../../protocol/message/message-writer.js";
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
}

async function codeOf(
  flags: readonly number[],
  { text = "$.a > 1", filter, hint, info2 = 0 }: Asked = {},
): Promise<number> {
  const w = new Writer(128);
  const m = beginMessage(w, { info1: info2 === 0 ? Info1.READ : 0, info2 });
  m.textField(FieldType.NAMESPACE, "test");
  m.bytesField(FieldType.WHERE, Uint8Array.from([...flags, ...encodeUtf8(text)]));
  if (filter !== undefined) m.bytesField(FieldType.FILTER_EXPRESSION, filter);
  if (hint !== undefined) m.textField(FieldType.INDEX_NAME, hint);
  m.finish();
  const { resultCode } = await askMessage(emulator.hosts.split(",")[0] ?? "", w.copy());
  return resultCode;
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
    ["a second byte of flags", [3, 0], {}, 4],
    ["a filter beside it", [2], { filter: Uint8Array.of(0x92, 0x51, 0x01) }, 4],
    ["a background job", [0], { info2: Info2.WRITE }, 16],
  ])("of %s", async (_name, flags, asked, code) => {
    expect(await codeOf(flags, asked)).toBe(code);
  });
});
