import type { CampaignEvent, ExecuteTask } from "../../../src/index.js";
import type { Cli } from "../../cli.js";
import { confirm } from "../../confirm.js";
import type { OpenCluster } from "../../connection/open-cluster.js";
import { ExitCode } from "../../exit-code.js";
import { usage } from "../../failure.js";
import { canAsk } from "../../io.js";
import { campaignDisplay } from "../../output/campaign-display.js";
import { counted } from "../../output/numbers.js";
import { toJson } from "../../output/to-json.js";
import { targetWords } from "../../values/target.js";
import { applyOnce, campaignOptions, refuseCampaignOptions } from "./campaign-options.js";
import { dryRun } from "./dry-run.js";
import type { TaskFlags } from "./task-options.js";
import type { TaskRun } from "./task-run.js";
import { watchCampaign } from "./watch-campaign.js";
import { watchTask } from "./watch-task.js";

/** A dry run, or: warnings, a question, the start, and watching. */
export async function runTask(cli: Cli, open: OpenCluster, run: TaskRun, flags: TaskFlags): Promise<ExitCode> {
  const { signal } = cli;
  refuseCampaignOptions(flags);
  if (flags.dryRun === true) return await dryRun(cli, open, run, flags);
  if (flags.campaign !== undefined) return await runCampaign(cli, open, run, flags.campaign, flags);
  const plan = await run.builder.explain({ signal });
  for (const warning of plan.warnings) cli.screen.warn(warning);
  await confirm(cli, open, await changeOf(cli, run, flags), flags);
  const task = await run.builder.execute({ signal });
  await announce(cli, task, flags);
  if (flags.detach === true) return ExitCode.DONE;
  return await watchTask(cli, task, flags);
}

async function runCampaign(cli: Cli, open: OpenCluster, run: TaskRun, id: string, flags: TaskFlags): Promise<ExitCode> {
  const { io, screen, signal } = cli;
  if (flags.detach === true) throw usage("--detach: a campaign is run by this process; it can be paused and resumed");
  const display = campaignDisplay(io, screen, flags.json === true);
  const options = { ...campaignOptions(flags), onEvent: (event: CampaignEvent) => display.tell(event) };
  const work = run.builder.campaign(id, options);
  applyOnce(work, flags);
  for (const warning of (await run.builder.explain({ signal })).warnings) screen.warn(warning);
  await confirm(cli, open, await changeOf(cli, run, flags), flags);
  const campaign = await work.execute({ signal });
  return await watchCampaign(cli, campaign, display, flags);
}

async function changeOf(cli: Cli, { target, verb, builder, destroys }: TaskRun, flags: TaskFlags) {
  const words = targetWords(target);
  const typed = destroys
    ? target.isWholeNamespace
      ? { what: "the name of the namespace", text: target.namespace }
      : { what: "the name of the set", text: target.setName }
    : undefined;
  // A count costs a walk through the index; who does not ask need not pay for it.
  const isAsked = flags.yes !== true && canAsk(cli.io);
  if (!isAsked || !flags.count) return { what: `${verb} records of ${words}`, typed };
  cli.screen.note("counting …");
  return { what: `${verb} ${counted(await builder.count({ signal: cli.signal }), "record")} of ${words}`, typed };
}

async function announce({ screen }: Cli, task: ExecuteTask, { json, detach }: TaskFlags): Promise<void> {
  if (json === true) {
    await screen.print(toJson({ event: "started", taskId: task.id, nodes: task.nodes, notStarted: task.notStarted }));
  } else if (detach === true) {
    await screen.print(String(task.id));
    screen.note(`started; to see it: aerowire jobs watch ${task.id}`);
  } else {
    screen.note(`task ${task.id} on ${counted(task.nodes.length, "node")}`);
  }
}
