import { describe, expect, it } from "vitest";
import { encodeBase64 } from "../../../../protocol/bytes/base64.js";
import { encodeUtf8 } from "../../../../protocol/bytes/utf8.js";
import { AggregateCommand, type AggregateRequest } from "../../../../protocol/command/aggregate.js";
import { ResultCode } from "../../../../protocol/result-code.js";
import { decodeRawValue } from "../../../../protocol/value/raw-value.js";
import type { Value } from "../../../../protocol/value/value.js";
import { deleteCommand } from "../../../support/record-commands.js";
import { encoded, infoRequest, keyOf, NAMESPACE, SET, World } from "../support/world.js";

const SOURCE = `
local function one() return 1 end
local function add(a, b) return a + b end
function count(s) return s : map(one) : reduce(add) end
function pluck(s, bin) return s : map(function(r) return r[bin] end) end
function sizes(s) return s : groupby(function(r) return r.n % 2 end) end
function odd(s) return s : filter(function(r) return r.n % 2 == 1 end) : map(one) : reduce(add) end
function partial(s) return s : aggregate(0, function(a, r) return a + 600 end) end
function records(s) return s end
function tables(s) return s : map(function(r) return { r.n } end) end
function untilNil(s) return s : map(function(r) if r.n > 2 then return nil end return r.n end) end
function write(s) return s : map(function(r)
  r.n = 99
  local done = list { aerospike:update(r), aerospike:create(r), aerospike:remove(r), aerospike:get_current_time() }
  record.set_ttl(r, 5)
  record.drop_key(r)
  list.append(done, r.n)
  list.append(done, aerospike:exists(r))
  return done
end) end
function about(s) return s : map(function(r)
  return list { record.setname(r), record.numbins(r), record.gen(r), record.ttl(r), #record.bin_names(r), record.size(r) > 0,
    record.last_update_time(r) > 0, record.key(r) }
end) end
function broken(s) return s : map(function(r) error("a: b\\nc: d") end) end
function tableError(s) return s : map(function(r) error({}) end) end
function nilError(s) return s : map(function(r) error() end) end
function noStream(s) return 5 end
function deep(s) return s : map(function(r) local l = list() list.append(l, l) return l end) end
function selfText(s) return s : map(function(r) return tostring(r):sub(1, 6) end) end
`;

async function worldWith(nodes = 1, records = 20): Promise<World> {
  const world = await World.start({ nodes, replicationFactor: 1, lua: true });
  const content = encodeBase64(encodeUtf8(SOURCE));
  await world.info(`udf-put:filename=agg.lua;content=${content};content-len=${content.length};udf-type=LUA;`);
  await world.fill(records);
  return world;
}

let taskId = 1n;

function request(functionName: string, args: readonly Value[] = [], more: Partial<AggregateRequest> = {}) {
  const call = { package: "agg", function: functionName, args };
  return { namespace: NAMESPACE, setName: SET, taskId: taskId++, call, ...more };
}

async function valuesOf(world: World, asked: AggregateRequest, node = 0): Promise<unknown[]> {
  const values: unknown[] = [];
  await world.stream(new AggregateCommand(asked, (value) => values.push(decodeRawValue(value))), node);
  return values;
}

function sum(values: readonly unknown[]): number {
  return values.reduce<number>((total, value) => total + Number(value), 0);
}

describe("an aggregation", () => {
  it("applies the function to each partition, and stops at the first reduce", async () => {
    await using world = await worldWith();
    const counts = await valuesOf(world, request("count"));
    expect(sum(counts)).toBe(20);
    expect(counts.length).toBeGreaterThan(10);
    expect(sum(await valuesOf(world, request("odd")))).toBe(10);
    const numbers = await valuesOf(world, request("pluck", ["n"]));
    expect(numbers.map(Number).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n));
    const groups = await valuesOf(world, request("sizes"));
    expect(groups.every((group) => group instanceof Map)).toBe(true);
  });

  it("of three nodes goes through what each is master of", async () => {
    await using world = await worldWith(3, 50);
    const counts = await Promise.all([0, 1, 2].map(async (node) => sum(await valuesOf(world, request("count"), node))));
    expect(sum(counts)).toBe(50);
    expect(Math.min(...counts)).toBeGreaterThan(0);
  });

  it("goes through a range of an index", async () => {
    await using world = await worldWith();
    await world.info(`sindex-create:namespace=${NAMESPACE};set=${SET};indexname=n_idx;indexdata=n,numeric`);
    const index = { target: { bin: "n" }, bounds: { type: "integer", begin: 5n, end: 8n } } as const;
    expect(sum(await valuesOf(world, request("pluck", ["n"], { index })))).toBe(26);
    const nothing = { target: { bin: "n" }, bounds: { type: "integer", begin: 500n, end: 800n } } as const;
    expect(await valuesOf(world, request("count", [], { index: nothing }))).toEqual([]);
    const missing = { ...index, target: { bin: "other" } };
    await expect(valuesOf(world, request("count", [], { index: missing }))).rejects.toMatchObject({
      resultCode: ResultCode.INDEX_NOT_FOUND,
    });
  });

  it("puts an aggregate out in parts once it is a number from 1000 on", async () => {
    await using world = await worldWith(1, 2_000);
    const parts = await valuesOf(world, request("partial"));
    expect(sum(parts)).toBe(2_000 * 600);
    expect(Math.max(...parts.map(Number))).toBe(1_200);
  });

  it("gives null for a record, nothing for a table, and ends at a nil", async () => {
    await using world = await worldWith(1, 3);
    expect(await valuesOf(world, request("records"))).toEqual([null, null, null]);
    expect(await valuesOf(world, request("tables"))).toEqual([]);
    await world.fill(100);
    expect((await valuesOf(world, request("untilNil"))).length).toBeLessThan(4);
    expect(await valuesOf(world, request("selfText"))).toContain("Record");
  });

  it("changes nothing: records can be read only", async () => {
    await using world = await worldWith(1, 1);
    expect(await valuesOf(world, request("write"))).toEqual([[1, 1, 1, 0, 0, true]]);
    expect((await world.read(0))?.bins).toEqual({ n: 0 });
    const [about] = await valuesOf(world, request("about"));
    expect(about).toMatchObject([SET, 1, 1, 0, 1, true, true]);
  });

  it.each([
    ["broken", [], "/opt/aerospike/usr/udf/lua/agg.lua:25: a: b\nc: d"],
    ["tableError", [], "bad argument #1 to '?' (string expected, got table)"],
    ["nilError", [], "UDF: Execution Error 2"],
    ["noStream", [], `[string "aerospike.lua"]:33: attempt to index a number value (global 'result')`],
    ["missing", [], "function not found"],
    ["deep", [], "contains itself"],
  ] as const)("%s fails with its text, and ends there", async (functionName, args, text) => {
    await using world = await worldWith();
    const asked = request(functionName, args);
    await expect(valuesOf(world, asked)).rejects.toMatchObject({
      resultCode: ResultCode.UDF_EXECUTION,
      detail: expect.stringContaining(text),
    });
    expect(await world.job(asked.taskId)).toMatchObject({ jobType: "aggregation", status: "done(abandoned-unknown)" });
    expect(sum(await valuesOf(world, request("count")))).toBe(20);
  });

  it("of a module that there is not fails as servers do", async () => {
    await using world = await worldWith();
    const call = { package: "nomodule", function: "count", args: [] };
    await expect(valuesOf(world, request("count", [], { call }))).rejects.toMatchObject({
      detail: "UDF: Execution Error 1",
    });
  });

  it("is no error where the set is unknown", async () => {
    await using world = await worldWith();
    expect(await valuesOf(world, request("count", [], { setName: "noset" }))).toEqual([]);
  });

  it("is held to so many records a second, listed, counted, and ends when it is aborted", async () => {
    await using world = await worldWith();
    const began = world.runtime.now();
    await valuesOf(world, request("count", [], { recordsPerSecond: 200 }));
    expect(world.runtime.now() - began).toBeGreaterThanOrEqual(90);
    const asked = request("count", [], { recordsPerSecond: 100 });
    const socket = world.open();
    socket.write(encoded(new AggregateCommand(asked, () => {}), 0));
    await world.runtime.advance(55);
    expect(await world.job(asked.taskId)).toMatchObject({ jobType: "aggregation", status: "active(ok)" });
    const other = world.open();
    other.write(infoRequest(`query-abort:trid=${asked.taskId}`));
    await world.runtime.advance(10);
    expect(await world.job(asked.taskId)).toMatchObject({ status: "done(user-aborted)" });
    const statistics = await world.info(`namespace/${NAMESPACE}`);
    expect(statistics).toContain("pi_query_aggr_complete=1;");
    expect(statistics).toContain("pi_query_aggr_abort=1;");
  });

  it("leaves out what is deleted before the function comes to it", async () => {
    await using world = await worldWith();
    const asked = request("count", [], { recordsPerSecond: 100 });
    const values: unknown[] = [];
    const command = new AggregateCommand(asked, (value) => values.push(decodeRawValue(value)));
    const streaming = world.streamOn(world.open(), command);
    await world.runtime.advance(1);
    for (let id = 0; id < 20; id++) await world.run(deleteCommand(keyOf(id)));
    await streaming;
    expect(sum(values)).toBeLessThan(20);
  });
});
