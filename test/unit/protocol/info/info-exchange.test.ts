import { describe, expect, it } from "vitest";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { infoValue, parseInfoReply } from "../../../../protocol/info/info-reply.js";
import { writeInfoRequest } from "../../../../protocol/info/info-request.js";
import { MAX_INFO_BODY } from "../../../../protocol/limits.js";
import { ProtocolError } from "../../../../protocol/protocol-error.js";
import { ResultError } from "../../../../protocol/result-error.js";

function body(text: string): Reader {
  return new Reader(new TextEncoder().encode(text));
}

describe("writeInfoRequest", () => {
  it("ends each command with a line feed", () => {
    const w = new Writer();
    writeInfoRequest(w, ["node", "build"]);
    expect(Buffer.from(w.view()).toString("latin1")).toBe("\x02\x01\0\0\0\0\0\x0bnode\nbuild\n");
  });

  it.each([["a\nb"], ["a\tb"], ["a\0b"], [""], ["\udc00"]])("refuses %j", (command) => {
    expect(() => writeInfoRequest(new Writer(), ["node", command])).toThrow(TypeError);
  });

  it.each([
    "udf-get:filename=",
    "udf-get:filename=.",
    "udf-get:filename=;x=1",
    "udf-get:x=1;filename=..",
    "udf-get/a:filename=./",
    "udf-get:filename=../udf",
    "udf-get:filename=a.lua;filename=.",
  ])("refuses %j, which takes a node down", (command) => {
    expect(() => writeInfoRequest(new Writer(), [command])).toThrow("can take a node down");
  });

  it.each(["udf-get:filename=a.lua", "udf-get:", "udf-get-x:filename=", "udf-list"])("lets %j pass", (command) => {
    expect(() => writeInfoRequest(new Writer(), [command])).not.toThrow();
  });

  it("refuses what is no text", () => {
    const commands: readonly unknown[] = [undefined];
    expect(() => writeInfoRequest(new Writer(), commands as string[])).toThrow(
      "The info command is undefined: a command is text that is not empty",
    );
  });
});

describe("parseInfoReply", () => {
  it("keeps values by the exact text of their commands", () => {
    const reply = parseInfoReply(body("query-show:trid=5\ta=1:b=2\nbuild\t8.1\n"), ["query-show:trid=5", "build"]);
    expect([...reply]).toEqual([
      ["query-show:trid=5", "a=1:b=2"],
      ["build", "8.1"],
    ]);
  });

  it("splits at the first tab alone, and takes an empty value", () => {
    const reply = parseInfoReply(body("a\tx\ty\nb\t\n"), ["a", "b"]);
    expect([reply.get("a"), reply.get("b")]).toEqual(["x\ty", ""]);
  });

  it("takes a last line without its end, which servers never send", () => {
    expect(parseInfoReply(body("a\t1"), ["a"]).get("a")).toBe("1");
  });

  it("has one entry for a command that was sent twice", () => {
    expect([...parseInfoReply(body("a\t1\na\t2\n"), ["a", "a"])]).toEqual([["a", "1"]]);
  });

  it("keeps nothing that was not asked for", () => {
    expect([...parseInfoReply(body("a\t1\nb\t2\n"), ["a"])]).toEqual([["a", "1"]]);
  });

  it("refuses a reply that leaves a command out", () => {
    expect(() => parseInfoReply(body("a\t1\n"), ["a", "b"])).toThrow(
      new ProtocolError('an info reply lacks the command "b"'),
    );
    expect(() => parseInfoReply(body(""), ["a"])).toThrow(ProtocolError);
  });

  it("refuses a line that answers nothing", () => {
    expect(() => parseInfoReply(body("hello\na\t1\n"), ["a"])).toThrow(/has the line "hello"/);
  });

  it("takes an error without a command for the whole request's", () => {
    expect(() => parseInfoReply(body("ERROR:80:not authenticated\n"), ["a", "b"])).toThrow(
      new ResultError(80, "not authenticated"),
    );
  });

  it("refuses a reply larger than any real one", () => {
    const reader = new Reader(new Uint8Array(MAX_INFO_BODY + 1));
    expect(() => parseInfoReply(reader, ["a"])).toThrow(ProtocolError);
  });
});

describe("infoValue", () => {
  const reply = parseInfoReply(body("a\tok\nb\tERROR:4:bad id\n"), ["a", "b"]);

  it("gives the answer or throws the refusal", () => {
    expect(infoValue(reply, "a")).toBe("ok");
    expect(() => infoValue(reply, "b")).toThrow(new ResultError(4, "bad id"));
    expect(() => infoValue(reply, "c")).toThrow(ProtocolError);
  });
});
