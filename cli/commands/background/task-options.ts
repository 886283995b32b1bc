import { type Command, Option } from "commander";
import { addWhere } from "../../cli.js";
import { addConfirmOptions, type ConfirmFlags } from "../../confirm.js";
import { usage } from "../../failure.js";
import { more } from "../../more-options.js";
import { parseWhole } from "../../values/parse-value.js";
import { applyWhere, type WhereFlags } from "../where.js";
import { addCampaignOptions, type CampaignFlags } from "./campaign-options.js";

/** What to do on Ctrl-C, or a signal to end. */
export type OnInterrupt = "ask" | "leave" | "pause" | "abort";

/** The options that all background tasks have. */
export interface TaskFlags extends WhereFlags, ConfirmFlags, CampaignFlags {
  readonly rps?: string | undefined;
  readonly index?: string | boolean | undefined;
  readonly id?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly preview: string;
  /** Whether the preview shows what records would become, by changing copies of them. */
  readonly previewChanges?: boolean | undefined;
  readonly count: boolean;
  readonly detach?: boolean | undefined;
  readonly onInterrupt: OnInterrupt;
  readonly json?: boolean | undefined;
}

export function addTaskOptions(command: Command): Command {
  addWhere(command)
    .option("--rps <n>", "records a second on each node")
    .option("-n, --dry-run", "count, plan, warnings, preview; changes nothing")
    .addOption(more(new Option("--preview <n>", "records that a dry run shows, 0 to 100; default 3").default("3")))
    .addOption(more(new Option("--preview-changes", "show what they would become: changes copies in a scratch set")))
    .addOption(more(new Option("--index <name>", "prefer this secondary index")))
    .addOption(more(new Option("--no-index", "go through all records")))
    .addOption(more(new Option("--id <n>", "task id, so that a start can be repeated safely")))
    .addOption(more(new Option("--no-count", "don't count the records before asking")))
    .addOption(more(new Option("--detach", "start it and don't watch")))
    .addOption(more(interruptOption(["ask", "leave", "pause", "abort"])))
    .option("--json", "JSON lines: started, progress, ended");
  return addConfirmOptions(addCampaignOptions(command));
}

/** What becomes of a task on Ctrl-C. */
export function interruptOption(choices: readonly OnInterrupt[]): Option {
  return new Option("--on-interrupt <what>", `on Ctrl-C: ${choices.join(", ")}; default: ask at a terminal, else leave`)
    .choices(choices)
    .default("ask");
}

/** What all builders of background tasks have in common here. */
interface AnyTaskBuilder {
  where(text: string, ...params: readonly never[]): unknown;
  recordsPerSecond(rate: number): unknown;
  withHint(hint: { readonly indexName: string }): unknown;
  withoutIndex(): unknown;
  withTaskId(id: bigint): unknown;
}

/** Puts the common options on a builder. */
export function applyTaskOptions<B extends AnyTaskBuilder>(builder: B, flags: TaskFlags): B {
  applyWhere(builder, flags);
  if (flags.rps !== undefined) builder.recordsPerSecond(parseWhole("--rps", flags.rps, 1, 0x7fff_ffff));
  if (typeof flags.index === "string") builder.withHint({ indexName: flags.index });
  if (flags.index === false) builder.withoutIndex();
  // A dry run looks at the work as a campaign does, which has no task id of its own.
  if (flags.id !== undefined && flags.dryRun !== true) builder.withTaskId(parseTaskId("--id", flags.id));
  return builder;
}

/** The id of a task. */
export function parseTaskId(about: string, text: string): bigint {
  if (/^\d{1,20}$/.test(text)) return BigInt(text);
  throw usage(`${about}: expected a whole number from 1 to 2^64-1, got "${text}"`);
}

/** The builders that know times to live. */
interface ExpiryBuilder {
  expireRecordAfterSeconds(seconds: number): unknown;
  neverExpire(): unknown;
  withNoChangeInExpiration(): unknown;
  expiryFromServerDefault(): unknown;
}

export const TTL_HELP = "60 (seconds), 30m, 7d, never, keep, default";

const UNIT_SECONDS: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** Puts a time to live on a builder. */
export function applyTtl<B extends ExpiryBuilder>(builder: B, ttl: string | undefined): B {
  if (ttl === undefined) return builder;
  if (ttl === "never") builder.neverExpire();
  else if (ttl === "keep") builder.withNoChangeInExpiration();
  else if (ttl === "default") builder.expiryFromServerDefault();
  else builder.expireRecordAfterSeconds(seconds(ttl));
  return builder;
}

function seconds(text: string): number {
  const [, digits = "", unit = ""] = /^(\d+)([smhd]?)$/.exec(text) ?? [];
  const factor = UNIT_SECONDS[unit];
  if (digits === "" || factor === undefined) {
    throw usage(`--ttl: expected seconds, 30m, 12h, 7d, never, keep or default, got "${text}"`);
  }
  return Number(digits) * factor;
}
