import type { CampaignInfo, JobsSnapshot, WatchedJob, WatchJobsOptions } from "../background/campaign-api/campaigns.js";
import { type JobInfo, jobInfo } from "../background/job-info.js";
import { ClusterJobNodes } from "../background/job-nodes.js";
import { QUESTION } from "../cluster/info-client.js";
import { AbortError, AerospikeError } from "../errors/errors.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import { storesOf } from "./campaigns.js";
import { looksLikeSliceOf } from "./slice-task-id.js";

const DEFAULT_INTERVAL_MS = 1_000;
/** Campaigns change slowly, and each look reads their records. */
const CAMPAIGNS_EVERY_MS = 2_000;

/** Looks at the jobs of all nodes again and again, until the loop is left. */
export async function* watchJobs(
  context: SessionContext,
  options: WatchJobsOptions,
): AsyncGenerator<JobsSnapshot, void, undefined> {
  const { intervalMs = DEFAULT_INTERVAL_MS, namespace, signal, finished = false } = options;
  const { cluster } = context;
  const { runtime } = cluster;
  const deadline = cluster.deadline(0, signal);
  let before = new Map<bigint, Seen>();
  let campaigns: readonly CampaignInfo[] = [];
  let campaignsAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    const { jobs, silentNodes } = await listJobs(context, deadline);
    const now = runtime.now();
    // A task that was not there before may be the first slice of a campaign.
    const isNews = jobs.some(({ taskId }) => !before.has(taskId));
    if (isNews || now - campaignsAt >= CAMPAIGNS_EVERY_MS) {
      campaigns = await listCampaigns(context, namespace, deadline);
      campaignsAt = now;
    }
    const seen = new Map<bigint, Seen>();
    const watched: WatchedJob[] = [];
    for (const perNode of groupByTask(jobs)) {
      const job = watchedJob(perNode, campaigns, before, now);
      seen.set(job.taskId, { succeeded: job.succeeded, at: now });
      if ((finished || job.active) && (namespace === undefined || job.namespace === namespace)) watched.push(job);
    }
    before = seen;
    yield { jobs: watched, campaigns, silentNodes };
    await deadline.sleep(intervalMs);
  }
}

interface Seen {
  readonly succeeded: number;
  readonly at: number;
}

async function listJobs(context: SessionContext, deadline: Deadline) {
  const nodes = new ClusterJobNodes(context.cluster);
  const silentNodes: string[] = [];
  const perNode = await Promise.all(
    context.cluster.nodes.map(async ({ id }) => {
      try {
        return (await nodes.list(id, deadline, QUESTION)).map((status) => jobInfo(id, status));
      } catch (error) {
        if (!isOfNode(error)) throw error;
        deadline.throwIfAborted("watch");
        silentNodes.push(id);
        return [];
      }
    }),
  );
  return { jobs: perNode.flat().filter((job) => job !== undefined), silentNodes };
}

/** Of the namespaces that have such a store; one that can't be read has none. */
async function listCampaigns(
  { cluster, ...context }: SessionContext,
  namespace: string | undefined,
  deadline: Deadline,
): Promise<readonly CampaignInfo[]> {
  const names = namespace === undefined ? cluster.namespaces : [namespace];
  const { signal } = deadline;
  const lists = await Promise.all(
    names.map((name) =>
      storesOf({ cluster, ...context }, name)
        .list(signal ? { signal } : {})
        .catch((error: unknown) => {
          if (isOfNode(error)) return [];
          throw error;
        }),
    ),
  );
  return lists.flat();
}

function isOfNode(error: unknown): boolean {
  return error instanceof AerospikeError && !(error instanceof AbortError) && error.code !== "CLIENT_CLOSED";
}

function groupByTask(jobs: readonly JobInfo[]): JobInfo[][] {
  const groups = new Map<bigint, JobInfo[]>();
  for (const job of jobs) groups.set(job.taskId, [...(groups.get(job.taskId) ?? []), job]);
  return [...groups.values()];
}

function watchedJob(
  perNode: readonly JobInfo[],
  campaigns: readonly CampaignInfo[],
  before: ReadonlyMap<bigint, Seen>,
  now: number,
): WatchedJob {
  const [first] = perNode;
  if (first === undefined) throw new RangeError("A task runs on one node at least");
  const { taskId, namespace, setName, type, udf, recordsPerSecond, startedFrom } = first;
  const campaign = campaignOf(taskId, campaigns);
  const succeeded = sum(perNode.map((job) => job.succeeded));
  const seen = before.get(taskId);
  const percents = perNode.map((job) => job.percent);
  const percent = percents.includes(null) ? null : sum(percents.map((one) => one ?? 0)) / perNode.length;
  return {
    taskId,
    namespace,
    setName,
    type,
    udf,
    active: perNode.some(({ active }) => active),
    percent: percent === null ? null : Math.round(100 * percent) / 100,
    succeeded,
    failed: sum(perNode.map((job) => job.failed)),
    measuredPerSecond:
      seen === undefined || now <= seen.at
        ? null
        : Math.max(0, Math.round((1000 * (succeeded - seen.succeeded)) / (now - seen.at))),
    recordsPerSecond,
    msLeft: longestLeft(perNode),
    owner: campaign?.holder?.owner ?? startedFrom,
    where: campaign?.checkpoint.text.where,
    campaign: campaign?.id,
    perNode,
  };
}

/** The campaign that has the task under way, or has had it. */
function campaignOf(taskId: bigint, campaigns: readonly CampaignInfo[]): CampaignInfo | undefined {
  return (
    campaigns.find(({ checkpoint: { open } }) => open?.taskId === String(taskId)) ??
    campaigns.find(({ id }) => looksLikeSliceOf(id, taskId))
  );
}

/** The task is done when its slowest node is. */
function longestLeft(perNode: readonly JobInfo[]): number | null {
  let longest = 0;
  for (const { active, percent, runTimeMs } of perNode) {
    if (!active) continue;
    if (percent === null || percent <= 0) return null;
    longest = Math.max(longest, (runTimeMs * (100 - percent)) / percent);
  }
  return Math.round(longest);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
