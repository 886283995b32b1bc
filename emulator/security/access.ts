import { FieldType } from "../../protocol/message/field-type.js";
import { Info2 } from "../../protocol/message/flags.js";
import { ResultCode } from "../../protocol/result-code.js";
import type { Request } from "../command/request.js";
import { readName } from "../record/name.js";
import type { Account } from "./accounts.js";
import { covers, Right } from "./privilege.js";

const { READ, READ_WRITE, READ_WRITE_UDF, WRITE, TRUNCATE, USER_ADMIN, SYS_ADMIN, DATA_ADMIN } = Right;
const READING = [READ, READ_WRITE, READ_WRITE_UDF];
const WRITING = [WRITE, READ_WRITE, READ_WRITE_UDF];
const ADMIN = [SYS_ADMIN, DATA_ADMIN];

/** What changes a server, and who may; everything else is for everybody who is logged in. */
const CHANGES: ReadonlyMap<string, readonly number[]> = new Map([
  ["sindex-create", [...ADMIN, Right.SINDEX_ADMIN]],
  ["sindex-delete", [...ADMIN, Right.SINDEX_ADMIN]],
  ["udf-put", [...ADMIN, Right.UDF_ADMIN]],
  ["udf-remove", [...ADMIN, Right.UDF_ADMIN]],
  ["truncate", [...ADMIN, TRUNCATE]],
  ["truncate-namespace", [...ADMIN, TRUNCATE]],
  ["truncate-undo", [...ADMIN, TRUNCATE]],
  ["truncate-namespace-undo", [...ADMIN, TRUNCATE]],
  ["query-abort", ADMIN],
  ["query-abort-all", ADMIN],
  ["set-config", [SYS_ADMIN]],
  ["recluster", [SYS_ADMIN]],
]);

/** Whether a command on records may be carried out: OK or ROLE_VIOLATION. */
export function mayDo(account: Account, request: Request): number {
  const namespace = text(request.field(FieldType.NAMESPACE));
  const setName = text(request.field(FieldType.SET));
  return allows(account, rightsFor(request), namespace, setName) ? ResultCode.OK : ResultCode.ROLE_VIOLATION;
}

/** Whether an info command may be; where it names a namespace and a set, the right may be for these. */
export function mayAsk(account: Account, name: string, parameters: string): boolean {
  const rights = CHANGES.get(name);
  if (rights === undefined) return true;
  const pairs = new Map(
    parameters.split(";").map((pair) => [pair.split("=", 1)[0] ?? "", pair.slice(pair.indexOf("=") + 1)]),
  );
  return allows(account, rights, pairs.get("namespace") ?? pairs.get("ns") ?? "", pairs.get("set") ?? "");
}

/** Whether users and roles may be seen and changed. */
export function isUserAdmin(account: Account): boolean {
  return allows(account, [USER_ADMIN], "", "");
}

function allows({ privileges }: Account, rights: readonly number[], namespace: string, setName: string): boolean {
  return privileges.some((given) => covers(given, rights, namespace, setName));
}

function rightsFor(request: Request): readonly number[] {
  if (request.field(FieldType.UDF_FILENAME) !== undefined) return [READ_WRITE_UDF];
  return (request.info2 & Info2.WRITE) === 0 ? READING : WRITING;
}

function text(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? "" : readName(bytes);
}
