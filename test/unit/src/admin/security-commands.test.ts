import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseAel } from "../../../../src/ael/index.js";
import { InvalidNamespaceError, ResultCode, SecurityError, type Session } from "../../../../src/index.js";
import { type FakeSession, openFakeSession } from "../../../support/fake/session.js";

let fake: FakeSession;

beforeEach(async () => {
  fake = await openFakeSession({ nodes: 2 });
});

afterEach(() => fake.until(fake.client.close()));

describe("a cluster without security", () => {
  test("says so", async () => {
    const security = fake.session.security();
    for (const ask of [() => security.users(), () => security.role("read"), () => security.dropUser("ada")]) {
      await expect(fake.until<unknown>(ask())).rejects.toMatchObject({
        code: "SECURITY_NOT_SUPPORTED",
        resultCode: 51,
      });
    }
    for (const node of fake.world.fake.nodes) node.onSecurity = () => ({ code: ResultCode.SECURITY_NOT_ENABLED });
    const failure = fake.until(security.roles());
    await expect(failure).rejects.toBeInstanceOf(SecurityError);
    await expect(failure).rejects.toMatchObject({
      code: "SECURITY_NOT_ENABLED",
      hint: expect.stringContaining("security"),
    });
  });
});

describe("a change", () => {
  test("that may have been made is in doubt, and is not made again", async () => {
    let changes = 0;
    for (const node of fake.world.fake.nodes) {
      node.onSecurity = () => {
        changes++;
        node.cutAll();
        return { code: 0 };
      };
    }
    const failure = fake.until(fake.session.security().dropUser("ada"));
    await expect(failure).rejects.toMatchObject({ code: "CONNECTION", inDoubt: true });
    expect(changes).toBe(1);
  });

  test("is never in a message with its password", async () => {
    const failure = fake.until(fake.session.security().createUser("ada", "letmein", ["read"]));
    await expect(failure).rejects.toThrow("(create user ada, node");
    const error = await failure.catch((thrown: unknown) => thrown);
    expect(`${String(error)}${JSON.stringify(error)}`).not.toContain("letmein");
  });
});

describe("the filter of cross-datacenter replication", () => {
  const command = "xdr-set-filter:dc=berlin;namespace=test;exp=";

  function answers(tail: string, value: string): void {
    for (const node of fake.world.fake.nodes) node.answers.set(command + tail, value);
  }

  test("is sent to one node, as an expression or as none", async () => {
    answers("kwOTUQKhYQE=", "ok");
    answers("null", "ok");
    const where = { datacenter: "berlin", namespace: "test" };
    await fake.until(fake.session.setXdrFilter({ ...where, filter: "$.a > 1" }));
    await fake.until(fake.session.setXdrFilter({ ...where, filter: parseAel("$.a > 1") }));
    await fake.until(fake.session.setXdrFilter({ ...where, filter: null }));
    const sent = fake.world.fake.nodes.flatMap((node) => node.asked.flat()).filter((text) => text.startsWith("xdr"));
    expect(sent.map((text) => text.slice(command.length))).toEqual(["kwOTUQKhYQE=", "kwOTUQKhYQE=", "null"]);
  });

  test("is refused before it is sent", async () => {
    const { session } = fake;
    const set = (filter: unknown): Promise<unknown> => Reflect.apply(session.setXdrFilter, session, [filter]);
    await expect(set({ datacenter: "b", namespace: "test" })).rejects.toThrow("with null for no filter");
    await expect(set({ datacenter: "", namespace: "test", filter: null })).rejects.toThrow("it must be a name");
    await expect(set({ datacenter: "a;b", namespace: "test", filter: null })).rejects.toThrow("semicolon");
    await expect(set({ datacenter: "b", namespace: "nope", filter: null })).rejects.toThrow(InvalidNamespaceError);
    await expect(set({ datacenter: "b", namespace: "test", filter: 5 })).rejects.toThrow(
      "expected AEL text, an Exp or a prepared AEL, got 5",
    );
  });
});

describe("wrong arguments", () => {
  test.each<[string, (session: Session) => Promise<unknown>, string]>([
    ["an empty name", (s) => s.security().createUser("", "pw", ["read"]), "expected a user name, 1 to 63 bytes"],
    ["a long name", (s) => s.security().dropUser("u".repeat(64)), "takes 64 bytes: at most 63"],
    ["an empty password", (s) => s.security().createUser("u", "", ["read"]), "expected password to be a text"],
    ["no roles", (s) => s.security().createUser("u", "pw", []), "expected 1 to 255 roles, got 0"],
    [
      "roles that are none",
      (s) => Reflect.apply(s.security().grantRoles, s.security(), ["u", "read"]),
      "array of names",
    ],
    ["no privilege", (s) => s.security().grantPrivileges("r", []), "expected 1 to 255 privileges, got 0"],
    [
      "an unknown privilege",
      (s) => Reflect.apply(s.security().grantPrivileges, s.security(), ["r", [{ code: "reed" }]]),
      'there is no privilege "reed". Did you mean read?',
    ],
    [
      "a set without a namespace",
      (s) => s.security().grantPrivileges("r", [{ code: "read", setName: "users" }]),
      'is for set "users"; of which namespace?',
    ],
    [
      "a scope for the whole cluster",
      (s) => s.security().grantPrivileges("r", [{ code: "sys-admin", namespace: "test" }]),
      "takes no namespace and no set",
    ],
    [
      "an address that is none",
      (s) => s.security().setAllowlist("r", ["here"]),
      'a network such as "10.0.0.0/8", got "here"',
    ],
    [
      "a quota below zero",
      (s) => s.security().setQuotas("r", { readQuota: -1, writeQuota: 0 }),
      "readQuota: expected records",
    ],
    [
      "an option that does not exist",
      (s) => Reflect.apply(s.security().users, s.security(), [{ x: 1 }]),
      'no option "x"',
    ],
  ])("%s", async (_what, call, message) => {
    await expect(call(fake.session)).rejects.toThrow(message);
  });
});
