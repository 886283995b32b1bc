import { Reader } from "../../protocol/bytes/reader.js";
import type { Writer } from "../../protocol/bytes/writer.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import { ResultCode } from "../../protocol/result-code.js";
import { SecurityCommand as Command, SecurityField as Field } from "../../protocol/security/message.js";
import type { Runtime } from "../../runtime/runtime.js";
import { readName, writeName } from "../record/name.js";
import { isUserAdmin } from "./access.js";
import type { Account, Accounts, Role, User } from "./accounts.js";
import { type Privilege, readPrivileges, writePrivileges } from "./privilege.js";
import { type ReplyField, readSecurityMessage, type SecurityMessage, writeSecurityReply } from "./security-message.js";

const COMMANDS: ReadonlySet<number> = new Set(Object.values(Command));

const SESSION_SECONDS = 86_400;

/** A client's socket, as far as security cares. */
export interface SecuritySession {
  /** Host and port of the client. */
  readonly peer: string;
  /** Undefined until it is logged in. */
  account: Account | undefined;
}

/** What security needs of the node that is asked. */
export interface SecurityNode {
  readonly runtime: Runtime;
  readonly sessions: Iterable<SecuritySession>;
}

/** Answers a security message. */
export function answerSecurity(
  node: SecurityNode,
  accounts: Accounts,
  session: SecuritySession,
  body: Uint8Array,
  out: Writer,
): void {
  try {
    new SecurityCall(node, accounts, session, readSecurityMessage(body), out).answer();
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    writeSecurityReply(out, ResultCode.INVALID_FIELD);
  }
}

/** One message and its reply. */
class SecurityCall {
  readonly #node: SecurityNode;
  readonly #accounts: Accounts;
  readonly #session: SecuritySession;
  readonly #message: SecurityMessage;
  readonly #out: Writer;

  constructor(node: SecurityNode, accounts: Accounts, session: SecuritySession, message: SecurityMessage, out: Writer) {
    this.#node = node;
    this.#accounts = accounts;
    this.#session = session;
    this.#message = message;
    this.#out = out;
  }

  answer(): void {
    const { command } = this.#message;
    const refusal = this.#refusal(command);
    if (refusal !== ResultCode.OK) this.#reply(refusal);
    else if (command === Command.LOGIN) this.#login();
    else if (command === Command.AUTHENTICATE) this.#authenticate();
    else if (command === Command.QUERY_USERS) this.#queryUsers();
    else if (command === Command.QUERY_ROLES) this.#queryRoles();
    else this.#reply(this.#change(command));
  }

  #refusal(command: number): number {
    if (!COMMANDS.has(command)) return ResultCode.INVALID_COMMAND;
    if (command === Command.LOGIN || command === Command.AUTHENTICATE) return ResultCode.OK;
    const { account } = this.#session;
    if (account === undefined) return ResultCode.NOT_AUTHENTICATED;
    if (isUserAdmin(account)) return ResultCode.OK;
    const isOwn = this.#text(Field.USER) === account.user;
    const isFree = command === Command.CHANGE_PASSWORD || command === Command.QUERY_USERS;
    return isOwn && isFree ? ResultCode.OK : ResultCode.ROLE_VIOLATION;
  }

  #login(): void {
    const user = this.#text(Field.USER) ?? "";
    const token = this.#node.runtime.randomBigint64().toString(16);
    const address = this.#session.peer.replace(/:\d+$/, "");
    const code = this.#accounts.login(user, this.#text(Field.CREDENTIAL) ?? "", address, token);
    if (code !== ResultCode.OK) {
      this.#reply(code);
      return;
    }
    this.#session.account = this.#accounts.accountOf(token, user);
    this.#reply(code, [
      [Field.SESSION_TOKEN, (w) => w.utf8(token)],
      [Field.SESSION_TTL, (w) => w.u32(SESSION_SECONDS)],
    ]);
  }

  #authenticate(): void {
    const account = this.#accounts.accountOf(this.#text(Field.SESSION_TOKEN) ?? "", this.#text(Field.USER) ?? "");
    this.#session.account = account;
    this.#reply(account === undefined ? ResultCode.EXPIRED_SESSION : ResultCode.OK);
  }

  #change(command: number): number {
    const accounts = this.#accounts;
    const user = this.#text(Field.USER) ?? "";
    const role = this.#text(Field.ROLE) ?? "";
    const password = this.#text(Field.PASSWORD) ?? "";
    switch (command) {
      case Command.CREATE_USER:
        return accounts.createUser(user, password, this.#roles());
      case Command.DROP_USER:
        return accounts.dropUser(user);
      case Command.SET_PASSWORD:
        return accounts.setPassword(user, password, undefined);
      case Command.CHANGE_PASSWORD:
        return accounts.setPassword(user, password, this.#text(Field.OLD_PASSWORD) ?? "");
      case Command.GRANT_ROLES:
        return accounts.grantRoles(user, this.#roles());
      case Command.REVOKE_ROLES:
        return accounts.revokeRoles(user, this.#roles());
      case Command.DROP_ROLE:
        return accounts.dropRole(role);
      case Command.SET_ALLOWLIST:
        return accounts.setAllowlist(role, this.#allowlist());
      case Command.SET_QUOTAS:
        return accounts.setQuotas(role, this.#number(Field.READ_QUOTA), this.#number(Field.WRITE_QUOTA));
      default:
        return this.#changePrivileges(command, role);
    }
  }

  #changePrivileges(command: number, role: string): number {
    const privileges = this.#privileges();
    if (privileges === undefined) return ResultCode.INVALID_PRIVILEGE;
    if (command === Command.CREATE_ROLE) {
      const readQuota = this.#number(Field.READ_QUOTA);
      const writeQuota = this.#number(Field.WRITE_QUOTA);
      return this.#accounts.createRole(role, { privileges, allowlist: this.#allowlist(), readQuota, writeQuota });
    }
    return command === Command.GRANT_PRIVILEGES
      ? this.#accounts.grantPrivileges(role, privileges)
      : this.#accounts.revokePrivileges(role, privileges);
  }

  #queryUsers(): void {
    const wanted = this.#text(Field.USER);
    const users = [...this.#accounts.users].filter(([name]) => wanted === undefined || name === wanted);
    for (const [name, user] of users) this.#reply(ResultCode.OK, this.#userFields(name, user));
    this.#reply(wanted !== undefined && users.length === 0 ? ResultCode.INVALID_USER : ResultCode.QUERY_END);
  }

  #queryRoles(): void {
    const wanted = this.#text(Field.ROLE);
    const roles = [...this.#accounts.roles].filter(([name]) => wanted === undefined || name === wanted);
    for (const [name, role] of roles) this.#reply(ResultCode.OK, roleFields(name, role));
    this.#reply(wanted !== undefined && roles.length === 0 ? ResultCode.INVALID_ROLE : ResultCode.QUERY_END);
  }

  #userFields(name: string, { roles }: User): ReplyField[] {
    const connections = [...this.#node.sessions].filter(({ account }) => account?.user === name).length;
    return [
      [Field.USER, (w) => w.bytes(writeName(name))],
      [
        Field.ROLES,
        (w) => {
          w.u8(roles.size);
          for (const role of roles) {
            const bytes = writeName(role);
            w.u8(bytes.length);
            w.bytes(bytes);
          }
        },
      ],
      [Field.CONNECTIONS, (w) => w.u32(connections)],
    ];
  }

  #reply(code: number, fields?: readonly ReplyField[]): void {
    writeSecurityReply(this.#out, code, fields);
  }

  #text(field: number): string | undefined {
    const data = this.#message.fields.get(field);
    return data === undefined ? undefined : readName(data);
  }

  #number(field: number): number {
    const data = this.#message.fields.get(field);
    return data?.length === 4 ? new Reader(data).u32() : 0;
  }

  #roles(): string[] {
    const data = this.#message.fields.get(Field.ROLES);
    if (data === undefined) return [];
    const r = new Reader(data);
    const names: string[] = [];
    for (let count = r.u8(); count > 0; count--) names.push(readName(r.view(r.u8())));
    return names;
  }

  #allowlist(): string[] {
    return (this.#text(Field.ALLOWLIST) ?? "").split(",").filter((address) => address !== "");
  }

  #privileges(): Privilege[] | undefined {
    const data = this.#message.fields.get(Field.PRIVILEGES);
    return data === undefined ? [] : readPrivileges(data);
  }
}

function roleFields(name: string, { privileges, allowlist, readQuota, writeQuota }: Role): ReplyField[] {
  return [
    [Field.ROLE, (w) => w.bytes(writeName(name))],
    [Field.PRIVILEGES, (w) => writePrivileges(w, privileges)],
    [Field.ALLOWLIST, (w) => w.utf8(allowlist.join(","))],
    [Field.READ_QUOTA, (w) => w.u32(readQuota)],
    [Field.WRITE_QUOTA, (w) => w.u32(writeQuota)],
  ];
}
