import { type Command, Option } from "commander";
import type { Cli } from "./cli.js";
import type { OpenCluster } from "./connection/open-cluster.js";
import { ExitCode } from "./exit-code.js";
import { CliError } from "./failure.js";
import { canAsk } from "./io.js";
import { more } from "./more-options.js";
import { counted } from "./output/numbers.js";

/** What is about to be changed. */
export interface Change {
  /** Such as `update 12,345 records of test.users`: what is asked is "Really …, on cluster …?" */
  readonly what: string;
  /** What has to be typed instead of a yes. */
  readonly typed?: { readonly what: string; readonly text: string } | undefined;
}

export interface ConfirmFlags {
  readonly yes?: boolean | undefined;
  readonly production?: string | undefined;
}

/** The options that answer beforehand. */
export function addConfirmOptions(command: Command): Command {
  return command
    .option("-y, --yes", "don't ask: for scripts")
    .addOption(more(new Option("--production <cluster>", "the second yes on a production cluster: its name")));
}

/** How the user knows the cluster, with its size: `cluster prod (3 nodes)`. */
export function clusterWords({ name, cluster }: OpenCluster): string {
  return `cluster ${name} (${counted(cluster.nodes.length, "node")})`;
}

/**
 * Asks whether something may be changed, twice where the cluster is in production.
 * @throws CliError NOT_CONFIRMED for anything but a yes, also where there is nobody to ask
 */
export async function confirm(cli: Cli, open: OpenCluster, change: Change, flags: ConfirmFlags): Promise<void> {
  if (flags.yes !== true) await ask(cli, open, change);
  if (!open.production) return;
  if (flags.production !== undefined) {
    if (flags.production === open.name) return;
    throw refusal(`--production: expected "${open.name}", the name of the cluster, got "${flags.production}"`);
  }
  if (!canAsk(cli.io)) {
    throw refusal(
      `cluster "${open.name}" is marked as production: --production ${open.name} has to say that it is meant`,
    );
  }
  await expectTyped(cli, `This is production. Type the name of the cluster to go on (${open.name})`, open.name);
}

/** As {@link confirm}, for what needs no question where the cluster is not in production: the command says it all. */
export async function confirmInProduction(
  cli: Cli,
  open: OpenCluster,
  change: Change,
  flags: ConfirmFlags,
): Promise<void> {
  if (open.production) await confirm(cli, open, change, flags);
}

async function ask(cli: Cli, open: OpenCluster, { what, typed }: Change): Promise<void> {
  const { io } = cli;
  const question = `${what[0]?.toUpperCase()}${what.slice(1)} on ${clusterWords(open)}`;
  if (!canAsk(io)) throw refusal(`${question}: there is no terminal to ask at; --yes says that it is meant`);
  if (typed === undefined) {
    if ((await io.prompter.confirm(`${question}?`)) !== true) throw refusal("not confirmed");
    return;
  }
  await expectTyped(cli, `${question}? Type ${typed.what} to go on (${typed.text})`, typed.text);
}

async function expectTyped(cli: Cli, question: string, expected: string): Promise<void> {
  const given = await cli.io.prompter.text(question);
  if (given === undefined) throw refusal("not confirmed");
  if (given.trim() !== expected) throw refusal(`expected "${expected}", got "${given}"`);
}

function refusal(message: string): CliError {
  return new CliError(ExitCode.NOT_CONFIRMED, `${message}. Nothing was changed.`);
}
