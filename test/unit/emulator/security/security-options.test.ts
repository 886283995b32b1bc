import { describe, expect, test } from "vitest";
import { Emulator, type SecurityOptions } from "../../../../emulator/index.js";
import { connect, DataSet } from "../../../../src/index.js";

const users = DataSet.of<{ n: number }>("test", "users");

async function start(security: SecurityOptions): Promise<Emulator> {
  return Emulator.start({ listen: "memory", udf: "none", security });
}

describe("users to begin with", () => {
  test("log in with their passwords, and may do what their roles say", async () => {
    await using emulator = await start({
      roles: { analyst: { privileges: [{ code: "read", namespace: "test", setName: "users" }] } },
      users: {
        app: { password: "secret", roles: ["read-write", "sindex-admin"] },
        eve: { password: "eve's", roles: ["analyst"] },
        admin: { password: "changed", roles: ["sys-admin"] },
      },
    });
    const { hosts, transport } = emulator;
    await using app = await connect(hosts, { transport, user: "app", password: "secret" });
    await app.createSession().put(users.id(1), { n: 1 });
    await using eve = await connect(hosts, { transport, user: "eve", password: "eve's" });
    const session = eve.createSession();
    expect((await session.get(users.id(1))).bins.n).toBe(1);
    await expect(session.put(users.id(1), { n: 2 })).rejects.toMatchObject({ code: "ROLE_VIOLATION" });
    await expect(session.get(DataSet.of("test", "others").id(1))).rejects.toMatchObject({ code: "ROLE_VIOLATION" });
    await expect(connect(hosts, { transport, user: "admin", password: "admin" })).rejects.toMatchObject({
      code: "INVALID_CREDENTIAL",
    });
    await using admin = await connect(hosts, { transport, user: "admin", password: "changed" });
    const known = await admin.createSession().security().users();
    expect(known.map(({ name, roles }) => [name, [...roles].sort()]).sort()).toEqual([
      ["admin", ["sys-admin", "user-admin"]],
      ["app", ["read-write", "sindex-admin"]],
      ["eve", ["analyst"]],
    ]);
  });

  test("come from the networks of their roles only", async () => {
    await using emulator = await start({
      roles: { far: { privileges: [{ code: "read" }], allowlist: ["10.0.0.0/8"] } },
      users: { app: { password: "x", roles: ["far"] } },
    });
    const { hosts, transport } = emulator;
    await expect(connect(hosts, { transport, user: "app", password: "x" })).rejects.toMatchObject({
      code: "NOT_WHITELISTED",
    });
  });

  test.each<[string, unknown]>([
    ['security: there is no option "user". Did you mean users?', { user: {} }],
    ["security.users: expected an object by name, got an Array", { users: [] }],
    [
      'security.users: "app": expected a password of text, got a value of type number',
      { users: { app: { password: 123 } } },
    ],
    [
      'security.users: "app": roles: expected an array of texts, got "read"',
      { users: { app: { password: "x", roles: "read" } } },
    ],
    [
      'security.users: "app": expected roles among user-admin, ',
      { users: { app: { password: "x", roles: ["reed"] } } },
    ],
    [
      'security.users: "app": there is no option "pasword". Did you mean password?',
      { users: { app: { pasword: "x" } } },
    ],
    [
      'security.roles: "r": there is no privilege "reed". Did you mean read?',
      { roles: { r: { privileges: [{ code: "reed" }] } } },
    ],
    [
      'security.roles: "r": allowlist: expected an array of texts',
      { roles: { r: { privileges: [{ code: "read" }], allowlist: "x" } } },
    ],
    [
      'security: the role "r" is refused with INVALID_WHITELIST',
      { roles: { r: { privileges: [{ code: "read" }], allowlist: ["x"] } } },
    ],
    [
      'security: the role "read" is refused with ROLE_ALREADY_EXISTS',
      { roles: { read: { privileges: [{ code: "read" }] } } },
    ],
    ['security: the user "" is refused with INVALID_USER', { users: { "": { password: "x" } } }],
    ["security: expected true or false, got 1", 1],
  ])("are checked: %s", async (message, security) => {
    await expect(start(security as SecurityOptions)).rejects.toThrow(message);
  });

  test("keep their passwords out of errors", async () => {
    const started = start({ users: { app: { password: ["hunter2"] as unknown as string } } });
    await expect(started).rejects.not.toThrow("hunter2");
  });
});
