import { sindexList, sindexStat } from "../../protocol/info/index-commands.js";
import { type IndexInfo, parseIndexList, parseIndexStat } from "../../protocol/info/index-info.js";
import { parseInfoError } from "../../protocol/info/info-error.js";
import { parseInfo } from "../cluster/info-client.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import type { KnownIndex } from "./index-choice/choose-index.js";

/**
 * The indexes of a namespace that every node can be asked for; one that a node is still building is listed as not
 * readable. What they hold is one node's word, which does for comparing them.
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
  const commands = indexes.map((index) => sindexStat(index.namespace, index.indexName, cluster.minVersion));
  const reply = await cluster.infoOnAny(commands, cluster.forQuestion(deadline));
  return indexes.map((index, i) => {
    const value = reply.get(commands[i] ?? "") ?? "";
    // An index that was dropped meanwhile has nothing to say; whether it can be used shows when it is.
    if (value === "" || parseInfoError(value) !== undefined) return index;
    const about = { operation: "sindex-stat", namespace: index.namespace };
    const { entries, entriesPerValue } = parseInfo(value, about, parseIndexStat);
    return { ...index, entries, entriesPerValue };
  });
}
