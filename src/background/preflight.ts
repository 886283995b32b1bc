import { decodeUtf8 } from "../../protocol/bytes/utf8.js";
import { didYouMean } from "../../protocol/check/nearest.js";
import type { UdfCall } from "../../protocol/command/udf-call.js";
import { parseInfoError } from "../../protocol/info/info-error.js";
import { udfGet, udfList } from "../../protocol/info/udf-commands.js";
import { parseUdfList, parseUdfSource } from "../../protocol/info/udf-info.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import { ResultCode } from "../../protocol/result-code.js";
import { parseInfo } from "../cluster/info-client.js";
import { UdfError } from "../errors/udf-error.js";
import type { Exp } from "../exp/exp.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import { askEach } from "./ask-each.js";
import type { BackgroundWork } from "./background-work.js";
import { findWrongBinTypes } from "./bin-type-check.js";
import { LuaSource } from "./lua-functions.js";
import { leastMaxRecordsPerSecond, type NamespaceStates, namespaceStates, writeObstacles } from "./namespace-states.js";

/** What is known of a task that is looked at. */
export interface TaskSubject {
  readonly namespace: string;
  /** Empty for the whole namespace. */
  readonly setName: string;
  readonly where?: Exp<"bool"> | undefined;
  readonly recordsPerSecond?: number | undefined;
  /** Undefined for a task that was attached, but for the names of its Lua function. */
  readonly work?: BackgroundWork | undefined;
  readonly udf?: UdfNames | undefined;
}

type UdfNames = Pick<UdfCall, "package" | "function">;

/** What makes a task fail, or may do so, in words. */
export interface Findings {
  /** Every node refuses the start. */
  readonly start: readonly string[];
  /** Records fail one by one. */
  readonly records: readonly string[];
  /** Nothing fails, and what happens may not be what is meant. */
  readonly surprises: readonly string[];
}

/** Looks for what a server would refuse of a task, as a whole or record by record. */
export async function preflight(context: SessionContext, subject: TaskSubject, deadline: Deadline): Promise<Findings> {
  const [states, udf] = await Promise.all([
    namespaceStates(context, subject, deadline),
    udfFindings(context, subject, deadline),
  ]);
  if (states.size === 0) return udf;
  const ops = subject.work?.action.type === "operations" ? subject.work.action.ops : [];
  const { namespace, setName, where } = subject;
  const recordsPerNode = Math.max(...[...states.values()].map(({ records }) => records));
  const records = { namespace, setName, where, recordsPerNode };
  const types = await findWrongBinTypes(context, records, ops, deadline);
  return {
    start: [...udf.start, ...rateFindings(states, subject)],
    records: [...udf.records, ...recordFindings(states, subject), ...types],
    surprises: udf.surprises,
  };
}

/** The same for a task that has ended with failed records: what there is to say of them. */
export async function findFailureCauses(
  context: SessionContext,
  subject: TaskSubject,
  deadline: Deadline,
): Promise<readonly string[]> {
  const { start, records } = await preflight(context, subject, deadline);
  const udf = udfOf(subject);
  const causes = [...start, ...records];
  if (causes.length > 0 || udf === undefined) return causes;
  return [`The function ${udf.package}.${udf.function} fails on them: the servers' logs have Lua's message`];
}

const NOTHING: Findings = { start: [], records: [], surprises: [] };

function rateFindings(states: NamespaceStates, { recordsPerSecond = 0 }: TaskSubject): string[] {
  const most = leastMaxRecordsPerSecond(states);
  if (most === undefined || recordsPerSecond <= most) return [];
  return [`recordsPerSecond ${recordsPerSecond} is above background-query-max-rps ${most}: the start is refused`];
}

/** The limit on the number of records of a set does not matter: background tasks create none. */
function recordFindings(states: NamespaceStates, { namespace, work }: TaskSubject): string[] {
  const deletes = work?.kind === "delete";
  const found = writeObstacles(states, work === undefined || deletes ? undefined : work.ttl);
  if (work === undefined) return found;
  const all = [...states.values()];
  if (work.durableDelete && all.some(({ isCommunityEdition }) => isCommunityEdition)) {
    found.push("Durable deletes need the Enterprise Edition: each record that would be deleted fails");
  }
  if (deletes && !work.durableDelete && all.some(({ isStronglyConsistent }) => isStronglyConsistent)) {
    found.push(`Namespace ${namespace} is strongly consistent: deletes that are not durable fail for each record`);
  }
  return found;
}

function udfOf({ work, udf }: TaskSubject): UdfNames | undefined {
  return work?.action.type === "udf" ? work.action.call : udf;
}

async function udfFindings(context: SessionContext, subject: TaskSubject, deadline: Deadline): Promise<Findings> {
  const udf = udfOf(subject);
  if (udf === undefined) return NOTHING;
  try {
    return { ...NOTHING, ...(await checkUdf(context, udf, deadline)) };
  } catch (error) {
    if (error instanceof UdfError) return { ...NOTHING, start: [error.message] };
    throw error;
  }
}

/**
 * Whether a function is there to be called. A server would start the job without, and fail it record by record.
 * @returns what makes it doubtful, or may not be meant; nothing when the source may not be read
 * @throws UdfError when the module is not registered, or its source surely defines no such function
 */
export async function checkUdf(
  { cluster }: SessionContext,
  udf: UdfNames,
  deadline: Deadline,
): Promise<Pick<Findings, "records" | "surprises">> {
  const fileName = `${udf.package}.lua`;
  const list = udfList();
  const get = udfGet(fileName);
  let sourceText = "";
  const files = new Set<string>();
  const without: string[] = [];
  const replies = await askEach(cluster, [list, get], deadline);
  for (const [node, reply] of replies) {
    const modules = parseInfo(reply.get(list) ?? "", { operation: "list UDFs", node }, parseUdfList);
    for (const module of modules) files.add(module.fileName);
    if (modules.some((module) => module.fileName === fileName)) sourceText = reply.get(get) ?? "";
    else without.push(node);
  }
  if (!files.has(fileName)) {
    const known = files.size === 0 ? "no module is registered" : `registered are ${[...files].join(", ")}`;
    throw missing(`executeUdf: there is no UDF package "${udf.package}" on the cluster; ${known}`);
  }
  if (without.length > 0) {
    throw missing(
      `executeUdf: UDF package "${udf.package}" is not on ${without.join(", ")} yet, where each record would fail; ` +
        "the task of registerUdf() tells when every node has it",
    );
  }
  const source = readSource(sourceText);
  if (source === undefined) return NOTHING;
  const surprises = source.mentions("set_ttl") ? [setsTtl(fileName)] : [];
  const known = source.functions;
  const alternatives = known.length === 0 ? "it defines none" : `it has ${known.join(", ")}`;
  switch (source.find(udf.function)) {
    case "missing": {
      const hint = didYouMean(udf.function, known);
      throw missing(
        `executeUdf: ${fileName} has no function "${udf.function}"; ${alternatives}${hint === undefined ? "" : `. ${hint}`}`,
      );
    }
    case "local":
      throw missing(`executeUdf: "${udf.function}" is local in ${fileName}, so that servers do not find it`);
    case "unknown":
      return {
        records: [
          `The source of ${fileName} does not show a function "${udf.function}", but may make one when it is loaded; without it, each record fails`,
        ],
        surprises,
      };
    case "defined":
      return { records: [], surprises };
  }
}

/** Servers keep it in the message of the job, which all records share (seen with 8.1.2). */
function setsTtl(fileName: string): string {
  return `${fileName} calls record.set_ttl: servers give what it sets for a record to records that come after it, too, so set it for each`;
}

/** Undefined when it may not be read, or is damaged. */
function readSource(value: string): LuaSource | undefined {
  if (parseInfoError(value) !== undefined) return undefined;
  try {
    const bytes = parseUdfSource(value);
    return new LuaSource(decodeUtf8(bytes, 0, bytes.length));
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

function missing(message: string): UdfError {
  return new UdfError(message, { code: "UDF", resultCode: ResultCode.UDF_EXECUTION });
}
