import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { addJobsAbort } from "./abort.js";
import { addJobsList } from "./list.js";
import { addJobsWatch } from "./watch.js";

export function addJobs(program: Command, cli: Cli): void {
  const group = cli.group(program, "jobs", "background tasks of the cluster: list, watch, abort");
  for (const add of [addJobsList, addJobsWatch, addJobsAbort]) add(group, cli);
}
