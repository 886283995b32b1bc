import type { Privilege } from "../../protocol/security/privilege.js";
import type { Role } from "../../protocol/security/roles.js";
import type { User } from "../../protocol/security/users.js";
import type { CallOptions } from "../policy/call-options.js";
import type { SessionContext } from "../policy/session-context.js";
import type { SecurityRequests } from "./security-requests.js";

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
  async createUser(name: string, password: string, roles: readonly string[], options?: CallOptions): Promise<void> {
    return (await this.#load()).createUser(name, password, roles, options);
  }

  /**
   * Creates a user that shows a certificate of that name instead of a password. Server 8.1 and newer.
   * @throws as {@link createUser}; AerospikeError for a server too old
   */
  async createCertificateUser(name: string, roles: readonly string[], options?: CallOptions): Promise<void> {
    return (await this.#load()).createCertificateUser(name, roles, options);
  }

  /** @throws AuthenticationError with code `"INVALID_USER"` when there is none */
  async dropUser(name: string, options?: CallOptions): Promise<void> {
    return (await this.#load()).dropUser(name, options);
  }

  /**
   * Gives a user another password: with `oldPassword` one's own, else that of any user. If it is the user of this client,
   * the client logs in with the new one from then on.
   */
  async changePassword(name: string, password: string, options?: ChangePasswordOptions): Promise<void> {
    return (await this.#load()).changePassword(name, password, options);
  }

  /** Adds roles to those that a user has. */
  async grantRoles(name: string, roles: readonly string[], options?: CallOptions): Promise<void> {
    return (await this.#load()).grantRoles(name, roles, options);
  }

  /** Takes roles from those that a user has. */
  async revokeRoles(name: string, roles: readonly string[], options?: CallOptions): Promise<void> {
    return (await this.#load()).revokeRoles(name, roles, options);
  }

  /** A user; `null` when there is none of that name. One's own account is there for everybody. */
  async user(name: string, options?: CallOptions): Promise<User | null> {
    return (await this.#load()).user(name, options);
  }

  /** All users. */
  async users(options?: CallOptions): Promise<readonly User[]> {
    return (await this.#load()).users(options);
  }

  /**
   * Creates a role.
   * @param name 1 to 63 bytes
   * @throws SecurityError with code `"ROLE_EXISTS"`; QuotaError when quotas are not enabled on the servers; TypeError and
   *   RangeError for arguments that are wrong
   */
  async createRole(name: string, options?: RoleOptions): Promise<void> {
    return (await this.#load()).createRole(name, options);
  }

  /** @throws SecurityError with code `"INVALID_ROLE"` when there is none */
  async dropRole(name: string, options?: CallOptions): Promise<void> {
    return (await this.#load()).dropRole(name, options);
  }

  /** Adds privileges to those that a role has. */
  async grantPrivileges(role: string, privileges: readonly Privilege[], options?: CallOptions): Promise<void> {
    return (await this.#load()).grantPrivileges(role, privileges, options);
  }

  /** Takes privileges from those that a role has. */
  async revokePrivileges(role: string, privileges: readonly Privilege[], options?: CallOptions): Promise<void> {
    return (await this.#load()).revokePrivileges(role, privileges, options);
  }

  /** Says where users of a role may connect from; an empty list: from anywhere. */
  async setAllowlist(role: string, allowlist: readonly string[], options?: CallOptions): Promise<void> {
    return (await this.#load()).setAllowlist(role, allowlist, options);
  }

  /**
   * Says how many records a second a user of a role may read and write.
   * @throws QuotaError when quotas are not enabled on the servers
   */
  async setQuotas(role: string, quotas: Quotas, options?: CallOptions): Promise<void> {
    return (await this.#load()).setQuotas(role, quotas, options);
  }

  /** A role; `null` when there is none of that name. */
  async role(name: string, options?: CallOptions): Promise<Role | null> {
    return (await this.#load()).role(name, options);
  }

  /** All roles, predefined ones included. */
  async roles(options?: CallOptions): Promise<readonly Role[]> {
    return (await this.#load()).roles(options);
  }

  async #load(): Promise<SecurityRequests> {
    const { SecurityRequests } = await import("./security-requests.js");
    return new SecurityRequests(this.#context);
  }
}

/** Says nothing of the value. */
