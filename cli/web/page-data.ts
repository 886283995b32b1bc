import type { CampaignCheckpoint, CampaignInfo, JobsSnapshot, WatchedJob } from "../../src/index.js";
import type { PageCampaign, PageJob, PageNode } from "./page-types.js";

/** @param rateOf the rate of a campaign by its id, as {@link PageCampaign.recordsPerSecond} has it */
export function pageCampaigns(
  { campaigns, jobs }: JobsSnapshot,
  rateOf: (campaign: string) => number | null,
): PageCampaign[] {
  return campaigns.map((campaign) => ({ ...pageCampaign(campaign, jobs), recordsPerSecond: rateOf(campaign.id) }));
}

function pageCampaign(
  { id, status, holder, percent, msLeft, checkpoint }: CampaignInfo,
  jobs: readonly WatchedJob[],
): Omit<PageCampaign, "recordsPerSecond"> {
  const { text, counters, phase } = checkpoint;
  const slices = jobs.filter(({ campaign }) => campaign === id);
  const slice = slices.find(({ active }) => active) ?? slices[0];
  return {
    id,
    target: text.setName === "" ? text.namespace : `${text.namespace}.${text.setName}`,
    does: [text.kind, ...text.operations].join(", "),
    where: text.where ?? "every record",
    status: status === "running" && holder === undefined ? "interrupted" : status,
    removesMarks: phase === "unmark",
    holder: holder?.owner,
    percent,
    msLeft,
    succeeded: counters.succeeded,
    failed: counters.failed,
    nodes: status === "running" && slice !== undefined ? pageNodes(slice) : [],
  };
}

/** Records a second and node, of the slice that is under way or of the next one. */
export function rateOf({ open, recordsPerSecond }: CampaignCheckpoint): number | null {
  return open?.recordsPerSecond ?? recordsPerSecond;
}

export function pageJobs({ jobs }: JobsSnapshot): PageJob[] {
  return jobs
    .filter(({ campaign }) => campaign === undefined)
    .map((job) => ({
      id: String(job.taskId),
      target: job.setName === "" ? job.namespace : `${job.namespace}.${job.setName}`,
      does: job.udf ?? job.type,
      owner: job.owner ?? "",
      active: job.active,
      percent: job.percent,
      msLeft: job.msLeft,
      succeeded: job.succeeded,
      failed: job.failed,
      measuredPerSecond: job.measuredPerSecond,
      recordsPerSecond: job.recordsPerSecond,
      nodes: pageNodes(job),
    }));
}

function pageNodes({ perNode }: WatchedJob): PageNode[] {
  return perNode.map(({ node, percent }) => ({ node, percent })).sort((a, b) => (a.node < b.node ? -1 : 1));
}
