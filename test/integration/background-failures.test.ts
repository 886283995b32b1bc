import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DataSet, type ExecuteTask, type TaskSummary } from "../../src/index.js";
import { connectTarget, type TestTarget } from "../support/connect-target.js";

interface Item {
  n: number;
  name: string;
  tags?: string[];
}

let target: TestTarget;

beforeAll(async () => {
  target = await connectTarget();
});

afterAll(async () => {
  await target[Symbol.asyncDispose]();
});

async function items(count: number): Promise<DataSet<Item>> {
  const dataSet = target.dataSet<Item>();
  await Promise.all(
    Array.from({ length: count }, (_, n) => target.session.put(dataSet.id(n), { n, name: `item ${n}` })),
  );
  return dataSet;
}

function finish(task: ExecuteTask): Promise<TaskSummary> {
  return task.waitTillComplete({ totalTimeout: 20_000 });
}

describe("a task that is stopped", () => {
  const RECORDS = 2_000;

  it("shows how far it had come, where servers say 100 %", async () => {
    const set = await items(RECORDS);
    const task = await target.session.backgroundTask().update(set).recordsPerSecond(100).bin("n").add(1).execute();
    for await (const { succeeded } of task) if ((succeeded ?? 0) >= 100) break;
    await task.abort();
    const error = await finish(task).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "TASK_ABORTED", summary: { state: "aborted", failed: 0 } });
    const { percent, succeeded } = await task.progress();
    expect(succeeded).toBeGreaterThanOrEqual(100);
    expect(succeeded).toBeLessThan(RECORDS / 2);
    // Servers count partitions, which hold about as many records each.
    expect(Math.abs((percent ?? 100) - (100 * (succeeded ?? 0)) / RECORDS)).toBeLessThan(5);
    const attached = target.session.backgroundTask().attach(task.id);
    await expect(attached.progress()).resolves.toMatchObject({ state: "aborted", percent: null, succeeded });
    const jobs = (await target.session.backgroundTask().list()).filter(({ taskId }) => taskId === task.id);
    expect(jobs.map((job) => [job.outcome, job.percent])).toEqual(jobs.map(() => ["user-aborted", null]));
  });
});

describe("filters that can't be true", () => {
  it("are told of before the start", async () => {
    const set = await items(20);
    const warnings = async (where: string): Promise<string> => {
      const plan = await target.session
        .backgroundTask()
        .touch(DataSet.of(set.namespace, set.setName))
        .where(where)
        .explain();
      return plan.warnings.join("\n");
    };
    expect(await warnings("$.nn < 5")).toContain('has the bin "nn" of the where');
    expect(await warnings("$.n < 5.5")).toContain('the bin "n" is of the type that the where takes it for');
    expect(await warnings("$.n > 7 and $.n < 3")).toContain('No integer in the bin "n" fulfils the where');
    expect(await warnings("$.n < 5")).not.toContain("where");
  });
});

describe("records that fail", () => {
  it("for their type are found in a sample, before and after", async () => {
    const set = await items(20);
    const builder = target.session
      .backgroundTask()
      .update(DataSet.of(set.namespace, set.setName))
      .where("$.n < 5")
      .bin("name")
      .add(1)
      .bin("tags")
      .listAppend("x");
    const cause = 'In 5 of 5 records looked at, bin "name" holds a string; an operation needs an integer';
    const plan = await builder.explain();
    expect(plan.warnings).toEqual([expect.stringContaining(cause)]);
    expect(String(plan)).toContain(`warning: ${cause}`);
    const summary = await finish(await builder.execute());
    expect(summary).toMatchObject({ succeeded: 0, failed: 5, failureCauses: [expect.stringContaining(cause)] });
  });

  it("are no failure of operations that fit", async () => {
    const set = await items(20);
    const builder = target.session.backgroundTask().update(set).where("$.n >= 0");
    const fitting = builder.bin("n").add(1).bin("name").append("!").bin("tags").listAppend("x");
    expect((await fitting.explain()).warnings).toEqual([]);
    await expect(finish(await fitting.execute())).resolves.toMatchObject({ succeeded: 20, failureCauses: [] });
  });
});

describe("a Lua function", () => {
  const SOURCE = `
    function bump(rec)
      rec["n"] = rec["n"] + 1
      aerospike:update(rec)
    end
    local function hidden(rec) end
    function boom(rec)
      error("no")
    end
  `;
  const MADE_AT_RUN_TIME = `
    _G["ma" .. "de"] = function(rec)
      rec["n"] = 7
      aerospike:update(rec)
    end
  `;
  let module: string;
  let dynamic: string;

  async function register(source: string): Promise<string> {
    const name = target.uniqueName();
    const task = await target.session.registerUdf(source, `${name}.lua`);
    await task.waitTillComplete({ totalTimeout: 20_000 });
    return name;
  }

  beforeAll(async () => {
    module = await register(SOURCE);
    dynamic = await register(MADE_AT_RUN_TIME);
  });

  afterAll(async () => {
    for (const name of [module, dynamic]) {
      const removed = await target.session.removeUdf(`${name}.lua`);
      await removed.waitTillComplete({ totalTimeout: 20_000 });
    }
  });

  const call = (set: DataSet<Item>, name: string, functionName: string) =>
    target.session.backgroundTask().executeUdf(set).function(name, functionName).where("$.n >= 0");

  it.each([
    ["bmup", 'has no function "bmup"; it has bump, boom. Did you mean bump?'],
    ["hidden", '"hidden" is local in'],
  ])("that is not there, %s, is found before any record fails", async (name, text) => {
    const set = await items(20);
    const builder = call(set, module, name);
    expect((await builder.explain()).warnings).toEqual([expect.stringContaining(text)]);
    await expect(builder.execute()).rejects.toMatchObject({ code: "UDF", message: expect.stringContaining(text) });
    const jobs = (await target.session.backgroundTask().list()).filter(({ setName }) => setName === set.setName);
    expect(jobs).toEqual([]);
  });

  it("that sets times to live is explained with what servers make of that", async () => {
    const set = await items(5);
    const setting = target.uniqueName();
    const source = "function f(r) record.set_ttl(r, 5) aerospike:update(r) end function g(r) return 'set_ttl' end";
    await (await target.session.registerUdf(source, `${setting}.lua`)).waitTillComplete();
    const { warnings } = await call(set, setting, "f").explain();
    expect(warnings).toContainEqual(expect.stringContaining(`${setting}.lua calls record.set_ttl`));
    await target.session.removeUdf(`${setting}.lua`);
  });

  it("that the source may make is tried", async () => {
    const set = await items(20);
    const warning = expect.stringContaining('does not show a function "made"');
    expect((await call(set, dynamic, "made").explain()).warnings).toEqual([warning]);
    await expect(finish(await call(set, dynamic, "made").execute())).resolves.toMatchObject({ succeeded: 20 });
    const missing = await finish(await call(set, dynamic, "mode").execute());
    expect(missing).toMatchObject({ failed: 20, failureCauses: [expect.stringContaining('a function "mode"')] });
  });

  it("that fails is told from one that is not there, also of a task that was attached", async () => {
    const set = await items(20);
    const task = await call(set, module, "boom").execute();
    const causes = [expect.stringContaining(`${module}.boom fails on them`)];
    await expect(finish(task)).resolves.toMatchObject({ failed: 20, failureCauses: causes });
    const attached = target.session.backgroundTask().attach(task.id);
    await expect(finish(attached)).resolves.toMatchObject({ failed: 20, failureCauses: causes });
  });
});
