import { expect, test } from "vitest";
import { KeptMemory } from "../../../../protocol/bytes/memory.js";
import { Writer } from "../../../../protocol/bytes/writer.js";

const KIB = 1024;
const MIB = 1024 * KIB;

test("what was given back is taken again: the smallest that is large enough", () => {
  const memory = new KeptMemory();
  const [large, small] = [memory.take(200 * KIB), memory.take(100 * KIB)];
  expect([large.length, small.length]).toEqual([256 * KIB, 128 * KIB]);
  memory.give(large);
  memory.give(small);
  expect(memory.take(90 * KIB) === small).toBe(true);
  expect(memory.take(90 * KIB) === large).toBe(true);
  expect(memory.take(90 * KIB) === large).toBe(false);
});

test("short buffers are not kept, nor more than 16 MiB in all, nor longer ones", () => {
  const memory = new KeptMemory();
  const short = memory.take(1_000);
  expect(short.length).toBe(1_000);
  memory.give(short);
  expect(memory.take(1_000) === short).toBe(false);

  const huge = memory.take(17 * MIB);
  expect(huge.length).toBe(17 * MIB);
  memory.give(huge);
  expect(memory.take(17 * MIB) === huge).toBe(false);

  const buffers = Array.from({ length: 5 }, () => memory.take(4 * MIB));
  for (const buffer of buffers) memory.give(buffer);
  const again = new Set(Array.from({ length: 5 }, () => memory.take(4 * MIB)));
  expect(buffers.map((buffer) => again.has(buffer))).toEqual([true, true, true, true, false]);
});

test("what nobody needed between two looks is let go of, those in use stay", () => {
  const memory = new KeptMemory();
  const [first, second, third] = [memory.take(MIB), memory.take(MIB), memory.take(MIB)];
  for (const buffer of [first, second, third]) memory.give(buffer);
  memory.trim();
  memory.give(memory.take(MIB));
  // One was needed at a time, two were not.
  memory.trim();
  const taken = [memory.take(MIB), memory.take(MIB)];
  expect(taken.map((buffer) => [first, second, third].includes(buffer))).toEqual([true, false]);
  for (const buffer of taken) memory.give(buffer);
  memory.trim();
  memory.trim();
  expect(taken).not.toContain(memory.take(MIB));
});

test("short requests do not hold buffers of long ones", () => {
  const memory = new KeptMemory();
  const large = memory.take(9 * MIB);
  expect(large.length).toBe(9 * MIB);
  memory.give(large);
  expect(memory.take(40 * KIB).length).toBe(64 * KIB);
  expect(memory.take(8.5 * MIB) === large).toBe(true);
  memory.give(large);
  memory.trim();
  memory.give(memory.take(40 * KIB));
  memory.trim();
  expect(memory.take(9 * MIB) === large).toBe(false);
});

test("a writer takes what it grows to from there and gives back what it outgrew", () => {
  const memory = new KeptMemory();
  const w = new Writer(16, memory);
  w.u8(7);
  w.bytes(new Uint8Array(40 * KIB).fill(8));
  const outgrown = w.view().buffer;
  w.bytes(new Uint8Array(100 * KIB).fill(9));
  const bytes = w.view();
  expect([bytes.length, bytes[0], bytes[1], bytes.at(-1)]).toEqual([1 + 140 * KIB, 7, 8, 9]);
  expect(memory.take(64 * KIB).buffer === outgrown).toBe(true);
  const buffer = w.takeBuffer(16);
  expect(buffer.buffer === bytes.buffer).toBe(true);
  expect(w.length).toBe(0);
});
