import { Reader } from "../../protocol/bytes/reader.js";
import type { Writer } from "../../protocol/bytes/writer.js";

// In messages: u8 count · for each u8 code · for codes from 10 on u8 size · namespace · u8 size · set
// Empty names stand for all.

/** What may be allowed; the numbers are those of messages. */
export const Right = {
  USER_ADMIN: 0,
  SYS_ADMIN: 1,
  DATA_ADMIN: 2,
  UDF_ADMIN: 3,
  SINDEX_ADMIN: 4,
  READ: 10,
  READ_WRITE: 11,
  READ_WRITE_UDF: 12,
  WRITE: 13,
  TRUNCATE: 14,
} as const;
export type Right = (typeof Right)[keyof typeof Right];

const FIRST_WITH_SCOPE = 10;
const RIGHTS: ReadonlySet<number> = new Set(Object.values(Right));

/** A right, and where it holds; empty for everywhere. */
export interface Privilege {
  readonly right: number;
  readonly namespace: string;
  readonly setName: string;
}

/** The roles that every cluster has, each with the one right of its name. */
export const predefinedRoles: readonly (readonly [name: string, right: Right])[] = [
  ["user-admin", Right.USER_ADMIN],
  ["sys-admin", Right.SYS_ADMIN],
  ["data-admin", Right.DATA_ADMIN],
  ["udf-admin", Right.UDF_ADMIN],
  ["sindex-admin", Right.SINDEX_ADMIN],
  ["read", Right.READ],
  ["read-write", Right.READ_WRITE],
  ["read-write-udf", Right.READ_WRITE_UDF],
  ["write", Right.WRITE],
  ["truncate", Right.TRUNCATE],
];

/** Undefined when there is a right that does not exist, or a set without a namespace. Throws ProtocolError when bytes are missing. */
export function readPrivileges(data: Uint8Array): Privilege[] | undefined {
  const r = new Reader(data);
  const privileges: Privilege[] = [];
  for (let count = r.u8(); count > 0; count--) {
    const right = r.u8();
    const hasScope = right >= FIRST_WITH_SCOPE;
    const namespace = hasScope ? r.utf8(r.u8()) : "";
    const setName = hasScope ? r.utf8(r.u8()) : "";
    if (!RIGHTS.has(right) || (namespace === "" && setName !== "")) return undefined;
    privileges.push({ right, namespace, setName });
  }
  return privileges;
}

export function writePrivileges(w: Writer, privileges: readonly Privilege[]): void {
  w.u8(privileges.length);
  for (const { right, namespace, setName } of privileges) {
    w.u8(right);
    if (right < FIRST_WITH_SCOPE) continue;
    for (const name of [namespace, setName]) {
      const at = w.gap(1);
      w.patchU8(at, w.utf8(name));
    }
  }
}

/** Whether a right on one place is given: what is given may be for more. */
export function covers(given: Privilege, rights: readonly number[], namespace: string, setName: string): boolean {
  return (
    rights.includes(given.right) &&
    (given.namespace === "" || given.namespace === namespace) &&
    (given.setName === "" || given.setName === setName)
  );
}

export function isSamePrivilege(a: Privilege, b: Privilege): boolean {
  return a.right === b.right && a.namespace === b.namespace && a.setName === b.setName;
}
