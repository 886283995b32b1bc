import { type Command, Option } from "commander";
import type { Cli } from "../../cli.js";
import { usage } from "../../failure.js";
import { parseWhole } from "../../values/parse-value.js";
import { servePage } from "../../web/serve-page.js";
import { interruptOption, type OnInterrupt, parseTaskId } from "../background/task-options.js";
import { watchTask } from "../background/watch-task.js";
import { watchAll } from "./watch-all.js";

interface WatchFlags {
  readonly json?: boolean | undefined;
  readonly web?: boolean | undefined;
  readonly port: string;
  readonly onInterrupt: OnInterrupt;
}

export function addJobsWatch(group: Command, cli: Cli): void {
  const command = group
    .command("watch")
    .description("follow a task to its end, or all tasks of the cluster")
    .argument("[task]", "its id")
    .addOption(interruptOption(["ask", "leave", "abort"]))
    .option("--json", "JSON lines")
    .option("--web", "a page with plots and buttons, for this machine only")
    .addOption(new Option("--port <n>", "of the page; default: a free one").default("0"))
    .action(
      cli.action(async (text: string | undefined, flags: WatchFlags) => {
        const taskId = text === undefined ? undefined : parseTaskId("task", text);
        const { open, session } = await cli.session(command);
        if (flags.web === true) {
          if (taskId !== undefined) throw usage("--web shows all tasks: leave the id out");
          return servePage(cli, open, parseWhole("--port", flags.port, 0, 65_535));
        }
        if (taskId === undefined) return watchAll(cli, session, flags.json === true);
        return watchTask(cli, session.backgroundTask().attach(taskId), flags);
      }),
    );
}
