import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { addAelCheck } from "./check.js";
import { addAelExplain } from "./explain.js";
import { addAelFormat } from "./format.js";

export function addAel(program: Command, cli: Cli): void {
  const group = cli.group(program, "ael", "expressions: check, format, explain");
  for (const add of [addAelCheck, addAelFormat, addAelExplain]) add(group, cli);
}
