import { sindexList, sindexStat } from "../../protocol/info/index-commands.js";
import { type IndexInfo, type IndexStat, parseIndexList, parseIndexStat } from "../../protocol/info/index-info.js";
import { parseInfoError } from "../../protocol/info/info-error.js";
import { parseInfo } from "../cluster/info-client.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import type { KnownIndex } from "./index-choice/choose-index.js";

/**
 * The indexes of a namespace that every node can be asked for; one that a node is still building is listed as not
 * readable. What they hold is the sum over the nodes: of few records one node may have none, or those of another value.
 */
export async function knownIndexes(
  context: SessionContext,
  namespace: string,
  deadline: Deadline,
): Promise<readonly KnownIndex[]> {
  const values = await context.cluster.infoOnAll(
    (version) => sindexList(version, namespace),
    context.cluster.forQuestion(deadline),
  );
  const lists = [...values].map(([node, value]) =>
    parseInfo(value, { operation: "sindex-list", namespace, node }, parseIndexList),
  );
  const common = inCommon(lists);
  return common.length < 2 ? common : withStatistics(context, common, deadline);
}

function inCommon(lists: readonly (readonly IndexInfo[])[]): IndexInfo[] {
  const [first = [], ...others] = lists;
  return first.flatMap((index) => {
    const twins = others.map((list) => list.find((other) => other.indexName === index.indexName));
    if (twins.some((twin) => twin === undefined)) return [];
    return [{ ...index, readable: index.readable && twins.every((twin) => twin?.readable === true) }];
  });
}

async function withStatistics(
  { cluster }: SessionContext,
  indexes: readonly IndexInfo[],
  deadline: Deadline,
): Promise<KnownIndex[]> {
  const question = cluster.forQuestion(deadline);
  const stats = await Promise.all(
    cluster.nodes.map(async (node) => {
      const commands = indexes.map((index) => sindexStat(index.namespace, index.indexName, node.version));
      // The statistics say which index narrows more; each of them can be gone through without.
      const reply = await cluster.info(node, commands, question).catch(() => undefined);
      return commands.map((command, i) => statOf(reply?.get(command) ?? "", indexes[i]!.namespace));
    }),
  );
  return indexes.map((index, i) => {
    const known = stats.flatMap((ofNode) => ofNode[i] ?? []);
    if (known.length === 0) return index;
    const sum = (count: (stat: IndexStat) => number): number => known.reduce((all, stat) => all + count(stat), 0);
    return { ...index, entries: sum((stat) => stat.entries), entriesPerValue: sum((stat) => stat.entriesPerValue) };
  });
}

/** Undefined for an index that was dropped meanwhile: whether it can be used shows when it is. */
function statOf(value: string, namespace: string): IndexStat | undefined {
  if (value === "" || parseInfoError(value) !== undefined) return undefined;
  return parseInfo(value, { operation: "sindex-stat", namespace }, parseIndexStat);
}
