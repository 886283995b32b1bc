import { type Command, Option } from "commander";
import { explainAel, parseCtx } from "../../../src/ael/index.js";
import type { AnyBins, CreateIndexOptions, IndexedCollection } from "../../../src/index.js";
import type { Cli } from "../../cli.js";
import { addConfirmOptions, type ConfirmFlags, confirmInProduction } from "../../confirm.js";
import { usage } from "../../failure.js";
import { canAsk } from "../../io.js";
import { LiveText } from "../../output/live-text.js";
import { parseTarget, TARGET_HELP, targetWords } from "../../values/target.js";

const TYPES = ["integer", "string", "blob", "geo"] as const;
const COLLECTIONS = ["list", "mapKeys", "mapValues"] as const;

interface CreateFlags extends ConfirmFlags {
  readonly bin?: string | undefined;
  readonly expression?: string | undefined;
  readonly wholeSet?: boolean | undefined;
  readonly type?: (typeof TYPES)[number] | undefined;
  readonly collection?: IndexedCollection | undefined;
  readonly context?: string | undefined;
  readonly ifNotExists?: boolean | undefined;
  readonly detach?: boolean | undefined;
}

const EXAMPLES = `
Examples:
  $ aerowire index create test.users by_age --bin age --type integer
  $ aerowire index create test.users total --expression '$.a * 2' --type integer`;

export function addIndexCreate(group: Command, cli: Cli): void {
  const command = group
    .command("create")
    .description("create a secondary index and wait until it is built")
    .argument("<target>", TARGET_HELP)
    .argument("<name>", "of the index")
    .option("--bin <name>", "on a bin")
    .option("--expression <expression>", "on what an expression gives (server 8.1)")
    .option("--whole-set", "of which records the set has (server 8.1.2)")
    .addOption(new Option("--type <type>", `of its values: ${TYPES.join(", ")}`).choices(TYPES))
    .addOption(new Option("--collection <part>", `what is inside: ${COLLECTIONS.join(", ")}`).choices(COLLECTIONS))
    .option("--context <path>", "a place inside of the bin, as '$.address.city'")
    .option("--if-not-exists", "no error when the same index is there")
    .option("--detach", "don't wait");
  addConfirmOptions(command)
    .addHelpText("after", EXAMPLES)
    .action(
      cli.action(async (targetText: string, name: string, flags: CreateFlags) => {
        const target = parseTarget(targetText);
        const { signal, screen, io } = cli;
        const given = [flags.bin, flags.expression, flags.wholeSet].filter((one) => one !== undefined).length;
        if (given !== 1) throw usage("say what is indexed: one of --bin, --expression and --whole-set");
        if (flags.wholeSet === undefined && flags.type === undefined)
          throw usage(`--type: say one of ${TYPES.join(", ")}`);
        const { open, session } = await cli.session(command);
        await confirmInProduction(cli, open, { what: `create index ${name} on ${targetWords(target)}` }, flags);
        // Which of them go together is checked there, in words that fit here.
        const options = { ...definitionOf(flags), name, ifNotExists: flags.ifNotExists ?? false, signal };
        const task = await session.createIndex(target, options as CreateIndexOptions<AnyBins>);
        if (flags.detach !== true) {
          const live = canAsk(io) ? new LiveText(io.stderr) : undefined;
          await task.waitTillComplete({
            signal,
            onProgress: ({ percent }) => live?.show([`building ${percent.toFixed(0)}%`]),
          });
        }
        await screen.print(`${task.indexName} ${flags.detach === true ? "is being built" : "is built on every node"}`);
      }),
    );
}

/** What the flags say of the index. */
function definitionOf(flags: CreateFlags) {
  const { bin, expression, wholeSet, type, collection } = flags;
  return {
    ...(bin !== undefined && { bin }),
    ...(expression !== undefined && { expression }),
    ...(wholeSet !== undefined && { wholeSet }),
    ...(type !== undefined && { type }),
    ...(collection !== undefined && { collection }),
    ...(flags.context !== undefined && { context: contextOf(flags) }),
  };
}

/** The steps behind the bin. @throws CliError for a path of another bin */
function contextOf({ context = "", bin }: CreateFlags) {
  const steps = parseCtx(context);
  const ofPath = explainAel(`${context}.exists()`).bins[0]?.name;
  if (bin === undefined) throw usage("--context is a place inside of a bin: say which with --bin");
  if (ofPath !== bin) throw usage(`--context: the path begins with the bin "${ofPath}", but --bin is "${bin}"`);
  return steps;
}
