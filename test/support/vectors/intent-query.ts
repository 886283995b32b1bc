import type { AggregateRequest } from "../../../protocol/command/aggregate.js";
import type { BackgroundJob, BackgroundStart } from "../../../protocol/command/background-job.js";
import { BackgroundOperateCommand } from "../../../protocol/command/background-operate.js";
import { BackgroundUdfCommand } from "../../../protocol/command/background-udf.js";
import type { Command } from "../../../protocol/command/command.js";
import type { IndexBounds, IndexCollection, IndexFilter, IndexTarget } from "../../../protocol/command/index-range.js";
import type { QueryRequest } from "../../../protocol/command/query-request.js";
import { type Entry, fromHex, type IntentWhere } from "./entry.js";
import { opsOf, valuesOf } from "./intent-command.js";
import { ttlOf } from "./intent-policy.js";
import { type RecordedRequest, recordedRequest } from "./recorded-request.js";

const COLLECTIONS: Readonly<Record<string, IndexCollection>> = {
  LIST: "list",
  MAPKEYS: "mapKeys",
  MAPVALUES: "mapValues",
};

/**
 * The command on one node that a background intent asks for; undefined when the intent is none. Throws what the
 * command's constructor throws.
 */
export function backgroundCommandOf(entry: Entry): Command<BackgroundStart> | undefined {
  const { intent } = entry;
  if (!intent.background) return undefined;
  const recorded = recordedRequest(entry);
  const job: BackgroundJob = {
    namespace: intent.ns ?? "",
    setName: intent.set ?? "",
    taskId: BigInt(intent.taskId ?? 0),
    recordsPerSecond: intent.recordsPerSecond,
    index: intent.where && indexOf(intent.where, recorded),
    filter: intent.policy?.filter === undefined ? undefined : recorded.filter,
    ttl: ttlOf(intent.ttl),
    durableDelete: intent.policy?.durableDelete,
  };
  if (intent.udf !== undefined) {
    const { module, function: name, args } = intent.udf;
    const values = valuesOf(args);
    return values && new BackgroundUdfCommand(job, { package: module, function: name, args: values });
  }
  const ops = opsOf(intent.ops ?? [], recorded);
  return ops && new BackgroundOperateCommand(job, ops, intent.header?.info3 === 0x20 ? "replaceOnly" : "updateOnly");
}

/** The request to one node that a foreground intent asks for; undefined when it asks for more than bins. */
export function queryRequestOf(entry: Entry): QueryRequest | undefined {
  const { intent } = entry;
  if (!["scan", "query"].includes(intent.command) || intent.background || intent.udf || intent.ops) return undefined;
  const recorded = recordedRequest(entry);
  return {
    namespace: intent.ns ?? "",
    setName: intent.set ?? "",
    taskId: recorded.taskId ?? 0n,
    partitions: partitionsOf(entry),
    resume: intent.digests?.map((digest, at) => ({
      digest: fromHex(digest),
      bval: intent.bvals?.[at] === undefined ? undefined : BigInt(intent.bvals[at]),
    })),
    bins: intent.noBins ? "header" : intent.bins?.map(String),
    index: intent.where && indexOf(intent.where, recorded),
    filter: intent.policy?.filter === undefined ? undefined : recorded.filter,
    maxRecords: intent.maxRecords,
    recordsPerSecond: intent.recordsPerSecond,
    socketTimeoutMs: intent.policy?.socketTimeout,
    expectedDuration: durationOf(intent.expectedDuration),
  };
}

/** The aggregation on one node that an intent asks for; undefined when it asks for none. */
export function aggregateRequestOf(entry: Entry): AggregateRequest | undefined {
  const { intent } = entry;
  const args = intent.udf && valuesOf(intent.udf.args);
  if (intent.command !== "query" || intent.background || intent.udf === undefined || args === undefined)
    return undefined;
  const recorded = recordedRequest(entry);
  return {
    namespace: intent.ns ?? "",
    setName: intent.set ?? "",
    taskId: recorded.taskId ?? 0n,
    call: { package: intent.udf.module, function: intent.udf.function, args },
    index: intent.where && indexOf(intent.where, recorded),
  };
}

function partitionsOf({ intent }: Entry): readonly number[] {
  if (intent.pids !== undefined) return intent.pids;
  if (intent.digests !== undefined) return [];
  const { begin, count } = intent.partitions ?? { begin: 0, count: 4096 };
  return Array.from({ length: count }, (_, at) => begin + at);
}

function durationOf(expected: string | undefined): QueryRequest["expectedDuration"] {
  if (expected === "SHORT") return "short";
  return expected === "LONG_RELAX_AP" ? "longRelaxAp" : undefined;
}

function indexOf(where: IntentWhere, recorded: RecordedRequest): IndexFilter {
  return {
    target: targetOf(where, recorded),
    bounds: boundsOf(where),
    collection: COLLECTIONS[where.indexType ?? ""],
  };
}

function targetOf(where: IntentWhere, recorded: RecordedRequest): IndexTarget {
  if (where.indexName !== undefined) return { indexName: where.indexName };
  if (recorded.indexExpression !== undefined) return { expression: recorded.indexExpression };
  return { bin: where.bin ?? "", context: where.ctx === undefined ? undefined : recorded.context };
}

function boundsOf({ dataType, value = "", begin, end }: IntentWhere): IndexBounds {
  switch (dataType) {
    case "NUMERIC":
      return { type: "integer", begin: BigInt(begin ?? value), end: BigInt(end ?? value) };
    case "BLOB":
      return { type: "blob", value: fromHex(value) };
    default:
      return { type: dataType === "STRING" ? "string" : "geo", value };
  }
}
