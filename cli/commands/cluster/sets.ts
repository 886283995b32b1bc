import type { Command } from "commander";
import type { Cli } from "../../cli.js";
import { bytes, count } from "../../output/numbers.js";
import { toJson } from "../../output/to-json.js";

export function addSets(program: Command, cli: Cli): void {
  const command = program
    .command("sets")
    .description("the sets of the cluster, or of a namespace")
    .argument("[namespace]")
    .option("--json", "JSON lines")
    .action(
      cli.action(async (namespace: string | undefined, { json }: { readonly json?: boolean }) => {
        const { screen, signal } = cli;
        const { session } = await cli.session(command);
        const info = session.info();
        const sets = await info.sets(namespace, { signal });
        if (json === true) {
          for (const set of sets) await screen.print(toJson(set));
          return;
        }
        if (sets.length === 0) return screen.note("no sets");
        await screen.table(
          [
            "set",
            { head: "copies of records", align: "right" },
            { head: "size", align: "right" },
            { head: "indexes", align: "right" },
            { head: "default ttl", align: "right" },
            "",
          ],
          sets.map((set) => [
            `${set.namespace}.${set.setName}`,
            count(set.objects),
            bytes(set.dataUsedBytes),
            String(set.secondaryIndexes + (set.setIndexEnabled ? 1 : 0)),
            ttlWords(set.defaultTtl),
            set.truncating ? "truncating" : "",
          ]),
        );
      }),
    );
}

function ttlWords(seconds: number | undefined): string {
  if (seconds === undefined) return "differs";
  if (seconds === 0) return "namespace's";
  return seconds === -1 ? "never" : `${count(seconds)} s`;
}
