import { checkOptions } from "../../protocol/check/check-options.js";
import type { SecurityRequest } from "../../protocol/security/message.js";
import { checkPrivileges, type Privilege } from "../../protocol/security/privilege.js";
import {
  checkAllowlist,
  checkQuota,
  createRole,
  dropRole,
  grantPrivileges,
  queryRoles,
  type Role,
  readRole,
  revokePrivileges,
  setAllowlist,
  setQuotas,
} from "../../protocol/security/roles.js";
import {
  changePassword,
  checkAccountName,
  checkRoleNames,
  createUser,
  dropUser,
  grantRoles,
  queryUsers,
  readUser,
  revokeRoles,
  setPassword,
  type User,
} from "../../protocol/security/users.js";
import { hashInPortions } from "../cluster/auth/credentials.js";
import { requireVersion } from "../cluster/require-version.js";
import { AerospikeError } from "../errors/errors.js";
import { CALL_OPTIONS, type CallOptions } from "../policy/call-options.js";
import type { SessionContext } from "../policy/session-context.js";
import { AdminCall } from "./admin-call.js";

export type { Privilege, Role, User };

/** Options of {@link SecurityCommands.createRole}; each part may be left out. */
export interface RoleOptions extends CallOptions {
  readonly privileges?: readonly Privilege[];
  /** Addresses and networks, such as `10.0.0.0/8`, that its users may connect from. Default: anywhere. */
  readonly allowlist?: readonly string[];
  /** Records a second that a user of it may read. Default 0: no limit. */
  readonly readQuota?: number;
  /** Records a second that a user of it may write. Default 0: no limit. */
  readonly writeQuota?: number;
}

/** Options of {@link SecurityCommands.changePassword}. */
export interface ChangePasswordOptions extends CallOptions {
  /** For a user's own password, which takes no right to manage users. */
  readonly oldPassword?: string;
}

/** Quotas of a role, in records a second; 0 for no limit. */
export interface Quotas {
  readonly readQuota: number;
  readonly writeQuota: number;
}

/** Every user without a password of its own has this one, and can't log in with it. */
const NO_PASSWORD = "nopassword";

/**
 * Users, roles, privileges, quotas and allowlists of a cluster of the Enterprise Edition with security; from
 * `session.security()`. One node is told of a change and tells the others, which takes a moment. Roles take effect when
 * the user logs in the next time.
 *
 * Where there is no security every call rejects with the code `"SECURITY_NOT_SUPPORTED"` (Community Edition) or
 * `"SECURITY_NOT_ENABLED"`, and where the user of this client may not do it with AuthorizationError.
 *
 * @example
 * const security = session.security();
 * await security.createRole("reports", { privileges: [{ code: "read", namespace: "test" }], readQuota: 5_000 });
 * await security.createUser("ada", process.env.ADA_PASSWORD ?? "", ["reports"]);
 */
export class SecurityCommands {
  readonly #context: SessionContext;

  /** @internal Made by `session.security()`. */
  constructor(context: SessionContext) {
    this.#context = context;
  }

  /**
   * Creates a user that logs in with a password.
   * @param name 1 to 63 bytes
   * @param roles at least one: predefined ones are named as the privileges that they have, such as `"read-write"`
   * @throws SecurityError with code `"USER_EXISTS"` or `"INVALID_ROLE"`; AuthenticationError for a password that the
   *   server does not accept; TypeError and RangeError for arguments that are wrong
   */
  async createUser(name: string, password: string, roles: readonly string[], options: CallOptions = {}): Promise<void> {
    checkAccountName("createUser", "user name", name);
    checkPassword("createUser", "password", password);
    checkRoleNames("createUser", roles);
    const hash = await this.#hash(password);
    await this.#change("createUser", `create user ${name}`, createUser(name, hash, roles), options);
  }

  /**
   * Creates a user that shows a certificate of that name instead of a password. Server 8.1 and newer.
   * @throws as {@link createUser}; AerospikeError for a server too old
   */
  async createCertificateUser(name: string, roles: readonly string[], options: CallOptions = {}): Promise<void> {
    checkAccountName("createCertificateUser", "user name", name);
    checkRoleNames("createCertificateUser", roles);
    requireVersion(this.#context.cluster.minVersion, "8.1", "users with certificates");
    const hash = await this.#hash(NO_PASSWORD);
    await this.#change("createCertificateUser", `create user ${name}`, createUser(name, hash, roles), options);
  }

  /** @throws AuthenticationError with code `"INVALID_USER"` when there is none */
  async dropUser(name: string, options: CallOptions = {}): Promise<void> {
    checkAccountName("dropUser", "user name", name);
    await this.#change("dropUser", `drop user ${name}`, dropUser(name), options);
  }

  /**
   * Gives a user another password: with `oldPassword` one's own, else that of any user. If it is the user of this client,
   * the client logs in with the new one from then on.
   */
  async changePassword(name: string, password: string, options: ChangePasswordOptions = {}): Promise<void> {
    checkOptions<ChangePasswordOptions>("changePassword", options, { ...CALL_OPTIONS, oldPassword: true });
    checkAccountName("changePassword", "user name", name);
    checkPassword("changePassword", "password", password);
    const { oldPassword, ...rest } = options;
    if (oldPassword !== undefined) checkPassword("changePassword", "oldPassword", oldPassword);
    const hash = await this.#hash(password);
    const request =
      oldPassword === undefined ? setPassword(name, hash) : changePassword(name, await this.#hash(oldPassword), hash);
    await this.#change("changePassword", `change password of ${name}`, request, rest);
    this.#context.cluster.changePassword(name, hash);
  }

  /** Adds roles to those that a user has. */
  async grantRoles(name: string, roles: readonly string[], options: CallOptions = {}): Promise<void> {
    checkAccountName("grantRoles", "user name", name);
    checkRoleNames("grantRoles", roles);
    await this.#change("grantRoles", `grant roles to ${name}`, grantRoles(name, roles), options);
  }

  /** Takes roles from those that a user has. */
  async revokeRoles(name: string, roles: readonly string[], options: CallOptions = {}): Promise<void> {
    checkAccountName("revokeRoles", "user name", name);
    checkRoleNames("revokeRoles", roles);
    await this.#change("revokeRoles", `revoke roles of ${name}`, revokeRoles(name, roles), options);
  }

  /** A user; `null` when there is none of that name. One's own account is there for everybody. */
  async user(name: string, options: CallOptions = {}): Promise<User | null> {
    checkAccountName("user", "user name", name);
    return this.#query("user", `read user ${name}`, queryUsers(name), readUser, options, "INVALID_USER");
  }

  /** All users. */
  async users(options: CallOptions = {}): Promise<readonly User[]> {
    const deadline = new AdminCall(this.#context, "users", options).deadline;
    const ask = { name: "read users", request: queryUsers(), readEntry: readUser };
    return this.#context.cluster.security(ask, deadline);
  }

  /**
   * Creates a role.
   * @param name 1 to 63 bytes
   * @throws SecurityError with code `"ROLE_EXISTS"`; QuotaError when quotas are not enabled on the servers; TypeError and
   *   RangeError for arguments that are wrong
   */
  async createRole(name: string, options: RoleOptions = {}): Promise<void> {
    checkOptions<RoleOptions>("createRole", options, {
      privileges: true,
      allowlist: true,
      readQuota: true,
      writeQuota: true,
      ...CALL_OPTIONS,
    });
    checkAccountName("createRole", "role", name);
    const { privileges = [], allowlist = [], readQuota = 0, writeQuota = 0, ...rest } = options;
    if (options.privileges !== undefined) checkPrivileges("createRole", privileges);
    checkAllowlist("createRole", allowlist);
    checkQuota("createRole", "readQuota", readQuota);
    checkQuota("createRole", "writeQuota", writeQuota);
    const request = createRole({ name, privileges, allowlist, readQuota, writeQuota });
    await this.#change("createRole", `create role ${name}`, request, rest);
  }

  /** @throws SecurityError with code `"INVALID_ROLE"` when there is none */
  async dropRole(name: string, options: CallOptions = {}): Promise<void> {
    checkAccountName("dropRole", "role", name);
    await this.#change("dropRole", `drop role ${name}`, dropRole(name), options);
  }

  /** Adds privileges to those that a role has. */
  async grantPrivileges(role: string, privileges: readonly Privilege[], options: CallOptions = {}): Promise<void> {
    checkAccountName("grantPrivileges", "role", role);
    checkPrivileges("grantPrivileges", privileges);
    await this.#change("grantPrivileges", `grant privileges to ${role}`, grantPrivileges(role, privileges), options);
  }

  /** Takes privileges from those that a role has. */
  async revokePrivileges(role: string, privileges: readonly Privilege[], options: CallOptions = {}): Promise<void> {
    checkAccountName("revokePrivileges", "role", role);
    checkPrivileges("revokePrivileges", privileges);
    await this.#change("revokePrivileges", `revoke privileges of ${role}`, revokePrivileges(role, privileges), options);
  }

  /** Says where users of a role may connect from; an empty list: from anywhere. */
  async setAllowlist(role: string, allowlist: readonly string[], options: CallOptions = {}): Promise<void> {
    checkAccountName("setAllowlist", "role", role);
    checkAllowlist("setAllowlist", allowlist);
    await this.#change("setAllowlist", `set allowlist of ${role}`, setAllowlist(role, allowlist), options);
  }

  /**
   * Says how many records a second a user of a role may read and write.
   * @throws QuotaError when quotas are not enabled on the servers
   */
  async setQuotas(role: string, quotas: Quotas, options: CallOptions = {}): Promise<void> {
    checkAccountName("setQuotas", "role", role);
    checkOptions("setQuotas", quotas, { readQuota: true, writeQuota: true });
    checkQuota("setQuotas", "readQuota", quotas?.readQuota);
    checkQuota("setQuotas", "writeQuota", quotas?.writeQuota);
    const request = setQuotas(role, quotas.readQuota, quotas.writeQuota);
    await this.#change("setQuotas", `set quotas of ${role}`, request, options);
  }

  /** A role; `null` when there is none of that name. */
  async role(name: string, options: CallOptions = {}): Promise<Role | null> {
    checkAccountName("role", "role", name);
    return this.#query("role", `read role ${name}`, queryRoles(name), readRole, options, "INVALID_ROLE");
  }

  /** All roles, predefined ones included. */
  async roles(options: CallOptions = {}): Promise<readonly Role[]> {
    const deadline = new AdminCall(this.#context, "roles", options).deadline;
    const ask = { name: "read roles", request: queryRoles(), readEntry: readRole };
    return this.#context.cluster.security(ask, deadline);
  }

  #hash(password: string): Promise<string> {
    return hashInPortions(password, this.#context.cluster.runtime);
  }

  async #change(method: string, name: string, request: SecurityRequest, options: CallOptions): Promise<void> {
    await this.#context.cluster.security({ name, request }, new AdminCall(this.#context, method, options).deadline);
  }

  async #query<T>(
    method: string,
    name: string,
    request: SecurityRequest,
    readEntry: (...read: Parameters<typeof readUser>) => T | undefined,
    options: CallOptions,
    missing: string,
  ): Promise<T | null> {
    const deadline = new AdminCall(this.#context, method, options).deadline;
    try {
      const [entry] = await this.#context.cluster.security({ name, request, readEntry }, deadline);
      return entry ?? null;
    } catch (error) {
      if (error instanceof AerospikeError && error.code === missing) return null;
      throw error;
    }
  }
}

/** Says nothing of the value. */
function checkPassword(method: string, argument: string, password: unknown): asserts password is string {
  if (typeof password === "string" && password !== "") return;
  throw new TypeError(`${method}: expected ${argument} to be a text that is not empty`);
}
