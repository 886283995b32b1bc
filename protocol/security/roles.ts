import type { Reader } from "../bytes/reader.js";
import { describe } from "../value/invalid-value.js";
import { readSecurityFields, SecurityCommand, SecurityField, type SecurityRequest } from "./message.js";
import { type Privilege, readPrivileges, writePrivileges } from "./privilege.js";

// ALLOWLIST: addresses and networks parted by commas, such as 10.0.0.0/8,192.168.1.7
// READ_QUOTA, WRITE_QUOTA: u32, records a second; 0 for no limit

/** A role of the cluster. */
export interface Role {
  readonly name: string;
  readonly privileges: readonly Privilege[];
  /** Addresses and networks that its users may connect from; empty for anywhere. */
  readonly allowlist: readonly string[];
  /** Records a second that a user of it may read; 0 for no limit. */
  readonly readQuota: number;
  /** Records a second that a user of it may write; 0 for no limit. */
  readonly writeQuota: number;
}

const MAX_ALLOWLIST_LENGTH = 4096;
const MAX_QUOTA = 0x7fff_ffff;

/** @throws TypeError or RangeError for what is no list of addresses and networks */
export function checkAllowlist(method: string, allowlist: unknown): asserts allowlist is readonly string[] {
  if (!Array.isArray(allowlist)) {
    throw new TypeError(`${method}: expected an array of addresses such as "10.0.0.0/8", got ${describe(allowlist)}`);
  }
  for (const address of allowlist) {
    if (typeof address !== "string" || !/^[0-9a-fA-F.:]+(?:\/\d{1,3})?$/.test(address)) {
      throw new TypeError(`${method}: expected an address or a network such as "10.0.0.0/8", got ${describe(address)}`);
    }
  }
  const { length } = allowlist.join(",");
  if (length > MAX_ALLOWLIST_LENGTH) {
    throw new RangeError(
      `${method}: the allowlist takes ${length} letters: at most ${MAX_ALLOWLIST_LENGTH} are allowed`,
    );
  }
}

/** @throws RangeError for what is no number of records a second */
export function checkQuota(method: string, name: string, quota: unknown): asserts quota is number {
  if (typeof quota === "number" && Number.isInteger(quota) && quota >= 0 && quota <= MAX_QUOTA) return;
  throw new RangeError(
    `${method}: ${name}: expected records a second, 0 (no limit) to ${MAX_QUOTA}, got ${describe(quota)}`,
  );
}

const { ROLE, PRIVILEGES, ALLOWLIST, READ_QUOTA, WRITE_QUOTA } = SecurityField;

export function createRole({ name, privileges, allowlist, readQuota, writeQuota }: Role): SecurityRequest {
  return {
    command: SecurityCommand.CREATE_ROLE,
    fields: [
      [ROLE, name],
      privileges.length === 0 ? [PRIVILEGES, undefined] : privilegesField(privileges),
      [ALLOWLIST, allowlist.length === 0 ? undefined : allowlist.join(",")],
      [READ_QUOTA, readQuota === 0 ? undefined : readQuota],
      [WRITE_QUOTA, writeQuota === 0 ? undefined : writeQuota],
    ],
  };
}

export function dropRole(role: string): SecurityRequest {
  return { command: SecurityCommand.DROP_ROLE, fields: [[ROLE, role]] };
}

export function grantPrivileges(role: string, privileges: readonly Privilege[]): SecurityRequest {
  return { command: SecurityCommand.GRANT_PRIVILEGES, fields: [[ROLE, role], privilegesField(privileges)] };
}

export function revokePrivileges(role: string, privileges: readonly Privilege[]): SecurityRequest {
  return { command: SecurityCommand.REVOKE_PRIVILEGES, fields: [[ROLE, role], privilegesField(privileges)] };
}

/** An empty list lifts the limit. */
export function setAllowlist(role: string, allowlist: readonly string[]): SecurityRequest {
  const text = allowlist.length === 0 ? undefined : allowlist.join(",");
  return {
    command: SecurityCommand.SET_ALLOWLIST,
    fields: [
      [ROLE, role],
      [ALLOWLIST, text],
    ],
  };
}

export function setQuotas(role: string, readQuota: number, writeQuota: number): SecurityRequest {
  const fields = [
    [ROLE, role],
    [READ_QUOTA, readQuota],
    [WRITE_QUOTA, writeQuota],
  ] as const;
  return { command: SecurityCommand.SET_QUOTAS, fields };
}

/** Asks for one role, or for all. */
export function queryRoles(role?: string): SecurityRequest {
  return { command: SecurityCommand.QUERY_ROLES, fields: [[ROLE, role]] };
}

/** Reads the fields of a role; undefined when they name none. */
export function readRole(body: Reader, fields: number): Role | undefined {
  let name: string | undefined;
  let privileges: readonly Privilege[] = [];
  let allowlist: readonly string[] = [];
  let readQuota = 0;
  let writeQuota = 0;
  readSecurityFields(body, fields, (id, size) => {
    if (id === ROLE) name = body.utf8(size);
    else if (id === PRIVILEGES) privileges = readPrivileges(body);
    else if (id === ALLOWLIST)
      allowlist = body
        .utf8(size)
        .split(",")
        .filter((address) => address !== "");
    else if (id === READ_QUOTA && size === 4) readQuota = body.u32();
    else if (id === WRITE_QUOTA && size === 4) writeQuota = body.u32();
  });
  return name === undefined ? undefined : { name, privileges, allowlist, readQuota, writeQuota };
}

function privilegesField(privileges: readonly Privilege[]) {
  return [PRIVILEGES, (w: Parameters<typeof writePrivileges>[0]) => writePrivileges(w, privileges)] as const;
}
