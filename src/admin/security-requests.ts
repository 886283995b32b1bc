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
import type { ChangePasswordOptions, Quotas, RoleOptions } from "./security-commands.js";

/** Every user without a password of its own has this one, and can't log in with it. */
const NO_PASSWORD = "nopassword";

/** What {@link SecurityCommands} sends. */
export class SecurityRequests {
  readonly #context: SessionContext;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  async createUser(name: string, password: string, roles: readonly string[], options: CallOptions = {}): Promise<void> {
    checkAccountName("createUser", "user name", name);
    checkPassword("createUser", "password", password);
    checkRoleNames("createUser", roles);
    const hash = await this.#hash(password);
    await this.#change("createUser", `create user ${name}`, createUser(name, hash, roles), options);
  }

  async createCertificateUser(name: string, roles: readonly string[], options: CallOptions = {}): Promise<void> {
    checkAccountName("createCertificateUser", "user name", name);
    checkRoleNames("createCertificateUser", roles);
    requireVersion(this.#context.cluster.minVersion, "8.1", "users with certificates");
    const hash = await this.#hash(NO_PASSWORD);
    await this.#change("createCertificateUser", `create user ${name}`, createUser(name, hash, roles), options);
  }

  async dropUser(name: string, options: CallOptions = {}): Promise<void> {
    checkAccountName("dropUser", "user name", name);
    await this.#change("dropUser", `drop user ${name}`, dropUser(name), options);
  }

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

  async grantRoles(name: string, roles: readonly string[], options: CallOptions = {}): Promise<void> {
    checkAccountName("grantRoles", "user name", name);
    checkRoleNames("grantRoles", roles);
    await this.#change("grantRoles", `grant roles to ${name}`, grantRoles(name, roles), options);
  }

  async revokeRoles(name: string, roles: readonly string[], options: CallOptions = {}): Promise<void> {
    checkAccountName("revokeRoles", "user name", name);
    checkRoleNames("revokeRoles", roles);
    await this.#change("revokeRoles", `revoke roles of ${name}`, revokeRoles(name, roles), options);
  }

  async user(name: string, options: CallOptions = {}): Promise<User | null> {
    checkAccountName("user", "user name", name);
    return this.#query("user", `read user ${name}`, queryUsers(name), readUser, options, "INVALID_USER");
  }

  async users(options: CallOptions = {}): Promise<readonly User[]> {
    const deadline = new AdminCall(this.#context, "users", options).deadline;
    const ask = { name: "read users", request: queryUsers(), readEntry: readUser };
    return this.#context.cluster.security(ask, deadline);
  }

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

  async dropRole(name: string, options: CallOptions = {}): Promise<void> {
    checkAccountName("dropRole", "role", name);
    await this.#change("dropRole", `drop role ${name}`, dropRole(name), options);
  }

  async grantPrivileges(role: string, privileges: readonly Privilege[], options: CallOptions = {}): Promise<void> {
    checkAccountName("grantPrivileges", "role", role);
    checkPrivileges("grantPrivileges", privileges);
    await this.#change("grantPrivileges", `grant privileges to ${role}`, grantPrivileges(role, privileges), options);
  }

  async revokePrivileges(role: string, privileges: readonly Privilege[], options: CallOptions = {}): Promise<void> {
    checkAccountName("revokePrivileges", "role", role);
    checkPrivileges("revokePrivileges", privileges);
    await this.#change("revokePrivileges", `revoke privileges of ${role}`, revokePrivileges(role, privileges), options);
  }

  async setAllowlist(role: string, allowlist: readonly string[], options: CallOptions = {}): Promise<void> {
    checkAccountName("setAllowlist", "role", role);
    checkAllowlist("setAllowlist", allowlist);
    await this.#change("setAllowlist", `set allowlist of ${role}`, setAllowlist(role, allowlist), options);
  }

  async setQuotas(role: string, quotas: Quotas, options: CallOptions = {}): Promise<void> {
    checkAccountName("setQuotas", "role", role);
    checkOptions("setQuotas", quotas, { readQuota: true, writeQuota: true });
    checkQuota("setQuotas", "readQuota", quotas?.readQuota);
    checkQuota("setQuotas", "writeQuota", quotas?.writeQuota);
    const request = setQuotas(role, quotas.readQuota, quotas.writeQuota);
    await this.#change("setQuotas", `set quotas of ${role}`, request, options);
  }

  async role(name: string, options: CallOptions = {}): Promise<Role | null> {
    checkAccountName("role", "role", name);
    return this.#query("role", `read role ${name}`, queryRoles(name), readRole, options, "INVALID_ROLE");
  }

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
