import { FieldType } from "../../protocol/message/field-type.js";
import { Info1, Info2 } from "../../protocol/message/flags.js";
import { OpCode } from "../../protocol/message/op.js";
import { ResultCode } from "../../protocol/result-code.js";
import { hasBinName, isBinName } from "../command/bin-name.js";
import { isRead } from "../command/op-kind.js";
import type { ReplyRow } from "../command/outcome.js";
import { allBins } from "../command/read.js";
import { applyRead, rowOf } from "../command/read-op.js";
import type { Request } from "../command/request.js";
import { readName } from "../record/name.js";
import type { StoredRecord } from "../record/stored-record.js";
import { StoredRecordView } from "../record/views.js";

const NOTHING: readonly ReplyRow[] = [];

/**
 * The rows that a query gives for a record: undefined when it gives no message at all, a result code when one of its ops
 * fails.
 */
export type Projection = (
  namespace: string,
  record: StoredRecord,
  now: number,
) => readonly ReplyRow[] | undefined | number;

/** What a query asks to see of each record; undefined for what the server refuses with PARAMETER. */
export function projectionOf(request: Request): Projection | undefined {
  if (request.info1 & Info1.GET_NO_BINS) return () => NOTHING;
  const binList = request.field(FieldType.QUERY_BINLIST);
  if (binList !== undefined) return request.ops.length > 0 ? undefined : selectBins(binNames(binList));
  if (request.ops.length === 0) return (_namespace, record) => allBins(record);
  if (!request.ops.every((op) => hasBinName(op) && isRead(op.code, request.release))) return undefined;
  return applyOps(request);
}

function applyOps(request: Request): Projection {
  const respondAll = (request.info2 & Info2.RESPOND_ALL_OPS) !== 0;
  return (namespace, record, now) => {
    const view = new StoredRecordView(namespace, record, now, true);
    const rows: ReplyRow[] = [];
    for (const op of request.ops) {
      const found = applyRead(op, view, request.release);
      if (found !== undefined && found.code !== ResultCode.OK) return found.code;
      const value = found?.result ?? null;
      if (value !== null || respondAll) rows.push(rowOf(op, value));
    }
    return rows.length > 0 ? rows : undefined;
  };
}

function selectBins(names: readonly Uint8Array[]): Projection {
  return (_namespace, record) => {
    const rows: ReplyRow[] = [];
    for (const nameBytes of names) {
      const value = record.bins.get(readName(nameBytes));
      if (value !== undefined) rows.push({ code: OpCode.READ, nameBytes, value, isLoose: false });
    }
    return rows.length > 0 ? rows : undefined;
  };
}

/** u8 count · for each: u8 length · name. Names that no bin can have are left out. */
function binNames(field: Uint8Array): Uint8Array[] {
  const names: Uint8Array[] = [];
  let at = 1;
  for (let left = field[0] ?? 0; left > 0 && at < field.length; left--) {
    const end = at + 1 + field[at]!;
    const name = field.slice(at + 1, end);
    if (isBinName(name)) names.push(name);
    at = end;
  }
  return names;
}
