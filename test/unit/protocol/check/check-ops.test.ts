import { describe, expect, it } from "vitest";
import { checkBackgroundOps, checkOps } from "../../../../protocol/check/check-ops.js";
import { type Op, OpCode } from "../../../../protocol/message/op.js";

const read: Op = { code: OpCode.READ, bin: "a" };
const readAll: Op = { code: OpCode.READ, bin: "", all: true };
const write: Op = { code: OpCode.WRITE, bin: "a", value: 1 };
const payload = Uint8Array.of(0x91, 0);

describe("checkOps", () => {
  it("wants 1 to 32768 ops", () => {
    expect(() => checkOps([])).toThrow("Expected at least one operation");
    expect(() => checkOps(new Array<Op>(32_768).fill(write))).not.toThrow();
    expect(() => checkOps(new Array<Op>(32_769).fill(write))).toThrow("at most 32768 are allowed");
  });

  it("wants names that bins can have", () => {
    expect(() => checkOps([{ code: OpCode.CDT_READ, bin: "n".repeat(16), payload }])).toThrow(RangeError);
    expect(() =>
      checkOps([{ code: OpCode.TOUCH, bin: "" }, { code: OpCode.DELETE_ALL, bin: "" }, write]),
    ).not.toThrow();
  });

  it("lets a read of all bins stand alone or beside writes", () => {
    expect(() => checkOps([readAll])).not.toThrow();
    for (const other of [OpCode.BITS_MODIFY, OpCode.EXP_MODIFY]) {
      expect(() => checkOps([write, { code: other, bin: "a", payload }, readAll])).not.toThrow();
    }
    for (const other of [OpCode.CDT_READ, OpCode.CDT_MODIFY, OpCode.HLL_MODIFY, OpCode.EXP_READ]) {
      expect(() => checkOps([{ code: other, bin: "a", payload }, readAll])).toThrow("A read of all bins");
    }
    for (const ops of [
      [read, readAll],
      [readAll, read],
      [readAll, readAll],
    ]) {
      expect(() => checkOps(ops)).toThrow("A read of all bins");
    }
  });
});

describe("checkBackgroundOps", () => {
  it("refuses every read", () => {
    expect(() => checkBackgroundOps([write, { code: OpCode.DELETE_ALL, bin: "" }])).not.toThrow();
    expect(() => checkBackgroundOps([write, read])).toThrow(
      'The operations read bin "a": a background job can only write',
    );
    expect(() => checkBackgroundOps([write, readAll])).toThrow("The operations read all bins");
    for (const code of [OpCode.CDT_READ, OpCode.EXP_READ, OpCode.BITS_READ, OpCode.HLL_READ]) {
      expect(() => checkBackgroundOps([{ code, bin: "a", payload }])).toThrow(TypeError);
    }
  });
});
