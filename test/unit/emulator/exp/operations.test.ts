import { describe, expect, it } from "vitest";
import { applyExpModify, applyExpRead, isExpModify } from "../../../../emulator/exp/index.js";
import { boolValue, integerValue } from "../../../../emulator/record/bin-value.js";
import { ExpOp } from "../../../../protocol/exp/op-code.js";
import { bool, int, list, nil, op } from "../../../support/random/packing.js";
import { fromHex } from "../cdt/recorded.js";
import { viewWith } from "./tiny-view.js";

const record = viewWith({});
const unknown = op(ExpOp.UNKNOWN);
const BIN = integerValue(1);

const CREATE_ONLY = 1;
const UPDATE_ONLY = 2;
const ALLOW_DELETE = 4;
const POLICY_NO_FAIL = 8;
const EVAL_NO_FAIL = 16;

describe("EXP_READ", () => {
  it.each([
    ["a value", list(bool(true), int(0)), { code: 0, result: boolValue(true) }],
    ["no flags", list(bool(true)), { code: 0, result: boolValue(true) }],
    ["nil", list(nil, int(0)), { code: 0, result: null }],
    ["unknown", list(unknown, int(0)), { code: 26 }],
    ["unknown, not to fail", list(unknown, int(EVAL_NO_FAIL)), { code: 0 }],
    ["remove_result", list(op(ExpOp.REMOVE_RESULT), int(0)), { code: 26 }],
    ["a flag of EXP_MODIFY", list(bool(true), int(CREATE_ONLY)), { code: 4 }],
    ["negative flags", list(bool(true), int(-1)), { code: 4 }],
    ["flags that are no integer", list(bool(true), bool(true)), { code: 0, result: boolValue(true) }],
    ["three elements", list(bool(true), int(0), int(0)), { code: 4 }],
    ["no element", list(), { code: 4 }],
    ["no list", int(1), { code: 4 }],
    ["nothing", new Uint8Array(0), { code: 4 }],
    ["flags that are no value at all", fromHex("92c3bf10"), { code: 0, result: boolValue(true) }],
    [
      "a map with an index",
      fromHex("9281c7021101ffc010"),
      { code: 0, result: { type: 19, bytes: fromHex("81c70001c0") } },
    ],
    [
      "a map that asks for an index",
      fromHex("9282c70011c0010210"),
      { code: 0, result: { type: 19, bytes: fromHex("82c70001c00102") } },
    ],
    ["flags behind a list of one", fromHex("91c310"), { code: 0, result: boolValue(true) }],
  ])("%s", (_, payload, outcome) => {
    expect(applyExpRead(record, payload)).toMatchObject(outcome);
  });
});

describe("EXP_MODIFY", () => {
  it.each([
    ["creates", undefined, bool(true), 0, { code: 0, bin: boolValue(true) }],
    ["overwrites", BIN, bool(true), 0, { code: 0, bin: boolValue(true) }],
    ["may not overwrite", BIN, bool(true), CREATE_ONLY, { code: 6 }],
    ["may not overwrite, and says nothing", BIN, bool(true), CREATE_ONLY | POLICY_NO_FAIL, { code: 0 }],
    ["may not create", undefined, bool(true), UPDATE_ONLY, { code: 17 }],
    ["may not create, and says nothing", undefined, bool(true), UPDATE_ONLY | POLICY_NO_FAIL, { code: 0 }],
    ["unknown", BIN, unknown, 0, { code: 26 }],
    ["unknown, not to fail", BIN, unknown, EVAL_NO_FAIL, { code: 0 }],
    ["nil removes", BIN, nil, ALLOW_DELETE, { code: 0, bin: null }],
    ["nil does not remove", BIN, nil, 0, { code: 26 }],
    ["nil does not remove, and any flag silences that", BIN, nil, EVAL_NO_FAIL, { code: 0 }],
    ["nil where there is nothing", undefined, nil, 0, { code: 0, bin: null }],
    ["an unknown flag", BIN, bool(true), 32, { code: 4 }],
    ["an expression that does not compile", BIN, list(), 0, { code: 4 }],
  ])("%s", (_, bin, expression, flags, outcome) => {
    expect(applyExpModify(record, bin, list(expression, int(flags)))).toMatchObject(outcome);
  });

  it("is asked about before a job starts", () => {
    expect(isExpModify(list(bool(true), int(0)))).toBe(true);
    expect(isExpModify(list(bool(true), int(32)))).toBe(false);
    expect(isExpModify(list(list(), int(0)))).toBe(false);
  });
});
