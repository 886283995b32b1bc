import { FieldType } from "../../protocol/message/field-type.js";
import { readName } from "../record/name.js";
import type { StoredRecord } from "../record/stored-record.js";
import type { Request } from "./request.js";

/** The set that a request names; empty when it names none. */
export function setOf(request: Request): string {
  const field = request.field(FieldType.SET);
  return field === undefined ? "" : readName(field);
}

/** Whether a read or delete may have the record: one that names no set may have any. */
export function hasSetOf(request: Request, record: StoredRecord): boolean {
  const name = setOf(request);
  return name === "" || name === record.setName;
}
