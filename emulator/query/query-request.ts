import { FieldType } from "../../protocol/message/field-type.js";
import { Info1 } from "../../protocol/message/flags.js";
import { ResultCode } from "../../protocol/result-code.js";
import type { Request } from "../command/request.js";
import { setOf } from "../command/request-set.js";
import type { NodeNamespace } from "../node/node-namespace.js";
import { readName } from "../record/name.js";
import { isCompact } from "../sindex/compact.js";
import { isIndexContext } from "../sindex/index-context.js";
import { IndexSource } from "../sindex/index-definition.js";
import { IndexSearch } from "../sindex/index-search.js";
import { loadPercent, type SecondaryIndex } from "../sindex/secondary-indexes.js";
import { parseQueryRange, type QueryRange } from "./query-range.js";

const MAX_SET_BYTES = 63;
const MAX_INDEX_NAME_BYTES = 63;

/** What every kind of query says about its records. */
export interface QueryRequest {
  readonly taskId: bigint;
  /** Empty: the whole namespace. */
  readonly setName: string;
  readonly recordsPerSecond: number;
  readonly where: WhereClause | undefined;
}

interface WhereClause extends QueryRange {
  readonly indexName: string | undefined;
  readonly source: number;
  readonly context: Uint8Array | undefined;
  readonly expression: Uint8Array | undefined;
}

export function isShortQuery(request: Request): boolean {
  return (request.info1 & Info1.SHORT_QUERY) !== 0;
}

/** Undefined for what the server refuses with PARAMETER. */
export function parseQuery(request: Request): QueryRequest | undefined {
  const setName = setOf(request);
  if ((request.field(FieldType.SET)?.length ?? 0) > MAX_SET_BYTES) return undefined;
  const recordsPerSecond = recordsPerSecondOf(request);
  if (recordsPerSecond === undefined) return undefined;
  const where = whereOf(request);
  if (where === null) return undefined;
  return { taskId: taskIdOf(request), setName, recordsPerSecond, where };
}

/** A field of a number; undefined when it has another size. */
export function numberField(field: Uint8Array | undefined, size: 4 | 8): number | undefined {
  if (field === undefined) return 0;
  if (field.length !== size) return undefined;
  const view = new DataView(field.buffer, field.byteOffset, size);
  return size === 4 ? view.getUint32(0) : Number(view.getBigUint64(0));
}

/** The search that a where clause asks for; undefined without one; INDEX_NOT_FOUND or INDEX_NOT_READABLE. */
export function searchOf(query: QueryRequest, namespace: NodeNamespace, now: number): IndexSearch | undefined | number {
  const { where } = query;
  if (where === undefined) return undefined;
  const index = findIndex(query.setName, where, namespace);
  if (index === undefined) return ResultCode.INDEX_NOT_FOUND;
  if (loadPercent(index, now) < 100) return ResultCode.INDEX_NOT_READABLE;
  return new IndexSearch(namespace.name, index, where.range);
}

function findIndex(setName: string, where: WhereClause, namespace: NodeNamespace): SecondaryIndex | undefined {
  const { indexes } = namespace.shared;
  if (where.indexName !== undefined) return indexes.byName(where.indexName);
  if (!isSource(where.source)) return undefined;
  return indexes.lookUp({
    setName,
    binName: where.binName,
    source: where.source,
    valueType: where.range.valueType,
    context: where.context,
    expression: where.expression,
  });
}

function isSource(source: number): source is IndexSource {
  return source <= IndexSource.MAPVALUES;
}

function taskIdOf(request: Request): bigint {
  const field = request.field(FieldType.TASK_ID);
  return field?.length === 8 ? new DataView(field.buffer, field.byteOffset, 8).getBigUint64(0) : 0n;
}

function recordsPerSecondOf(request: Request): number | undefined {
  const field = request.field(FieldType.RECORDS_PER_SECOND);
  if (field !== undefined && isShortQuery(request)) return undefined;
  return numberField(field, 4);
}

/** Undefined without a where clause; null for what the server refuses with PARAMETER. */
function whereOf(request: Request): WhereClause | undefined | null {
  const nameField = request.field(FieldType.INDEX_NAME);
  const expression = request.field(FieldType.INDEX_EXPRESSION);
  if (nameField !== undefined && (nameField.length === 0 || nameField.length > MAX_INDEX_NAME_BYTES)) return null;
  const rangeField = request.field(FieldType.INDEX_RANGE);
  if (nameField !== undefined && expression !== undefined) return null;
  // Without a range an index is named in vain.
  if (rangeField === undefined) return undefined;
  const range = parseQueryRange(rangeField);
  if (range === undefined) return null;
  if ((range.binName === "") !== (nameField !== undefined || expression !== undefined)) return null;
  const sourceField = request.field(FieldType.INDEX_TYPE);
  if (sourceField?.length === 0 || expression?.length === 0) return null;
  const context = request.field(FieldType.INDEX_CONTEXT);
  if (context !== undefined) {
    if (nameField !== undefined || expression !== undefined) return null;
    if (!isCompact(context) || !isIndexContext(context)) return null;
  }
  return {
    ...range,
    indexName: nameField && readName(nameField),
    source: sourceField?.[0] ?? IndexSource.DEFAULT,
    context: context?.slice(),
    expression: expression?.slice(),
  };
}
