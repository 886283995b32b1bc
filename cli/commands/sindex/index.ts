import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { addIndexCreate } from "./create.js";
import { addIndexDrop } from "./drop.js";
import { addIndexList } from "./list.js";

export function addIndex(program: Command, cli: Cli): void {
  const group = cli.group(program, "index", "secondary indexes: create, list, drop");
  for (const add of [addIndexCreate, addIndexList, addIndexDrop]) add(group, cli);
}
