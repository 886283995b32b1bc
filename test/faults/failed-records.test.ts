import { describe, expect, it } from "vitest";
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
    const builder = lab.session
      .backgroundTask()
      .update(lab.set)
      .bin("runs")
      .append("x" as never)
      .bin("id")
      .setTo(1)
      .bin("id")
      .append("x" as never);
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
