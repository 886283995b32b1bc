import type { PreviewRecord } from "../../../src/index.js";
import type { Cli } from "../../cli.js";
import { clusterWords, confirmInProduction } from "../../confirm.js";
import type { OpenCluster } from "../../connection/open-cluster.js";
import { ExitCode } from "../../exit-code.js";
import { bytes, count, duration } from "../../output/numbers.js";
import { toJson } from "../../output/to-json.js";
import { parseWhole } from "../../values/parse-value.js";
import { stringifyTyped } from "../../values/typed-json.js";
import { applyOnce, campaignOptions } from "./campaign-options.js";
import type { TaskFlags } from "./task-options.js";
import type { TaskRun } from "./task-run.js";

/** Says what would be done: plan, count, size, time, and some of the records. Changes none of them. */
export async function dryRun(cli: Cli, open: OpenCluster, run: TaskRun, flags: TaskFlags): Promise<ExitCode> {
  const { screen, signal } = cli;
  const shown = parseWhole("--preview", flags.preview, 0, 100);
  // Nothing of a campaign is written before it is executed: it is the one that can look so far ahead.
  const work = run.builder.campaign(flags.campaign ?? "dry-run", campaignOptions(flags));
  applyOnce(work, flags);
  const scratch = flags.previewChanges === true;
  if (scratch) await confirmInProduction(cli, open, { what: "change copies of records in a scratch set" }, flags);
  const about = await work.explain({ signal });
  const plan = flags.campaign === undefined ? await run.builder.explain({ signal }) : about;
  const records = flags.count ? await work.count({ signal }) : undefined;
  const preview = shown === 0 ? [] : await work.preview(shown, { scratch, signal });
  if (flags.json === true) {
    const { ms, bytes: size } = about;
    const words = JSON.parse(
      stringifyTyped(
        preview.map(({ digest, before, after }) => ({ digest, before, ...(scratch && { after: after ?? null }) })),
      ),
    );
    await screen.print(
      toJson({
        event: "dry-run",
        cluster: open.name,
        records: records ?? about.records,
        bytes: size,
        ms,
        plan,
        preview: words,
      }),
    );
    return ExitCode.DONE;
  }
  await screen.print(`${String(plan)}\n  on: ${clusterWords(open)}`);
  // The plan of a campaign has both.
  if (flags.campaign === undefined) {
    await screen.print(
      `  records now: ${records === undefined ? `about ${count(about.records)}` : count(records)}${about.bytes === undefined ? "" : `, about ${bytes(about.bytes)}`}`,
    );
    await screen.print(`  time: about ${duration(about.ms)}`);
  }
  if (preview.length > 0)
    await screen.print(`  ${preview.length} of them${scratch ? ", as they are and would become" : ", as they are"}:`);
  for (const record of preview) await screen.print(previewLines(record, scratch));
  await screen.print(scratch ? "Nothing but copies was changed." : "Nothing was changed.");
  return ExitCode.DONE;
}

function previewLines({ digest, before, after, error }: PreviewRecord, scratch: boolean): string {
  const first = `    ${digest} ${stringifyTyped(before)}`;
  if (!scratch) return first;
  const then =
    error !== undefined ? `fails: ${error.message}` : after === null ? "would be gone" : stringifyTyped(after);
  return `${first}\n    ${" ".repeat(digest.length - 3)}-> ${then}`;
}
