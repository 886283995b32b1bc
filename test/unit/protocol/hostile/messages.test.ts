import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { FrameSplitter } from "../../../../protocol/frame/frame-splitter.js";
import { FieldType } from "../../../../protocol/message/field-type.js";
import { OpCode } from "../../../../protocol/message/op.js";
import { allocationsOf } from "../../../support/count-allocations.js";
import { MESSAGE_READERS, type Outcome, outcomeOf, readStream } from "../../../support/hostile.js";
import { messageBytes } from "../../../support/message.js";
import { runs, some } from "../../../support/runs.js";
import { loadVectors, responsesOf } from "../../../support/vectors/entry.js";

const FILES = ["single-record", "values", "lists", "maps", "hll", "expressions", "udf", "query", "batch", "errors"];

const replies = FILES.flatMap(loadVectors)
  .flatMap(responsesOf)
  .filter((bytes) => bytes[1] === 3 && bytes.length < 600);

/** Each different reply once: most writes answer the same 30 bytes. */
const distinct = [...new Map(replies.map((bytes) => [Buffer.from(bytes).toString("latin1"), bytes])).values()];

const MEBIBYTE = 1024 * 1024;

describe("damaged replies", () => {
  it("are many and different to begin with", () => {
    expect(distinct.length).toBeGreaterThan(1000);
  });

  it("give a value or a known error when they are cut short anywhere", () => {
    const outcomes = new Set<Outcome>();
    for (const reply of some(distinct, 400)) {
      const read = MESSAGE_READERS[reply.length % MESSAGE_READERS.length]!;
      for (let end = 8; end < reply.length; end++) outcomes.add(outcomeOf(() => read(reply.subarray(8, end))));
    }
    expect(outcomes).toContain("protocol error");
  });

  it("give a value or a known error when bits are flipped", () => {
    const flips = fc.array(fc.tuple(fc.nat(), fc.nat(7)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.constantFrom(...distinct), fc.constantFrom(...MESSAGE_READERS), flips, (reply, read, bits) => {
        const damaged = reply.slice(8);
        for (const [at, bit] of bits) damaged[at % damaged.length]! ^= 1 << bit;
        const sizes = allocationsOf(() => void outcomeOf(() => read(damaged)));
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MEBIBYTE);
      }),
      { numRuns: runs(400) },
    );
  });

  it("give a value or a known error when bytes are pulled out or put in", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...distinct),
        fc.constantFrom(...MESSAGE_READERS),
        fc.nat(),
        fc.nat(4),
        fc.uint8Array({ maxLength: 4 }),
        (reply, read, at, out, put) => {
          const body = reply.subarray(8);
          const cut = at % body.length;
          const damaged = Buffer.concat([body.subarray(0, cut), put, body.subarray(cut + out)]);
          expect(["value", "protocol error", "result error"]).toContain(outcomeOf(() => read(damaged)));
        },
      ),
      { numRuns: runs(300) },
    );
  });

  it("give a value or a known error when the whole stream is noise", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (noise, looksRight) => {
        if (looksRight && noise.length > 30) noise.set([2, 3, 0, 0, 0, 0, 0, noise.length - 8, 22]);
        expect(["value", "protocol error", "result error"]).toContain(outcomeOf(() => readStream(noise)));
      }),
      { numRuns: runs(300) },
    );
  });
});

describe("lying lengths", () => {
  const header = messageBytes({});
  const field = (size: number) => {
    const w = new Writer();
    w.bytes(header);
    w.patchU16(18, 1);
    w.u32(size);
    w.u8(FieldType.SET);
    return w.copy();
  };
  const op = (size: number, nameLength: number) => {
    const w = new Writer();
    w.bytes(header);
    w.patchU16(20, 1);
    w.u32(size);
    w.u8(OpCode.READ);
    w.u8(1);
    w.u8(0);
    w.u8(nameLength);
    w.u32(0);
    return w.copy();
  };
  const counts = (offset: number) => {
    const bytes = header.slice();
    bytes.set([0xff, 0xff], offset);
    return bytes;
  };

  it.each([
    ["a field beyond the message", field(0x7fff_ffff)],
    ["a field of no bytes", field(0)],
    ["a field one byte too long", field(2)],
    ["an op beyond the message", op(0xffff_ffff, 0)],
    ["an op shorter than its head", op(3, 0)],
    ["a name beyond its op", op(4, 4)],
    ["a name beyond the message", op(8, 255)],
    ["65535 fields that are not there", counts(18)],
    ["65535 ops that are not there", counts(20)],
    ["a header of another size", header.map((byte, at) => (at === 0 ? 23 : byte))],
    ["half a header", header.slice(0, 11)],
  ])("are refused: %s", (_what, body) => {
    expect(outcomeOf(() => MESSAGE_READERS[0]!(body))).toBe("protocol error");
    for (const read of MESSAGE_READERS) {
      const sizes = allocationsOf(() => void outcomeOf(() => read(body)));
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MEBIBYTE);
    }
  });

  it("make no frame of 128 MiB out of eight bytes", () => {
    const sizes = allocationsOf(() => {
      const splitter = new FrameSplitter();
      splitter.push(Uint8Array.of(2, 3, 0, 0, 0x08, 0, 0, 0));
      expect(splitter.next()).toBe(false);
      splitter.push(new Uint8Array(1000));
      expect(splitter.next()).toBe(false);
    });
    expect(Math.max(...sizes)).toBeLessThanOrEqual(8 * 1008);
  });
});
