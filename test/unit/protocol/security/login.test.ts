import { describe, expect, test } from "vitest";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { ProtocolError } from "../../../../protocol/protocol-error.js";
import { readSecurityReply, writeAuthenticate, writeLogin } from "../../../../protocol/security/login.js";
import { fromHex, loadVectors, toHex } from "../../../support/vectors/entry.js";

const recorded = new Map(loadVectors("errors").map((entry) => [entry.id, entry]));

function request(id: string): string {
  const entry = recorded.get(id);
  if (entry === undefined) throw new Error(`There is no recorded exchange ${id}`);
  return entry.request;
}

describe("a login", () => {
  test("is what the official client sends", () => {
    const w = new Writer();
    writeLogin(w, {
      user: "admin",
      credential: "$2a$10$7EqJtq98hPqEX7fNZaFWoO1mVO/4MLpGzsqojz6E9Gef6iXDjXdDa",
      clearPassword: undefined,
    });
    expect(toHex(w.copy())).toBe(request("errors/security/001"));
  });

  test("by certificate has no fields", () => {
    const w = new Writer();
    writeLogin(w, { user: undefined, credential: undefined, clearPassword: undefined });
    expect(toHex(w.copy())).toBe("0202000000000010" + "00001400000000000000000000000000");
  });

  test("of an external user carries the password too", () => {
    const w = new Writer();
    writeLogin(w, { user: "u", credential: "c", clearPassword: "p" });
    expect(toHex(w.copy().subarray(24))).toBe("000000020075" + "000000020363" + "000000020470");
  });
});

describe("an authentication", () => {
  test("is as it was recorded", () => {
    const w = new Writer();
    writeAuthenticate(w, "admin", new Uint8Array(16).fill(7));
    expect(toHex(w.copy())).toBe(request("errors/security/016"));
  });
});

describe("the reply", () => {
  test("of a server without security is a refusal", () => {
    const reply = readSecurityReply(new Reader(fromHex("00330000000000000000000000000000")));
    expect(reply).toEqual({ resultCode: 51, token: undefined, ttl: undefined });
  });

  test("to a login has a token and how long it lasts; unknown fields are passed over", () => {
    const fields = "0000000505deadbeef" + "000000026301" + "000000050600000e10";
    const reply = readSecurityReply(new Reader(fromHex(`00000003000000000000000000000000${fields}`)));
    expect(reply).toEqual({ resultCode: 0, token: fromHex("deadbeef"), ttl: 3_600 });
  });

  test.each([
    "0000",
    "00000001000000000000000000000000",
    "0000000100000000000000000000000000000000",
    "00000001000000000000000000000000000000ff05",
  ])("that is damaged is a ProtocolError: %s", (hex) => {
    expect(() => readSecurityReply(new Reader(fromHex(hex)))).toThrow(ProtocolError);
  });
});
