import { describe, expect, it } from "vitest";
import { type LuaFunctionFinding, LuaSource } from "../../../../src/background/lua-functions.js";

describe("LuaSource.find", () => {
  it.each<[LuaFunctionFinding, string]>([
    ["defined", "function bump(rec) end"],
    ["defined", "function  bump\n(rec)\nend"],
    ["defined", "bump = function(rec) end"],
    ["defined", "a, bump = 1, function(rec) end"],
    ["defined", "function init() function bump(rec) end end"],
    ["defined", "--[[ old ]] function bump(rec) end -- new"],
    ["defined", "local function bump(rec) end\nfunction bump(rec) end"],
    ["missing", "function bmup(rec) end"],
    ["missing", ""],
    ["missing", "-- function bump(rec) end"],
    ["missing", "--[==[ function bump(rec) end ]] ]==]"],
    ["missing", 'local s = "function bump(rec) end"'],
    ["missing", "local s = 'it\\'s function bump(rec) end'"],
    ["missing", "local s = [[\nfunction bump(rec) end\n]]"],
    ["missing", "function util.bump(rec) end"],
    ["missing", "function util:bump(rec) end"],
    ["missing", "function bump.of(rec) end"],
    ["missing", "local t = util.bump"],
    ["missing", "function other(rec) return bump(rec) end"],
    ["missing", "function bumped(rec) end"],
    ["local", "local function bump(rec) end"],
    ["local", "local bump = function(rec) end"],
    ["unknown", 'function other() end _G["bump"] = other'],
    ["unknown", 'local util = require("util")'],
    ["unknown", 'load("function bump(rec) end")()'],
    ["unknown", "local function bump(rec) end _ENV = {}"],
    ["unknown", 'local s = "not closed'],
    ["unknown", "--[[ not closed"],
    ["unknown", "\x1bLua bytecode"],
  ])("is %s in %j", (finding, source) => {
    expect(new LuaSource(source).find("bump")).toBe(finding);
  });

  it.each(["print", "map", "apply_record"])("takes the server's own %s for defined", (name) => {
    expect(new LuaSource("").find(name)).toBe("defined");
  });

  it("takes no time over a source made to take it", () => {
    for (const source of [
      "[=".repeat(500_000),
      "--[[".repeat(250_000),
      '"'.repeat(1_000_000),
      "\\".repeat(1_000_000),
    ]) {
      // Not linear, it would take longer than the test may.
      expect(new LuaSource(source).find("bump")).not.toBe("defined");
    }
  });
});

describe("LuaSource.functions", () => {
  it("are the names that others can call, each once", () => {
    const source = `
      local function helper() end
      function one(rec) end
      function tools.two(rec) end
      function three (rec) return function(x) end end
      -- function four() end
      function one(rec) end
    `;
    expect(new LuaSource(source).functions).toEqual(["one", "three"]);
  });
});
