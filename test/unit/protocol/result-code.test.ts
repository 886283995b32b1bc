import { describe, expect, it } from "vitest";
import { ResultCode, resultCodeName } from "../../../protocol/result-code.js";

describe("result codes", () => {
  it("have one name each", () => {
    const codes = Object.values(ResultCode);
    expect(new Set(codes).size).toBe(codes.length);
    for (const name of Object.keys(ResultCode)) expect(name).toMatch(/^[A-Z][A-Z_]+$/);
  });

  it("are named", () => {
    expect(resultCodeName(0)).toBe("OK");
    expect(resultCodeName(2)).toBe("KEY_NOT_FOUND");
    expect(resultCodeName(-8)).toBe("INVALID_NODE");
    expect(resultCodeName(213)).toBe("QUERY_GENERIC");
  });

  it("are named by their number when they are new", () => {
    expect(resultCodeName(99)).toBe("RESULT_CODE_99");
  });
});
