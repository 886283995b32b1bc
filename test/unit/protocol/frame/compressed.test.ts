import { deflateSync, inflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { compressProto, expandBody, type Zlib } from "../../../../protocol/frame/compressed.js";
import { FrameSplitter } from "../../../../protocol/frame/frame-splitter.js";
import { beginProto, finishProto, ProtoType } from "../../../../protocol/frame/proto.js";
import { ProtocolError } from "../../../../protocol/protocol-error.js";

const zlib: Zlib = {
  deflate: (bytes) => new Uint8Array(deflateSync(bytes)),
  inflate: (bytes, most) => new Uint8Array(inflateSync(bytes, { maxOutputLength: Math.max(1, most) })),
};

function messageOf(body: Uint8Array, type: ProtoType = ProtoType.MESSAGE): Uint8Array {
  const w = new Writer();
  const start = beginProto(w);
  w.bytes(body);
  finishProto(w, start, type);
  return w.take();
}

/** The body of a compressed proto that claims so many bytes. */
function claiming(size: number | bigint, stream: Uint8Array): Reader {
  const w = new Writer();
  w.u64(BigInt(size));
  w.bytes(stream);
  return new Reader(w.take());
}

describe("a request", () => {
  test("is compressed behind what stands before it, and read as it was", () => {
    const body = new Uint8Array(1_000).fill(7);
    const w = new Writer();
    w.bytes(Uint8Array.of(9, 9, 9));
    w.bytes(messageOf(body));
    compressProto(w, 3, zlib);
    expect(w.length).toBeLessThan(100);
    const splitter = new FrameSplitter();
    splitter.push(w.take().subarray(3));
    expect(splitter.next()).toBe(true);
    expect(splitter.type).toBe(ProtoType.COMPRESSED);
    const inner = expandBody(splitter.body, zlib, 10_000);
    expect(inner.bytes.subarray(inner.at, inner.end)).toEqual(body);
    expect(splitter.next()).toBe(false);
  });

  test.each([
    ["of 128 bytes or less", new Uint8Array(120).fill(7)],
    ["that would not be shorter", Uint8Array.from({ length: 400 }, (_, i) => (i * 89 + ((i * i) >> 3)) & 255)],
  ])("%s stays as it is", (_, body) => {
    const message = messageOf(body);
    const w = new Writer();
    w.bytes(message);
    compressProto(w, 0, { ...zlib, deflate: (bytes) => (bytes.length > 200 ? bytes : zlib.deflate(bytes)) });
    expect(w.take()).toEqual(message);
  });

  test("any body comes back", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4_000 }), fc.nat(40), (some, times) => {
        const body = new Uint8Array(some.length * (times + 1));
        for (let i = 0; i <= times; i++) body.set(some, i * some.length);
        const message = messageOf(body);
        const inner = expandBody(claiming(message.length, deflateSync(message)), zlib, 1_000_000);
        expect(inner.bytes.subarray(inner.at, inner.end)).toEqual(body);
      }),
    );
  });
});

describe("a reply that is hostile", () => {
  const message = messageOf(new Uint8Array(500).fill(1));
  const stream = deflateSync(message);

  test.each<[string, Reader, string]>([
    ["has no size", new Reader(new Uint8Array(7)), "of 7 bytes has no size"],
    ["claims more than is allowed", claiming(2_000_009, stream), "2000009 bytes, more than the 2000000 allowed"],
    ["claims 2^63 bytes", claiming(2n ** 63n, stream), "more than the 2000000 allowed"],
    ["is more than it claims", claiming(message.length - 1, stream), "no zlib stream of the 507 bytes that it claims"],
    ["is less than it claims", claiming(message.length + 1, stream), "claims 509 bytes and has 508"],
    ["claims nothing", claiming(0, stream), "no zlib stream of the 0 bytes"],
    ["is a bomb", claiming(2_000_000, deflateSync(new Uint8Array(50_000_000))), "no zlib stream of the 2000000 bytes"],
    ["is cut short", claiming(message.length, stream.subarray(0, -5)), "no zlib stream"],
    ["is no stream", claiming(508, new Uint8Array(40).fill(3)), "no zlib stream"],
    ["is empty", claiming(508, new Uint8Array(0)), "no zlib stream"],
    ["holds less than a header", claiming(3, deflateSync(new Uint8Array(3))), "claims 3 bytes and has 3"],
    ["holds an info reply", claiming(508, deflateSync(messageOf(new Uint8Array(500), ProtoType.INFO))), "type 1"],
    [
      "holds one that is compressed",
      claiming(508, deflateSync(messageOf(new Uint8Array(500), ProtoType.COMPRESSED))),
      "type 4",
    ],
    [
      "holds two messages",
      claiming(1_016, deflateSync(Buffer.concat([message, message]))),
      "500 bytes; expected version 2, type 3 and 1008",
    ],
  ])("%s is refused", (_, body, text) => {
    expect(() => expandBody(body, zlib, 2_000_000)).toThrow(ProtocolError);
    body.at = 0;
    expect(() => expandBody(body, zlib, 2_000_000)).toThrow(text);
  });

  test("no bytes whatever give anything but a message or a ProtocolError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(600), fc.boolean(), (bytes, size, isStream) => {
        try {
          const inner = expandBody(claiming(size, isStream ? deflateSync(bytes) : bytes), zlib, 1_000);
          expect(inner.left).toBeLessThanOrEqual(1_000);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }),
    );
  });
});
