import { describe, expect, it } from "vitest";
import { FinalReduce, LuaError, type ReduceLimits } from "../../../lua/final-reduce.js";
import { LimitReached } from "../../../lua/host-meter.js";
import { Reader } from "../../../protocol/bytes/reader.js";
import { encodeUtf8 } from "../../../protocol/bytes/utf8.js";
import { Writer } from "../../../protocol/bytes/writer.js";
import { packValue } from "../../../protocol/value/pack.js";
import { writeParticle } from "../../../protocol/value/particle.js";
import { ParticleType } from "../../../protocol/value/particle-type.js";
import { decodeRawValue, type RawValue, takeRawValue } from "../../../protocol/value/raw-value.js";
import type { Value } from "../../../protocol/value/value.js";

const LIMITS: ReduceLimits = { memoryBytes: 4 * 1024 * 1024, instructions: 1_000_000 };

function rawOf(value: Value): RawValue {
  const w = new Writer();
  const type = writeParticle(w, value);
  return takeRawValue(new Reader(w.copy()), type, w.length);
}

function packed(args: readonly Value[]): Uint8Array {
  const w = new Writer();
  packValue(w, args);
  return w.copy();
}

interface Run {
  readonly source: string;
  readonly functionName?: string;
  readonly args?: readonly Value[];
  readonly values?: readonly Value[];
  readonly modules?: Readonly<Record<string, string>>;
  readonly limits?: Partial<ReduceLimits>;
}

/** Runs the client's part of `f` over values as nodes would send them. */
async function run({ source, functionName = "f", args = [], values = [], modules = {}, limits }: Run) {
  const sources: Readonly<Record<string, string>> = { m: source, ...modules };
  const reduce = await FinalReduce.start({
    ...LIMITS,
    ...limits,
    module: "m",
    functionName,
    args: packed(args),
    wallClock: () => 1_700_000_000_000,
    seed: 1n,
  });
  const given = [...values];
  const results: unknown[] = [];
  for (;;) {
    const need = reduce.goOn();
    for (let raw = reduce.take(); raw !== undefined; raw = reduce.take()) results.push(decodeRawValue(raw));
    if (need.kind === "nothing") return results;
    if (need.kind === "source") {
      const text = sources[need.module];
      reduce.giveSource(text === undefined ? undefined : encodeUtf8(text));
    } else {
      const value = given.shift();
      reduce.giveValue(value === undefined ? undefined : rawOf(value));
    }
  }
}

/** The whole of what a reducer makes of the values. */
function reduceWith(body: string, values: readonly Value[], limits?: Partial<ReduceLimits>) {
  return run({
    source: `function f(s) return s : reduce(function(a, b) ${body} end) end`,
    values,
    ...(limits && { limits }),
  });
}

describe("the client's part of an aggregation", () => {
  it("reduces what the nodes have sent to one value, and nothing to nothing", async () => {
    expect(await reduceWith("return a + b", [1, 2, 3, 4])).toEqual([10]);
    expect(await reduceWith("return a + b", [7])).toEqual([7]);
    expect(await reduceWith("return a + b", [])).toEqual([]);
  });

  it("begins at the first reduce: what was done on the nodes is not done again", async () => {
    const source = `
      local function add(a, b) return a + b end
      function f(s) return s : filter(function() return false end) : map(function() return 1 end)
        : aggregate(0, function() return 0 end) : reduce(add) : map(function(a) return a * 10 end) : reduce(add) end`;
    expect(await run({ source, values: [1, 2, 3] })).toEqual([60]);
  });

  it("passes values through where there is no reduce, one by one, of every type", async () => {
    const values: Value[] = [
      1,
      2n ** 62n,
      1.5,
      "ä",
      true,
      false,
      [1, [2, "x"]],
      new Map<Value & number, Value>([[1, "a"]]),
      Uint8Array.of(1, 2),
    ];
    expect(await run({ source: "function f(s) return s : map(nil) end", values })).toEqual(values);
  });

  it("joins groups", async () => {
    const source = "function f(s) return s : groupby(function(r) return r.s end) end";
    const values = [{ a: [1], b: [2] }, { a: [3] }, { c: [4, 5] }];
    expect(await run({ source, values })).toEqual([{ a: [1, 3], b: [2], c: [4, 5] }]);
  });

  it("gives the function its arguments", async () => {
    const source = "function f(s, n, t) return s : reduce(function(a, b) return a + b + n + t.x end) end";
    expect(await run({ source, args: [10, { x: 100 }], values: [1, 2] })).toEqual([113]);
  });

  it("fetches the modules that are required, each once, also within functions", async () => {
    const modules = {
      one: 'local two = require("two") return { add = two.add }',
      two: "return { add = function(a, b) return a + b end }",
      lib: "twice = 2",
    };
    const source = `
      local one = require("one")
      assert(require("two").add == one.add and require("math") == math)
      function f(s) return s : reduce(function(a, b) require("lib") return one.add(a, b) * twice end) end`;
    expect(await run({ source, modules, values: [1, 2] })).toEqual([6]);
    await expect(run({ source: 'require("nowhere")' })).rejects.toThrow("m.lua:1: module 'nowhere' not found");
    await expect(run({ source: 'coroutine.wrap(function() require("lib") end)()', modules })).rejects.toThrow(
      /can't be waited for/,
    );
  });

  it.each([
    [
      "an error",
      'function f(s) return s : reduce(function(a, b)\nerror("a: b\\nc: d") end) end',
      "m.lua:2: a: b\nc: d",
    ],
    ["an error in the function itself", 'function f(s) error("now") end', "m.lua:1: now"],
    [
      "a mistake",
      "function f(s) return s : reduce(function(a, b) return a + nil end) end",
      /^m\.lua:1: attempt to perform arithmetic/,
    ],
    ["a syntax error", "function f(", /^m\.lua:1: <name> .*expected near <eof>$/],
    ["a missing function", "x = 1", "function not found"],
    ["no stream", "function f() return 5 end", /attempt to index a number value/],
    [
      "an error of another type",
      "function f(s) return s : reduce(function() error({}) end) end",
      "an error that is no text",
    ],
    ["a yield into nowhere", "function f(s) return s : reduce(function() coroutine.yield() end) end", /yields outside/],
    [
      "a value that holds itself",
      "function f(s) return s : reduce(function() local l = list() list.append(l, l) return l end) end",
      /contains itself/,
    ],
  ])("throws the text of %s", async (_what, source, message) => {
    const failing = run({ source, values: [1, 2] });
    await expect(failing).rejects.toThrow(LuaError);
    await expect(failing).rejects.toThrow(message);
  });

  it("refuses a value that Lua has no type for", async () => {
    const reduce = await FinalReduce.start({
      ...LIMITS,
      module: "m",
      functionName: "f",
      args: packed([]),
      wallClock: () => 0,
      seed: 1n,
    });
    expect(() => reduce.giveValue({ type: ParticleType.LIST, bytes: Uint8Array.of(0xc1) })).toThrow(LuaError);
    expect(() => reduce.giveValue({ type: ParticleType.NULL, bytes: new Uint8Array(0) })).toThrow(LuaError);
  });
});

describe("the sandbox", () => {
  it("has nothing that leads out of it", async () => {
    const source = `
      local names = list()
      for _, name in ipairs({ "io", "package", "debug.sethook", "load", "loadstring", "loadfile", "dofile", "collectgarbage",
        "os.execute", "os.getenv", "os.exit", "os.remove", "os.rename", "os.tmpname", "os.setlocale", "string.dump" }) do
        local found = _G
        for part in name:gmatch("[^.]+") do if type(found) ~= "table" then found = nil else found = found[part] end end
        if found ~= nil then list.append(names, name) end
      end
      function f(s) return s : reduce(function() return names end) end`;
    expect(await run({ source, values: [1, 2] })).toEqual([[]]);
  });

  it("loads no bytecode", async () => {
    await expect(run({ source: "\x1bLua\x54\0" })).rejects.toThrow(/attempt to load a binary chunk/);
  });

  it("knows the time, and lets functions log into nothing", async () => {
    const source = `
      info("loading %s", "m") print("x") aerospike:log(1, "y")
      function f(s) return s : reduce(function() return os.time() end) end`;
    expect(await run({ source, values: [1, 2] })).toEqual([1_700_000_000]);
  });

  it("is one for each aggregation", async () => {
    const source =
      "count = (count or 0) + 1 function f(s) return s : reduce(function() string.x = count return count end) end";
    const runs = await Promise.all(
      [1, 2, 3].map(() => run({ source: `assert(string.x == nil) ${source}`, values: [1, 2] })),
    );
    expect(runs).toEqual([[1], [1], [1]]);
  });
});

describe("limits", () => {
  it.each([
    ["a loop", "while true do end"],
    ["a loop that catches errors", "while true do pcall(function() while true do end end) end"],
    ["a loop in a coroutine", "coroutine.wrap(function() while true do end end)()"],
    ["calls without end", "local function g() g() return 1 end while true do pcall(g) end"],
  ])("end %s", async (_what, body) => {
    await expect(reduceWith(body, [1, 2])).rejects.toThrow(new LimitReached("more than 1000000 instructions"));
  });

  it("count instructions from value to value, not in all", async () => {
    const body = "for i = 1, 50000 do end return a + b";
    const values = Array.from({ length: 100 }, () => 1);
    expect(await reduceWith(body, values, { instructions: 200_000 })).toEqual([100]);
  });

  it.each([
    ["strings", 'local t = {} while true do t[#t + 1] = string.rep("x", 100000) .. #t end'],
    ["one long string", 'local t = "x" while true do t = t .. t end'],
    ["tables", "local t = {} while true do t = { t } end"],
    ["lists", "local l = list() while true do list.append(l, 1) end"],
    ["lists of strings", 'local l, x = list(), string.rep("x", 10000) while true do list.append(l, x) end'],
    ["lists that double", "local l = list{1, 2} while true do list.concat(l, l) end"],
    ["lists with gaps", "local l = list() for i = 1, 100 do local k = list() k[10000000] = 1 list.append(l, k) end"],
    ["maps", "local m, i = map(), 0 while true do i = i + 1 m[i] = i end"],
    ["maps of maps", "local m = map() while true do local n = map() n[1] = m m = n end"],
    ["bytes", "local l = list() for i = 1, 100 do list.append(l, bytes(10000000)) end"],
    ["bytes in a table", "local t = {} while true do t[#t + 1] = bytes(100000) end"],
  ])("end what takes too much memory: %s", async (_what, body) => {
    await expect(reduceWith(body, [1, 2], { instructions: 100_000_000 })).rejects.toThrow(
      /^more than 4194304 bytes of memory$/,
    );
  });

  it("count what is held, not what was let go of", async () => {
    const body =
      "for i = 1, 500 do local l = list() l[10000] = i local s = string.rep('x', 20000) .. i end return a + b";
    expect(await reduceWith(body, [1, 2, 3], { instructions: 10_000_000 })).toEqual([6]);
  });
});
