import { describe, expect, it } from "vitest";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { beginProto, finishProto, isProtoType, ProtoType } from "../../../../protocol/frame/proto.js";

describe("a proto header", () => {
  it("has version, type and the size of what follows", () => {
    const w = new Writer();
    w.u8(0xff);
    const at = beginProto(w);
    w.utf8("build\n");
    finishProto(w, at, ProtoType.INFO);
    expect(Buffer.from(w.view()).toString("hex")).toBe(`ff0201000000000006${Buffer.from("build\n").toString("hex")}`);
  });

  it("is not written for a body that a server would drop the connection for", () => {
    const w = new Writer();
    const at = beginProto(w);
    w.gap(128 * 1024 * 1024);
    finishProto(w, at, ProtoType.MESSAGE);
    expect(Buffer.from(w.view().subarray(0, 8)).toString("hex")).toBe("0203000008000000");
    w.u8(0);
    expect(() => finishProto(w, at, ProtoType.MESSAGE)).toThrow(RangeError);
  });

  it("knows its four types", () => {
    expect([0, 1, 2, 3, 4, 5].filter(isProtoType)).toEqual([1, 2, 3, 4]);
  });
});
