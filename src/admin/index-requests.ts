import { checkOptions } from "../../protocol/check/check-options.js";
import { type IndexDefinition, sindexCreate, sindexDelete, sindexList } from "../../protocol/info/index-commands.js";
import { parseIndexList } from "../../protocol/info/index-info.js";
import { parseInfoError } from "../../protocol/info/info-error.js";
import { ResultCode } from "../../protocol/result-code.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { expectInfoChange, parseInfo } from "../cluster/info-client.js";
import type { DataSet } from "../data/data-set.js";
import { CALL_OPTIONS, type CallOptions } from "../policy/call-options.js";
import type { SessionContext } from "../policy/session-context.js";
import { AdminCall } from "./admin-call.js";
import type { CreateOptions } from "./index-builder.js";
import { type IndexDraft, isSameIndex, nameOf, planIndex, requireVersions } from "./index-draft.js";
import { DropIndexTask, IndexTask } from "./index-task.js";

/** See `IndexBuilder.create`. */
export async function createAsDrafted(
  context: SessionContext,
  dataSet: DataSet<unknown>,
  draft: IndexDraft,
  options: CreateOptions,
): Promise<IndexTask> {
  checkOptions<CreateOptions>("create", options, { ...CALL_OPTIONS, ifNotExists: true });
  const { ifNotExists, ...rest } = options;
  if (ifNotExists !== undefined && typeof ifNotExists !== "boolean") {
    throw new TypeError(`create: expected ifNotExists to be true or false, got ${describe(ifNotExists)}`);
  }
  const call = new AdminCall(context, "create", rest);
  const planned = planIndex(dataSet, draft);
  const { cluster } = context;
  const { namespace, setName, indexName } = planned.definition;
  // Servers say ok to an index in a namespace that they do not have, and then never build it.
  cluster.checkNamespace(namespace);
  requireVersions(planned, cluster.minVersion);
  if (ifNotExists === true) {
    const existing = await nameOfSame(context, planned.definition, call);
    if (existing !== undefined) return new IndexTask(context, namespace, existing);
  }
  const command = sindexCreate(planned.definition, cluster.minVersion);
  expectInfoChange(await call.askAny(command), { operation: `create index ${indexName}`, namespace, setName });
  return new IndexTask(context, namespace, indexName);
}

/** See `IndexBuilder.drop`. */
export async function dropAsDrafted(
  context: SessionContext,
  { namespace }: DataSet<unknown>,
  draft: IndexDraft,
  options: CallOptions,
): Promise<DropIndexTask> {
  const call = new AdminCall(context, "drop", options);
  const indexName = nameOf(draft, "drop");
  const { cluster } = context;
  cluster.checkNamespace(namespace);
  const value = await call.askAny(sindexDelete(namespace, indexName, cluster.minVersion));
  // Old servers say that there is none; newer ones say ok.
  if (parseInfoError(value)?.code !== ResultCode.INDEX_NOT_FOUND) {
    expectInfoChange(value, { operation: `drop index ${indexName}`, namespace });
  }
  return new DropIndexTask(context, namespace, indexName);
}

/** The name of an index of the same definition. */
async function nameOfSame(
  context: SessionContext,
  definition: IndexDefinition,
  call: AdminCall,
): Promise<string | undefined> {
  const { namespace } = definition;
  const value = await call.askAny(sindexList(context.cluster.minVersion, namespace));
  const indexes = parseInfo(value, { operation: "list indexes", namespace }, parseIndexList);
  return indexes.find((index) => isSameIndex(index, definition))?.indexName;
}
