import type { Command } from "commander";
import type { IndexInfo } from "../../../src/index.js";
import type { Cli } from "../../cli.js";
import { toJson } from "../../output/to-json.js";
import { parseTarget, TARGET_HELP } from "../../values/target.js";

export function addIndexList(group: Command, cli: Cli): void {
  const command = group
    .command("list")
    .description("the secondary indexes of the cluster, or of a set")
    .argument("[target]", TARGET_HELP)
    .option("--json", "JSON lines")
    .action(
      cli.action(async (targetText: string | undefined, { json }: { readonly json?: boolean }) => {
        const target = targetText === undefined ? undefined : parseTarget(targetText);
        const { session } = await cli.session(command);
        const indexes = await session.listIndexes(target, { signal: cli.signal });
        if (json === true) {
          for (const index of indexes) await cli.screen.print(toJson(index));
          return;
        }
        if (indexes.length === 0) return cli.screen.note("no indexes");
        await cli.screen.table(["index", "on", "bin", "type", "of", "state"], indexes.map(row));
      }),
    );
}

function row({
  indexName,
  namespace,
  setName,
  bin,
  type,
  collection,
  context,
  expression,
  readable,
}: IndexInfo): string[] {
  const inside = context === undefined ? "" : ", inside";
  return [
    indexName,
    setName === undefined ? `${namespace}, all sets` : `${namespace}.${setName}`,
    expression !== undefined ? "an expression" : `${bin ?? ""}${inside}`,
    type ?? "",
    collection === "default" ? "" : collection,
    readable ? "readable" : "being built",
  ];
}
