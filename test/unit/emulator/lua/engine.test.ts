import { describe, expect, it } from "vitest";
import { createLuaEngine } from "../../../../emulator/lua/index.js";
import { integerValue } from "../../../../emulator/record/bin-value.js";
import { systemRuntime } from "../../../../runtime/system-runtime.js";
import { VirtualRuntime } from "../../../../runtime/virtual-runtime.js";
import { fromHex } from "../cdt/recorded.js";
import { apply, compileError, load, logged, resultText, runBody } from "./engine-support.js";
import { TinyUdfRecord } from "./tiny-udf-record.js";

describe("compiling", () => {
  it("says where a syntax error is", () => {
    expect(compileError("function f(\nreturn 1")).toEqual({
      line: 2,
      message: "<name> or '...' expected near 'return'",
    });
  });

  it("runs the top level", () => {
    expect(compileError('local x = 1\nerror("top")')).toEqual({ line: 2, message: "top" });
    expect(compileError("error({})")).toEqual({ line: 0, message: "(Null error message returned by lua)" });
    expect(compileError('error("first\\nsecond", 0)')).toEqual({ line: 0, message: "first" });
  });

  it("finds a module behind require, and none that is not registered", () => {
    load("function double(n) return 2 * n end", "helper.lua");
    expect(runBody('require("helper") return double(21)')).toBe("1:000000000000002a");
    expect(runBody('return require("nowhere")')).toContain("module 'nowhere' not found");
  });

  it("reports a broken module to those who require it", () => {
    expect(runBody('local ok, problem = pcall(require, "no.such") return problem')).toMatch(/^3:/);
  });

  it("takes source that is no UTF-8", () => {
    const module = load('function f() return "\\xff\\xfe" end');
    expect(resultText(apply(module, "f"))).toBe("3:fffe");
  });
});

describe("state", () => {
  it("is one of ten that calls take in turn", () => {
    const module = load("n = 0 function f() n = n + 1 return n end");
    const numbers = Array.from({ length: 24 }, () => Number(`0x${resultText(apply(module, "f")).slice(2)}`));
    // As a real node of 8.1.2 numbers the calls of this function.
    expect(numbers.join(" ")).toBe("1 1 1 1 1 1 1 1 1 1 2 2 2 2 2 2 2 2 2 2 3 3 3 3");
  });

  it("is each module's own", () => {
    load("shared = 1", "a.lua");
    expect(runBody("return shared")).toBe("nil");
  });

  it("starts anew when the file is registered again", () => {
    load("function f() return 1 end", "again.lua");
    expect(resultText(apply(load("function f() return 2 end", "again.lua"), "f"))).toBe("1:0000000000000002");
  });

  it("lets go of what functions drop", () => {
    const module = load(`
      function f(rec) local l = list{1, 2, 3}; rec.l = l; return collectgarbage("count") end
      function settle(rec) collectgarbage() return math.floor(collectgarbage("count")) end`);
    const kilobytes = () => {
      const result = apply(module, "settle");
      return result.kind === "success" ? Number(`0x${resultText(result).split(":")[1]}`) : Number.NaN;
    };
    const before = kilobytes();
    for (let i = 0; i < 20_000; i++) apply(module, "f");
    // The next of the ten states that calls take in turn.
    expect(kilobytes()).toBeLessThan(before + 50);
  });
});

describe("64-bit integers", () => {
  it.each([
    ["d38000000000000000", "8000000000000000"],
    ["cf7fffffffffffffff", "7fffffffffffffff"],
    ["cf0020000000000001", "0020000000000001"],
    ["ff", "ffffffffffffffff"],
  ])("%s passes both ways", (packed, hex) => {
    expect(runBody("return a", new TinyUdfRecord(), `91${packed}`)).toBe(`1:${hex}`);
  });

  it("stay integers, and doubles stay doubles", () => {
    expect(runBody("return a // 2 * 2", new TinyUdfRecord(), "91cf7fffffffffffffff")).toBe("1:7ffffffffffffffe");
    expect(runBody("return a", new TinyUdfRecord(), "91cb4008000000000000")).toBe("2:4008000000000000");
    expect(runBody("return math.type(a) .. math.type(b)", new TinyUdfRecord(), "9203cb4008000000000000")).toBe(
      "3:696e7465676572666c6f6174",
    );
  });
});

describe("the record", () => {
  it("is read bin by bin and written when it is executed", () => {
    const record = new TinyUdfRecord([["a", integerValue(1)]]);
    expect(runBody("rec.a = rec.a + 1 return rec.a", record)).toBe("1:0000000000000002");
    expect(record.bins.get("a")).toEqual(integerValue(1));
    runBody("rec.a = rec.a + 1 aerospike:update(rec)", record);
    expect(record.bins.get("a")).toEqual(integerValue(2));
  });

  it("shares a list with whoever took it", () => {
    const record = new TinyUdfRecord([["l", { type: 20, bytes: fromHex("9101") }]]);
    runBody("local l = rec.l rec.copy = l list.append(l, 2) aerospike:update(rec)", record);
    expect(record.bins.get("copy")?.bytes).toEqual(fromHex("920102"));
    expect(record.bins.get("l")?.bytes).toEqual(fromHex("9101"));
  });

  it("does not exist before it is created", () => {
    const record = new TinyUdfRecord([], false);
    expect(runBody("rec.a = 1 return aerospike:update(rec)", record)).toBe("1:fffffffffffffffe");
    expect(runBody("return aerospike:remove(rec)", record)).toBe("1:0000000000000001");
    expect(runBody("return record.bin_names(rec)", record)).toContain("can't get bin names");
    expect(runBody("rec.a = 1 return aerospike:create(rec)", record)).toBe("1:0000000000000000");
    expect(record.bins.get("a")).toEqual(integerValue(1));
    expect(runBody("return aerospike:create(rec)", record)).toBe("1:0000000000000001");
  });

  it("forgets assignments that could not be stored", () => {
    const record = new TinyUdfRecord([["a", integerValue(1)]]);
    expect(runBody("rec.a = rec local code = aerospike:update(rec) return list{code, rec.a}", record)).toBe(
      "20:92ff01",
    );
  });

  it("takes a time to live and drops its key", () => {
    const record = new TinyUdfRecord();
    runBody("record.set_ttl(rec, -1) record.drop_key(rec)", record);
    expect(record.newTtl).toBe(-1);
    expect(record.isKeyDropped).toBe(true);
  });

  it("gives values of all types and takes them back", () => {
    const bins: [string, { type: number; bytes: Uint8Array }][] = [
      ["hll", { type: 18, bytes: fromHex("0004000000000000000000000000000000000000000000") }],
      ["java", { type: 7, bytes: fromHex("0102") }],
      ["ordered", { type: 20, bytes: fromHex("93c700010102") }],
      ["map", { type: 19, bytes: fromHex("82c70001c0a2036101") }],
      ["geo", { type: 23, bytes: new TextEncoder().encode('{"type":"Point","coordinates":[1,2]}') }],
    ];
    const record = new TinyUdfRecord(bins);
    runBody(
      "for _, name in ipairs(record.bin_names(rec)) do rec[name .. '2'] = rec[name] end aerospike:update(rec)",
      record,
    );
    for (const [name, value] of bins) expect(record.bins.get(`${name}2`)).toEqual(value);
  });

  it("has nil where a bin holds what functions can't see", () => {
    const record = new TinyUdfRecord([["odd", { type: 19, bytes: fromHex("81c001") }]]);
    expect(runBody("return rec.odd", record)).toBe("nil");
  });
});

describe("limits", () => {
  it("ends a loop at the deadline", () => {
    const module = load("function f() while true do end end");
    const start = systemRuntime.now();
    const result = module.run("f", new TinyUdfRecord(), fromHex("90"), start + 50);
    expect(result).toEqual({ kind: "failure", message: "UDF Execution Timeout" });
    expect(systemRuntime.now() - start).toBeLessThan(1000);
  });

  it("ends a loop on a clock that stands still", async () => {
    const runtime = new VirtualRuntime();
    const engine = await createLuaEngine({ runtime });
    const module = engine.compile("m.lua", new TextEncoder().encode("function f() while true do end end"));
    if (!("run" in module)) throw new Error(module.message);
    const result = module.run("f", new TinyUdfRecord(), fromHex("90"), runtime.now() + 100);
    expect(result).toEqual({ kind: "failure", message: "UDF Execution Timeout" });
  });

  it("leaves the module in working order", () => {
    const module = load("function loop() while true do end end function f() return 1 end");
    module.run("loop", new TinyUdfRecord(), fromHex("90"), systemRuntime.now() + 20);
    expect(resultText(apply(module, "f"))).toBe("1:0000000000000001");
  });

  it("refuses values that contain themselves", () => {
    expect(runBody("local l = list() list.append(l, l) return l")).toContain("contains itself");
    expect(runBody("local m = map() m.m = m return tostring(m)")).toContain("contains itself");
    const record = new TinyUdfRecord();
    expect(runBody("local l = list() list.append(l, l) rec.l = l aerospike:update(rec)", record)).toContain(
      "contains itself",
    );
    expect(record.executions).toBe(0);
  });

  it("survives lists and bytes of absurd size", () => {
    expect(runBody("local l = list() l[4000000000] = 1 return #l")).toBe("1:0000000000000000");
    expect(runBody("local b = bytes() return tostring(bytes.set_byte(b, 4000000000, 1))")).toBe("3:66616c7365");
    expect(runBody("return bytes.get_bytes(bytes(1), 1, 4000000000)")).toBe("nil");
  });

  it("reads a malformed argument list as none", () => {
    expect(runBody("return a", new TinyUdfRecord(), "9201")).toBe("nil");
  });
});

describe("the steps of streams", () => {
  const values = "local i = 0 local function next() i = i + 1 if i <= 5 then return i end end";
  const sum = "local s = 0 for v in steps do s = s * 100 + v end return s";

  it.each([
    ["filter(next, function(v) return v % 2 == 1 end)", 10305],
    ["transform(next, function(v) return v * 2 end)", 204060810],
    ["reduce(next, function(a, b) return a + b end)", 15],
    ["aggregate(next, 7, function(a, b) return a + b end)", 22],
    ["transform(filter(next, function(v) return v > 3 end), math.abs)", 405],
  ])("are there for functions on records: %s", (steps, result) => {
    const body = `${values} local steps = ${steps} ${sum}`;
    expect(runBody(body)).toBe(`1:${result.toString(16).padStart(16, "0")}`);
  });

  it("make up what an aggregation does, on nodes and again at the client", () => {
    const names = "local t = {} for _, op in ipairs(ops) do t[#t + 1] = op.name end return table.concat(t, ',')";
    const build = "local s = StreamOps_create():filter(f):map(f):groupby(f):map(f)";
    const text = (value: string) => `3:${Buffer.from(value).toString("hex")}`;
    expect(runBody(`${build} local ops = StreamOps_select(s.ops, 1) ${names}`)).toBe(
      text("filter,map,aggregate,reduce"),
    );
    expect(runBody(`${build} local ops = StreamOps_select(s.ops, 2) ${names}`)).toBe(text("reduce,map"));
  });

  it("come with what a server calls functions by", () => {
    expect(runBody("return apply_record(function(r, x) return x + 1 end, rec, 41)")).toBe("1:000000000000002a");
    expect(runBody("return apply_record(nil, rec)")).toContain("function not found");
    expect(runBody("return stream.read(rec)")).toContain("bad argument #1 to 'read' (Stream expected, got Record)");
  });
});

describe("the world outside", () => {
  it("is a log", () => {
    logged.length = 0;
    runBody('trace("t %d", 1) debug("d") info("i") warn("w") aerospike:log(2, "direct") print("p", nil, 1.5)');
    const entry = { module: "m", functionName: "f" };
    expect(logged).toEqual([
      { level: "trace", message: "t 1", ...entry },
      { level: "debug", message: "d", ...entry },
      { level: "info", message: "i", ...entry },
      { level: "warn", message: "w", ...entry },
      { level: "info", message: "direct", ...entry },
      { level: "info", message: "p\tnil\t1.5", ...entry },
    ]);
  });

  it("is told of the errors that end a function, and of what a module says when it is loaded", () => {
    logged.length = 0;
    const module = load('warn("loading")\nfunction g() error("no luck") end');
    apply(module, "g");
    apply(module, "missing");
    const path = "/opt/aerospike/usr/udf/lua/m.lua";
    expect(logged).toEqual([
      { level: "warn", message: "loading", module: "m.lua", functionName: "" },
      // Each of the states that calls take in turn loads the module anew.
      { level: "warn", message: "loading", module: "m", functionName: "g" },
      { level: "error", message: `${path}:2: no luck`, module: "m", functionName: "g" },
      { level: "warn", message: "loading", module: "m", functionName: "missing" },
      { level: "error", message: "function not found", module: "m", functionName: "missing" },
    ]);
  });

  it("has no process, no input and no output", () => {
    expect(runBody("return tostring(os.exit) .. tostring(io.read())")).toBe("3:6e696c6e696c");
    expect(runBody('io.write("x") io.stderr:write("y") return 1')).toBe("1:0000000000000001");
  });

  it("has the time of the Runtime", async () => {
    const runtime = new VirtualRuntime();
    const engine = await createLuaEngine({ runtime });
    const source = 'function f() return list{aerospike:get_current_time(), os.time(), os.date("!%Y-%m-%d")} end';
    const module = engine.compile("m.lua", new TextEncoder().encode(source));
    if (!("run" in module)) throw new Error(module.message);
    const wall = runtime.wallClock();
    const seconds = Math.floor(wall / 1000);
    const result = module.run("f", new TinyUdfRecord(), fromHex("90"), runtime.now() + 1000);
    expect(result.kind === "success" && result.value?.type).toBe(20);
    const text = new TextDecoder("latin1").decode(result.kind === "success" ? result.value?.bytes : undefined);
    expect(text).toContain(new Date(seconds * 1000).toISOString().slice(0, 10));
  });
});
