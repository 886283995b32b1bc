import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Emulator } from "../../../../emulator/index.js";
import {
  AerospikeError,
  AuthenticationError,
  AuthorizationError,
  BatchError,
  type Cluster,
  connect,
  DataSet,
  SecurityError,
  type Session,
} from "../../../../src/index.js";

const users = DataSet.of<{ n: number }>("test", "users");
/** Roles that tests make. */
const MADE = ["local", "empty", "of users"];
const others = DataSet.of<{ n: number }>("test", "others");

let emulator: Emulator;
let admin: Session;
let client: Cluster;
let clients: Cluster[] = [];

// One login of the administrator for all: passwords are hashed slowly on purpose.
beforeAll(async () => {
  emulator = await Emulator.start({ nodes: 2, listen: "memory", security: true, udf: "none" });
  client = await connect(emulator.hosts, { transport: emulator.transport, user: "admin", password: "admin" });
  admin = client.createSession();
});

afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()));
  clients = [];
  const security = admin.security();
  for (const { name } of await security.users()) if (name !== "admin") await security.dropUser(name);
  for (const name of MADE) if ((await security.role(name)) !== null) await security.dropRole(name);
});

afterAll(async () => {
  await client.close();
  await emulator.close();
});

async function as(user: string, password: string): Promise<Session> {
  const client = await connect(emulator.hosts, { transport: emulator.transport, user, password });
  clients.push(client);
  return client.createSession();
}

async function failureOf(work: Promise<unknown>): Promise<AerospikeError> {
  const failure = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(failure instanceof AerospikeError)) throw new Error(`expected an AerospikeError, got ${String(failure)}`);
  return failure;
}

describe("logging in", () => {
  test("takes the right password of a user that there is", async () => {
    const wrong = await failureOf(as("admin", "guess"));
    expect(wrong).toBeInstanceOf(AuthenticationError);
    expect(wrong.code).toBe("INVALID_CREDENTIAL");
    expect(wrong.message).not.toContain("guess");
    expect((await failureOf(as("nobody", "admin"))).code).toBe("INVALID_USER");
    await expect(connect(emulator.hosts, { transport: emulator.transport })).rejects.toBeInstanceOf(AerospikeError);
  });

  test("goes on with a password that was changed", async () => {
    const security = admin.security();
    await security.createUser("ada", "first", ["read-write"]);
    const ada = await as("ada", "first");
    await ada.security().changePassword("ada", "second", { oldPassword: "first" });
    expect((await failureOf(as("ada", "first"))).code).toBe("INVALID_CREDENTIAL");
    expect((await failureOf(ada.security().changePassword("ada", "x", { oldPassword: "first" }))).code).toBe(
      "INVALID_CREDENTIAL",
    );
    // A node that was started anew wants a login: with the new password.
    const [node] = emulator.nodes;
    await node?.stop();
    await node?.start();
    await emulator.whenStable();
    await expect.poll(() => clients.at(-1)?.nodes.length).toBe(2);
    await ada.put(users.id(1), { n: 1 });
    await security.changePassword("ada", "third");
    await as("ada", "third");
  });

  test("is for those who come from an address of the list", async () => {
    const security = admin.security();
    await security.createRole("local", { privileges: [{ code: "read" }], allowlist: ["10.0.0.0/8", "192.168.1.7"] });
    await security.createUser("ada", "pw", ["local"]);
    expect((await failureOf(as("ada", "pw"))).code).toBe("NOT_WHITELISTED");
    await security.setAllowlist("local", ["127.0.0.0/8"]);
    await as("ada", "pw");
    await security.setAllowlist("local", []);
    expect((await security.role("local"))?.allowlist).toEqual([]);
  });
});

describe("users", () => {
  test("are created, read, changed and dropped", async () => {
    const security = admin.security();
    await security.createUser("ada", "pw", ["read"]);
    await security.grantRoles("ada", ["write", "truncate"]);
    await security.revokeRoles("ada", ["read"]);
    expect(await security.user("ada")).toEqual({
      name: "ada",
      roles: ["write", "truncate"],
      reading: undefined,
      writing: undefined,
      connections: 0,
    });
    await security.createCertificateUser("robot", ["read"]);
    const all = await security.users();
    expect(all.map(({ name }) => name)).toEqual(["admin", "ada", "robot"]);
    expect(all[0]?.connections).toBeGreaterThan(0);
    await security.dropUser("ada");
    expect(await security.user("ada")).toBeNull();
    expect((await failureOf(security.dropUser("ada"))).code).toBe("INVALID_USER");
  });

  test("that can't be are refused", async () => {
    const security = admin.security();
    expect((await failureOf(security.createUser("admin", "pw", ["read"]))).code).toBe("USER_EXISTS");
    const unknown = await failureOf(security.createUser("ada", "pw", ["reed"]));
    expect(unknown).toBeInstanceOf(SecurityError);
    expect(unknown).toMatchObject({ code: "INVALID_ROLE", inDoubt: false });
    expect(unknown.message).toContain("create user ada");
    expect((await failureOf(security.grantRoles("ada", ["read"]))).code).toBe("INVALID_USER");
  });

  test("are for their administrators, except for oneself", async () => {
    const security = admin.security();
    await security.createUser("ada", "pw", ["read-write"]);
    const own = (await as("ada", "pw")).security();
    expect((await own.user("ada"))?.roles).toEqual(["read-write"]);
    const refused = await failureOf(own.user("admin"));
    expect(refused).toBeInstanceOf(AuthorizationError);
    expect(refused.code).toBe("ROLE_VIOLATION");
    expect((await failureOf(own.createUser("bob", "pw", ["read"]))).code).toBe("ROLE_VIOLATION");
    expect((await failureOf(own.changePassword("ada", "other"))).code).toBe("ROLE_VIOLATION");
  });
});

describe("roles", () => {
  test("are created, read, changed and dropped", async () => {
    const security = admin.security();
    await security.createRole("reports", {
      privileges: [{ code: "read", namespace: "test" }, { code: "udf-admin" }],
      readQuota: 500,
    });
    await security.grantPrivileges("reports", [{ code: "write", namespace: "test", setName: "users" }]);
    await security.revokePrivileges("reports", [{ code: "udf-admin" }]);
    await security.setQuotas("reports", { readQuota: 0, writeQuota: 20 });
    await security.setAllowlist("reports", ["10.0.0.0/8", "::1"]);
    expect(await security.role("reports")).toEqual({
      name: "reports",
      privileges: [
        { code: "read", namespace: "test" },
        { code: "write", namespace: "test", setName: "users" },
      ],
      allowlist: ["10.0.0.0/8", "::1"],
      readQuota: 0,
      writeQuota: 20,
    });
    const roles = await security.roles();
    expect(roles.map(({ name }) => name)).toContain("reports");
    expect(roles.find(({ name }) => name === "sys-admin")?.privileges).toEqual([{ code: "sys-admin" }]);
    await security.dropRole("reports");
    expect(await security.role("reports")).toBeNull();
    expect((await failureOf(security.dropRole("read"))).code).toBe("INVALID_ROLE");
    await security.createRole("empty");
    expect((await failureOf(security.createRole("empty"))).code).toBe("ROLE_EXISTS");
  });

  test("say what a user may do with records", async () => {
    const security = admin.security();
    await security.createRole("of users", {
      privileges: [
        { code: "read", namespace: "test" },
        { code: "write", namespace: "test", setName: "users" },
      ],
    });
    await security.createUser("ada", "pw", ["of users"]);
    expect((await failureOf(admin.get(users.id(1)))).code).toBe("ROLE_VIOLATION");
    const ada = await as("ada", "pw");
    await ada.put(users.id(1), { n: 1 });
    expect((await ada.get(users.id(1))).bins).toEqual({ n: 1 });
    expect((await failureOf(ada.put(others.id(1), { n: 1 }))).code).toBe("ROLE_VIOLATION");
    expect((await failureOf(ada.get(DataSet.of("bar", "x").id(1)))).code).toBe("ROLE_VIOLATION");
    expect(await ada.query(users).count()).toBe(1);
    const entries = [...users.ids([1, 2, 3, 4, 5]), ...others.ids([1, 2, 3, 4, 5])].map(
      (key) => [key, { n: 2 }] as const,
    );
    const failure = await failureOf(ada.putMany(entries));
    expect(failure).toBeInstanceOf(BatchError);
    const rows = failure instanceof BatchError ? failure.rows : [];
    expect(rows.map(({ error }) => error?.code ?? "ok")).toEqual([
      ...Array.from({ length: 5 }, () => "ok"),
      ...Array.from({ length: 5 }, () => "ROLE_VIOLATION"),
    ]);
    const job = ada.backgroundTask().touch(others).execute();
    expect((await failureOf(job)).message).toContain("roles do not allow this");
  });

  test("say what a user may administer", async () => {
    const security = admin.security();
    await security.createUser("ada", "pw", ["read-write"]);
    await security.createUser("bob", "pw", ["sindex-admin", "truncate"]);
    const [ada, bob] = [await as("ada", "pw"), await as("bob", "pw")];
    const index = { name: "by_n", bin: "n", type: "integer" } as const;
    expect((await failureOf(ada.createIndex(users, index))).code).toBe("ROLE_VIOLATION");
    expect((await failureOf(ada.truncate(users))).code).toBe("ROLE_VIOLATION");
    await (await bob.createIndex(users, index)).waitTillComplete();
    await bob.truncate(users);
    expect((await failureOf(bob.info().info("set-config:context=service;query-max-done=7"))).code).toBe(
      "ROLE_VIOLATION",
    );
  });
});
