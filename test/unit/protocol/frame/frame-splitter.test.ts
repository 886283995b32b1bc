import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { FrameSplitter } from "../../../../protocol/frame/frame-splitter.js";
import { beginProto, finishProto, ProtoType } from "../../../../protocol/frame/proto.js";
import { ProtocolError } from "../../../../protocol/protocol-error.js";
import { allocationsOf } from "../../../support/count-allocations.js";
import { runs } from "../../../support/runs.js";

interface Frame {
  readonly type: ProtoType;
  readonly body: Uint8Array;
}

function proto(body: Uint8Array, type: ProtoType = ProtoType.MESSAGE): Uint8Array {
  const w = new Writer();
  const at = beginProto(w);
  w.bytes(body);
  finishProto(w, at, type);
  return w.copy();
}

function drain(splitter: FrameSplitter): Frame[] {
  const frames: Frame[] = [];
  while (splitter.next()) {
    const { type, body } = splitter;
    frames.push({ type, body: body.copy(body.left) });
  }
  return frames;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

/** Cuts bytes at the given places, taken modulo what is left. */
function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes.length === 0 ? bytes.length : sizes[i % sizes.length]!;
    chunks.push(bytes.slice(at, at + size));
    at += size;
  }
  return chunks;
}

const HELLO = Uint8Array.of(1, 2, 3, 4, 5);

describe("FrameSplitter", () => {
  it("finds the same bodies however the bytes are cut", () => {
    const frame = fc.record({
      type: fc.constantFrom<ProtoType>(1, 2, 3, 4),
      body: fc.uint8Array({ maxLength: 300 }),
    });
    const sizes = fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 12 }), sizes, (frames, chunkSizes) => {
        const splitter = new FrameSplitter();
        const found: Frame[] = [];
        for (const chunk of cut(concat(frames.map(({ type, body }) => proto(body, type))), chunkSizes)) {
          splitter.push(chunk);
          found.push(...drain(splitter));
        }
        expect(found).toEqual(frames);
      }),
      { numRuns: runs(60) },
    );
  });

  it("finds them byte by byte", () => {
    const splitter = new FrameSplitter();
    const found: Frame[] = [];
    for (const byte of concat([proto(HELLO), proto(new Uint8Array(0), ProtoType.INFO), proto(HELLO)])) {
      splitter.push(Uint8Array.of(byte));
      found.push(...drain(splitter));
    }
    expect(found.map(({ type, body }) => [type, body.length])).toEqual([
      [ProtoType.MESSAGE, 5],
      [ProtoType.INFO, 0],
      [ProtoType.MESSAGE, 5],
    ]);
  });

  it("takes chunks while frames wait to be read", () => {
    const splitter = new FrameSplitter();
    const bytes = concat([proto(HELLO), proto(HELLO), proto(HELLO)]);
    splitter.push(bytes.slice(0, 20));
    expect(splitter.next()).toBe(true);
    splitter.push(bytes.slice(20, 30));
    splitter.push(bytes.slice(30));
    expect(drain(splitter).length).toBe(2);
  });

  it("reads a body where it lies when one chunk has all of it", () => {
    const splitter = new FrameSplitter();
    const chunk = concat([proto(HELLO), proto(HELLO)]);
    splitter.push(chunk);
    expect(splitter.next()).toBe(true);
    expect(splitter.body.bytes).toBe(chunk);
    expect([splitter.body.at, splitter.body.end]).toEqual([8, 13]);
    expect(splitter.next()).toBe(true);
    expect([splitter.body.at, splitter.body.end]).toEqual([21, 26]);
  });

  it("keeps the place whatever a reader does with the body", () => {
    const splitter = new FrameSplitter();
    splitter.push(concat([proto(HELLO), proto(HELLO)]));
    expect(splitter.next()).toBe(true);
    splitter.body.at = 3;
    splitter.body.end = 4;
    expect(drain(splitter)).toEqual([{ type: ProtoType.MESSAGE, body: HELLO }]);
  });

  it("lets go of a chunk that has been read", () => {
    const splitter = new FrameSplitter();
    splitter.push(proto(HELLO));
    drain(splitter);
    expect(splitter.body.bytes.length).toBe(0);
  });

  it("never makes room for more than eight times the bytes that came, whatever a header claims", () => {
    const splitter = new FrameSplitter();
    const filling = new Uint8Array(100);
    const grown: number[] = [];
    for (let came = 0; came < 5000; came += 100) {
      const chunk = came === 0 ? Uint8Array.of(2, 3, 0, 0, 0x08, 0, 0, 0) : filling;
      const sizes = allocationsOf(() => {
        splitter.push(chunk);
        expect(splitter.next()).toBe(false);
      });
      for (const size of sizes) expect(size).toBeLessThanOrEqual(8 * (came + 8));
      grown.push(...sizes);
    }
    expect(grown.length).toBeGreaterThan(2);
    expect(grown.length).toBeLessThan(8);
  });

  it("finds the same bodies when the rest of a long one is read to where it wants it", () => {
    const chunk = fc.integer({ min: 1, max: 60_000 });
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 150_000 }), { maxLength: 4 }),
        fc.array(chunk, { minLength: 1 }),
        (lengths, sizes) => {
          const bodies = lengths.map((length, i) => new Uint8Array(length).fill(i + 1));
          const bytes = new Uint8Array(Buffer.concat(bodies.map((body) => proto(body))));
          const splitter = new FrameSplitter();
          const found: Uint8Array[] = [];
          for (let at = 0, i = 0; at < bytes.length; i++) {
            const room = splitter.room();
            const size = Math.min(
              bytes.length - at,
              sizes[i % sizes.length]!,
              room?.length ?? Number.POSITIVE_INFINITY,
            );
            const lent = room?.subarray(0, size) ?? new Uint8Array(size);
            lent.set(bytes.subarray(at, at + size));
            splitter.push(lent);
            found.push(...drain(splitter).map(({ body }) => body));
            if (room === undefined) lent.fill(0xee);
            at += size;
          }
          expect(found.map((body) => Buffer.compare(body, bodies[found.indexOf(body)]!))).toEqual(bodies.map(() => 0));
        },
      ),
      { numRuns: runs(30) },
    );
  });

  it("wants no place for a short rest, nor a place for a mere claim", () => {
    const splitter = new FrameSplitter();
    expect(splitter.room()).toBeUndefined();
    // 1,000,000 bytes, of which one came.
    splitter.push(Uint8Array.of(2, 3, 0, 0, 0, 0x0f, 0x42, 0x40, 7));
    expect(splitter.next()).toBe(false);
    expect(splitter.room()).toBeUndefined();
    splitter.push(new Uint8Array(99_999));
    expect(splitter.next()).toBe(false);
    expect(splitter.room()?.length).toBe(8 * 100_008 - 100_008);
    splitter.push(new Uint8Array(890_000));
    expect(splitter.next()).toBe(false);
    expect(splitter.room()).toBeUndefined();
  });

  it("refuses a body over the cap from its header alone", () => {
    const splitter = new FrameSplitter(1000);
    splitter.push(proto(new Uint8Array(1000)));
    expect(drain(splitter).length).toBe(1);
    splitter.push(proto(new Uint8Array(1001)).slice(0, 8));
    expect(() => splitter.next()).toThrow(/a message of 1001 bytes, more than the 1000 allowed/);
  });

  it("refuses 128 MiB and one byte by default", () => {
    const splitter = new FrameSplitter();
    splitter.push(Uint8Array.of(2, 3, 0, 0, 0x08, 0, 0, 1));
    expect(() => splitter.next()).toThrow(ProtocolError);
  });

  it.each([
    ["HTTP/1.1 400 Bad Request\r\n", "0x48"],
    ["SSH", "0x53"],
    ["\u0016\u0003\u0001\u0002", "0x16"],
  ])("tells at the first byte that %j is not Aerospike", (text, byte) => {
    const splitter = new FrameSplitter();
    splitter.push(new TextEncoder().encode(text));
    expect(() => splitter.next()).toThrow(`a message starts with byte ${byte}`);
  });

  it.each([0, 5, 6, 255])("refuses type %d", (type) => {
    const splitter = new FrameSplitter();
    splitter.push(Uint8Array.of(2, type, 0, 0, 0, 0, 0, 0));
    expect(() => splitter.next()).toThrow(`a message of type ${type}, which is none of 1 to 4`);
  });

  it("stays refused", () => {
    const splitter = new FrameSplitter();
    splitter.push(Uint8Array.of(9, 9, 9));
    expect(() => splitter.next()).toThrow(ProtocolError);
    splitter.push(proto(HELLO));
    expect(() => splitter.next()).toThrow(ProtocolError);
  });
});

describe("FrameSplitter.nextPart", () => {
  /** Reads messages of a length byte and so many bytes, as far as they have come; those of parts and the others. */
  function readAll(splitter: FrameSplitter, found: number[][]): void {
    const read = (isWhole: boolean): void => {
      const { body } = splitter;
      while (body.left > 0 && (isWhole || body.left > body.peekU8())) found.push([...body.copy(body.u8())]);
    };
    while (splitter.next(true)) read(true);
    if (splitter.nextPart()) read(false);
  }

  it("gives the same messages, each once, however the bytes are cut", () => {
    const message = fc.uint8Array({ maxLength: 40 });
    const bodies = fc.array(fc.array(message, { maxLength: 12 }), { maxLength: 6 });
    const sizes = fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(bodies, sizes, (messages, chunkSizes) => {
        const bytes = concat(
          messages.map((each) => proto(concat(each.flatMap((one) => [Uint8Array.of(one.length), one])))),
        );
        const splitter = new FrameSplitter();
        const found: number[][] = [];
        for (const chunk of cut(bytes, chunkSizes)) {
          splitter.push(chunk);
          readAll(splitter, found);
        }
        expect(found).toEqual(messages.flat().map((one) => [...one]));
      }),
      { numRuns: runs(60) },
    );
  });

  it("does not wait for the end of a body", () => {
    const splitter = new FrameSplitter();
    const found: number[][] = [];
    splitter.push(proto(concat([Uint8Array.of(2, 7, 8), Uint8Array.of(1, 9), Uint8Array.of(3, 1, 1, 1)])).slice(0, -1));
    readAll(splitter, found);
    expect(found).toEqual([[7, 8], [9]]);
  });

  it("has nothing of a header alone", () => {
    const splitter = new FrameSplitter();
    expect(splitter.nextPart()).toBe(false);
    splitter.push(proto(HELLO).slice(0, 8));
    expect(splitter.next(true)).toBe(false);
    expect(splitter.nextPart()).toBe(false);
  });

  it("looks seldom at a message that is long in coming", () => {
    const splitter = new FrameSplitter();
    const bytes = proto(new Uint8Array(1_000_000));
    let looks = 0;
    for (const chunk of cut(bytes.slice(0, -1), [1_000])) {
      splitter.push(chunk);
      expect(splitter.next(true)).toBe(false);
      if (splitter.nextPart()) looks++;
    }
    expect(looks).toBeGreaterThan(5);
    expect(looks).toBeLessThan(15);
    splitter.push(bytes.slice(-1));
    expect(splitter.next(true)).toBe(true);
    expect(splitter.body.left).toBe(1_000_000);
  });

  it("needs no more memory for a long body whose parts are read", () => {
    const splitter = new FrameSplitter();
    const bytes = proto(new Uint8Array(1_000_000));
    const sizes = cut(bytes.slice(0, -1), [1_000]).flatMap((chunk) =>
      allocationsOf(() => {
        splitter.push(chunk);
        expect(splitter.next(true)).toBe(false);
        if (splitter.nextPart()) splitter.body.at = splitter.body.end;
      }),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(5_000);
  });
});
