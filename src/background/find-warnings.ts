import type { Cluster } from "../cluster/cluster.js";
import { UdfError } from "../errors/errors.js";
import type { Deadline } from "../time/deadline.js";
import type { BackgroundIntent } from "./background-run.js";
import { checkUdfKnown } from "./check-udf-known.js";
import { type NamespaceFacts, namespaceFacts } from "./namespace-facts.js";

/** What the server would refuse, as a whole or record by record, and what may surprise. */
export async function findWarnings(cluster: Cluster, intent: BackgroundIntent, deadline: Deadline): Promise<string[]> {
  const [facts, unknownUdf] = await Promise.all([
    namespaceFacts(cluster, intent.namespace, deadline),
    unknownUdfWarning(cluster, intent, deadline),
  ]);
  const { where, indexFilter, setName } = intent;
  const warnings: string[] = unknownUdf === undefined ? [] : [unknownUdf];
  if (where === undefined && indexFilter === undefined) {
    warnings.push(
      setName === ""
        ? `No where and no set: every record of namespace ${intent.namespace} is meant`
        : `No where: every record of set ${setName} is meant`,
    );
  }
  if (facts !== undefined) warnings.push(...factWarnings(facts, intent));
  return warnings;
}

async function unknownUdfWarning(
  cluster: Cluster,
  { work }: BackgroundIntent,
  deadline: Deadline,
): Promise<string | undefined> {
  if (work.action.type !== "udf") return undefined;
  try {
    await checkUdfKnown(cluster, work.action.call.package, deadline);
    return undefined;
  } catch (error) {
    if (error instanceof UdfError) return error.message;
    throw error;
  }
}

function factWarnings(facts: NamespaceFacts, { namespace, work, recordsPerSecond }: BackgroundIntent): string[] {
  const warnings: string[] = [];
  const cap = facts.maxRecordsPerSecond;
  if (cap !== undefined && recordsPerSecond !== undefined && recordsPerSecond > cap) {
    warnings.push(
      `recordsPerSecond ${recordsPerSecond} is above background-query-max-rps ${cap}: the start is refused`,
    );
  }
  const deletes = work.kind === "delete";
  const givesTtl = !deletes && (work.ttl > 0 || (work.ttl === 0 && facts.defaultTtl > 0));
  if (givesTtl && !facts.allowsTtl) {
    warnings.push(`Namespace ${namespace} has nsup-period 0, so a time to live is refused for each record`);
  }
  if (work.durableDelete && facts.communityEdition) {
    warnings.push("Durable deletes need the Enterprise Edition: each record that would be deleted fails");
  }
  if (deletes && !work.durableDelete && facts.strongConsistency) {
    warnings.push(`Namespace ${namespace} is strongly consistent: deletes that are not durable fail for each record`);
  }
  return warnings;
}
