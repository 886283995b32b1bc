import { describe, expect, test } from "vitest";
import { VirtualRuntime } from "../../../../../runtime/virtual-runtime.js";
import { checkSeconds, secondsUntil } from "../../../../../src/records/builders/time-to-live.js";
import { secondsToLive } from "../../../../../src/records/void-time.js";

const TEN_YEARS = 315_360_000;
/** 2026-01-01T00:00:00Z */
const NOW = 1_767_225_600_000;

function at(wallClock: number): VirtualRuntime {
  return new VirtualRuntime({ wallClock });
}

describe("seconds that a void-time leaves", () => {
  test.each([
    [0, -1],
    [504_921_600 + 100, 100],
    [504_921_600, 1],
    [5, 1],
  ])("%i: %i", (voidTime, seconds) => {
    expect(secondsToLive(voidTime, at(NOW))).toBe(seconds);
  });

  test("parts of a second count for the record", () => {
    expect(secondsToLive(504_921_600 + 100, at(NOW + 999))).toBe(100);
  });
});

describe("seconds given", () => {
  test("1 second to ten years", () => {
    expect(checkSeconds(1)).toBe(1);
    expect(checkSeconds(TEN_YEARS)).toBe(TEN_YEARS);
  });

  test.each([0, -1, TEN_YEARS + 1])("%d is out of range", (seconds) => {
    expect(() => checkSeconds(seconds)).toThrow(RangeError);
  });

  test.each([1.5, Number.NaN])("%d is no number of seconds", (seconds) => {
    expect(() => checkSeconds(seconds)).toThrow(TypeError);
  });
});

describe("a moment given", () => {
  test("is rounded up to the second", () => {
    expect(secondsUntil(new Date(NOW + 1), NOW)).toBe(1);
    expect(secondsUntil(new Date(NOW + 1000), NOW)).toBe(1);
    expect(secondsUntil(new Date(NOW + 1001), NOW)).toBe(2);
    expect(secondsUntil(new Date(NOW + TEN_YEARS * 1000), NOW)).toBe(TEN_YEARS);
  });

  test("that is past, or beyond ten years, is refused by name", () => {
    expect(() => secondsUntil(new Date(NOW), NOW)).toThrow("2026-01-01T00:00:00.000Z, is 0 seconds from now");
    expect(() => secondsUntil(new Date(NOW + TEN_YEARS * 1000 + 1), NOW)).toThrow(RangeError);
  });

  test("that is no Date is refused", () => {
    expect(() => secondsUntil(new Date(Number.NaN), NOW)).toThrow(TypeError);
    expect(() => Reflect.apply(secondsUntil, undefined, [NOW, NOW])).toThrow("must be a valid Date");
  });
});
