import { describe, expect, it } from "vitest";
import { expectInfo, parseInfoError } from "../../../../protocol/info/info-error.js";
import { ResultError } from "../../../../protocol/result-error.js";

describe("parseInfoError", () => {
  it.each([
    ["ERROR:2:job not found", 2, "job not found"],
    ["ERROR::msg", 1, "msg"],
    ["ERROR:4", 4, ""],
    ["ERROR:201:no index", 201, "no index"],
    ["ERROR:20:namespace not found on node", 20, "namespace not found on node"],
    ["ERROR:25:enterprise only", 25, "enterprise only"],
    ["ERROR::enterprise-only", 1, "enterprise-only"],
    ["ERROR:80:not authenticated", 80, "not authenticated"],
    ["FAIL:201:NO INDEX", 201, "NO INDEX"],
    ["FAIL:no such thing: really", 1, "no such thing: really"],
    ["FAIL", 1, ""],
    ["fail", 1, ""],
    ["error", 1, ""],
    ["ERROR", 1, ""],
    ["Error:4:x", 4, "x"],
    ["error=not_found", 100, "not_found"],
    ["error=compile_error;file=a.lua;line=1;message=", 100, "compile_error;file=a.lua;line=1;message="],
    ["ERROR:4:missing 'indexname'ok", 4, "missing 'indexname'ok"],
    ["ERROR:4:'indexname' value too longfalse", 4, "'indexname' value too longfalse"],
    ["ERROR:20:namespace not found on node;ERROR:20:namespace not found on node", 20, "namespace not found on node"],
  ])("reads %j", (value, code, message) => {
    expect(parseInfoError(value)).toEqual({ code, message });
  });

  it.each([
    "",
    "ok",
    "true",
    "errors=0;x=1",
    "error_count=1",
    "failed_best_practices=none",
    "fail-over=x",
    "BB900C80",
    "test;bar",
    "xERROR:4:x",
  ])("lets %j pass as an answer", (value) => {
    expect(parseInfoError(value)).toBeUndefined();
    expect(expectInfo(value)).toBe(value);
  });
});

describe("expectInfo", () => {
  it("throws a refusal with the server's words", () => {
    expect(() => expectInfo("ERROR:2:job not found")).toThrow(ResultError);
    try {
      expectInfo("ERROR:2:job not found");
    } catch (error) {
      expect(error).toMatchObject({ resultCode: 2, detail: "job not found" });
    }
  });
});
