import { FieldType } from "../../protocol/message/field-type.js";
import type { Request } from "../command/request.js";
import { readName } from "../record/name.js";

const MAX_NAME_BYTES = 127;
const NO_ARGUMENTS = Uint8Array.of(0x90);

/** Which function a request wants, and with what. */
export interface UdfCall {
  readonly moduleName: string;
  readonly functionName: string;
  /** Packed list. */
  readonly args: Uint8Array;
}

/** Undefined for what the server refuses with PARAMETER. Arguments that are no list count as none. */
export function udfCallOf(request: Request): UdfCall | undefined {
  const file = request.field(FieldType.UDF_FILENAME);
  const name = request.field(FieldType.UDF_FUNCTION);
  const args = request.field(FieldType.UDF_ARGLIST);
  if (file === undefined || name === undefined || args === undefined) return undefined;
  if (file.length > MAX_NAME_BYTES || name.length > MAX_NAME_BYTES) return undefined;
  return {
    moduleName: readName(file),
    functionName: readName(name),
    args: isList(args) ? args.slice() : NO_ARGUMENTS,
  };
}

function isList(packed: Uint8Array): boolean {
  const head = packed[0];
  return head !== undefined && ((head >= 0x90 && head < 0xa0) || head === 0xdc || head === 0xdd);
}
