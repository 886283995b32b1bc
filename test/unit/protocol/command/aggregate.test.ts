import { describe, expect, it } from "vitest";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { AggregateCommand } from "../../../../protocol/command/aggregate.js";
import { Info3 } from "../../../../protocol/message/flags.js";
import { MessageReader } from "../../../../protocol/message/message-reader.js";
import { type MessageHeader, MessageWriter } from "../../../../protocol/message/message-writer.js";
import { ProtocolError } from "../../../../protocol/protocol-error.js";
import { ResultError } from "../../../../protocol/result-error.js";
import { GeoJson } from "../../../../protocol/value/geojson.js";
import { ParticleType } from "../../../../protocol/value/particle-type.js";
import { decodeRawValue, takeRawValue } from "../../../../protocol/value/raw-value.js";
import type { Value } from "../../../../protocol/value/value.js";

const call = { package: "m", function: "f", args: [] };
const LAST: Message = [{ info3: Info3.LAST }];

type Message = [MessageHeader, ((m: MessageWriter) => void)?];

function row(bin: string, value: Value): Message {
  return [{}, (m) => m.write(bin, value)];
}

/** Feeds messages to a command: the values, and whether the last one was the end. */
function take(...messages: readonly Message[]): { values: unknown[]; isLast: boolean } {
  const w = new Writer();
  for (const [header, fill] of messages) {
    const m = new MessageWriter(w, header);
    fill?.(m);
    m.finish();
  }
  const values: unknown[] = [];
  const request = { namespace: "test", setName: "s", taskId: 1n, call };
  const command = new AggregateCommand(request, (value) => values.push(decodeRawValue(value)));
  const reader = new MessageReader();
  reader.load(new Reader(w.copy()));
  let isLast = false;
  while (reader.next()) isLast = command.take(reader);
  return { values, isLast };
}

describe("the stream of an aggregation", () => {
  it("is values up to the last message", () => {
    const point = new GeoJson('{"type":"Point","coordinates":[1,2]}');
    const values: Value[] = [7, "a", 1.5, true, null, [1, [2]], Uint8Array.of(1), point];
    const taken = take(...values.map((value) => row("SUCCESS", value)), LAST);
    expect(taken).toEqual({ values, isLast: true });
  });

  it("ends with a failure as what the function said, whole, without the server's number", () => {
    const text = "UDF: Execution Error 2 : /udf/m.lua:3: a: b\nc : d";
    const end: Message = [{ info3: Info3.LAST, resultCode: 1 }];
    expect(() => take(row("FAILURE", text), row("FAILURE", "another"), end)).toThrow(
      new ResultError(100, "/udf/m.lua:3: a: b\nc : d"),
    );
    expect(() => take(row("FAILURE", "UDF: Execution Error 1"), LAST)).toThrow(
      new ResultError(100, "UDF: Execution Error 1"),
    );
  });

  it("that begins with code 2 is empty, one that begins with another is refused", () => {
    expect(take([{ resultCode: 2 }])).toEqual({ values: [], isLast: true });
    expect(() => take([{ resultCode: 201 }])).toThrow(ResultError);
    expect(() => take([{ info3: Info3.LAST, resultCode: 15 }])).toThrow(ResultError);
  });

  it.each([ParticleType.INTEGER, ParticleType.DOUBLE, ParticleType.BOOL])(
    "has no value of type %i and 3 bytes",
    (type) => {
      expect(() => takeRawValue(new Reader(new Uint8Array(3)), type, 3)).toThrow(/has 3 bytes, expected/);
    },
  );

  it.each<[string, readonly Message[]]>([
    ["goes on after result code 2", [row("SUCCESS", 1), [{ resultCode: 2 }]]],
    ["has 0 values", [[{}]]],
    ["neither SUCCESS nor FAILURE", [row("a", 1)]],
  ])("that %s is no reply", (text, messages) => {
    expect(() => take(...messages)).toThrow(ProtocolError);
    expect(() => take(...messages)).toThrow(text);
  });
});
