import { describe, expect, it } from "vitest";
import { valueFromWire } from "../../../../emulator/record/value-from-wire.js";
import type { UdfModule } from "../../../../emulator/udf/udf-engine.js";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { FieldType } from "../../../../protocol/message/field-type.js";
import { MessageReader } from "../../../../protocol/message/message-reader.js";
import { type Exchange, exchanges, fromHex, recordedReply, toHex } from "../cdt/recorded.js";
import { apply, load } from "./engine-support.js";
import { TinyUdfRecord } from "./tiny-udf-record.js";

const PROTO_HEADER = 8;

function fieldsOf(exchange: Exchange): Map<number, Uint8Array> {
  const message = new MessageReader();
  message.load(new Reader(fromHex(exchange.request), PROTO_HEADER));
  message.next();
  const fields = new Map<number, Uint8Array>();
  message.fields((type, reader, size) => fields.set(type, reader.copy(size)));
  return fields;
}

function text(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes);
}

/** The source of a module that a request registers. */
function sourceOf(exchange: Exchange): string {
  const content = /content=([^;]*);/.exec(text(fromHex(exchange.request)))?.[1] ?? "";
  return Buffer.from(content, "base64").toString();
}

function setupRecord(exchange: Exchange): TinyUdfRecord {
  const message = new MessageReader();
  message.load(new Reader(fromHex(exchange.request), PROTO_HEADER));
  message.next();
  message.skipFields();
  const record = new TinyUdfRecord();
  message.ops((_, bin, type, reader, size) => {
    const value = valueFromWire(type, reader.copy(size));
    if (typeof value === "object") record.bins.set(bin, value);
  });
  return record;
}

const all = exchanges("udf");
const registered = all.find(({ id }) => id === "udf/register/002");
const setup = all.find(({ id }) => id === "udf/apply/001");
if (registered === undefined || setup === undefined) throw new Error("udf.json has changed");
const golden = load(sourceOf(registered), "golden.lua");
const modules = new Map<string, UdfModule>([["golden", golden]]);

/** Calls whose answer is the function's own doing: no filter, no expiry, no limit of the server's decides it. */
function isOfFunction(exchange: Exchange): boolean {
  const fields = fieldsOf(exchange);
  const reply = recordedReply(exchange);
  return (
    modules.has(text(fields.get(FieldType.UDF_FILENAME))) &&
    reply.rows.length === 1 &&
    !fields.has(FieldType.FILTER_EXPRESSION) &&
    !exchange.id.startsWith("udf/handmade/005")
  );
}

describe("udf.json: functions answer as recorded", () => {
  const records = new Map<string, TinyUdfRecord>([
    [toHex(fieldsOf(setup).get(FieldType.DIGEST) ?? new Uint8Array()), setupRecord(setup)],
  ]);
  const calls = all
    .filter((exchange) => exchange.group === "apply" || exchange.group === "handmade")
    .filter(isOfFunction);
  it.each(calls.map((exchange) => [`${exchange.id} ${exchange.title}`, exchange] as const))("%s", (_, exchange) => {
    const fields = fieldsOf(exchange);
    const digest = fields.get(FieldType.DIGEST) ?? new Uint8Array();
    const record = records.get(toHex(digest)) ?? new TinyUdfRecord([], false);
    record.digest = digest;
    record.generation = record.exists ? 1 : 0;
    record.setName = record.exists ? "ua" : "";
    record.userKey = record.exists ? { type: 3, bytes: new TextEncoder().encode("r1") } : undefined;
    const args = fields.get(FieldType.UDF_ARGLIST) ?? new Uint8Array();
    const result = apply(golden, text(fields.get(FieldType.UDF_FUNCTION)), record, toHex(args));
    records.set(toHex(digest), record.bins.size === 0 ? new TinyUdfRecord([], false) : record);
    const row = recordedReply(exchange).rows[0];
    const value =
      result.kind === "success"
        ? (result.value ?? undefined)
        : { type: 3, bytes: new TextEncoder().encode(result.message) };
    expect(value === undefined ? "0:" : `${value.type}:${toHex(value.bytes)}`).toBe(row?.value);
  });

  it("covers nearly all of them", () => {
    expect(calls.length).toBeGreaterThan(55);
  });
});
