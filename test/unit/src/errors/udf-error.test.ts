import { describe, expect, it } from "vitest";
import { ResultCode } from "../../../../protocol/result-code.js";
import { ResultError } from "../../../../protocol/result-error.js";
import { UdfCompileError } from "../../../../src/admin/udf-compile-error.js";
import { errorOfResult } from "../../../../src/errors/error-of-result.js";
import { parseLuaFailure, UdfError } from "../../../../src/errors/udf-error.js";

describe("Lua's words", () => {
  it.each<[string, string | undefined, number | undefined, string]>([
    ["/opt/aerospike/usr/udf/lua/scores.lua:25: no", "scores.lua", 25, "no"],
    ["...me/with/a/very/long/path/udf/lua/scores.lua:7: a: b\nc: 9: d", "scores.lua", 7, "a: b\nc: 9: d"],
    ["scores.lua:1: ", "scores.lua", 1, ""],
    ['[string "aerospike.lua"]:33: attempt', "aerospike.lua", 33, "attempt"],
    ["function not found", undefined, undefined, "function not found"],
    ["at 12:30: too late", undefined, undefined, "at 12:30: too late"],
    ["a: b\nm.lua:3: c", undefined, undefined, "a: b\nm.lua:3: c"],
    ["", undefined, undefined, ""],
  ])("%j are taken apart", (text, fileName, line, message) => {
    expect(parseLuaFailure(text)).toEqual({ fileName, line, message });
  });
});

describe("the error of a function", () => {
  const refusal = new ResultError(ResultCode.UDF_EXECUTION, "/udf/m.lua:3: a: b\nc");

  it("has file, line and text, and keeps them when it becomes the error of a key", () => {
    const error = errorOfResult(refusal, { operation: "executeUdf", node: "A1" });
    const parts = { fileName: "m.lua", line: 3, luaMessage: "a: b\nc", node: "A1" };
    expect(error).toBeInstanceOf(UdfError);
    expect(error).toMatchObject(parts);
    const later = error.with({ attempts: 2 });
    expect(later).toBeInstanceOf(UdfError);
    expect(later).toMatchObject({ ...parts, attempts: 2, message: error.message });
  });

  it("has none where nobody said so", () => {
    const parts = { fileName: undefined, line: undefined, luaMessage: undefined };
    expect(errorOfResult(new ResultError(ResultCode.UDF_EXECUTION), { operation: "x" })).toMatchObject(parts);
    expect(new UdfError("none").with({ attempts: 1 })).toMatchObject(parts);
  });

  it("that does not compile has its place, too", () => {
    const error = new UdfCompileError({ fileName: "m.lua", line: 4, message: "unexpected" }, "A1");
    expect(error).toMatchObject({ fileName: "m.lua", line: 4, luaMessage: "unexpected", node: "A1", resultCode: 100 });
  });
});
