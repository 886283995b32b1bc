import { Reader } from "../../protocol/bytes/reader.js";
import { Writer } from "../../protocol/bytes/writer.js";
import { CdtForm, operationOf } from "../../protocol/cdt/operations.js";
import { type Op, OpCode } from "../../protocol/message/op.js";
import { writeParticle } from "../../protocol/value/particle.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { unpackValue } from "../../protocol/value/unpack.js";
import type { Exp } from "../exp/exp.js";
import type { SessionContext } from "../policy/session-context.js";
import { type BinTypes, sampleBinTypes } from "../query/sample-bins.js";
import type { Deadline } from "../time/deadline.js";
import { describeOp } from "./background-work.js";

/** Records whose bins are looked at, over all nodes. */
const SAMPLE_RECORDS = 100;
/** Records that nodes may go through in search of them, so that a rare condition does not make them read everything. */
const MOST_RECORDS_READ = 5_000;

/** Which records a sample is taken of. */
export interface SampledRecords {
  readonly namespace: string;
  /** Empty for the whole namespace. */
  readonly setName: string;
  readonly where: Exp<"bool"> | undefined;
  /** On the node that has most, copies included, as far as nodes tell. */
  readonly recordsPerNode: number;
}

/** Looks at some records for bins whose type an operation can't work on; what it finds, and which nodes it lacks, in words. */
export async function findWrongBinTypes(
  context: SessionContext,
  records: SampledRecords,
  ops: readonly Op[],
  deadline: Deadline,
): Promise<string[]> {
  const needs = needsOf(ops);
  if (needs.length === 0) return [];
  const { namespace, setName, where, recordsPerNode } = records;
  const subject = {
    namespace,
    setName,
    filter: where?.packed,
    bins: [...new Set(needs.map(({ op }) => op.bin))],
    maxRecords: SAMPLE_RECORDS,
    shareOf: (nodes: number) => MOST_RECORDS_READ / nodes / Math.max(1, recordsPerNode),
  };
  const { records: sample, silentNodes } = await sampleBinTypes(context, subject, deadline);
  return [...needs.flatMap((need) => describeMisfits(need, sample)), ...missingOf(silentNodes)];
}

/** Bins that were not looked at must not seem to suit. */
function missingOf(silentNodes: readonly string[]): string[] {
  if (silentNodes.length === 0) return [];
  return [`The bins of the operations could not be checked on ${silentNodes.join(", ")}: no sample of records came`];
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

/** With a context the bin may hold either: its first step says what. */
function collectionsFor(payload: Uint8Array): readonly number[] {
  const call = unpackValue(new Reader(payload));
  const code: unknown = Array.isArray(call) ? call[0] : undefined;
  switch (typeof code === "number" ? operationOf("cdt", code)?.on : undefined) {
    case "list":
      return [ParticleType.LIST];
    case "map":
      return [ParticleType.MAP];
    default:
      return [ParticleType.LIST, ParticleType.MAP];
  }
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
