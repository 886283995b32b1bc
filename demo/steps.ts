import type { DataSet, ExecuteTask, Session, TaskSummary } from "../src/index.js";
import { TaskAbortedError } from "../src/index.js";
import { countWhere, type Person } from "./people.js";
import type { View } from "./view.js";

/** One job of the demo and whether it did what the loaded people say it must. */
export interface StepResult {
  readonly job: string;
  readonly state: string;
  readonly changed: number;
  readonly filtered: number;
  readonly runTimeMs: number;
  readonly expected: string;
  readonly verified: boolean;
}

export interface Stage {
  readonly session: Session;
  readonly people: DataSet<Person>;
  readonly total: number;
  /** Name of the registered Lua module. */
  readonly module: string;
  readonly view: View;
  /** Fires when the demo is to stop. */
  readonly signal: AbortSignal;
  /** Told of each task, so that Ctrl-C can stop it. */
  readonly onTask: (task: ExecuteTask) => void;
}

export const LUA = `
-- Sets a level by the number of visits.
function grade(rec, bin)
  local visits = rec["visits"]
  if visits >= 50 then
    rec[bin] = "gold"
  else
    rec[bin] = "silver"
  end
  aerospike:update(rec)
end
`;

type Step = (stage: Stage) => Promise<StepResult>;

const update: Step = async ({ session, people, total, view, signal, onTask }) => {
  view.heading('update: add 10 to the score of "$.active == true and $.age >= 30"');
  const task = await session
    .backgroundTask()
    .update(people)
    .where("$.active == true and $.age >= ?0", 30)
    .bin("score")
    .add(10)
    .bin("visits")
    .add(1)
    .execute({ signal });
  onTask(task);
  const summary = await view.follow(task, signal);
  const expected = countWhere(total, ({ active, age }) => active && age >= 30);
  const found = await session
    .backgroundTask()
    .update(people)
    .where("$.score == 10")
    .bin("score")
    .add(0)
    .count({ signal });
  return result("update", summary, expected, found);
};

const touch: Step = async ({ session, people, total, view, signal, onTask }) => {
  view.heading("touch: an hour to live for \"$.country == 'NO'\"");
  const builder = session.backgroundTask().touch(people).where("$.country == 'NO'");
  builder.expireRecordAfterSeconds(3_600);
  for (const warning of (await builder.explain({ signal })).warnings) view.line(`warning: ${warning}`);
  const task = await builder.execute({ signal });
  onTask(task);
  const summary = await view.follow(task, signal);
  const expected = countWhere(total, ({ country }) => country === "NO");
  // Where the namespace has a default, the others have a time to live as well.
  const found = await session.backgroundTask().touch(people).where("$.ttl() > 0 and $.ttl() <= 3600").count({ signal });
  return result("touch", summary, expected, found);
};

const udf: Step = async ({ session, people, total, module, view, signal, onTask }) => {
  view.heading('Lua: grade(record, "level") over "$.age < 30"');
  const task = await session
    .backgroundTask()
    .executeUdf(people)
    .function(module, "grade")
    .passing("level")
    .where("$.age < 30")
    .execute({ signal });
  onTask(task);
  const summary = await view.follow(task, signal);
  const expected = countWhere(total, ({ age }) => age < 30);
  const found = await session.backgroundTask().touch(people).where("$.level in ['gold', 'silver']").count({ signal });
  return result("Lua function", summary, expected, found);
};

const remove: Step = async ({ session, people, total, view, signal, onTask }) => {
  view.heading('delete: "$.active == false and $.age > 60"');
  const task = await session
    .backgroundTask()
    .delete(people)
    .where("$.active == false and $.age > 60")
    .execute({ signal });
  onTask(task);
  const summary = await view.follow(task, signal);
  const expected = countWhere(total, ({ active, age }) => !active && age > 60);
  const left = await session.backgroundTask().delete(people).count({ signal });
  return result("delete", summary, expected, total - left);
};

const abort: Step = async ({ session, people, total, view, signal, onTask }) => {
  view.heading("abort: mark everyone, slowly, and stop half-way");
  const rate = Math.max(1, Math.floor(total / 10));
  const task = await session
    .backgroundTask()
    .update(people)
    .bin("marked")
    .setTo(1)
    .recordsPerSecond(Math.min(rate, 10_000))
    .execute({ signal });
  onTask(task);
  const summary = await untilHalfWay(task, view, signal);
  const found = await session.backgroundTask().touch(people).where("$.marked == 1").count({ signal });
  const counted = summary.succeeded ?? -1;
  return {
    ...result("abort half-way", summary, counted, found),
    expected: "as counted",
    verified: summary.state === "aborted" && counted === found && found < total,
  };
};

/** Stops the task once it is half-way, and returns how far it really came. */
async function untilHalfWay(task: ExecuteTask, view: View, signal: AbortSignal): Promise<TaskSummary> {
  let stopping: Promise<unknown> | undefined;
  try {
    return await view.follow(task, signal, ({ percent, state }) => {
      if ((percent ?? 0) >= 50 && state === "active") stopping ??= task.abort();
    });
  } catch (error) {
    if (error instanceof TaskAbortedError) return error.summary;
    throw error;
  } finally {
    await stopping;
  }
}

function result(job: string, summary: TaskSummary, expected: number, found: number): StepResult {
  const { state, succeeded, filteredByBins, filteredByMeta, runTimeMs } = summary;
  return {
    job,
    state,
    changed: succeeded ?? -1,
    filtered: (filteredByBins ?? 0) + (filteredByMeta ?? 0),
    runTimeMs: runTimeMs ?? 0,
    expected: String(expected),
    verified: state === "done" && succeeded === expected && found === expected && summary.failed === 0,
  };
}

export const STEPS: readonly Step[] = [update, touch, udf, remove, abort];
