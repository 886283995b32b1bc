import { Command } from "commander";
import { VERSION } from "../src/index.js";
import type { Cli } from "./cli.js";
import { addCompletion } from "./commands/completion.js";
import { COMMANDS } from "./commands/index.js";
import { addShell, type RunLine } from "./commands/shell.js";
import { addConnectionOptions } from "./connection/connection-options.js";
import { addHelp, helpLayout } from "./help.js";

/** The whole command line. One for each run: options that gather keep what they have. */
export function createProgram(cli: Cli, runLine: RunLine): Command {
  const program = new Command("aerowire");
  const { io, screen } = cli;
  let isWhole = false;
  program
    .version(VERSION, "-V, --version", "the version")
    .helpOption("-h, --help", "this help")
    .helpCommand(false)
    .exitOverride()
    .configureHelp(helpLayout(cli, () => isWhole))
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => screen.width ?? 80,
      getErrHelpWidth: () => screen.noteWidth,
      getOutHasColors: () => screen.colors.isColorSupported,
      getErrHasColors: () => screen.noteColors.isColorSupported,
      outputError: (text, write) => write(text.replace(/^error:/, screen.noteColors.red("error:"))),
    });
  addConnectionOptions(program);
  for (const add of COMMANDS) add(program, cli);
  addShell(program, cli, runLine, () => createProgram(cli, runLine));
  addCompletion(program, cli);
  addHelp(program, cli, () => {
    isWhole = true;
  });
  pointToHelp(program, "aerowire");
  return program;
}

/** What follows an error in the arguments of a command. Those of the program itself are about the name of a command. */
function pointToHelp(parent: Command, path: string): void {
  for (const command of parent.commands) {
    const name = `${path} ${command.name()}`;
    command.showHelpAfterError(`Usage: ${name} ${command.usage()}; more: ${name} --help`);
    pointToHelp(command, name);
  }
}
