import { describe, expect, it } from "vitest";
import { murmur3 } from "../../../../emulator/hll/murmur3.js";
import { Word } from "../../../../emulator/hll/word.js";

describe("murmur3", () => {
  it.each([
    ["", "00000000000000000000000000000000"],
    ["hello", "cbd8a7b341bd9b025b1e906a48ae1d19"],
    ["hello, world", "342fac623a5ebc8e4cdcbc079642414d"],
    ["19 Jan 2038 at 3:14:07 AM", "b89e5988b737affc664fc2950231b2cb"],
    ["The quick brown fox jumps over the lazy dog.", "cd99481f9ee902c9695da1a38987b6e7"],
  ])("hashes '%s' as published", (text, hash) => {
    const [first, second] = [new Word(), new Word()];
    murmur3(new TextEncoder().encode(text), first, second);
    const halves = [first.high, first.low, second.high, second.low];
    expect(halves.map((half) => half.toString(16).padStart(8, "0")).join("")).toBe(hash);
  });
});
