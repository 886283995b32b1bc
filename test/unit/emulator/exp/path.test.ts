import { describe, expect, it } from "vitest";
import { applyExpRead } from "../../../../emulator/exp/index.js";
import { ResultType } from "../../../../emulator/exp/result-type.js";
import { ExpOp } from "../../../../protocol/exp/op-code.js";
import { blob, bool, geo, int, list, op, quote, sketch, text } from "../../../support/random/packing.js";
import { viewWith } from "./tiny-view.js";

const LIST_GET = 19;
const VALUE = 7;
const UNKNOWN = { code: 26 };
const record = viewWith({});

/** What comes of a list of one element when an expression's value takes the place of it. */
function replaced(by: Uint8Array, element = int(1)) {
  const modify = list(int(0xfe), list(int(0x04), bool(true)), int(4), by);
  const call = op(ExpOp.CALL, int(ResultType.LIST), int(0x40), modify, quote(list(element)));
  return applyExpRead(record, list(call, int(0)));
}

function yields(element: Uint8Array) {
  return { code: 0, result: { type: 20, bytes: list(element) } };
}

function called(type: number, element: Uint8Array): Uint8Array {
  return op(ExpOp.CALL, int(type), int(0), op(LIST_GET, int(VALUE), int(0)), quote(list(element)));
}

const short = "x".repeat(30);
const long = "x".repeat(31);
const itself = op(ExpOp.LOOP_VAR, int(ResultType.STRING), int(1));
const JSON_POINT = '{"type": "Point", "coordinates": [1, 2]}';
const point = geo(JSON_POINT);

describe("a path expression that changes", () => {
  it.each([
    ["an integer", int(7), int(7)],
    ["a bool", bool(true), bool(true)],
    ["a string of up to 30 bytes", text(short), text(short)],
    ["a GeoJSON of any length", point, point],
    ["a list", quote(list(text(long))), list(text(long))],
    ["a string of 31 bytes from a call", called(ResultType.STRING, text(long)), text(long)],
    ["a GeoJSON from a call, as a string", called(ResultType.GEOJSON, point), text(JSON_POINT)],
  ])("puts %s into an element's place", (_, by, element) => {
    expect(replaced(by)).toEqual(yields(element));
  });

  it("leaves a string of up to 30 bytes where it is", () => {
    expect(replaced(itself, text(short))).toEqual(yields(text(short)));
  });

  // The server packs these wrong, and aborts.
  it.each([
    ["a string of 31 bytes", text(long)],
    ["a blob of 31 bytes", blob(new Uint8Array(31))],
    ["a HyperLogLog of 31 bytes", sketch(new Uint8Array(31))],
    ["a string of 30 bytes from a call", called(ResultType.STRING, text(short))],
    ["a blob of 30 bytes from a call", called(ResultType.BLOB, blob(new Uint8Array(30)))],
  ])("takes %s for unknown", (_, by) => {
    expect(replaced(by)).toMatchObject(UNKNOWN);
  });

  it("takes a string of 31 bytes that is the element itself for unknown", () => {
    expect(replaced(itself, text(long))).toMatchObject(UNKNOWN);
  });
});
