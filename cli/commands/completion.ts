import { Argument, type Command } from "commander";
import type { Cli } from "../cli.js";
import { candidates } from "../completion/candidates.js";
import { clusterLookup } from "../completion/lookup.js";
import { SCRIPTS, SHELLS, type ShellName } from "../completion/scripts.js";
import { readConfig } from "../connection/config-file.js";
import type { ConnectionFlags } from "../connection/connection-options.js";

/** A shell that waits is worse than one that offers nothing. */
const TIMEOUT_MS = 1_500;

export function addCompletion(program: Command, cli: Cli): void {
  program
    .command("completion")
    .description("completion for bash, zsh and fish")
    .addArgument(new Argument("<shell>", "bash, zsh or fish").choices(SHELLS))
    .addHelpText("after", '\nExamples:\n  $ eval "$(aerowire completion bash)"\n  $ aerowire completion fish | source')
    .action(cli.action(async (shell: ShellName) => cli.screen.print(SCRIPTS[shell].trimEnd())));
  program
    .command("__complete", { hidden: true })
    .argument("[words...]")
    .action(cli.action(async (words: string[]) => complete(program, cli, words)));
}

async function complete(program: Command, cli: Cli, words: readonly string[]): Promise<void> {
  const flags = connectionFlags(words);
  const session = async () => {
    // Nobody is asked for a password while he types something else.
    const quiet = { ...cli.io, stdin: Object.assign(Object.create(cli.io.stdin), { isTTY: false }) };
    return (await cli.openWith(quiet, { ...flags, timeout: String(TIMEOUT_MS) })).cluster.createSession();
  };
  const clusters = async () => [...((await readConfig(cli.io, flags.config))?.clusters.keys() ?? [])];
  for (const { word, description } of await candidates(program, words, clusterLookup(session, clusters))) {
    await cli.screen.print(`${word}\t${description}`);
  }
}

/** The flags that stand before the cursor already. */
function connectionFlags(words: readonly string[]): ConnectionFlags {
  const after = (...names: readonly string[]): string | undefined => {
    const at = words.findIndex((word, i) => i < words.length - 2 && names.includes(word));
    return at < 0 ? undefined : words[at + 1];
  };
  const [host, cluster, config] = [after("-H", "--host"), after("-c", "--cluster"), after("--config")];
  const [user, passwordFile] = [after("-U", "--user"), after("--password-file")];
  return { host, cluster, config, user, passwordFile };
}
