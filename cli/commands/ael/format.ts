import type { Command } from "commander";
import { formatAel } from "../../../src/ael/index.js";
import type { Cli } from "../../cli.js";
import { readText, TEXT_HELP } from "./read-text.js";

export function addAelFormat(group: Command, cli: Cli): void {
  group
    .command("format")
    .description("an expression in the one way of writing it")
    .argument("<expression>", TEXT_HELP)
    .action(cli.action(async (given: string) => cli.screen.print(formatAel(await readText(cli.io, given)))));
}
