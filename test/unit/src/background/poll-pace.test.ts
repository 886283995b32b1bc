import { describe, expect, it } from "vitest";
import { pollPace } from "../../../../src/background/poll-pace.js";

describe("pollPace", () => {
  it("starts at 10 ms, grows with the time watched and stops at a second", () => {
    expect([0, 20, 40, 400, 4_000, 60_000].map((watched) => pollPace(watched))).toEqual([
      10, 10, 10, 100, 1_000, 1_000,
    ]);
  });

  it("notices the end of a job of a fifth of a second within 50 ms", () => {
    for (let at = 0; at < 200; at++) expect(pollPace(at)).toBeLessThanOrEqual(50);
  });

  it("keeps to the interval that was asked for", () => {
    expect(pollPace(60_000, 250)).toBe(250);
    expect(pollPace(0, 5)).toBe(5);
  });
});
