import type { Command } from "commander";
import { explainAel } from "../../../src/ael/index.js";
import { addParam, type Cli } from "../../cli.js";
import { parseParam } from "../../values/parse-value.js";
import { parseTarget, TARGET_HELP } from "../../values/target.js";
import { readText, TEXT_HELP } from "./read-text.js";

const EXAMPLES = `
Examples:
  $ aerowire ael explain '$.age > 30 and $.country == ?0' -p DE
  $ aerowire ael explain '$.age > 30' --on test.users`;

export function addAelExplain(group: Command, cli: Cli): void {
  const command = group
    .command("explain")
    .description("what an expression is made of, and which index helps")
    .argument("<expression>", TEXT_HELP);
  addParam(command)
    .option("--on <target>", `asks the cluster for its indexes: ${TARGET_HELP}`)
    .addHelpText("after", EXAMPLES)
    .action(
      cli.action(
        async (given: string, { param = [], on }: { readonly param?: readonly string[]; readonly on?: string }) => {
          const text = await readText(cli.io, given);
          const params = param.map((one) => parseParam("--param", one));
          const target = on === undefined ? undefined : parseTarget(on);
          // Wrong text is told before a connection is made.
          const alone = explainAel(text, { params });
          if (target === undefined) return cli.screen.print(String(alone));
          const { session } = await cli.session(command);
          const indexes = await session.listIndexes(target, { signal: cli.signal });
          const { namespace, setName } = target;
          await cli.screen.print(String(explainAel(text, { params, indexes, namespace, setName })));
        },
      ),
    );
}
