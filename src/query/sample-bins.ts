import { BinTypesCommand } from "../../protocol/command/bin-types.js";
import { AbortError, AerospikeError } from "../errors/errors.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";

/** Records looked at, over all nodes. */
const SAMPLE_RECORDS = 200;
const SAMPLE_TIMEOUT_MS = 2_000;

/** The bins of some records, whether a filter keeps them or not. */
export interface BinSample {
  readonly records: number;
  /** How many of the records have a bin, by its name and particle type. */
  readonly bins: ReadonlyMap<string, ReadonlyMap<number, number>>;
}

/** Reads names and types of the bins of some records; fewer where nodes do not reply. */
export async function sampleBins(
  context: SessionContext,
  { namespace, setName }: { readonly namespace: string; readonly setName: string },
  deadline: Deadline,
): Promise<BinSample> {
  const { cluster } = context;
  const owners = [...cluster.partitionOwners(namespace)];
  const settings = { ...context.policy("read", "query", namespace), socketTimeoutMs: 0 };
  const bins = new Map<string, Map<number, number>>();
  let records = 0;
  const limit = deadline.within(SAMPLE_TIMEOUT_MS);
  await Promise.all(
    owners.map(async ([node, partitions]) => {
      const command = new BinTypesCommand(
        {
          namespace,
          setName,
          taskId: cluster.runtime.randomBigint64() | 1n,
          partitions,
          filter: undefined,
          maxRecords: Math.ceil(SAMPLE_RECORDS / owners.length),
        },
        (types) => {
          records++;
          for (const [name, type] of types) {
            const counts = bins.get(name) ?? new Map<number, number>();
            bins.set(name, counts.set(type, (counts.get(type) ?? 0) + 1));
          }
        },
      );
      await cluster.stream(node, command, settings, limit).catch(letFail);
    }),
  );
  return { records, bins };
}

/** A sample is a help: what nodes can't or may not tell is left out. Throws what ends the operation as a whole. */
function letFail(error: unknown): void {
  if (!(error instanceof AerospikeError) || error instanceof AbortError || error.code === "CLIENT_CLOSED") throw error;
}
