import { decodeUtf8 } from "../../protocol/bytes/utf8.js";
import { didYouMean } from "../../protocol/check/nearest.js";
import type { UdfCall } from "../../protocol/command/udf-call.js";
import { parseInfoError } from "../../protocol/info/info-error.js";
import { namespaceInfo, parseNamespaceInfo } from "../../protocol/info/namespace-info.js";
import { parseSet, setInfo } from "../../protocol/info/set-info.js";
import { udfGet, udfList } from "../../protocol/info/udf-commands.js";
import { parseUdfList, parseUdfSource } from "../../protocol/info/udf-info.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import { ResultCode } from "../../protocol/result-code.js";
import { UdfError } from "../errors/errors.js";
import type { Exp } from "../exp/exp.js";
import { understand } from "../policy/ask.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import type { BackgroundWork } from "./background-work.js";
import { findWrongBinTypes } from "./bin-type-check.js";
import { LuaSource } from "./lua-functions.js";

/** Time for the questions to one node; what they are for can do without. */
const INFO_TIMEOUT_MS = 2_000;

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
}

/** Looks for what a server would refuse of a task, as a whole or record by record. */
export async function preflight(context: SessionContext, subject: TaskSubject, deadline: Deadline): Promise<Findings> {
  const [facts, udf] = await Promise.all([
    namespaceFacts(context, subject, deadline),
    udfOf(subject) === undefined ? NOTHING : udfFindings(context, subject, deadline),
  ]);
  if (facts === undefined) return udf;
  const ops = subject.work?.action.type === "operations" ? subject.work.action.ops : [];
  const types = await findWrongBinTypes(context, { where: undefined, ...subject, ...facts }, ops, deadline);
  return {
    start: [...udf.start, ...rateFindings(facts, subject)],
    records: [...udf.records, ...recordFindings(facts, subject), ...types],
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
  return [`The function ${udf.package}.${udf.function} is there and fails: the servers' logs have Lua's message`];
}

const NOTHING: Findings = { start: [], records: [] };

/** What the settings and state of a namespace, and of a set in it, mean for background tasks. */
export interface NamespaceFacts {
  readonly maxRecordsPerSecond: number | undefined;
  /** Whether a record may be given a time to live: expired ones get removed, or that does not matter. */
  readonly allowsTtl: boolean;
  /** Seconds; 0 for never. */
  readonly defaultTtl: number;
  readonly strongConsistency: boolean;
  readonly communityEdition: boolean;
  readonly recordsPerNode: number;
  /** Why no record of the set, or of the namespace, can be written at the moment. */
  readonly blocks: readonly string[];
}

/** Asks any node; undefined when the namespace is not there. */
export async function namespaceFacts(
  { cluster }: SessionContext,
  { namespace, setName }: TaskSubject,
  deadline: Deadline,
): Promise<NamespaceFacts | undefined> {
  const aboutNamespace = namespaceInfo(namespace);
  const aboutSet = setName === "" ? undefined : setInfo(namespace, setName);
  const commands = [aboutNamespace, "edition", ...(aboutSet === undefined ? [] : [aboutSet])];
  const reply = await cluster.infoOnAny(commands, deadline.within(INFO_TIMEOUT_MS));
  const settings = parseNamespaceInfo(reply.get(aboutNamespace) ?? "");
  if (settings === undefined) return undefined;
  const set = aboutSet === undefined ? undefined : parseSet(reply.get(aboutSet) ?? "", namespace, setName);
  const setTtl = numberIn(set?.values, "default-ttl");
  const cap = numberIn(settings, "background-query-max-rps");
  return {
    maxRecordsPerSecond: cap > 0 ? cap : undefined,
    allowsTtl: settings.get("nsup-period") !== "0" || settings.get("allow-ttl-without-nsup") === "true",
    defaultTtl: setTtl > 0 ? setTtl : numberIn(settings, "default-ttl"),
    strongConsistency: settings.get("strong-consistency") === "true",
    communityEdition: /community/i.test(reply.get("edition") ?? ""),
    recordsPerNode: setName === "" ? numberIn(settings, "objects") : (set?.objects ?? 0),
    blocks: [...namespaceBlocks(namespace, settings), ...setBlocks(setName, set?.values)],
  };
}

function numberIn(values: ReadonlyMap<string, string> | undefined, name: string): number {
  const number = Number(values?.get(name));
  return Number.isSafeInteger(number) ? number : 0;
}

function namespaceBlocks(namespace: string, settings: ReadonlyMap<string, string>): string[] {
  const blocks: string[] = [];
  const isOn = (name: string): boolean => settings.get(name) === "true";
  if (isOn("stop_writes")) blocks.push(`Namespace ${namespace} is full and takes no writes (stop_writes)`);
  if (isOn("clock_skew_stop_writes")) {
    blocks.push(`Namespace ${namespace} takes no writes because the nodes' clocks differ (clock_skew_stop_writes)`);
  }
  if (isOn("reject-non-xdr-writes")) {
    blocks.push(`Namespace ${namespace} takes writes from other clusters only (reject-non-xdr-writes)`);
  }
  return blocks;
}

/** The limit on the number of records does not matter: background tasks create none. */
function setBlocks(setName: string, values: ReadonlyMap<string, string> | undefined): string[] {
  const limit = numberIn(values, "stop-writes-size");
  const used = numberIn(values, "data_used_bytes");
  if (limit === 0 || used <= limit) return [];
  return [`Set ${setName} has ${used} bytes on a node and takes no writes beyond ${limit} (stop-writes-size)`];
}

function rateFindings({ maxRecordsPerSecond }: NamespaceFacts, { recordsPerSecond = 0 }: TaskSubject): string[] {
  if (maxRecordsPerSecond === undefined || recordsPerSecond <= maxRecordsPerSecond) return [];
  return [
    `recordsPerSecond ${recordsPerSecond} is above background-query-max-rps ${maxRecordsPerSecond}: the start is refused`,
  ];
}

function recordFindings(facts: NamespaceFacts, { namespace, work }: TaskSubject): string[] {
  const found = [...facts.blocks];
  if (work === undefined) return found;
  const deletes = work.kind === "delete";
  const givesTtl = !deletes && (work.ttl > 0 || (work.ttl === 0 && facts.defaultTtl > 0));
  if (givesTtl && !facts.allowsTtl) {
    found.push(
      `Namespace ${namespace} has nsup-period 0 and not allow-ttl-without-nsup, so a time to live is refused for each record`,
    );
  }
  if (work.durableDelete && facts.communityEdition) {
    found.push("Durable deletes need the Enterprise Edition: each record that would be deleted fails");
  }
  if (deletes && !work.durableDelete && facts.strongConsistency) {
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
    const doubt = await checkUdf(context, udf, deadline);
    return { start: [], records: doubt === undefined ? [] : [doubt] };
  } catch (error) {
    if (error instanceof UdfError) return { start: [error.message], records: [] };
    throw error;
  }
}

/**
 * Whether a function is there to be called. A server would start the job without, and fail it record by record.
 * @returns what makes it doubtful; undefined when nothing does, or the source may not be read
 * @throws UdfError when the module is not registered, or its source surely defines no such function
 */
export async function checkUdf(
  { cluster }: SessionContext,
  udf: UdfNames,
  deadline: Deadline,
): Promise<string | undefined> {
  const fileName = `${udf.package}.lua`;
  const list = udfList();
  const get = udfGet(fileName);
  const reply = await cluster.infoOnAny([list, get], deadline.within(INFO_TIMEOUT_MS));
  const modules = understand(reply.get(list) ?? "", { operation: "list UDFs" }, parseUdfList);
  const files = modules.map((module) => module.fileName);
  if (!files.includes(fileName)) {
    const known = files.length === 0 ? "no module is registered" : `registered are ${files.join(", ")}`;
    throw missing(`executeUdf: there is no UDF package "${udf.package}" on the cluster; ${known}`);
  }
  const source = readSource(reply.get(get) ?? "");
  if (source === undefined) return undefined;
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
      return `The source of ${fileName} does not show a function "${udf.function}", but may make one when it is loaded; without it, each record fails`;
    case "defined":
      return undefined;
  }
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
