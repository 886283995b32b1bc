import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { printable } from "../../output/printable.js";
import { toJson } from "../../output/to-json.js";

interface InfoFlags {
  readonly node?: string | undefined;
  readonly raw?: boolean | undefined;
  readonly json?: boolean | undefined;
}

const EXAMPLES = `
Examples:
  $ aerowire info namespace/test
  $ aerowire info 'get-config:context=service' --node BB9020011AC4202 --raw`;

export function addInfo(program: Command, cli: Cli): void {
  const command = program
    .command("info")
    .description("send an info command to every node")
    .argument("<command>", "such as build, statistics, sets/test")
    .option("--node <id>", "to this node alone")
    .option("--raw", "the value as it came, on one line")
    .option("--json", "an object with the value of each node")
    .addHelpText("after", EXAMPLES)
    .action(
      cli.action(async (text: string, { node, raw, json }: InfoFlags) => {
        const { screen, signal } = cli;
        const { session } = await cli.session(command);
        const info = session.info();
        const values =
          node === undefined
            ? await info.infoOnAllNodes(text, { signal })
            : { [node]: await info.info(text, { node, signal }) };
        if (json === true) return screen.print(toJson(values));
        const all = Object.entries(values);
        for (const [id, value] of all) {
          if (all.length > 1) await screen.print(screen.colors.bold(id));
          await screen.print(raw === true ? value.replaceAll("\n", "\\n") : split(value));
        }
      }),
    );
}

/** An entry a line, where there are several. */
function split(value: string): string {
  return value
    .replace(/;$/, "")
    .split(";")
    .map((entry) => printable(entry))
    .join("\n");
}
