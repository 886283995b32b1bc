import { parseInfoError } from "../../protocol/info/info-error.js";
import { namespaceInfo, namespaceStat, parseNamespaceInfo } from "../../protocol/info/namespace-info.js";
import { parseSet, setInfo } from "../../protocol/info/set-info.js";
import { expectInfoValue } from "../cluster/info-client.js";
import type { Exp } from "../exp/exp.js";
import type { SessionContext } from "../policy/session-context.js";
import { countRecords } from "../query/count-records.js";
import type { Deadline } from "../time/deadline.js";
import { all } from "./intent.js";
import { PARTS, sliceCondition } from "./slice-plan.js";

/** How large a set is, about, as its nodes say. */
export interface SetSize {
  readonly records: number;
  readonly bytes: number;
}

/** Asks every node, replica copies left out. @param setName empty for the whole namespace */
export async function sizeOfSet(
  { cluster }: SessionContext,
  namespace: string,
  setName: string,
  deadline: Deadline,
): Promise<SetSize> {
  const commands = [namespaceInfo(namespace), ...(setName === "" ? [] : [setInfo(namespace, setName)])];
  const sizes = await Promise.all(
    cluster.requireAllNodes().map(async (node): Promise<SetSize> => {
      const reply = await cluster.info(node, commands, cluster.forQuestion(deadline));
      const about = { operation: "size of the set", node: node.id, namespace };
      const [space = "", set] = commands.map((command) => reply.get(command) ?? "");
      const pairs = parseNamespaceInfo(expectInfoValue(space, about));
      if (pairs === undefined) return { records: 0, bytes: 0 };
      const { effectiveReplicationFactor, masterObjects, objects, dataUsedBytes } = namespaceStat(pairs);
      const copies = Math.max(1, effectiveReplicationFactor);
      if (set === undefined) {
        return { records: masterObjects, bytes: objects === 0 ? 0 : (dataUsedBytes * masterObjects) / objects };
      }
      const known = parseInfoError(set) === undefined ? parseSet(set, namespace, setName) : undefined;
      return { records: (known?.objects ?? 0) / copies, bytes: (known?.dataUsedBytes ?? 0) / copies };
    }),
  );
  const sum = (part: keyof SetSize): number => Math.round(sizes.reduce((total, size) => total + size[part], 0));
  return { records: sum("records"), bytes: sum("bytes") };
}

/** Counted up to so many records in the set, else estimated from a sample of this many. */
const MOST_COUNTED = 1_000_000;
const SAMPLE = 100_000;

export interface Estimate {
  readonly records: number;
  /** Whether they were counted. */
  readonly isExact: boolean;
}

/** How many records of a set a condition keeps. A sample is decided by digests, so that it is spread over all of them. */
export async function estimateRecords(
  context: SessionContext,
  selection: { readonly namespace: string; readonly setName: string; readonly where: Exp<"bool"> | undefined },
  size: SetSize,
  how: "exact" | "estimate" | undefined,
  deadline: Deadline,
): Promise<Estimate> {
  const { namespace, setName, where } = selection;
  const isExact = how === "exact" || (how === undefined && size.records <= MOST_COUNTED);
  const end = isExact ? PARTS : Math.min(PARTS, Math.ceil((PARTS * SAMPLE) / Math.max(1, size.records)));
  const filter = all(sliceCondition({ begin: 0, end }), where)?.packed;
  const counted = await countRecords(context, { namespace, setName, filter, index: undefined }, deadline);
  return { records: Math.round((counted * PARTS) / end), isExact: end === PARTS };
}
