import { describe, expect, test } from "vitest";
import { parseText } from "../../../ael/index.js";
import { readAel } from "../../support/read-ael.js";

// What this compiler takes beyond server 8.2: each is noted with the spelling that servers take, which means the same.

describe("spellings that only this compiler takes", () => {
  test.each([
    ["$.m.{ @a,b }", "$.m.{@a,b }"],
    ["$.m.{! @a,b}", "$.m.{!@a,b}"],
    ["$.m.{ = 1,2}", "$.m.{= 1,2}"],
    ["$.l.[ # 0]:INT", "$.l.[# 0]:INT"],
    ["$.l.[ ! 0:2]", "$.l.[!0:2]"],
    ["$.m.x'00':INT", "$.m.{@x'00'}:INT"],
    ['$.b == x"00"', "$.b == x'00'"],
    ["5.toFloat() > 1.0", "(5).toFloat() > 1.0"],
    ["'a'.upper() == 'A'", "('a').upper() == 'A'"],
    ["5.asFloat() > 1.0", "5.0 > 1.0"],
    ["$.m.+5:INT", "$.m.5:INT"],
  ])("%s", (text, now) => {
    const { notes } = parseText(text);
    expect(notes).toHaveLength(1);
    const [{ at, end, now: written }] = notes as [(typeof notes)[number]];
    expect(text.slice(0, at) + written + text.slice(end)).toBe(now);
    expect(parseText(now).notes).toEqual([]);
    expect(readAel(now, "8.2")).toEqual(readAel(text, "8.2"));
    expect(readAel(now, "8.2")).toBeDefined();
  });

  test.each([
    "$.m == {a: INF}",
    "$.m == {a: *}",
    "$.m.a.getRanks():REVERSE:REVERSE",
    "$.m.a.b.setTo(1):NO_FAIL:NO_FAIL",
  ])("%s is refused, as servers refuse it", (text) => {
    expect(readAel(text, "8.2")).toBeUndefined();
  });
});
