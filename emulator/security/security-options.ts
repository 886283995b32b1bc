import { checkOptions, type OptionNames } from "../../protocol/check/check-options.js";
import { ResultCode } from "../../protocol/result-code.js";
import { hashPassword } from "../../protocol/security/password-hash.js";
import { checkPrivileges, type Privilege as NamedPrivilege } from "../../protocol/security/privilege.js";
import { describe } from "../../protocol/value/invalid-value.js";
import type { Accounts } from "./accounts.js";
import { type Privilege, predefinedRoles } from "./privilege.js";

/** A user that a cluster with security begins with. */
export interface UserOptions {
  /** Of `admin`: replaces `admin`. */
  readonly password: string;
  /** Predefined ones, such as `"read-write"`, and those of {@link SecurityOptions.roles}. Default none. */
  readonly roles?: readonly string[];
}

/** A role that a cluster with security begins with. */
export interface RoleOptions {
  /** @example [{ code: "read", namespace: "test", setName: "users" }] */
  readonly privileges: readonly NamedPrivilege[];
  /** Networks that users with this role may come from, such as `"10.0.0.0/8"`. Default: all. */
  readonly allowlist?: readonly string[];
}

/** Who may log in at the start; clients that may can add to it. */
export interface SecurityOptions {
  /** By name. `admin` is always there, with the role `user-admin`. Each costs a tenth of a second: passwords are hashed. */
  readonly users?: Readonly<Record<string, UserOptions>>;
  /** By name, besides the predefined ones. */
  readonly roles?: Readonly<Record<string, RoleOptions>>;
}

const OPTIONS: OptionNames<SecurityOptions> = { users: true, roles: true };
const USER_OPTIONS: OptionNames<UserOptions> = { password: true, roles: true };
const ROLE_OPTIONS: OptionNames<RoleOptions> = { privileges: true, allowlist: true };

const FIRST_USER = "admin";

/** @throws TypeError or RangeError that names the user or role, and what is wrong with it; never a password */
export function checkSecurity(security: SecurityOptions): void {
  checkOptions("security", security, OPTIONS);
  for (const [name, role] of entries("security.roles", security.roles)) {
    const place = `security.roles: ${describe(name)}`;
    checkOptions(place, role, ROLE_OPTIONS);
    checkPrivileges(place, role.privileges);
    checkTexts(`${place}: allowlist`, role.allowlist);
  }
  const known = [...predefinedRoles.map(([name]) => name), ...Object.keys(security.roles ?? {})];
  for (const [name, user] of entries("security.users", security.users)) {
    const place = `security.users: ${describe(name)}`;
    checkOptions(place, user, USER_OPTIONS);
    if (typeof user.password !== "string") {
      // Whatever it is, it may be a secret.
      throw new TypeError(`${place}: expected a password of text, got a value of type ${typeof user.password}`);
    }
    checkTexts(`${place}: roles`, user.roles);
    for (const role of user.roles ?? []) {
      if (known.includes(role)) continue;
      throw new RangeError(`${place}: expected roles among ${known.join(", ")}, got ${describe(role)}`);
    }
  }
}

/** Adds the users and roles that were asked for, and checked. */
export async function addAccounts(accounts: Accounts, { users = {}, roles = {} }: SecurityOptions): Promise<void> {
  for (const [name, { privileges, allowlist = [] }] of Object.entries(roles)) {
    const role = { privileges: privileges.map(privilegeOf), allowlist, readQuota: 0, writeQuota: 0 };
    insist(`role ${describe(name)}`, accounts.createRole(name, role));
  }
  for (const [name, { password, roles: own = [] }] of Object.entries(users)) {
    const hash = await hashPassword(password, () => Promise.resolve());
    if (name !== FIRST_USER) {
      insist(`user ${describe(name)}`, accounts.createUser(name, hash, own));
      continue;
    }
    insist(`user ${describe(name)}`, accounts.setPassword(name, hash, undefined));
    if (own.length > 0) insist(`user ${describe(name)}`, accounts.grantRoles(name, own));
  }
}

function insist(what: string, code: number): void {
  if (code === ResultCode.OK) return;
  const name = Object.entries(ResultCode).find(([, value]) => value === code)?.[0] ?? String(code);
  throw new RangeError(`security: the ${what} is refused with ${name}`);
}

function privilegeOf({ code, namespace = "", setName = "" }: NamedPrivilege): Privilege {
  const right = predefinedRoles.find(([name]) => name === code)?.[1];
  if (right === undefined) throw new TypeError(`security: there is no privilege ${describe(code)}`);
  return { right, namespace, setName };
}

function entries<T>(place: string, options: Readonly<Record<string, T>> | undefined): [string, T][] {
  if (options === undefined) return [];
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError(`${place}: expected an object by name, got ${describe(options)}`);
  }
  return Object.entries(options);
}

function checkTexts(place: string, texts: readonly string[] | undefined): void {
  if (texts === undefined || (Array.isArray(texts) && texts.every((text) => typeof text === "string"))) return;
  throw new TypeError(`${place}: expected an array of texts, got ${describe(texts)}`);
}
