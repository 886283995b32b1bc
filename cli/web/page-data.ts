import type { CampaignInfo, JobsSnapshot } from "../../src/index.js";
import type { PageCampaign, PageJob } from "./page-types.js";

export function pageCampaign({ id, status, holder, percent, msLeft, checkpoint }: CampaignInfo): PageCampaign {
  const { text, counters, recordsPerSecond } = checkpoint;
  return {
    id,
    target: text.setName === "" ? text.namespace : `${text.namespace}.${text.setName}`,
    does: [text.kind, ...text.operations].join(", "),
    where: text.where ?? "every record",
    status: status === "running" && holder === undefined ? "interrupted" : status,
    holder: holder?.owner,
    percent,
    msLeft,
    succeeded: counters.succeeded,
    failed: counters.failed,
    recordsPerSecond,
  };
}

export function pageJobs({ jobs }: JobsSnapshot): PageJob[] {
  return jobs.map((job) => ({
    id: String(job.taskId),
    target: job.setName === "" ? job.namespace : `${job.namespace}.${job.setName}`,
    does: job.udf ?? job.type,
    campaign: job.campaign,
    owner: job.owner ?? "",
    active: job.active,
    percent: job.percent,
    msLeft: job.msLeft,
    succeeded: job.succeeded,
    failed: job.failed,
    measuredPerSecond: job.measuredPerSecond,
    recordsPerSecond: job.recordsPerSecond,
    nodes: job.perNode.map(({ node, percent, succeeded, failed }) => ({ node, percent, succeeded, failed })),
  }));
}
