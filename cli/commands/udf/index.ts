import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { addUdfList } from "./list.js";
import { addUdfRegister } from "./register.js";
import { addUdfRemove } from "./remove.js";
import { addUdfRun } from "./run.js";
import { addUdfShow } from "./show.js";

export function addUdf(program: Command, cli: Cli): void {
  const group = cli.group(program, "udf", "Lua modules: register, list, show, remove, run");
  for (const add of [addUdfRegister, addUdfList, addUdfShow, addUdfRemove, addUdfRun]) add(group, cli);
}
