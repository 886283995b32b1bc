import { describe, expect, it } from "vitest";
import {
  ExpReadFlags,
  ExpWriteFlags,
  expressionReadOp,
  expressionWriteOp,
} from "../../../../protocol/exp/expression-op.js";
import { mayFail, OpCode } from "../../../../protocol/message/op.js";

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, "hex"));
const nums = { packed: bytes("935104a46e756d73") };

describe("an expression operation", () => {
  it("is a list of the expression and its flags", () => {
    expect(expressionReadOp("r", nums)).toEqual({
      code: OpCode.EXP_READ,
      bin: "r",
      payload: bytes("92935104a46e756d7300"),
    });
    expect(expressionWriteOp("w", nums, ExpWriteFlags.ALLOW_DELETE | ExpWriteFlags.EVAL_NO_FAIL)).toEqual({
      code: OpCode.EXP_MODIFY,
      bin: "w",
      payload: bytes("92935104a46e756d7314"),
    });
  });

  it("says whether there are records on which it fails", () => {
    expect(mayFail(expressionReadOp("r", nums))).toBe(true);
    expect(mayFail(expressionReadOp("r", nums, ExpReadFlags.EVAL_NO_FAIL))).toBe(false);
    expect(mayFail(expressionWriteOp("w", nums, ExpWriteFlags.EVAL_NO_FAIL))).toBe(true);
    expect(mayFail({ code: OpCode.READ, bin: "r" })).toBe(false);
  });

  it("takes only its own flags", () => {
    expect(expressionReadOp("r", nums, ExpReadFlags.EVAL_NO_FAIL).payload.at(-1)).toBe(0x10);
    expect(() => expressionReadOp("r", nums, ExpWriteFlags.ALLOW_DELETE)).toThrow(RangeError);
    expect(() => expressionWriteOp("w", nums, 32)).toThrow(RangeError);
    expect(() => expressionWriteOp("w", nums, 3)).toThrow("flags can't hold both CREATE_ONLY and UPDATE_ONLY");
  });
});
