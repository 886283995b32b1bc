import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { addBackgroundDelete } from "./delete.js";
import { addBackgroundTouch } from "./touch.js";
import { addBackgroundUdf } from "./udf.js";
import { addBackgroundReplace, addBackgroundUpdate } from "./write-bins.js";

export function addBackground(program: Command, cli: Cli): void {
  const group = cli.group(program, "background", "change many records, by tasks on the servers");
  for (const add of [
    addBackgroundUpdate,
    addBackgroundDelete,
    addBackgroundTouch,
    addBackgroundReplace,
    addBackgroundUdf,
  ]) {
    add(group, cli);
  }
}
