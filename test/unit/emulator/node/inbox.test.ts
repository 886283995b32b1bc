import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GARBAGE, Inbox } from "../../../../emulator/node/inbox.js";

const INFO = 1;
const MESSAGE = 3;

function proto(type: number, body: Uint8Array, version = 2): Uint8Array {
  const bytes = new Uint8Array(8 + body.length);
  bytes.set([version, type]);
  new DataView(bytes.buffer).setUint32(4, body.length);
  bytes.set(body, 8);
  return bytes;
}

function takeAll(inbox: Inbox): unknown[] {
  const taken: unknown[] = [];
  for (;;) {
    const next = inbox.take();
    if (next === undefined) return taken;
    taken.push(next);
    if (next === GARBAGE) return taken;
  }
}

describe("Inbox", () => {
  it("gives the messages that came, however they were cut", () => {
    const messages = fc.array(fc.record({ type: fc.constantFrom(INFO, MESSAGE), body: fc.uint8Array() }));
    fc.assert(
      fc.property(messages, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (sent, sizes) => {
        const bytes = Buffer.concat(sent.map(({ type, body }) => proto(type, body)));
        const inbox = new Inbox();
        const taken: unknown[] = [];
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const size = sizes[i % sizes.length]!;
          inbox.push(bytes.subarray(at, at + size));
          at += size;
          taken.push(...takeAll(inbox));
        }
        expect(taken).toEqual(sent);
      }),
    );
  });

  it.each([
    ["an unknown version", proto(MESSAGE, new Uint8Array(0), 3)],
    ["an unknown type", proto(9, new Uint8Array(0))],
    ["type 0", proto(0, new Uint8Array(0))],
    ["version 0 where it is no security message", proto(MESSAGE, new Uint8Array(0), 0)],
    ["a size that no message has", Uint8Array.of(2, MESSAGE, 0, 0, 0xff, 0xff, 0xff, 0xff)],
  ])("knows garbage: %s", (_, bytes) => {
    const inbox = new Inbox();
    inbox.push(bytes);
    expect(inbox.take()).toBe(GARBAGE);
  });

  it("takes security messages of version 0", () => {
    const inbox = new Inbox();
    inbox.push(proto(2, Uint8Array.of(1), 0));
    expect(inbox.take()).toEqual({ type: 2, body: Uint8Array.of(1) });
  });
});
