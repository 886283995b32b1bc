import type { Reader } from "../bytes/reader.js";
import { utf8Length } from "../bytes/utf8.js";
import type { Writer } from "../bytes/writer.js";
import { describe } from "../value/invalid-value.js";
import { readSecurityFields, SecurityCommand, SecurityField, type SecurityRequest } from "./message.js";
import { MAX_LIST, writeShort } from "./privilege.js";

// The ROLES field: u8 count · for each u8 size · name
// READ_INFO, WRITE_INFO: u8 count · for each u32: quota · commands on records a second · records of queries a second
//   · queries without a limit of their own

/** What a user does at the moment, in reading or in writing. */
export interface UserActivity {
  /** Records a second that the user may; 0 for no limit. */
  readonly quota: number;
  /** Records a second of commands by keys. */
  readonly recordsPerSecond: number;
  /** Records a second of queries. */
  readonly queryRecordsPerSecond: number;
  /** Queries that have no `recordsPerSecond` of their own. */
  readonly queriesWithoutLimit: number;
}

/** A user of the cluster. What the server does not tell is undefined. */
export interface User {
  readonly name: string;
  readonly roles: readonly string[];
  readonly reading: UserActivity | undefined;
  readonly writing: UserActivity | undefined;
  /** Sockets that the user has open. */
  readonly connections: number | undefined;
}

const MAX_NAME_BYTES = 63;

/** @param argument "user name", "role" */
export function checkAccountName(method: string, argument: string, name: unknown): asserts name is string {
  if (typeof name !== "string" || name === "" || !name.isWellFormed()) {
    throw new TypeError(
      `${method}: expected a ${argument}, 1 to ${MAX_NAME_BYTES} bytes of UTF-8, got ${describe(name)}`,
    );
  }
  const bytes = utf8Length(name);
  if (bytes > MAX_NAME_BYTES) {
    throw new RangeError(
      `${method}: the ${argument} ${describe(name)} takes ${bytes} bytes: at most ${MAX_NAME_BYTES} are allowed`,
    );
  }
}

/** @throws TypeError or RangeError for what is no list of names */
export function checkRoleNames(method: string, roles: unknown, least = 1): asserts roles is readonly string[] {
  if (!Array.isArray(roles)) {
    throw new TypeError(`${method}: expected an array of names of roles, got ${describe(roles)}`);
  }
  if (roles.length < least || roles.length > MAX_LIST) {
    throw new RangeError(`${method}: expected ${least} to ${MAX_LIST} roles, got ${roles.length}`);
  }
  for (const role of roles) checkAccountName(method, "role", role);
}

const { USER, PASSWORD, OLD_PASSWORD, ROLES } = SecurityField;

/** @param passwordHash undefined for a user who shows a certificate, or whom LDAP knows: server 7.0 and newer */
export function createUser(user: string, passwordHash: string | undefined, roles: readonly string[]): SecurityRequest {
  const fields = [[USER, user], [PASSWORD, passwordHash], rolesField(roles)] as const;
  return { command: SecurityCommand.CREATE_USER, fields };
}

export function dropUser(user: string): SecurityRequest {
  return { command: SecurityCommand.DROP_USER, fields: [[USER, user]] };
}

/** Of another user. */
export function setPassword(user: string, passwordHash: string): SecurityRequest {
  return {
    command: SecurityCommand.SET_PASSWORD,
    fields: [
      [USER, user],
      [PASSWORD, passwordHash],
    ],
  };
}

/** A user's own. */
export function changePassword(user: string, oldHash: string, passwordHash: string): SecurityRequest {
  const fields = [
    [USER, user],
    [OLD_PASSWORD, oldHash],
    [PASSWORD, passwordHash],
  ] as const;
  return { command: SecurityCommand.CHANGE_PASSWORD, fields };
}

export function grantRoles(user: string, roles: readonly string[]): SecurityRequest {
  return { command: SecurityCommand.GRANT_ROLES, fields: [[USER, user], rolesField(roles)] };
}

export function revokeRoles(user: string, roles: readonly string[]): SecurityRequest {
  return { command: SecurityCommand.REVOKE_ROLES, fields: [[USER, user], rolesField(roles)] };
}

/** Asks for one user, or for all. */
export function queryUsers(user?: string): SecurityRequest {
  return { command: SecurityCommand.QUERY_USERS, fields: [[USER, user]] };
}

/** Reads the fields of a user; undefined when they name none. */
export function readUser(body: Reader, fields: number): User | undefined {
  let name: string | undefined;
  let roles: readonly string[] = [];
  let reading: UserActivity | undefined;
  let writing: UserActivity | undefined;
  let connections: number | undefined;
  readSecurityFields(body, fields, (id, size) => {
    if (id === SecurityField.USER) name = body.utf8(size);
    else if (id === SecurityField.ROLES) roles = readNames(body);
    else if (id === SecurityField.READ_INFO) reading = readActivity(body);
    else if (id === SecurityField.WRITE_INFO) writing = readActivity(body);
    else if (id === SecurityField.CONNECTIONS && size === 4) connections = body.u32();
  });
  return name === undefined ? undefined : { name, roles, reading, writing, connections };
}

function rolesField(roles: readonly string[]): readonly [typeof ROLES, (w: Writer) => void] {
  return [
    ROLES,
    (w) => {
      w.u8(roles.length);
      for (const role of roles) writeShort(w, role);
    },
  ];
}

function readNames(r: Reader): string[] {
  const names: string[] = [];
  for (let count = r.u8(); count > 0; count--) names.push(r.utf8(r.u8()));
  return names;
}

function readActivity(r: Reader): UserActivity {
  const numbers: number[] = [];
  for (let count = r.u8(); count > 0; count--) numbers.push(r.u32());
  const [quota = 0, recordsPerSecond = 0, queryRecordsPerSecond = 0, queriesWithoutLimit = 0] = numbers;
  return { quota, recordsPerSecond, queryRecordsPerSecond, queriesWithoutLimit };
}
