import { checkRecordsPerSecond, checkTaskId } from "../../protocol/check/check-numbers.js";
import { describeWork } from "../background/background-work.js";
import type {
  CampaignBaseline,
  CampaignCheckpoint,
  CampaignCounters,
  CampaignText,
  OpenSlice,
  RepeatedSlice,
  SliceRange,
} from "../background/campaign-api/checkpoint.js";
import { printNode } from "../exp/print.js";
import { checkCampaignId } from "./check-campaign-id.js";
import { type Definition, definitionFromJson, definitionToJson, workOf } from "./definition.js";
import { JsonReader } from "./json-reader.js";
import { PARTS } from "./slice-plan.js";

const MOST_REPEATED = 100;
const MOST_CAUSES = 20;
const PHASES = ["change", "unmark"] as const;

/** A checkpoint, and the work that it is about. */
export interface OpenedCheckpoint {
  readonly checkpoint: CampaignCheckpoint;
  readonly definition: Definition;
}

/** The checkpoint of a campaign that has not begun. */
export function newCheckpoint(
  id: string,
  definition: Definition,
  recordsPerSecond: number | undefined,
  baseline: CampaignBaseline,
  startedAt: number,
): CampaignCheckpoint {
  return {
    format: 1,
    id,
    status: "running",
    phase: "change",
    parts: PARTS,
    position: 0,
    open: null,
    recordsPerSecond: recordsPerSecond ?? null,
    counters: { succeeded: 0, failed: 0, filtered: 0, unmarked: 0, slices: 0, isLowerBound: false },
    baseline,
    repeated: [],
    startedAt,
    workedMs: 0,
    failureCauses: [],
    text: textOf(definition),
    definition: definitionToJson(definition),
  };
}

/** The same with a slice among those that were given to the servers again. */
export function withRepeated(checkpoint: CampaignCheckpoint, slice: RepeatedSlice): CampaignCheckpoint {
  return { ...checkpoint, repeated: [...checkpoint.repeated, slice].slice(-MOST_REPEATED) };
}

/** Both lists of causes, each cause once. */
export function withCauses(causes: readonly string[], more: readonly string[]): readonly string[] {
  return [...new Set([...causes, ...more])].slice(0, MOST_CAUSES);
}

function textOf(definition: Definition): CampaignText {
  const { namespace, setName, kind, where, mark } = definition;
  // How long records live does not matter here.
  const work = workOf({ ...definition, expiry: { ttl: 0 } }, 0);
  return {
    kind,
    namespace,
    setName,
    operations: describeWork(work),
    where: where === undefined ? null : printNode(where.node),
    once: mark?.bin ?? null,
  };
}

/**
 * Reads a checkpoint that was kept somewhere. The text is worked out again from the definition.
 * @throws TypeError that says what is wrong where
 */
export function openCheckpoint(json: unknown): OpenedCheckpoint {
  const reader = new JsonReader(json, "checkpoint");
  const format = reader.get("format");
  if (format.raw() !== 1) throw format.misfit("1, the format that this version reads");
  const id = reader.get("id").string(100);
  reader.within(() => checkCampaignId(id));
  if (reader.get("parts").raw() !== PARTS) throw reader.get("parts").misfit(String(PARTS));
  const definition = definitionFromJson(reader.get("definition"));
  const position = reader.get("position").integer(0, PARTS);
  const open = reader.get("open").orNull(openSlice);
  if (open !== null && open.begin !== position) throw reader.get("open").misfit("a slice that begins at the position");
  const checkpoint: CampaignCheckpoint = {
    format: 1,
    id,
    status: reader.get("status").oneOf(["running", "paused", "aborted", "done"]),
    phase: reader.get("phase").oneOf(PHASES),
    parts: PARTS,
    position,
    open,
    recordsPerSecond: reader.get("recordsPerSecond").orNull(rate),
    counters: counters(reader.get("counters")),
    baseline: baseline(reader.get("baseline")),
    repeated: reader.get("repeated").list(repeatedSlice, MOST_REPEATED),
    startedAt: reader.get("startedAt").count(),
    workedMs: reader.get("workedMs").count(),
    failureCauses: reader.get("failureCauses").list((cause) => cause.string(10_000), MOST_CAUSES),
    text: textOf(definition),
    definition: definitionToJson(definition),
  };
  if (checkpoint.phase === "unmark" && definition.mark === undefined) {
    throw reader.get("phase").misfit('"change", as there are no marks');
  }
  return { checkpoint, definition };
}

/** Reads one that was kept as text. @throws TypeError */
export function parseCheckpoint(text: string): OpenedCheckpoint {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new TypeError(`checkpoint: it is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  return openCheckpoint(json);
}

/** What has been gone through of the phase, 0 to 1. */
export function fractionOf({ position, status }: CampaignCheckpoint): number {
  return status === "done" ? 1 : position / PARTS;
}

function range(reader: JsonReader): SliceRange {
  const begin = reader.get("begin").integer(0, PARTS - 1);
  return { begin, end: reader.get("end").integer(begin + 1, PARTS) };
}

function rate(reader: JsonReader): number {
  const value: unknown = reader.raw();
  return reader.within(() => {
    checkRecordsPerSecond(value);
    return value;
  });
}

function openSlice(reader: JsonReader): OpenSlice {
  const taskId = reader.get("taskId").string(20);
  reader.get("taskId").within(() => checkTaskId(BigInt(taskId)));
  return {
    ...range(reader),
    taskId,
    nodes: reader.get("nodes").list((node) => node.string(100), 1_000),
    clusterKey: reader.get("clusterKey").string(100),
    recordsPerSecond: reader.get("recordsPerSecond").orNull(rate),
    rateReason: reader.get("rateReason").orNull((reason) => reason.string(10_000)),
  };
}

function repeatedSlice(reader: JsonReader): RepeatedSlice {
  return { ...range(reader), phase: reader.get("phase").oneOf(PHASES), reason: reader.get("reason").string(10_000) };
}

function counters(reader: JsonReader): CampaignCounters {
  return {
    succeeded: reader.get("succeeded").count(),
    failed: reader.get("failed").count(),
    filtered: reader.get("filtered").count(),
    unmarked: reader.get("unmarked").count(),
    slices: reader.get("slices").count(),
    isLowerBound: reader.get("isLowerBound").boolean(),
  };
}

function baseline(reader: JsonReader): CampaignBaseline {
  return {
    records: reader.get("records").orNull((records) => records.count()),
    isExact: reader.get("isExact").boolean(),
    expired: reader.get("expired").count(),
    evicted: reader.get("evicted").count(),
  };
}
