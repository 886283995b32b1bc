import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  connect,
  DataSet,
  type ExecuteTask,
  Exp,
  Filter,
  type TaskProgress,
  type TaskSummary,
} from "../../src/index.js";
import { connectTarget, type TestTarget } from "../support/connect-target.js";

interface User {
  id: number;
  age: number;
  active: boolean;
  name: string;
  score?: number;
  tags?: string[];
}

const RECORDS = 200;
/** Enough to keep a job busy for a second on each of three nodes: servers run no slower than about 100 a second. */
const MANY = 600;

let target: TestTarget;

beforeAll(async () => {
  target = await connectTarget();
});

afterAll(async () => {
  await target[Symbol.asyncDispose]();
});

/** A set of users: ages 0 to 199, every second one active, scores equal to the age. */
async function users(count = RECORDS): Promise<DataSet<User>> {
  const dataSet = target.dataSet<User>();
  await Promise.all(
    Array.from({ length: count }, (_, id) =>
      target.session.put(dataSet.id(id), { id, age: id, active: id % 2 === 0, name: `user ${id}`, score: id }),
    ),
  );
  return dataSet;
}

async function read(dataSet: DataSet<User>, count = RECORDS): Promise<(User | undefined)[]> {
  const found = await Promise.all(
    Array.from({ length: count }, async (_, id) => {
      const exists = await (await target.session.exists(dataSet.id(id)).execute()).first();
      return exists?.asBool() === true ? (await target.session.get(dataSet.id(id))).bins : undefined;
    }),
  );
  return found;
}

function finish(task: ExecuteTask): Promise<TaskSummary> {
  return task.waitTillComplete({ totalTimeout: 20_000 });
}

describe("update", () => {
  it("changes the records that the where clause keeps, and no others", async () => {
    const set = await users();
    const task = await target.session
      .backgroundTask()
      .update(set)
      .where("$.active == true and $.age >= ?0", 100)
      .bin("score")
      .add(1)
      .execute();
    expect(task.id).not.toBe(0n);
    expect(task.kind).toBe("update");
    expect(task.nodes.length).toBe(target.client.nodes.length);
    const summary = await finish(task);
    expect(summary).toMatchObject({ taskId: task.id, state: "done", percent: 100, succeeded: 50, failed: 0 });
    expect(summary.filteredByBins).toBe(150);
    const after = await read(set);
    for (const [id, user] of after.entries()) {
      expect(user?.score).toBe(id % 2 === 0 && id >= 100 ? id + 1 : id);
    }
  });

  it("runs several operations in order on each record", async () => {
    const set = await users(20);
    const task = await target.session
      .backgroundTask()
      .update(set)
      .bin("name")
      .append("!")
      .bin("name")
      .prepend(">")
      .bin("tags")
      .setTo(["a"])
      .bin("tags")
      .listAppend("b")
      .bin("active")
      .remove()
      .execute();
    await expect(finish(task)).resolves.toMatchObject({ succeeded: 20 });
    const { bins } = await target.session.get(set.id(7));
    expect(bins).toEqual({ id: 7, age: 7, name: ">user 7!", score: 7, tags: ["a", "b"] });
  });

  it("takes an expression built in code and an index range beside it", async () => {
    const set = await users(20);
    const name = target.uniqueName();
    const index = await target.session.index(set).onBin("age").named(name).integer().create();
    await index.waitTillComplete({ totalTimeout: 20_000 });
    try {
      const task = await target.session
        .backgroundTask()
        .update(set)
        .where(Exp.eq(Exp.boolBin("active"), Exp.boolVal(true)))
        .filter(Filter.range("age", 5, 14))
        .bin("score")
        .setTo(-1)
        .execute();
      const summary = await finish(task);
      expect(summary).toMatchObject({ succeeded: 5, filteredByBins: 5 });
      const scores = (await read(set, 20)).map((user) => user?.score);
      expect(scores.flatMap((score, id) => (score === -1 ? [id] : []))).toEqual([6, 8, 10, 12, 14]);
    } finally {
      const drop = await target.session.index(set).named(name).drop();
      await drop.waitTillComplete({ totalTimeout: 20_000 });
    }
  });

  it("writes the result of an expression", async () => {
    const set = await users(10);
    const task = await target.session.backgroundTask().update(set).bin("score").upsertFrom("$.age * 10 + 1").execute();
    await expect(finish(task)).resolves.toMatchObject({ succeeded: 10 });
    expect((await read(set, 10)).map((user) => user?.score)).toEqual(Array.from({ length: 10 }, (_, i) => i * 10 + 1));
  });

  it("counts records whose operation fails, and throws when asked to", async () => {
    const set = await users(10);
    const start = () => target.session.backgroundTask().update(set).bin("name").append("x").bin("score").add(1);
    await target.session.put(set.id(3), { score: "text" } as never);
    const summary = await finish(await start().execute());
    expect(summary).toMatchObject({ state: "done", succeeded: 9, failed: 1, clusterChanged: false });
    expect((await target.session.get(set.id(3))).bins.name).toBe("user 3");
    const strict = (await start().execute()).waitTillComplete({ failOnRecordErrors: true, totalTimeout: 20_000 });
    await expect(strict).rejects.toMatchObject({ code: "TASK_RECORDS_FAILED", summary: { failed: 1 } });
  });

  it("leaves the time to live alone unless told otherwise", async () => {
    const set = await users(2);
    await target.session.upsert(set.id(0)).bin("score").setTo(1).expireRecordAfterSeconds(5_000).execute();
    await finish(await target.session.backgroundTask().update(set).bin("score").add(1).execute());
    expect((await target.session.get(set.id(0))).ttl).toBeGreaterThan(4_900);
    expect((await target.session.get(set.id(1))).ttl).toBe(-1);
    await finish(
      await target.session.backgroundTask().update(set).bin("score").add(1).expireRecordAfterSeconds(100).execute(),
    );
    for (const id of [0, 1]) {
      const { ttl } = await target.session.get(set.id(id));
      expect(ttl).toBeGreaterThan(90);
      expect(ttl).toBeLessThanOrEqual(100);
    }
    await finish(await target.session.backgroundTask().update(set).bin("score").add(1).neverExpire().execute());
    expect((await target.session.get(set.id(0))).ttl).toBe(-1);
  });

  it("has nothing to do for a set that nobody has written to", async () => {
    const task = await target.session.backgroundTask().update(target.dataSet()).bin("a").add(1).execute();
    await expect(finish(task)).resolves.toMatchObject({ state: "done", percent: 100, succeeded: 0, failed: 0 });
  });
});

describe("replaceIfExists", () => {
  it("leaves only what it writes", async () => {
    const set = await users(10);
    const task = await target.session
      .backgroundTask()
      .replaceIfExists(set)
      .where("$.age < 5")
      .bin("name")
      .setTo("new")
      .execute();
    await expect(finish(task)).resolves.toMatchObject({ succeeded: 5 });
    expect((await target.session.get(set.id(4))).bins).toEqual({ name: "new" });
    expect((await target.session.get(set.id(5))).bins.name).toBe("user 5");
  });
});

describe("replaceIfExists with an expression", () => {
  it("sees no bin of the old record", async () => {
    const set = await users(4);
    const task = await target.session
      .backgroundTask()
      .replaceIfExists(set)
      .bin("score")
      .upsertFrom("$.age + 1")
      .execute();
    await expect(finish(task)).resolves.toMatchObject({ state: "done", succeeded: 0, failed: 4 });
    const constant = await target.session
      .backgroundTask()
      .replaceIfExists(set)
      .bin("score")
      .upsertFrom("40 + 2")
      .execute();
    await expect(finish(constant)).resolves.toMatchObject({ succeeded: 4, failed: 0 });
    expect((await target.session.get(set.id(2))).bins).toEqual({ score: 42 });
  });
});

describe("delete", () => {
  it("deletes what the where clause keeps", async () => {
    const set = await users(40);
    const task = await target.session.backgroundTask().delete(set).where("$.active == false").execute();
    await expect(finish(task)).resolves.toMatchObject({ succeeded: 20, filteredByBins: 20 });
    expect((await read(set, 40)).map((user) => user !== undefined)).toEqual(
      Array.from({ length: 40 }, (_, id) => id % 2 === 0),
    );
    await expect(target.session.backgroundTask().delete(set).count()).resolves.toBe(20);
  });
});

describe("touch", () => {
  it("renews the generation and gives the time to live that was asked for", async () => {
    const set = await users(10);
    const task = await target.session.backgroundTask().touch(set).expireRecordAfterSeconds(1_000).execute();
    await expect(finish(task)).resolves.toMatchObject({ succeeded: 10 });
    const { generation, ttl, bins } = await target.session.get(set.id(1));
    expect(generation).toBe(2);
    expect(ttl).toBeGreaterThan(990);
    expect(bins.name).toBe("user 1");
  });
});

describe("executeUdf", () => {
  const SOURCE = `
    function bump(rec, bin, by)
      rec[bin] = (rec[bin] or 0) + by
      aerospike:update(rec)
    end
    function fail(rec)
      error("no")
    end
    function drop(rec)
      aerospike:remove(rec)
    end
  `;
  let module: string;

  beforeAll(async () => {
    module = target.uniqueName();
    const registered = await target.session.registerUdf(SOURCE, `${module}.lua`);
    await registered.waitTillComplete({ totalTimeout: 20_000 });
  });

  afterAll(async () => {
    const removed = await target.session.removeUdf(`${module}.lua`);
    await removed.waitTillComplete({ totalTimeout: 20_000 });
  });

  it("calls the function with its arguments on the records kept", async () => {
    const set = await users(20);
    await target.session.upsert(set.id(0)).bin("score").setTo(0).expireRecordAfterSeconds(5_000).execute();
    const task = await target.session
      .backgroundTask()
      .executeUdf(set)
      .function(module, "bump")
      .passing("score", 1_000)
      .where("$.age < 10")
      .execute();
    expect(task.kind).toBe("udf");
    await expect(finish(task)).resolves.toMatchObject({ succeeded: 10, failed: 0 });
    const scores = (await read(set, 20)).map((user) => user?.score);
    expect(scores).toEqual(Array.from({ length: 20 }, (_, id) => (id < 10 ? id + 1_000 : id)));
    expect((await target.session.get(set.id(0))).ttl).toBeGreaterThan(4_900);
  });

  it("counts calls that fail", async () => {
    const set = await users(10);
    const task = await target.session.backgroundTask().executeUdf(set).function(module, "fail").execute();
    await expect(finish(task)).resolves.toMatchObject({ state: "done", succeeded: 0, failed: 10 });
  });

  it("can delete", async () => {
    const set = await users(10);
    await finish(await target.session.backgroundTask().executeUdf(set).function(module, "drop").execute());
    await expect(target.session.backgroundTask().delete(set).count()).resolves.toBe(0);
  });

  it("says so when the package is not registered, before any record fails", async () => {
    const set = await users(1);
    const start = target.session.backgroundTask().executeUdf(set).function("nosuchpackage", "f").execute();
    await expect(start).rejects.toMatchObject({ code: "UDF", message: expect.stringContaining("nosuchpackage") });
  });
});

describe("the handle", () => {
  it("reports progress while a slow job runs, and can stop it", async () => {
    const set = await users(MANY);
    const task = await target.session.backgroundTask().update(set).recordsPerSecond(20).bin("score").add(1).execute();
    const seen: TaskProgress[] = [];
    for await (const progress of task) {
      seen.push(progress);
      if (progress.succeeded !== null && progress.succeeded > 0) break;
    }
    await expect(task.queryStatus()).resolves.toBe("inProgress");
    const outcome = await task.abort();
    expect([...outcome.aborted].sort()).toEqual([...task.nodes].sort());
    await expect(finish(task)).rejects.toMatchObject({ code: "TASK_ABORTED", summary: { state: "aborted" } });
    const { succeeded } = await task.progress();
    expect(succeeded).toBeGreaterThan(0);
    expect(succeeded).toBeLessThan(MANY);
    const again = await task.abort();
    expect([...again.notActive].sort()).toEqual([...task.nodes].sort());
  });

  it("is found again by its id, and in the list of jobs", async () => {
    const set = await users(10);
    const id = BigInt(Date.now()) * 1_000n + 17n;
    const task = await target.session.backgroundTask().touch(set).withTaskId(id).execute();
    expect(task.id).toBe(id);
    await finish(task);
    const attached = target.session.backgroundTask().attach(id);
    expect(attached.kind).toBe("unknown");
    await expect(finish(attached)).resolves.toMatchObject({ state: "done", succeeded: 10 });
    const jobs = (await target.session.backgroundTask().list({ namespace: "test" })).filter(
      ({ taskId }) => taskId === id,
    );
    expect(jobs.map(({ node }) => node).sort()).toEqual([...task.nodes].sort());
    expect(jobs[0]).toMatchObject({ type: "operations", setName: set.setName, active: false, outcome: "ok" });
  });

  it("knows a task id that nobody has used", async () => {
    const attached = target.session.backgroundTask().attach(BigInt(Date.now()) * 1_000n + 99n);
    await expect(attached.queryStatus()).resolves.toBe("notFound");
    await expect(attached.progress()).resolves.toMatchObject({ state: "unknown", percent: null, succeeded: null });
    await expect(finish(attached)).rejects.toMatchObject({ code: "TASK_UNKNOWN", summary: { state: "unknown" } });
  });

  it("refuses a task id for the second time", async () => {
    const set = await users(5);
    const id = BigInt(Date.now()) * 1_000n + 23n;
    await finish(await target.session.backgroundTask().touch(set).withTaskId(id).execute());
    const again = target.session.backgroundTask().touch(set).withTaskId(id).execute();
    await expect(again).rejects.toMatchObject({
      code: "PARAMETER",
      message: expect.stringContaining(`task id ${id} was used before`),
    });
    expect((await target.session.get(set.id(0))).generation).toBe(2);
  });

  it("leaves the job running when the wait times out", async () => {
    const set = await users(MANY);
    const task = await target.session.backgroundTask().update(set).recordsPerSecond(10).bin("score").add(1).execute();
    await expect(task.waitTillComplete({ totalTimeout: 150 })).rejects.toMatchObject({ code: "TIMEOUT" });
    await expect(task.queryStatus()).resolves.toBe("inProgress");
    await task.abort();
  });

  it("ends the wait when the client is closed, and the job goes on", async () => {
    const set = await users(MANY);
    const client = await connect(target.hosts);
    const own = client.createSession().backgroundTask();
    const task = await own.update(set).recordsPerSecond(10).bin("score").add(1).execute();
    const wait = task.waitTillComplete({ pollIntervalMs: 60_000 }).catch((reason: unknown) => reason);
    await task.progress();
    await client.close();
    expect(await wait).toMatchObject({ code: "CLIENT_CLOSED" });
    expect(() => own.attach(task.id)).toThrow(expect.objectContaining({ code: "CLIENT_CLOSED" }));
    const attached = target.session.backgroundTask().attach(task.id);
    await expect(attached.queryStatus()).resolves.toBe("inProgress");
    await attached.abort();
    await expect(finish(attached)).rejects.toMatchObject({ code: "TASK_ABORTED" });
  });

  it("is of one task among several on the same records", async () => {
    const set = await users();
    const background = target.session.backgroundTask();
    const tasks = await Promise.all([
      background.update(set).bin("score").add(1).execute(),
      background.update(set).bin("score").add(1_000).execute(),
      background.touch(set).execute(),
    ]);
    for (const task of tasks) await expect(finish(task)).resolves.toMatchObject({ succeeded: RECORDS, failed: 0 });
    expect((await read(set)).map((user) => user?.score)).toEqual(Array.from({ length: RECORDS }, (_, i) => i + 1_001));
    expect((await target.session.get(set.id(0))).generation).toBe(4);
  });
});

describe("count and explain", () => {
  it("count what a task would change, without changing it", async () => {
    const set = await users();
    const builder = target.session.backgroundTask().delete(set).where("$.age < ?0", 50);
    await expect(builder.count()).resolves.toBe(50);
    await expect(target.session.backgroundTask().delete(set).count()).resolves.toBe(RECORDS);
  });

  it("explain what would be sent", async () => {
    const set = await users(1);
    const plan = await target.session
      .backgroundTask()
      .update(set)
      .where("$.age > 30")
      .bin("score")
      .add(1)
      .recordsPerSecond(50)
      .explain();
    expect(plan).toMatchObject({
      kind: "update",
      namespace: "test",
      setName: set.setName,
      operations: ['add 1 to bin "score"'],
      where: "$.age > 30",
      ttl: -2,
      durableDelete: false,
      recordsPerSecond: 50,
      warnings: [],
    });
    expect(plan.nodes).toHaveLength(target.client.nodes.length);
    const whole = await target.session.backgroundTask().delete(set).withDurableDelete().explain();
    expect(whole.warnings).toEqual([
      expect.stringContaining(`every record of set ${set.setName}`),
      expect.stringContaining("Enterprise Edition"),
    ]);
  });
});

describe("wrong worlds", () => {
  it("name the namespaces that exist", async () => {
    const start = target.session.backgroundTask().touch(DataSet.of("nowhere", "users")).execute();
    await expect(start).rejects.toMatchObject({ code: "INVALID_NAMESPACE", message: expect.stringContaining("test") });
  });

  it("name the server's cap on the rate", async () => {
    const set = await users(1);
    const start = target.session.backgroundTask().touch(set).recordsPerSecond(2_000_000).execute();
    await expect(start).rejects.toMatchObject({
      code: "PARAMETER",
      message: expect.stringContaining("background-query-max-rps"),
    });
  });

  it("name the index that does not exist", async () => {
    const set = await users(1);
    const start = target.session
      .backgroundTask()
      .touch(set)
      .filter(Filter.range("nobin", 1, 2))
      .execute();
    await expect(start).rejects.toMatchObject({ code: "INDEX_NOT_FOUND" });
  });
});
