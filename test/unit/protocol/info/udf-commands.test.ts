import { describe, expect, it } from "vitest";
import { decodeBase64 } from "../../../../protocol/bytes/base64.js";
import { udfGet, udfList, udfPut, udfRemove } from "../../../../protocol/info/udf-commands.js";
import { parseUdfCompileError, parseUdfList, parseUdfSource } from "../../../../protocol/info/udf-info.js";
import { ProtocolError } from "../../../../protocol/protocol-error.js";
import { loadVectors } from "../../../support/vectors/entry.js";

/** What a node aborts on, and what would end the name early. */
const DANGEROUS = [
  "",
  ".",
  "..",
  "a",
  ".lua",
  "x.",
  "a/b.lua",
  "a;b.lua",
  "a:b.lua",
  "a\n.lua",
  "a\0.lua",
  "a..lua",
  "é.lua",
];

describe("UDF commands", () => {
  it("register as the recorded client did", () => {
    const puts = loadVectors("udf").flatMap(({ origin, intent }) =>
      origin === "handmade" ? [] : (intent.commands ?? []).filter((command) => command.startsWith("udf-put:")),
    );
    expect(puts.length).toBe(2);
    for (const command of puts) {
      const [, fileName = "", content = ""] = /filename=([^;]*);content=([^;]*);/.exec(command) ?? [];
      expect(udfPut(fileName, decodeBase64(content))).toBe(command);
    }
  });

  it("take source as text or bytes", () => {
    const put = udfPut("a.lua", "return 'ü'");
    expect(put).toBe(udfPut("a.lua", new TextEncoder().encode("return 'ü'")));
    expect(put).toMatch(/^udf-put:filename=a\.lua;content=([\w+/=]+);content-len=16;udf-type=LUA;$/);
  });

  it("name the file", () => {
    expect([udfGet("a.lua"), udfRemove("a-b_c$1.lua"), udfList()]).toEqual([
      "udf-get:filename=a.lua",
      "udf-remove:filename=a-b_c$1.lua;",
      "udf-list",
    ]);
  });

  it.each(DANGEROUS)("refuse the file name %j", (name) => {
    expect(() => udfPut(name, "return 1")).toThrow(TypeError);
    expect(() => udfGet(name)).toThrow(TypeError);
    expect(() => udfRemove(name)).toThrow(TypeError);
  });

  it("refuse a name too long, and what is no source", () => {
    expect(() => udfPut(`${"a".repeat(124)}.lua`, "return 1")).toThrow(RangeError);
    expect(() => udfPut("a.lua", "")).toThrow("The UDF source has 0 bytes");
    expect(() => udfPut("a.lua", new Uint8Array(1_048_576))).toThrow("1 to 1048575 are allowed");
    expect(udfPut("a.lua", new Uint8Array(1_048_575))).toContain("content-len=1398100;");
    expect(() => udfPut("a.lua", 5 as unknown as string)).toThrow("The UDF source is 5: it must be text or its bytes");
  });
});

describe("UDF answers", () => {
  it("tell what does not compile, in old words and new", () => {
    const message = "PG5hbWU+IGV4cGVjdGVk";
    const expected = { fileName: "bad.lua", line: 12, message: "<name> expected" };
    expect(parseUdfCompileError(`error=compile_error;file=bad.lua;line=12;message=${message}`)).toEqual(expected);
    expect(parseUdfCompileError(`ERROR:4:compile_error;file=bad.lua;line=12;message=${message}`)).toEqual(expected);
    expect(parseUdfCompileError("error=compile_error;file=f;line=x;message=not base64")).toEqual({
      fileName: "f",
      line: 0,
      message: "not base64",
    });
    expect(parseUdfCompileError("error=invalid_filename")).toBeUndefined();
  });

  it("refuse what is damaged", () => {
    expect(() => parseUdfList("hash=1,type=LUA;")).toThrow(ProtocolError);
    expect(() => parseUdfSource("type=LUA;")).toThrow(ProtocolError);
    expect(() => parseUdfSource("type=LUA;content=***;")).toThrow(ProtocolError);
  });
});
