import { describe, expect, it } from "vitest";
import { DataSet } from "../../src/index.js";
import { TaskLab, type TaskLabOptions } from "../support/faults/task-lab.js";

/** Nodes where expired records are not removed, so that none may be given a time to live. */
const NO_NSUP = { name: "test", nsupPeriod: 0 };

async function open(options: TaskLabOptions = {}): Promise<TaskLab> {
  return TaskLab.open({ records: 12, ...options });
}

/** Changes a setting of every node. */
async function setConfig(lab: TaskLab, command: string): Promise<void> {
  for (const node of lab.cluster.nodes) {
    const reply = await lab.lab.until(lab.cluster.info(node, [`set-config:${command}`], lab.cluster.deadline(1_000)));
    expect([...reply.values()]).toEqual(["ok"]);
  }
}

describe("records that all fail", () => {
  it("for their time to live, where expired records are not removed", async () => {
    await using lab = await open({ namespaces: [NO_NSUP] });
    const builder = lab.session.backgroundTask().touch(lab.set).expireRecordAfterSeconds(60);
    const cause = expect.stringContaining("nsup-period 0");
    const { warnings } = await lab.lab.until(builder.explain());
    expect(warnings).toEqual([expect.stringContaining("No where"), cause]);
    const task = await lab.lab.until(builder.execute());
    const summary = await lab.finish(task);
    expect(summary).toMatchObject({ state: "done", succeeded: 0, failed: 12, failureCauses: [cause] });
    const wait = task.waitTillComplete({ failOnRecordErrors: true });
    expect(await lab.lab.failure(wait)).toMatchObject({ code: "TASK_RECORDS_FAILED", message: cause });
  });

  it("not for a time to live that they keep, lose, or may have", async () => {
    await using lab = await open({ namespaces: [NO_NSUP] });
    const background = lab.session.backgroundTask();
    for (const builder of [
      background.touch(lab.set),
      background.touch(lab.set).neverExpire(),
      background.touch(lab.set).withNoChangeInExpiration(),
      lab.addOne(),
    ]) {
      expect((await lab.lab.until(builder.explain())).warnings).toHaveLength(1);
      expect(await lab.finish(await lab.lab.until(builder.execute()))).toMatchObject({ failed: 0, failureCauses: [] });
    }
    await setConfig(lab, "context=namespace;id=test;allow-ttl-without-nsup=true");
    const allowed = background.touch(lab.set).expireRecordAfterSeconds(60);
    expect((await lab.lab.until(allowed.explain())).warnings).toHaveLength(1);
  });

  it("for the size that their set may have", async () => {
    await using lab = await open();
    await setConfig(lab, "context=namespace;id=test;set=counters;stop-writes-size=10");
    const cause = expect.stringMatching(/set counters has \d+ bytes .* 10 \(stop-writes-size\)/i);
    expect((await lab.lab.until(lab.addOne().explain())).warnings).toContainEqual(cause);
    const summary = await lab.finish(await lab.lab.until(lab.addOne().execute()));
    expect(summary).toMatchObject({ failed: 12, failureCauses: [cause] });
    const attached = lab.session.backgroundTask().attach(summary.taskId);
    expect(await lab.finish(attached)).toMatchObject({ failed: 12, failureCauses: [cause] });
  });

  it("for the types of their bins", async () => {
    await using lab = await open();
    const untyped = DataSet.of(lab.set.namespace, lab.set.setName);
    const builder = lab.session
      .backgroundTask()
      .update(untyped)
      .bin("runs")
      .append("x")
      .bin("id")
      .setTo(1)
      .bin("id")
      .append("x");
    const cause = 'In 12 of 12 records looked at, bin "runs" holds an integer; an operation needs a string';
    expect((await lab.lab.until(builder.explain())).warnings).toEqual([
      expect.stringContaining("No where"),
      expect.stringContaining(cause),
    ]);
    expect(await lab.finish(await lab.lab.until(builder.execute()))).toMatchObject({
      failed: 12,
      failureCauses: [expect.stringContaining(cause)],
    });
  });

  it("for the types of their bins, where most nodes have none of the records", async () => {
    await using lab = await open({ nodes: 8, records: 1 });
    const untyped = DataSet.of(lab.set.namespace, lab.set.setName);
    const cause = expect.stringContaining('In 1 of 1 records looked at, bin "runs" holds an integer');
    for (let i = 0; i < 8; i++) {
      const task = await lab.lab.until(lab.session.backgroundTask().update(untyped).bin("runs").append("x").execute());
      expect(await lab.finish(task)).toMatchObject({ failed: 1, failureCauses: [cause] });
    }
  });

  it("names the nodes where the cause holds when it does not on all, whichever is asked", async () => {
    await using lab = await open({ records: 60 });
    const [first] = lab.cluster.nodes;
    const full = "set-config:context=namespace;id=test;stop-writes-avail-pct=100";
    await lab.lab.until(lab.cluster.info(first!, [full], lab.cluster.deadline(1_000)));
    await lab.lab.runtime.advance(30_000);
    const cause = `Namespace test is full and takes no writes (stop_writes), on ${first!.id}`;
    for (let i = 0; i < 5; i++) {
      const summary = await lab.finish(await lab.lab.until(lab.addOne().execute()));
      expect(summary.failed).toBeGreaterThan(0);
      expect(summary.failureCauses).toEqual([cause]);
    }
  });

  it("are enough to reject the wait, and to look for causes, where a node has forgotten its part", async () => {
    await using lab = await open({ records: 60 });
    const [, second] = lab.cluster.nodes;
    const forget = "set-config:context=service;query-max-done=0";
    await lab.lab.until(lab.cluster.info(second!, [forget], lab.cluster.deadline(1_000)));
    const untyped = DataSet.of(lab.set.namespace, lab.set.setName);
    const task = await lab.lab.until(lab.session.backgroundTask().update(untyped).bin("runs").append("x").execute());
    const error = await lab.lab.failure(task.waitTillComplete({ failOnRecordErrors: true }));
    expect(error).toMatchObject({
      code: "TASK_RECORDS_FAILED",
      message: expect.stringMatching(/could not change \d+ of its records or more: .*bin "runs" holds an integer/),
      summary: { failed: null },
    });
  });

  it("looks at bins once for the plan of a campaign, and counts", async () => {
    await using lab = await open();
    const queries = lab.faults.add({ command: "query", do: "delay", ms: 1 });
    const counted = async (work: Promise<unknown>): Promise<number> => {
      const before = queries.hits;
      await lab.lab.until(work);
      return queries.hits - before;
    };
    const task = () => lab.session.backgroundTask().update(lab.set).where("$.runs >= 0").bin("runs").add(1);
    const [explained, count] = [await counted(task().explain()), await counted(task().count())];
    expect(await counted(task().campaign("c").explain())).toBe(explained + count);
  });

  it("says where no record was looked at", async () => {
    await using lab = await open({ nodes: 3 });
    const [, second] = lab.cluster.nodes.map((node) => node.id);
    using _fault = lab.faults.add({ node: 1, command: "query", do: "answer", resultCode: 22 });
    const { warnings } = await lab.lab.until(lab.addOne().explain());
    expect(warnings).toContainEqual(
      `The bins of the operations could not be checked on ${second}: no sample of records came`,
    );
  });

  it("says nothing of causes when nobody can be asked for them any more", async () => {
    await using lab = await open({ namespaces: [NO_NSUP] });
    const task = await lab.lab.until(
      lab.session.backgroundTask().touch(lab.set).expireRecordAfterSeconds(60).execute(),
    );
    await lab.finish(task);
    using _ = lab.faults.add({ command: "info", do: "silence" });
    expect(await lab.finish(task)).toMatchObject({ state: "done", failed: 12, failureCauses: [] });
  });
});

describe("a start that is forbidden", () => {
  it("says that the node runs as many queries as it may", async () => {
    await using lab = await open();
    await setConfig(lab, "context=service;query-threads-limit=1");
    using gate = lab.faults.holdJobs();
    const first = await lab.lab.until(lab.addOne().execute());
    const error = await lab.lab.failure(lab.addOne().execute());
    expect(error).toMatchObject({ code: "FORBIDDEN", message: expect.stringContaining("query-threads-limit 1") });
    gate.release();
    await lab.finish(first);
  });

  it("says so of each node when only some refuse", async () => {
    await using lab = await open();
    using _ = lab.faults.add({ node: 1, command: "background", do: "answer", resultCode: 22 });
    const error = await lab.lab.failure(lab.addOne().execute());
    expect(error).toMatchObject({
      code: "BACKGROUND_START",
      message: expect.stringContaining(`Node ${lab.idOf(1)} forbids it: it runs as many queries`),
    });
  });
});

describe("a write that is forbidden", () => {
  const put = (lab: TaskLab, id: number) => lab.session.put(lab.set.id(id), { id, runs: 0 });

  it("says that the namespace refuses times to live", async () => {
    await using lab = await open({ namespaces: [NO_NSUP] });
    const write = lab.session.upsert(lab.set.id(1)).bin("runs").setTo(1).expireRecordAfterSeconds(60);
    const error = await lab.lab.failure(write.execute());
    expect(error).toMatchObject({
      code: "FORBIDDEN",
      resultCode: 22,
      message: expect.stringContaining("namespace test refuses a time to live (nsup-period 0"),
    });
  });

  it("says so of each of several records", async () => {
    await using lab = await open({ namespaces: [NO_NSUP] });
    const write = lab.session
      .upsert(lab.set.ids(1, 2, 3))
      .bin("runs")
      .setTo(1)
      .expireRecordAfterSeconds(60);
    const rows = await lab.lab.until((await lab.lab.until(write.execute({ onError: "inStream" }))).collect());
    expect(rows.map(({ error }) => error)).toEqual(
      rows.map(() =>
        expect.objectContaining({
          code: "FORBIDDEN",
          message: expect.stringContaining("namespace test refuses a time to live (nsup-period 0"),
        }),
      ),
    );
    expect(rows.length).toBe(3);
  });

  it("says which limit of the set it has met, and nothing of times to live that it does not give", async () => {
    await using lab = await open({ namespaces: [NO_NSUP] });
    await setConfig(lab, "context=namespace;id=test;set=counters;stop-writes-count=1");
    expect(await lab.lab.failure(put(lab, 1_000))).toMatchObject({
      code: "FORBIDDEN",
      message: expect.stringMatching(
        /set counters has \d+ records and takes no new ones beyond 1 \(stop-writes-count\)/,
      ),
    });
    await setConfig(lab, "context=namespace;id=test;set=counters;stop-writes-count=0");
    await setConfig(lab, "context=namespace;id=test;set=counters;stop-writes-size=10");
    expect(await lab.lab.failure(put(lab, 1))).toMatchObject({
      code: "FORBIDDEN",
      message: expect.stringContaining("beyond 10 (stop-writes-size)"),
    });
  });

  it("names the usual causes when none shows, and when the node does not tell", async () => {
    await using lab = await open();
    using _ = lab.faults.add({ command: "write", do: "answer", resultCode: 22 });
    const usual = "a time to live where nsup-period is 0";
    const error = await lab.lab.failure(put(lab, 1));
    expect(error).toMatchObject({
      message: expect.stringContaining(`none of the usual causes is found now: ${usual}`),
    });
    using _info = lab.faults.add({ command: "info", do: "silence" });
    const before = lab.lab.runtime.now();
    const untold = await lab.lab.failure(put(lab, 1));
    expect(untold).toMatchObject({ code: "FORBIDDEN", message: expect.stringContaining(`usual causes are ${usual}`) });
    expect(lab.lab.runtime.now() - before).toBeLessThan(1_500);
  });

  it("is asked about once for many that come together", async () => {
    await using lab = await open({ namespaces: [NO_NSUP], nodes: 1 });
    const questions: string[] = [];
    lab.lab.transport.onRequest = (bytes) => {
      const text = Buffer.from(bytes).toString("latin1");
      if (text.includes("namespace/test")) questions.push(text);
    };
    const writes = Array.from({ length: 50 }, (_, id) =>
      lab.session.upsert(lab.set.id(id)).bin("runs").setTo(1).expireRecordAfterSeconds(60).execute(),
    );
    const errors = await lab.lab.until(Promise.all(writes.map((write) => write.catch((error: unknown) => error))));
    for (const error of errors) expect(error).toMatchObject({ message: expect.stringContaining("nsup-period 0") });
    expect(questions).toHaveLength(1);
  });

  it("ends with the client while the node is asked", async () => {
    await using lab = await open();
    using _ = lab.faults.add({ command: "write", do: "answer", resultCode: 22 });
    using _info = lab.faults.add({ command: "info", do: "silence" });
    const failed = lab.lab.failure(put(lab, 1));
    await lab.lab.runtime.advance(100);
    await lab.lab.until(lab.client.close());
    expect(await failed).toMatchObject({ code: "FORBIDDEN" });
  });
});
