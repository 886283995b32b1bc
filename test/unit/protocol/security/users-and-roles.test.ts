import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { ProtocolError } from "../../../../protocol/protocol-error.js";
import { readSecurityHeader, type SecurityRequest, writeSecurity } from "../../../../protocol/security/message.js";
import { type Privilege, readPrivileges, writePrivileges } from "../../../../protocol/security/privilege.js";
import {
  createRole,
  dropRole,
  grantPrivileges,
  queryRoles,
  readRole,
  setAllowlist,
  setQuotas,
} from "../../../../protocol/security/roles.js";
import {
  changePassword,
  createUser,
  dropUser,
  grantRoles,
  queryUsers,
  readUser,
  setPassword,
} from "../../../../protocol/security/users.js";
import { fromHex, toHex } from "../../../support/vectors/entry.js";

/** Command, number of fields, and the fields. */
function sent(request: SecurityRequest): string {
  const w = new Writer();
  writeSecurity(w, request);
  const bytes = w.copy();
  expect(toHex(bytes.subarray(0, 7))).toBe("02020000000000");
  expect(bytes[7]).toBe(bytes.length - 8);
  return `${toHex(bytes.subarray(10, 12))} ${toHex(bytes.subarray(24))}`;
}

describe("what is sent", () => {
  test.each<[string, SecurityRequest, string]>([
    [
      "create user",
      createUser("ada", "h", ["a", "bc"]),
      "0103 00000004" + "00616461" + "00000002" + "0168" + "00000007" + "0a0201610262" + "63",
    ],
    ["drop user", dropUser("ada"), "0201 0000000400616461"],
    ["set password", setPassword("u", "h"), "0302 0000000200750000000201" + "68"],
    ["change password", changePassword("u", "o", "h"), "0403 000000020075" + "00000002026f" + "000000020168"],
    ["grant roles", grantRoles("u", ["r"]), "0502 000000020075" + "000000040a010172"],
    ["query users", queryUsers(), "0900 "],
    ["query a user", queryUsers("u"), "0901 000000020075"],
    [
      "create a role",
      createRole({ name: "r", privileges: [], allowlist: ["10.0.0.1", "::1"], readQuota: 7, writeQuota: 0 }),
      "0a03 000000020b72" + "0000000d0d31302e302e302e312c3a3a31" + "000000050e00000007",
    ],
    ["drop role", dropRole("r"), "0b01 000000020b72"],
    [
      "grant privileges",
      grantPrivileges("r", [{ code: "sys-admin" }, { code: "write", namespace: "n", setName: "s" }, { code: "read" }]),
      "0c02 000000020b72" + "0000000b0c0301" + "0d016e0173" + "0a0000",
    ],
    ["set an allowlist", setAllowlist("r", []), "0e01 000000020b72"],
    ["set quotas", setQuotas("r", 0, 9), "0f03 000000020b72" + "000000050e00000000" + "000000050f00000009"],
    ["query roles", queryRoles(), "1000 "],
  ])("%s", (_what, request, expected) => {
    expect(sent(request)).toBe(expected);
  });
});

describe("what comes back", () => {
  const header = "00000000".padEnd(32, "0");

  test("a user", () => {
    const info = "0000001210" + "04" + "00000064" + "00000001" + "00000002" + "00000003";
    const bytes = fromHex(`000000020075${"000000070a0201610262"}63${info}0000000512${"00000009"}00000002ff00`);
    expect(readUser(new Reader(bytes), 5)).toEqual({
      name: "u",
      roles: ["a", "bc"],
      reading: { quota: 100, recordsPerSecond: 1, queryRecordsPerSecond: 2, queriesWithoutLimit: 3 },
      writing: undefined,
      connections: 9,
    });
    expect(readUser(new Reader(fromHex("000000040a010172")), 1)).toBeUndefined();
  });

  test("a role, with privileges that are not known", () => {
    const bytes = fromHex("000000020b72" + "0000000a0c030a016e0005630000");
    expect(readRole(new Reader(bytes), 2)).toEqual({
      name: "r",
      privileges: [{ code: "read", namespace: "n" }, { code: "privilege-5" }, { code: "privilege-99" }],
      allowlist: [],
      readQuota: 0,
      writeQuota: 0,
    });
  });

  test("a header", () => {
    expect(readSecurityHeader(new Reader(fromHex(header)))).toEqual({ resultCode: 0, fields: 0 });
    expect(() => readSecurityHeader(new Reader(new Uint8Array(15)))).toThrow(ProtocolError);
  });

  test.each([
    ["a field that runs over the end", "000000090075"],
    ["a field of size 0", "00000000"],
    ["a list of roles that runs over its field", "000000040a050161" + "0000000000000000"],
  ])("%s is no reply", (_what, hex) => {
    expect(() => readUser(new Reader(fromHex(hex)), 1)).toThrow(ProtocolError);
  });

  test("whatever the bytes, nothing but a ProtocolError is thrown", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(255), (bytes, fields) => {
        for (const read of [readUser, readRole]) {
          try {
            read(new Reader(bytes), fields);
          } catch (error) {
            expect(error).toBeInstanceOf(ProtocolError);
          }
        }
      }),
    );
  });

  test("privileges come back as they were written", () => {
    const scoped = fc.record({
      code: fc.constantFrom("read", "read-write", "read-write-udf", "write", "truncate"),
      namespace: fc.stringMatching(/^[a-z]{1,31}$/),
      setName: fc.stringMatching(/^[a-z]{1,63}$/),
    });
    const global = fc.record({ code: fc.constantFrom("user-admin", "sys-admin", "data-admin", "sindex-admin") });
    fc.assert(
      fc.property(fc.array(fc.oneof(scoped, global), { maxLength: 20 }), (privileges: Privilege[]) => {
        const w = new Writer();
        writePrivileges(w, privileges);
        expect(readPrivileges(new Reader(w.copy()))).toEqual(privileges);
      }),
    );
  });
});
