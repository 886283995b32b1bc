import { describe, expect, it } from "vitest";
import { readExpression } from "../../../../protocol/exp/read.js";
import { needs } from "../../../../protocol/exp/version.js";
import { Exp } from "../../../../src/exp/exp.js";

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, "hex"));
const again = (hex: string) => Buffer.from(Exp.fromBytes(bytes(hex)).packed).toString("hex");

// What only servers from 8.2 on can work out, as the fact sheet has it.
const ONLY_8_2 = [
  ["$.a.exists()", "9253a161"],
  ["$.m:MAP.count() > 2", "9303957f020091ccfd935105a16d02"],
  ["$.l:LIST.*[?(@ > 400)].count() >= 1", "9304957f020093ccfe92049303937a0201cd01900a935104a16c01"],
  ["$.l.[0:2].name", "957f040093ccfe941892000222a5036e616d6501935104a16c"],
  ["$.m.{#-1:}.getKeyValues()", "957f050093ccfe922991ff03935105a16d"],
  ['$.n:INT.toString() == "5"', "93019263935102a16ea20335"],
  ["$.s.strlen() > 3", "9303957f02039100935103a17303"],
  ["$.s =~ /^hel/i", "957f01039310a5035e68656c01935103a173"],
  ["$.s:STRING + 'x' == 'yx'", "9301957f03439243a20378935103a173a3037978"],
  ["$.s.replace(find: 'a', replace: 'b')", "957f03439236927e92a20361a20362935103a173"],
  ["($.m.city:STRING).upper() == 'OSLO'", "9301957f03439138957f0300936107a50363697479935105a16da5034f534c4f"],
  ["$.m.city.upper()", "957f054393ccff9222a503636974799138935105a16d"],
  ["$.m.city.strlen() > 3", "9303957f020393ccff9222a503636974799100935105a16d03"],
  ["$.m.a.b.setTo(1):NO_FAIL", "957f054093ccff930122a203619543a20362010004935105a16d"],
  ["$.l:LIST.join(', ')", "957f0300921ca3032c20935104a16c"],
  ["$.b:BLOB.b64Encode()", "957f03019137935106a162"],
  ["$.l.{!…} of a path, which 8.1.2 would overlook", "957f040093ccfe92cd041892000201935104a16c"],
] as const;

describe("expressions of server 8.2", () => {
  it.each(ONLY_8_2)("%s comes back as it is", (_, hex) => {
    expect(again(hex)).toBe(hex);
    expect(Exp.fromBytes(bytes(hex)).minVersion).toBe("8.2");
  });

  it("sends a text as a whole", () => {
    const hex = "92cc80a7242e61203e2031";
    expect(readExpression(bytes(hex))).toEqual({ kind: "text", type: undefined, text: "$.a > 1" });
    expect(again(hex)).toBe(hex);
    expect(() => readExpression(bytes(`9212${hex}`))).toThrow("a whole expression, never part of one");
    expect(() => readExpression(bytes("92cc80a0"))).toThrow("text is empty");
  });

  it("names what needs it", () => {
    const of = (hex: string) => needs(readExpression(bytes(hex))).map(({ feature }) => feature);
    expect(of("957f0300921ca3032c20935104a16c")).toEqual(["joining lists, and counting what may be a list or a map"]);
    expect(of("957f040093ccfe92cd041892000201935104a16c")).toEqual(["path expressions", "all others in a path"]);
    expect(of("92cc80a7242e61203e2031")).toEqual(["text that the server compiles"]);
  });

  it.each([
    ["a string of an integer", "957f02039100935102a173"],
    ["a mark of another kind in front of steps", "957f054093ccff930222a203619543a20362010004935105a16d"],
    ["the mark without steps", "957f054093ccff91019543a20362010004935105a16d"],
    ["the mark in front of a path's steps", "957f040093ccfe93011892000201935104a16c"],
    ["a text of a map", "9263935105a16d"],
  ])("refuses %s", (_, hex) => {
    expect(() => Exp.fromBytes(bytes(hex))).toThrow(TypeError);
  });
});
