import { Reader } from "../../protocol/bytes/reader.js";
import { Writer } from "../../protocol/bytes/writer.js";
import { CdtForm } from "../../protocol/cdt/operations.js";
import { BinTypesCommand } from "../../protocol/command/bin-types.js";
import { type Op, OpCode } from "../../protocol/message/op.js";
import { writeParticle } from "../../protocol/value/particle.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { unpackValue } from "../../protocol/value/unpack.js";
import { AbortError, AerospikeError } from "../errors/errors.js";
import type { Exp } from "../exp/exp.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import { describeOp } from "./background-work.js";

/** Records whose bins are looked at, over all nodes. */
const SAMPLE_RECORDS = 100;
/** Records that nodes may go through in search of them, so that a rare condition does not make them read everything. */
const MOST_RECORDS_READ = 5_000;
const SAMPLE_TIMEOUT_MS = 2_000;

/** Which records a sample is taken of. */
export interface SampledRecords {
  readonly namespace: string;
  /** Empty for the whole namespace. */
  readonly setName: string;
  readonly where: Exp<"bool"> | undefined;
  /** Records on one node, roughly. */
  readonly recordsPerNode: number;
}

/**
 * Looks at some records for bins whose type an operation can't work on; what it finds, in words. Empty also when the
 * sample could not be taken.
 */
export async function findWrongBinTypes(
  context: SessionContext,
  records: SampledRecords,
  ops: readonly Op[],
  deadline: Deadline,
): Promise<string[]> {
  const needs = needsOf(ops);
  if (needs.length === 0 || records.recordsPerNode === 0) return [];
  const sample = await takeSample(context, records, [...new Set(needs.map(({ op }) => op.bin))], deadline);
  return needs.flatMap((need) => describeMisfits(need, sample));
}

/** An operation that depends on what its bin holds. */
interface Need {
  readonly op: Op;
  readonly types: readonly number[];
}

/** Only the first operation on a bin meets what is stored there: what comes after works on what that one left. */
function needsOf(ops: readonly Op[]): Need[] {
  const seen = new Set<string>();
  const needs: Need[] = [];
  for (const op of ops) {
    const types = seen.has(op.bin) ? undefined : typesFor(op);
    seen.add(op.bin);
    if (types !== undefined) needs.push({ op, types });
  }
  return needs;
}

/** The types of bins that an operation works on; undefined for all. A bin that is missing suits every one of these. */
function typesFor(op: Op): readonly number[] | undefined {
  switch (op.code) {
    case OpCode.INCR:
    case OpCode.APPEND:
    case OpCode.PREPEND:
      return [writeParticle(new Writer(), op.value)];
    case OpCode.CDT_MODIFY:
      return collectionsFor(op.payload);
    case OpCode.BITS_MODIFY:
      return [ParticleType.BLOB];
    case OpCode.HLL_MODIFY:
      return [ParticleType.HLL];
    case OpCode.STRING_MODIFY:
      return stringsFor(op.payload);
    default:
      return undefined;
  }
}

/** With a context the bin is the list or map that it leads through. */
function stringsFor(payload: Uint8Array): readonly number[] {
  const call = unpackValue(new Reader(payload));
  const isNested = Array.isArray(call) && call[0] === CdtForm.IN_CONTEXT;
  return isNested ? [ParticleType.LIST, ParticleType.MAP] : [ParticleType.STRING];
}

const FIRST_MAP_CODE = 64;
const LAST_MAP_CODE = 127;

/** With a context the bin may hold either: its first step says what. */
function collectionsFor(payload: Uint8Array): readonly number[] {
  const call = unpackValue(new Reader(payload));
  const code: unknown = Array.isArray(call) ? call[0] : undefined;
  if (typeof code !== "number" || code > LAST_MAP_CODE) return [ParticleType.LIST, ParticleType.MAP];
  return [code < FIRST_MAP_CODE ? ParticleType.LIST : ParticleType.MAP];
}

type BinTypes = ReadonlyMap<string, number>;

/** The types of the bins of up to a hundred records; fewer where nodes do not reply, or know none of the bins. */
async function takeSample(
  context: SessionContext,
  { namespace, setName, where, recordsPerNode }: SampledRecords,
  bins: readonly string[],
  deadline: Deadline,
): Promise<BinTypes[]> {
  const { cluster } = context;
  const owners = [...cluster.partitionOwners(namespace)];
  const settings = { ...context.policy("read", "query", namespace), socketTimeoutMs: 0 };
  const maxRecords = Math.ceil(SAMPLE_RECORDS / owners.length);
  const share = MOST_RECORDS_READ / owners.length / recordsPerNode;
  const sample: BinTypes[] = [];
  const limit = deadline.within(SAMPLE_TIMEOUT_MS);
  await Promise.all(
    owners.map(async ([node, owned]) => {
      const partitions = owned.slice(0, Math.ceil(owned.length * Math.min(1, share)));
      const command = new BinTypesCommand(
        {
          namespace,
          setName,
          taskId: cluster.runtime.randomBigint64() | 1n,
          partitions,
          filter: where?.packed,
          maxRecords,
          bins,
        },
        (types) => sample.push(types),
      );
      await cluster.stream(node, command, settings, limit).catch(letFail);
    }),
  );
  return sample;
}

/** A sample is a help: what nodes can't or may not tell is left out. Throws what ends the operation as a whole. */
function letFail(error: unknown): void {
  if (!(error instanceof AerospikeError) || error instanceof AbortError || error.code === "CLIENT_CLOSED") throw error;
}

function describeMisfits({ op, types }: Need, sample: readonly BinTypes[]): string[] {
  const misfits = new Map<number, number>();
  for (const record of sample) {
    const type = record.get(op.bin);
    if (type !== undefined && !types.includes(type)) misfits.set(type, (misfits.get(type) ?? 0) + 1);
  }
  const fitting = types.map(wordFor).join(" or ");
  return [...misfits].map(
    ([type, records]) =>
      `In ${records} of ${sample.length} records looked at, bin "${op.bin}" holds ${wordFor(type)}; ` +
      `an operation needs ${fitting} and fails (${describeOp(op)})`,
  );
}

const words: ReadonlyMap<number, string> = new Map([
  [ParticleType.INTEGER, "an integer"],
  [ParticleType.DOUBLE, "a double"],
  [ParticleType.STRING, "a string"],
  [ParticleType.BLOB, "bytes"],
  [ParticleType.BOOL, "a boolean"],
  [ParticleType.HLL, "a HyperLogLog sketch"],
  [ParticleType.MAP, "a map"],
  [ParticleType.LIST, "a list"],
  [ParticleType.GEOJSON, "GeoJSON"],
]);

function wordFor(type: number): string {
  return words.get(type) ?? `particle type ${type}`;
}
