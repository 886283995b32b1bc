import { BinTypesCommand } from "../../protocol/command/bin-types.js";
import { AbortError, AerospikeError } from "../errors/errors.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";

/** Records looked at, over all nodes. */
const SAMPLE_RECORDS = 200;

/** The particle types of a record's bins, by their names. */
export type BinTypes = ReadonlyMap<string, number>;

/** Which records are looked at. */
export interface BinTypesSample {
  readonly namespace: string;
  /** Empty for the whole namespace. */
  readonly setName: string;
  /** A packed filter. */
  readonly filter?: Uint8Array | undefined;
  /** All of them when absent. */
  readonly bins?: readonly string[] | undefined;
  /** Over all nodes. */
  readonly maxRecords: number;
  /** How much of its partitions each of so many nodes may go through: 1 (default) for all. */
  readonly shareOf?: (nodes: number) => number;
}

/** What a sample has come to. */
export interface SampledBinTypes {
  readonly records: readonly BinTypes[];
  /** Nodes that did not reply, or not to the end: of their records some are missing, or all. */
  readonly silentNodes: readonly string[];
}

/** Reads the types of the bins of some records. */
export async function sampleBinTypes(
  context: SessionContext,
  { namespace, setName, filter, bins, maxRecords, shareOf = () => 1 }: BinTypesSample,
  deadline: Deadline,
): Promise<SampledBinTypes> {
  const { cluster } = context;
  const owners = [...cluster.partitionOwners(namespace)];
  const settings = { ...context.policy("read", "query", namespace), socketTimeoutMs: 0 };
  const share = Math.min(1, shareOf(owners.length));
  const limit = cluster.forQuestion(deadline);
  const records: BinTypes[] = [];
  const silentNodes: string[] = [];
  await Promise.all(
    owners.map(async ([node, owned]) => {
      const request = {
        namespace,
        setName,
        taskId: cluster.runtime.randomBigint64() | 1n,
        partitions: owned.slice(0, Math.ceil(owned.length * share)),
        filter,
        maxRecords: Math.ceil(maxRecords / owners.length),
        bins,
      };
      const command = new BinTypesCommand(request, (types) => records.push(types));
      try {
        await cluster.stream(node, command, settings, limit);
      } catch (error) {
        letFail(error);
        silentNodes.push(node.id);
      }
    }),
  );
  return { records, silentNodes };
}

/** The bins of some records, whether a filter keeps them or not. */
export interface BinSample {
  readonly records: number;
  /** How many of the records have a bin, by its name and particle type. */
  readonly bins: ReadonlyMap<string, ReadonlyMap<number, number>>;
  /** Nodes of whose records some are missing, or all. */
  readonly silentNodes: readonly string[];
}

/** Counts names and types of the bins of some records. */
export async function sampleBins(
  context: SessionContext,
  { namespace, setName }: { readonly namespace: string; readonly setName: string },
  deadline: Deadline,
): Promise<BinSample> {
  const subject = { namespace, setName, maxRecords: SAMPLE_RECORDS };
  const { records, silentNodes } = await sampleBinTypes(context, subject, deadline);
  const bins = new Map<string, Map<number, number>>();
  for (const types of records) {
    for (const [name, type] of types) {
      const counts = bins.get(name) ?? new Map<number, number>();
      bins.set(name, counts.set(type, (counts.get(type) ?? 0) + 1));
    }
  }
  return { records: records.length, bins, silentNodes };
}

/** A sample is a help: what nodes can't or may not tell is left out. Throws what ends the operation as a whole. */
export function letFail(error: unknown): asserts error is AerospikeError {
  if (!(error instanceof AerospikeError) || error instanceof AbortError || error.code === "CLIENT_CLOSED") throw error;
}
