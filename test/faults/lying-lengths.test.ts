import { describe, expect, it } from "vitest";
import { Writer } from "../../protocol/bytes/writer.js";
import { beginProto, finishProto, ProtoType } from "../../protocol/frame/proto.js";
import { MAX_REPLY_BODY } from "../../protocol/limits.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { AerospikeError, DataSet, type Session } from "../../src/index.js";
import { Lab } from "../support/faults/lab.js";
import { WatchedAllocations } from "../support/faults/watched-allocations.js";
import { asTheyCame } from "../support/faults/watched-transport.js";

const KIBIBYTE = 1024;
/** Everything that the client makes room for while it reads one of these replies. */
const MOST = 64 * KIBIBYTE;

const set = DataSet.of("test", "lengths");

/** A proto's header alone, which promises a body. */
function promise(size: number, type: number = ProtoType.MESSAGE): Uint8Array {
  const bytes = Uint8Array.of(2, type, 0, 0, 0, 0, 0, 0);
  new DataView(bytes.buffer).setUint16(2, Math.floor(size / 2 ** 32));
  new DataView(bytes.buffer).setUint32(4, size % 2 ** 32);
  return bytes;
}

/** A whole proto around a message with these counts and, behind its header, this. */
function message(fields: number, ops: number, rest: Uint8Array = new Uint8Array(0)): Uint8Array {
  const w = new Writer();
  const proto = beginProto(w);
  const at = w.gap(22);
  w.patchU8(at, 22);
  w.patchU32(at + 6, 1);
  w.patchU16(at + 18, fields);
  w.patchU16(at + 20, ops);
  w.bytes(rest);
  finishProto(w, proto, ProtoType.MESSAGE);
  return w.take();
}

/** A reply with one bin of this type and these bytes; its size may lie. */
function bin(type: number, value: Uint8Array, size = 5 + value.length): Uint8Array {
  const w = new Writer();
  w.u32(size);
  w.u8(1);
  w.u8(type);
  w.u8(0);
  w.u8(1);
  w.utf8("a");
  w.bytes(value);
  return message(0, 1, w.take());
}

function hex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

const { LIST, MAP, STRING } = ParticleType;

const RECORD_REPLIES: readonly (readonly [string, Uint8Array])[] = [
  ["a message of the greatest size allowed", promise(MAX_REPLY_BODY)],
  ["a message of more than that", promise(MAX_REPLY_BODY + 1)],
  ["a message of all that 48 bits can say", promise(2 ** 48 - 1)],
  [
    "a compressed message that grows beyond measure",
    new Uint8Array([...promise(24, ProtoType.COMPRESSED), ...promise(2 ** 40), ...new Uint8Array(16)]),
  ],
  ["65,535 fields", message(65_535, 0)],
  ["65,535 ops", message(0, 65_535)],
  ["a field of 4 GiB", message(1, 0, hex("ffffffff00"))],
  ["an op of 4 GiB", bin(STRING, hex("61"), 0xffff_ffff)],
  ["a list of 4 billion elements", bin(LIST, hex("ddffffffff"))],
  ["a list of 65,535 elements", bin(LIST, hex("dcffff"))],
  ["a map of 4 billion entries", bin(MAP, hex("dfffffffff"))],
  ["a string of 4 GiB in a list", bin(LIST, hex("91dbffffffff03"))],
  ["a blob of 4 GiB in a list", bin(LIST, hex("91c6ffffffff04"))],
  ["an extension of 4 GiB in a list", bin(LIST, hex("91c9ffffffff00"))],
  ["lists within lists, 50,000 deep", bin(LIST, new Uint8Array(50_000).fill(0x91))],
  ["maps within maps, 50,000 deep", bin(MAP, new Uint8Array(50_000).fill(0x81))],
  ["lists that promise lists that promise", bin(LIST, hex("ddffffffff".repeat(60)))],
];

/** Gets a record of which the reply is replaced by other bytes. */
async function read(lab: Lab, session: Session, reply: Uint8Array): Promise<unknown> {
  lab.transport.onReply = () => {
    lab.transport.onReply = asTheyCame;
    return [reply];
  };
  return lab.failure(session.get(set.id(1)));
}

describe("a length that lies", () => {
  it.each(RECORD_REPLIES)("makes no room in a record's reply: %s", async (_, reply) => {
    await using lab = await Lab.open();
    const session = await lab.session({ all: { totalTimeout: 200, maxRetries: 0 } }, { maxErrorRate: 0 });
    const calm = (await lab.connect()).createSession();
    await lab.until(calm.put(set.id(1), { a: 1 }));
    // The sockets are open by now, and everything that is made once is made.
    await lab.until(session.get(set.id(1)));
    let largest: number;
    let error: unknown;
    {
      using allocations = new WatchedAllocations();
      error = await read(lab, session, reply);
      largest = allocations.largest;
    }
    expect(error).toBeInstanceOf(AerospikeError);
    expect(largest).toBeLessThanOrEqual(Math.max(MOST, reply.length));
    expect((await lab.until(session.get(set.id(1)))).bins).toEqual({ a: 1 });
  });

  it("makes room for a message by what has come of it, not by what it claims", async () => {
    await using lab = await Lab.open();
    const session = await lab.session({ all: { totalTimeout: 500, maxRetries: 0 } }, { maxErrorRate: 0 });
    await lab.until(session.put(set.id(1), { a: 1 }));
    const chunk = new Uint8Array(10 * KIBIBYTE);
    let largest: number;
    let error: unknown;
    {
      using allocations = new WatchedAllocations();
      lab.transport.onReply = () => {
        lab.transport.onReply = asTheyCame;
        return [promise(MAX_REPLY_BODY), ...new Array<Uint8Array>(10).fill(chunk)];
      };
      error = await lab.failure(session.get(set.id(1)));
      largest = allocations.largest;
    }
    expect(error).toMatchObject({ name: "TimeoutError" });
    expect(largest).toBeGreaterThan(chunk.length);
    expect(largest).toBeLessThanOrEqual(8 * 10 * chunk.length);
  });

  it.each([
    ["an info reply of the greatest size allowed", promise(MAX_REPLY_BODY, ProtoType.INFO)],
    ["an info reply of all that 48 bits can say", promise(2 ** 48 - 1, ProtoType.INFO)],
  ])("makes no room in the tend: %s", async (_, reply) => {
    await using lab = await Lab.open({ nodes: 2 });
    const session = await lab.session({}, { connectTimeoutMs: 100 });
    await lab.until(session.put(set.id(1), { a: 1 }));
    let largest: number;
    {
      using allocations = new WatchedAllocations();
      lab.transport.onReply = () => [reply];
      await lab.runtime.advance(5_000);
      lab.transport.onReply = asTheyCame;
      largest = allocations.largest;
    }
    expect(largest).toBeLessThanOrEqual(MOST);
    await lab.runtime.advance(5_000);
    expect((await lab.until(session.get(set.id(1)))).bins).toEqual({ a: 1 });
  });
});
