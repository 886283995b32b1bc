import { describe, expect, it } from "vitest";
import { pollPace } from "../../../../src/time/poll-pace.js";

describe("pollPace", () => {
  it("starts at 10 ms, grows with the time watched and stops at a second", () => {
    const paces = [0, 20, 40, 400, 4_000, 60_000].map((watchedMs) => pollPace({ watchedMs }));
    expect(paces).toEqual([10, 10, 10, 100, 1_000, 1_000]);
  });

  it("notices the end of a job of a fifth of a second within 50 ms", () => {
    for (let watchedMs = 0; watchedMs < 200; watchedMs++) expect(pollPace({ watchedMs })).toBeLessThanOrEqual(50);
  });

  it("keeps to the interval that was asked for", () => {
    expect(pollPace({ watchedMs: 60_000, mostMs: 250 })).toBe(250);
    expect(pollPace({ watchedMs: 0, mostMs: 5 })).toBe(5);
    expect(pollPace({ watchedMs: 60_000, leftMs: 3, mostMs: 250 })).toBe(250);
  });

  it("lets most of what is left pass, but at most half of what it has watched, for speeds change", () => {
    expect(pollPace({ watchedMs: 2_000, leftMs: 600 })).toBe(480);
    expect(pollPace({ watchedMs: 10, leftMs: 90_000 })).toBe(10);
    expect(pollPace({ watchedMs: 2_000, leftMs: 90_000 })).toBe(1_000);
  });

  it("waits for all that is left where that is little", () => {
    expect(pollPace({ watchedMs: 2_000, leftMs: 120 })).toBe(121);
  });

  it("waits longer where the speed has not changed", () => {
    expect(pollPace({ watchedMs: 20, leftMs: 100, isSteady: true })).toBe(80);
    expect(pollPace({ watchedMs: 20, leftMs: 90_000, isSteady: true })).toBe(160);
  });

  it("closes in on the end of a job of a tenth of a second by five questions, though its speed is a little off", () => {
    for (const error of [0.95, 1, 1.05]) {
      let watchedMs = 0;
      let questions = 0;
      while (watchedMs < 100) {
        const isSteady = questions > 1;
        watchedMs += pollPace({ watchedMs, isSteady, ...(questions > 0 && { leftMs: error * (100 - watchedMs) }) });
        questions++;
      }
      expect(watchedMs).toBeLessThanOrEqual(105);
      expect(questions).toBeLessThanOrEqual(5);
    }
  });

  it("does not ask again and again when a job does not end that was expected to", () => {
    expect(pollPace({ watchedMs: 2_000, leftMs: 0 })).toBe(50);
    expect(pollPace({ watchedMs: 60_000, leftMs: 0 })).toBe(1_000);
  });

  it("notices the end of a job at even speed within 5 ms or a fortieth of its length, by few questions", () => {
    for (let lengthMs = 20; lengthMs < 3_000; lengthMs += 7) {
      let watchedMs = 0;
      let questions = 0;
      while (watchedMs < lengthMs) {
        watchedMs += pollPace({ watchedMs, ...(watchedMs > 0 && { leftMs: lengthMs - watchedMs }) });
        questions++;
      }
      expect(watchedMs - lengthMs).toBeLessThanOrEqual(Math.max(5, lengthMs / 40));
      expect(questions).toBeLessThanOrEqual(20);
    }
  });
});
