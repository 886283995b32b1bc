import { describe, expect, it } from "vitest";
import { namespaceInfo } from "../../../../protocol/info/namespace-info.js";
import { pairNumber, pairOrNull, pairText, parseEntries, parsePairs } from "../../../../protocol/info/pairs.js";
import { splitParts } from "../../../../protocol/info/parts.js";
import { setInfo, setsInfo } from "../../../../protocol/info/set-info.js";
import { ProtocolError } from "../../../../protocol/protocol-error.js";

describe("pairs", () => {
  it("are split at the first equals sign", () => {
    expect([...parsePairs("a=1;b=x=y;;c;d=;")]).toEqual([
      ["a", "1"],
      ["b", "x=y"],
      ["c", ""],
      ["d", ""],
    ]);
    expect(parseEntries("a=1:b=2;a=3:b=4;").map((pairs) => pairs.get("a"))).toEqual(["1", "3"]);
  });

  it("touch no prototype", () => {
    const pairs = parsePairs("__proto__=1;constructor=2");
    expect([pairs.get("__proto__"), pairs.get("constructor"), pairs.get("toString")]).toEqual(["1", "2", undefined]);
  });

  it("are numbers, texts or null", () => {
    const pairs = parsePairs("n=5;f=1.25;neg=-3;t=x;none=null;empty=");
    expect([
      pairNumber(pairs, "n"),
      pairNumber(pairs, "f"),
      pairNumber(pairs, "neg"),
      pairNumber(pairs, "gone"),
    ]).toEqual([5, 1.25, -3, 0]);
    expect([
      pairOrNull(pairs, "t"),
      pairOrNull(pairs, "none"),
      pairOrNull(pairs, "empty"),
      pairOrNull(pairs, "gone"),
    ]).toEqual(["x", undefined, undefined, undefined]);
    expect(() => pairNumber(pairs, "t")).toThrow(ProtocolError);
    expect(() => pairText(pairs, "gone")).toThrow('an info value has no "gone"');
  });
});

describe("splitParts", () => {
  it("leaves out empty parts", () => {
    expect(splitParts(";;a;;b;", ";")).toEqual(["a", "b"]);
    expect(splitParts("", ";")).toEqual([]);
  });

  it("stops at more parts than a real list has", () => {
    expect(splitParts("a;".repeat(65_536), ";").length).toBe(65_536);
    expect(() => splitParts("a;".repeat(65_537), ";")).toThrow(ProtocolError);
  });
});

describe("questions about namespaces and sets", () => {
  it("name them", () => {
    expect([namespaceInfo("test"), setsInfo("test"), setInfo("test", "demo")]).toEqual([
      "namespace/test",
      "sets/test",
      "sets/test/demo",
    ]);
  });

  it("refuse bad names", () => {
    expect(() => namespaceInfo("")).toThrow(TypeError);
    expect(() => setsInfo("a;b")).toThrow(TypeError);
    expect(() => setInfo("test", "")).toThrow(TypeError);
  });
});
