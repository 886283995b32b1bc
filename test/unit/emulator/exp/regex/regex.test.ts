import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RegexFlag } from "../../../../../emulator/exp/regex/flags.js";
import { Regex } from "../../../../../emulator/exp/regex/regex.js";
import { runs } from "../../../../support/runs.js";

const { EXTENDED, ICASE, NEWLINE } = RegexFlag;

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** True or false, or undefined for a pattern that is refused. */
function matches(pattern: string, text: string, flags: number = EXTENDED): boolean | undefined {
  return Regex.compile(bytes(pattern), flags)?.test(bytes(text));
}

// The rows were given to glibc's regcomp and regexec.

describe("extended patterns", () => {
  it.each([
    ["a|b", "cb", true],
    ["^a|b$", "cab", true],
    ["(ab)*c", "ababc", true],
    ["^(ab)*$", "aba", false],
    ["a{2}", "caac", true],
    ["^a{2,3}$", "aaaa", false],
    ["^a{,2}$", "aaa", false],
    ["^a{0}b$", "b", true],
    ["^a**$", "aaa", true],
    ["a||b", "c", true],
    ["()", "x", true],
    ["a)", "a)", true],
    ["[]a]", "]", true],
    ["[^]a]", "]", false],
    ["[a-]", "-", true],
    ["[--/]", ".", true],
    ["[\\\\]", "\\", true],
    ["[[:digit:]]+", "a1", true],
    ["[[.-.]]", "-", true],
    ["[[=a=]]", "a", true],
    ["\\bword\\b", "a word here", true],
    ["\\<ord", "word", false],
    ["wor\\>", "word", false],
    ["\\Bor\\B", "word", true],
    ["\\w\\W\\s\\S", "a  b", true],
    ["\\`a", "ba", false],
    ["b\\'", "ab", true],
    ["(a+)b\\1", "aabaa", true],
    ["^(a+)b\\1$", "aabaaa", false],
    ["^(a|b\\2)$", "a", undefined],
    ["a.c", "a\nc", true],
    ["a$", "a\nb", false],
    ["^.$", "é", false],
    ["^..$", "é", true],
  ])("%s in %s: %s", (pattern, text, result) => {
    expect(matches(pattern, text)).toBe(result);
  });

  it.each([
    "(",
    "[",
    "[a",
    "[z-a]",
    "[[:nope:]]",
    "[[.ab.]]",
    "[a-c-e]",
    "a{",
    "a{2",
    "a{2,1}",
    "a{x}",
    "{2}",
    "*a",
    "+",
    "a|*b",
    "(*a)",
    "^*",
    "\\",
    "\\1",
    "(a)|\\1",
    "a{40000}",
  ])("%s is refused", (pattern) => {
    expect(matches(pattern, "")).toBeUndefined();
  });
});

describe("basic patterns", () => {
  it.each([
    ["a|b", "a|b", true],
    ["a\\|b", "b", true],
    ["(a)", "(a)", true],
    ["\\(a\\)\\1", "aa", true],
    ["a+", "a+", true],
    ["a\\+b", "aab", true],
    ["ca\\?t", "ct", true],
    ["a{2}", "a{2}", true],
    ["^a\\{2\\}$", "aa", true],
    ["*a", "*a", true],
    ["\\(*a\\)", "*a", true],
    ["^*", "*", true],
    ["a^b", "a^b", true],
    ["a$b", "a$b", true],
    ["\\(^a\\)", "ba", false],
    ["\\(a$\\)", "ab", false],
    ["a**", "a", undefined],
    ["\\)", ")", undefined],
    ["\\(a", "a", undefined],
    ["\\{1\\}", "", undefined],
  ])("%s in %s: %s", (pattern, text, result) => {
    expect(matches(pattern, text, 0)).toBe(result);
  });
});

describe("flags", () => {
  it.each([
    ["HeLLo", "hello", EXTENDED | ICASE, true],
    ["[a-c]", "B", EXTENDED | ICASE, true],
    ["[[:upper:]]", "b", EXTENDED | ICASE, true],
    ["É", "é", EXTENDED | ICASE, false],
    ["[Z-a]", "a", EXTENDED | ICASE, undefined],
    ["^b", "a\nb", EXTENDED | NEWLINE, true],
    ["a$", "a\nb", EXTENDED | NEWLINE, true],
    ["a.b", "a\nb", EXTENDED | NEWLINE, false],
    ["a[^x]b", "a\nb", EXTENDED | NEWLINE, false],
    ["\\`b", "a\nb", EXTENDED | NEWLINE, false],
    ["a", "b", EXTENDED | 8, false],
    ["a|b", "b", EXTENDED | 0xfff0, true],
  ])("%s in %s with %i: %s", (pattern, text, flags, result) => {
    expect(matches(pattern, text, flags)).toBe(result);
  });
});

describe("NUL", () => {
  it("ends the pattern and the text", () => {
    expect(matches("b\0(", "ab")).toBe(true);
    expect(matches("b", "a\0b")).toBe(false);
    expect(matches("a$", "a\0b")).toBe(true);
  });
});

describe("hostile patterns", () => {
  it("take no time that grows without bound", () => {
    expect(matches(`^${"(a*)*".repeat(10)}b$`, "a".repeat(2000))).toBe(false);
    expect(matches("^((a|a)*)*$", `${"a".repeat(2000)}b`)).toBe(false);
    expect(matches("^(a*)*\\1b$", "a".repeat(60))).toBe(false);
  });

  it("that multiply out or nest beyond reason are refused", () => {
    expect(matches("((a{200}){200}){200}", "")).toBeUndefined();
    expect(matches(`${"(".repeat(10_000)}a${")".repeat(10_000)}`, "")).toBeUndefined();
  });

  it("never throw", () => {
    const pattern = fc.array(fc.constantFrom(..."ab^$.*+?()[]{}|\\-,:1w<>`'")).map((parts) => parts.join(""));
    fc.assert(
      fc.property(pattern, fc.string({ maxLength: 12 }), fc.nat(15), (source, text, flags) => {
        expect([true, false, undefined]).toContain(matches(source, text, flags));
      }),
      { numRuns: runs(600) },
    );
  });
});
