import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runs } from "../../support/runs.js";
import { entriesOf } from "./replay/recorded.js";
import { infoRequest, World } from "./support/world.js";

// Damaged requests may be refused, answered or end their socket. What they may not do is throw: that would take the
// process with it.

const PROTO_HEADER_SIZE = 8;
const FILES = ["single-record", "values", "lists", "maps", "bits", "hll", "expressions", "query", "background", "info"];
const RUNS = runs(80);

const requests: readonly Uint8Array[] = FILES.flatMap(entriesOf)
  .map((entry) => new Uint8Array(Buffer.from(entry.request, "hex")))
  .filter((request) => request.length >= PROTO_HEADER_SIZE && request.length < 4000);

type Damage =
  | { readonly kind: "set"; readonly at: number; readonly byte: number }
  | { readonly kind: "flip"; readonly at: number; readonly bit: number }
  | { readonly kind: "cut"; readonly at: number; readonly count: number }
  | { readonly kind: "repeat"; readonly at: number; readonly count: number };

const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ kind: fc.constant("set" as const), at: place, byte: fc.constantFrom(0, 1, 0x7f, 0x80, 0xc1, 0xff) }),
  fc.record({ kind: fc.constant("flip" as const), at: place, bit: fc.nat(7) }),
  fc.record({ kind: fc.constant("cut" as const), at: place, count: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: fc.constant("repeat" as const), at: place, count: fc.integer({ min: 1, max: 40 }) }),
);

/** The request with its body damaged; its header says how long it is now. */
function damaged(request: Uint8Array, damages: readonly Damage[]): Uint8Array {
  let body = [...request.subarray(PROTO_HEADER_SIZE)];
  for (const change of damages) {
    const at = Math.floor(change.at * body.length);
    if (body.length === 0) break;
    switch (change.kind) {
      case "set":
        body[at] = change.byte;
        break;
      case "flip":
        body[at]! ^= 1 << change.bit;
        break;
      case "cut":
        body.splice(at, change.count);
        break;
      default:
        body = [...body.slice(0, at), ...body.slice(at, at + change.count), ...body.slice(at)];
    }
  }
  const bytes = new Uint8Array(PROTO_HEADER_SIZE + body.length);
  bytes.set(request.subarray(0, 2));
  new DataView(bytes.buffer).setUint32(4, body.length);
  bytes.set(body, PROTO_HEADER_SIZE);
  return bytes;
}

describe("damaged requests", () => {
  it("leave the node working", { timeout: 120_000 }, async () => {
    await using world = await World.start();
    for (const request of requests.slice(0, 300)) {
      const socket = world.open();
      socket.write(request);
      await world.runtime.advance(0);
      socket.close();
    }
    const cases = fc.tuple(fc.nat(requests.length - 1), fc.array(damage, { minLength: 1, maxLength: 3 }));
    await fc.assert(
      fc.asyncProperty(cases, async ([index, damages]) => {
        const socket = world.open();
        socket.write(damaged(requests[index]!, damages));
        await world.runtime.advance(1);
        socket.close();
        await world.runtime.advance(0);
      }),
      { numRuns: RUNS },
    );
    const socket = world.open();
    socket.write(infoRequest("build"));
    expect(new TextDecoder().decode((await world.runtime.until(socket.next())).body)).toBe("build\t8.1.2.0\n");
  });
});
