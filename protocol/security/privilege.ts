import type { Reader } from "../bytes/reader.js";
import type { Writer } from "../bytes/writer.js";
import { checkNamespace, checkSetName } from "../check/check-names.js";
import { alternatives } from "../check/check-options.js";
import { describe } from "../value/invalid-value.js";

// The PRIVILEGES field: u8 count · for each u8 code · from code 10 on: u8 size · namespace · u8 size · set
// Empty names stand for all.

/** What a role allows on the whole cluster. */
export type GlobalPrivilege = "user-admin" | "sys-admin" | "data-admin" | "udf-admin" | "sindex-admin";
/** What a role allows on a namespace, on a set, or everywhere. */
export type DataPrivilege = "read" | "read-write" | "read-write-udf" | "write" | "truncate";

/**
 * Something that a role allows.
 *
 * | code | allows | |
 * |---|---|---|
 * | `user-admin` | users and roles | whole cluster |
 * | `sys-admin` | configuration, and what `data-admin` allows | whole cluster |
 * | `data-admin` | indexes, Lua modules, truncation, stopping of jobs | whole cluster |
 * | `udf-admin`, `sindex-admin` | Lua modules; indexes. Server 6.0+ | whole cluster |
 * | `read`, `write`, `read-write` | records | namespace and set, if given |
 * | `read-write-udf` | records, and running Lua functions | namespace and set, if given |
 * | `truncate` | truncation. Server 6.0+ | namespace and set, if given |
 */
export interface Privilege {
  /** `privilege-<number>` for one that this version does not know. */
  readonly code: GlobalPrivilege | DataPrivilege | `privilege-${number}`;
  /** Default: everywhere. */
  readonly namespace?: string;
  /** Default: every set of the namespace. */
  readonly setName?: string;
}

const TABLE: readonly (readonly [name: GlobalPrivilege | DataPrivilege, code: number])[] = [
  ["user-admin", 0],
  ["sys-admin", 1],
  ["data-admin", 2],
  ["udf-admin", 3],
  ["sindex-admin", 4],
  ["read", 10],
  ["read-write", 11],
  ["read-write-udf", 12],
  ["write", 13],
  ["truncate", 14],
];
const CODES: ReadonlyMap<string, number> = new Map(TABLE);
const NAMES = new Map(TABLE.map(([name, code]) => [code, name]));
const FIRST_WITH_SCOPE = 10;
/** The count is one byte. */
export const MAX_LIST = 255;

/** @throws TypeError or RangeError when there are none or too many, or one is none or of a wrong scope */
export function checkPrivileges(method: string, privileges: unknown): asserts privileges is readonly Privilege[] {
  if (!Array.isArray(privileges)) {
    throw new TypeError(
      `${method}: expected an array of privileges such as { code: "read" }, got ${describe(privileges)}`,
    );
  }
  if (privileges.length < 1 || privileges.length > MAX_LIST) {
    throw new RangeError(`${method}: expected 1 to ${MAX_LIST} privileges, got ${privileges.length}`);
  }
  for (const privilege of privileges) checkPrivilege(method, privilege);
}

function checkPrivilege(method: string, privilege: unknown): void {
  if (typeof privilege !== "object" || privilege === null || !("code" in privilege)) {
    throw new TypeError(`${method}: expected a privilege such as { code: "read" }, got ${describe(privilege)}`);
  }
  const { code } = privilege;
  const number = typeof code === "string" ? CODES.get(code) : undefined;
  if (number === undefined) {
    throw new TypeError(
      `${method}: there is no privilege ${describe(code)}. ${alternatives(String(code), [...CODES.keys()])}`,
    );
  }
  const namespace = "namespace" in privilege ? privilege.namespace : undefined;
  const setName = "setName" in privilege ? privilege.setName : undefined;
  if (namespace !== undefined) checkNamespace(namespace);
  if (setName !== undefined) checkSetName(setName);
  if (number < FIRST_WITH_SCOPE && (namespace !== undefined || setName !== undefined)) {
    throw new TypeError(
      `${method}: the privilege "${code}" is one of the whole cluster; it takes no namespace and no set`,
    );
  }
  if (setName !== undefined && setName !== "" && namespace === undefined) {
    throw new TypeError(`${method}: the privilege "${code}" is for set "${setName}"; of which namespace?`);
  }
}

export function writePrivileges(w: Writer, privileges: readonly Privilege[]): void {
  w.u8(privileges.length);
  for (const { code, namespace = "", setName = "" } of privileges) {
    const number = CODES.get(code);
    if (number === undefined) throw new TypeError(`There is no privilege "${code}"`);
    w.u8(number);
    if (number < FIRST_WITH_SCOPE) continue;
    writeShort(w, namespace);
    writeShort(w, setName);
  }
}

export function readPrivileges(r: Reader): Privilege[] {
  const privileges: Privilege[] = [];
  for (let count = r.u8(); count > 0; count--) {
    const number = r.u8();
    const code = NAMES.get(number) ?? `privilege-${number}`;
    if (number < FIRST_WITH_SCOPE) {
      privileges.push({ code });
      continue;
    }
    const namespace = r.utf8(r.u8());
    const setName = r.utf8(r.u8());
    privileges.push({ code, ...(namespace !== "" && { namespace }), ...(setName !== "" && { setName }) });
  }
  return privileges;
}

/** A text with its size in one byte before it. */
export function writeShort(w: Writer, text: string): void {
  const at = w.gap(1);
  w.patchU8(at, w.utf8(text));
}
