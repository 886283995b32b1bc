import { ResultCode } from "../../protocol/result-code.js";
import { isSamePrivilege, type Privilege, predefinedRoles } from "./privilege.js";

/** The password of the first user, as servers keep it: the hash of "admin". */
const FIRST_HASH = "$2a$10$7EqJtq98hPqEX7fNZaFWoO1mVO/4MLpGzsqojz6E9Gef6iXDjXdDa";

export interface Role {
  privileges: readonly Privilege[];
  allowlist: readonly string[];
  readQuota: number;
  writeQuota: number;
}

export interface User {
  passwordHash: string;
  readonly roles: Set<string>;
}

/** Who is logged in, with what was allowed then: roles that a user gets later count from the next login on. */
export interface Account {
  readonly user: string;
  readonly privileges: readonly Privilege[];
}

/** All users and roles at one moment. */
export interface AccountsState {
  readonly users: ReadonlyMap<string, User>;
  readonly roles: ReadonlyMap<string, Role>;
}

/** The users and roles of a cluster. What is asked of it answers with a result code. */
export class Accounts {
  readonly #users = new Map<string, User>([["admin", { passwordHash: FIRST_HASH, roles: new Set(["user-admin"]) }]]);
  readonly #roles = new Map<string, Role>();
  /** By session token. */
  readonly #sessions = new Map<string, Account>();

  constructor() {
    for (const [name, right] of predefinedRoles) {
      const privileges = [{ right, namespace: "", setName: "" }];
      this.#roles.set(name, { privileges, allowlist: [], readQuota: 0, writeQuota: 0 });
    }
  }

  get users(): ReadonlyMap<string, User> {
    return this.#users;
  }

  get roles(): ReadonlyMap<string, Role> {
    return this.#roles;
  }

  /** @param address that the client connects from */
  login(user: string, hash: string, address: string, token: string): number {
    const known = this.#users.get(user);
    if (known === undefined) return ResultCode.INVALID_USER;
    if (known.passwordHash !== hash) return ResultCode.INVALID_CREDENTIAL;
    const roles = [...known.roles].flatMap((name) => this.#roles.get(name) ?? []);
    const lists = roles.map(({ allowlist }) => allowlist).filter((list) => list.length > 0);
    if (lists.length > 0 && !lists.flat().some((network) => isWithin(address, network))) {
      return ResultCode.NOT_WHITELISTED;
    }
    this.#sessions.set(token, { user, privileges: roles.flatMap(({ privileges }) => privileges) });
    return ResultCode.OK;
  }

  /** Undefined for a token of nobody, or of another user. */
  accountOf(token: string, user: string): Account | undefined {
    const account = this.#sessions.get(token);
    return account?.user === user && this.#users.has(user) ? account : undefined;
  }

  createUser(name: string, passwordHash: string, roles: readonly string[]): number {
    if (name === "") return ResultCode.INVALID_USER;
    if (this.#users.has(name)) return ResultCode.USER_ALREADY_EXISTS;
    if (!isHash(passwordHash)) return ResultCode.INVALID_PASSWORD;
    if (!roles.every((role) => this.#roles.has(role))) return ResultCode.INVALID_ROLE;
    this.#users.set(name, { passwordHash, roles: new Set(roles) });
    return ResultCode.OK;
  }

  dropUser(name: string): number {
    return this.#users.delete(name) ? ResultCode.OK : ResultCode.INVALID_USER;
  }

  /** @param oldHash undefined when it need not be known */
  setPassword(name: string, passwordHash: string, oldHash: string | undefined): number {
    const user = this.#users.get(name);
    if (user === undefined) return ResultCode.INVALID_USER;
    if (oldHash !== undefined && oldHash !== user.passwordHash) return ResultCode.INVALID_CREDENTIAL;
    if (!isHash(passwordHash)) return ResultCode.INVALID_PASSWORD;
    user.passwordHash = passwordHash;
    return ResultCode.OK;
  }

  grantRoles(name: string, roles: readonly string[]): number {
    const user = this.#users.get(name);
    if (user === undefined) return ResultCode.INVALID_USER;
    if (roles.length === 0 || !roles.every((role) => this.#roles.has(role))) return ResultCode.INVALID_ROLE;
    for (const role of roles) user.roles.add(role);
    return ResultCode.OK;
  }

  revokeRoles(name: string, roles: readonly string[]): number {
    const user = this.#users.get(name);
    if (user === undefined) return ResultCode.INVALID_USER;
    if (roles.length === 0 || !roles.every((role) => this.#roles.has(role))) return ResultCode.INVALID_ROLE;
    for (const role of roles) user.roles.delete(role);
    return ResultCode.OK;
  }

  createRole(name: string, role: Role): number {
    if (name === "") return ResultCode.INVALID_ROLE;
    if (this.#roles.has(name)) return ResultCode.ROLE_ALREADY_EXISTS;
    if (!role.allowlist.every(isNetwork)) return ResultCode.INVALID_WHITELIST;
    this.#roles.set(name, role);
    return ResultCode.OK;
  }

  dropRole(name: string): number {
    if (this.#own(name) === undefined) return ResultCode.INVALID_ROLE;
    this.#roles.delete(name);
    for (const { roles } of this.#users.values()) roles.delete(name);
    return ResultCode.OK;
  }

  grantPrivileges(name: string, privileges: readonly Privilege[]): number {
    const role = this.#own(name);
    if (role === undefined) return ResultCode.INVALID_ROLE;
    const added = privileges.filter((one) => !role.privileges.some((given) => isSamePrivilege(given, one)));
    role.privileges = [...role.privileges, ...added];
    return ResultCode.OK;
  }

  revokePrivileges(name: string, privileges: readonly Privilege[]): number {
    const role = this.#own(name);
    if (role === undefined) return ResultCode.INVALID_ROLE;
    role.privileges = role.privileges.filter((given) => !privileges.some((one) => isSamePrivilege(given, one)));
    return ResultCode.OK;
  }

  setAllowlist(name: string, allowlist: readonly string[]): number {
    const role = this.#own(name);
    if (role === undefined) return ResultCode.INVALID_ROLE;
    if (!allowlist.every(isNetwork)) return ResultCode.INVALID_WHITELIST;
    role.allowlist = allowlist;
    return ResultCode.OK;
  }

  setQuotas(name: string, readQuota: number, writeQuota: number): number {
    const role = this.#own(name);
    if (role === undefined) return ResultCode.INVALID_ROLE;
    role.readQuota = readQuota;
    role.writeQuota = writeQuota;
    return ResultCode.OK;
  }

  save(): AccountsState {
    return { users: copiesOf(this.#users, copyOfUser), roles: copiesOf(this.#roles, (role) => ({ ...role })) };
  }

  /** Takes the place of all users and roles. Who is logged in stays so, unless the user is gone. */
  restore({ users, roles }: AccountsState): void {
    this.#users.clear();
    for (const [name, user] of copiesOf(users, copyOfUser)) this.#users.set(name, user);
    this.#roles.clear();
    for (const [name, role] of copiesOf(roles, (one) => ({ ...one }))) this.#roles.set(name, role);
  }

  /** A role that may be changed: predefined ones may not. */
  #own(name: string): Role | undefined {
    return predefinedRoles.some(([predefined]) => predefined === name) ? undefined : this.#roles.get(name);
  }
}

function copiesOf<T>(all: ReadonlyMap<string, T>, copyOf: (one: T) => T): Map<string, T> {
  return new Map([...all].map(([name, one]) => [name, copyOf(one)]));
}

function copyOfUser({ passwordHash, roles }: User): User {
  return { passwordHash, roles: new Set(roles) };
}

function isHash(text: string): boolean {
  return text.length === 60 && text.startsWith("$2a$");
}

function isNetwork(text: string): boolean {
  const [address = "", bits] = text.split("/");
  const mostBits = address.includes(":") ? 128 : 32;
  return (
    /^[0-9a-fA-F.:]+$/.test(address) && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= mostBits))
  );
}

/** Networks of IPv4; an address of IPv6 is within itself alone. */
function isWithin(address: string, network: string): boolean {
  const [base = "", bits = "32"] = network.split("/");
  const [a, b] = [numberOf(address), numberOf(base)];
  if (a === undefined || b === undefined) return address === base;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(a / size) === Math.floor(b / size);
}

function numberOf(address: string): number | undefined {
  const parts = address.split(".").map(Number);
  if (parts.length !== 4 || !parts.every((part) => Number.isInteger(part) && part >= 0 && part < 256)) return undefined;
  return parts.reduce((number, part) => number * 256 + part, 0);
}
