import { describe, expect, test } from "vitest";
import { AelParseError } from "../../../../src/ael/ael-parse-error.js";
import { parseAel } from "../../../../src/ael/compile.js";
import type { AelParam } from "../../../../ael/params.js";
import { AerospikeError } from "../../../../src/errors/errors.js";

function mistakeIn(text: string, ...params: readonly AelParam[]): AelParseError {
  try {
    parseAel(text, ...params);
  } catch (error) {
    if (error instanceof AelParseError) return error;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

describe("a mistake in text", () => {
  test("is an AerospikeError with a code of its own", () => {
    const error = mistakeIn("$.a >");
    expect(error).toBeInstanceOf(AerospikeError);
    expect(error.name).toBe("AelParseError");
    expect(error.code).toBe("AEL_PARSE");
    expect(error.inDoubt).toBe(false);
  });

  test("is shown by line, column and caret", () => {
    const error = mistakeIn("$.a > 1\nand $.b && $.c");
    expect(error.line).toBe(2);
    expect(error.column).toBe(9);
    expect(error.excerpt).toBe("  and $.b && $.c\n          ^^");
    expect(error.message).toBe('line 2:9: "&&" is no operator\n  and $.b && $.c\n          ^^\nDid you mean "and"?');
  });

  test("keeps its caret below the place in long lines and after tabs", () => {
    const error = mistakeIn(`${"$.a > 1 and ".repeat(40)}$.b = 1`);
    const [line = "", caret = ""] = error.excerpt.split("\n");
    expect(line.length).toBeLessThan(110);
    expect(line[caret.indexOf("^")]).toBe("=");
    expect(mistakeIn("\t$.a = 1").excerpt).toBe("  \t$.a = 1\n  \t    ^");
  });

  test("says what was found and what was expected", () => {
    const error = mistakeIn("$.a > )");
    expect(error.found).toBe('")"');
    expect(error.expected).toContain("a value");
  });
});

/** Text → what its message holds. The phrases of the other SDKs are among them. */
const MESSAGES: readonly (readonly [text: string, message: string, ...params: AelParam[]])[] = [
  // Syntax.
  ["", "The expression is empty"],
  ["   ", "The expression is empty"],
  ["$.a ==", "got the end of the text"],
  ["$.a > 1 $.b", "expected the end, or an operator"],
  ["($.a > 1", 'The "(" is not closed'],
  ["$.a == [1, 2", 'The "[" is not closed'],
  ['$.a == "x', "The string is not closed"],
  ["$.a == 1 == 2", "Comparisons do not chain"],
  ["$.a < 1 < 2", 'Join two comparisons with "and"'],
  ["$.a == 12x", "This is no number"],
  ["$.a == 1e5", "Exponents are not part of the language"],
  ["$.a == 5.", "A number does not end in a dot"],
  ["$.a == #", "expected a value"],
  ["$.a == “x”", "Did you mean a plain quote"],
  ["$a == 1", 'Did you mean "$."?'],
  ["$.a == X'0'", "Invalid hex digits in a blob literal"],
  ["$.a == b64'?'", "Invalid base64 in a blob literal"],
  ["$.a == 1 /* no end", "The comment is not closed"],
  ["$.a =~ /abc", "The regular expression is not closed"],
  ["$.a =~ /abc/x", "Unknown letter after a regular expression"],
  ["$.a =~ 5", "expected a pattern such as"],
  ["$.a == '\\q'", "The string has an unknown escape"],
  ["$.a == '\\u{110000}'", "The string has an unknown escape"],
  ["$.a == '\\ud800'", "half a surrogate pair"],
  // Operators and words of other languages.
  ["$.a && $.b", 'Did you mean "and"?'],
  ["$.a || $.b", 'Did you mean "or"?'],
  ["$.a = 1", 'Did you mean "=="?'],
  ["$.a === 1", 'Did you mean "=="?'],
  ["$.a <> 1", 'Did you mean "!="?'],
  ["!$.a", 'Did you mean "not(…)"?'],
  ["not $.a", "Write not(…)"],
  ["$.a > 1 AND $.b", 'Did you mean "and"? Keywords are lower case'],
  ["$.a > 1 OR $.b", 'Did you mean "or"? Keywords are lower case'],
  ["$.a == TRUE", 'Did you mean "true"? Keywords are lower case'],
  ["NOT($.a)", "Unknown function: NOT"],
  ["age > 30", "Did you mean the bin $.age"],
  ["$.name == Ada", 'the string "Ada"'],
  // Types.
  ['"x" > 5', 'Cannot compare STRING to INT: the literal "x" is STRING; the literal 5 is INT'],
  ["$.a.get(type: BOOL) > 5", "Cannot compare BOOL to INT: $.a.get(type: BOOL) is BOOL; the literal 5 is INT"],
  ["$.ttl() == true", "Cannot compare INT to BOOL: $.ttl() is INT; the literal true is BOOL"],
  [
    "$.a == ?0 and $.a + 1 == ?1",
    "Cannot compare INT to STRING: the literal 1 is INT; the value of ?1 is STRING",
    "x",
    "y",
  ],
  ["$.a.get(type: GEO) == $.b", "GEO values can't be compared: expected geoCompare(a, b)"],
  ["$.a.get(type: HLL) == $.b", "HLL values can't be compared"],
  ['"a" + 1 == 2', "Arithmetic requires numeric operands (INT or FLOAT); got non-numeric type STRING"],
  ["true * 2 == 2", "Arithmetic requires numeric operands (INT or FLOAT); got non-numeric type BOOL"],
  ["[1] + 2 == 2", "Arithmetic requires numeric operands (INT or FLOAT); got non-numeric type LIST"],
  ["-'x' == 2", "Arithmetic requires numeric operands (INT or FLOAT); got non-numeric type STRING"],
  ["$.a + 1 == 'x'", "Cannot compare INT to STRING"],
  ["$.a % 2.5 == 0", '"%" works on integers; this is FLOAT'],
  ["$.a & true == 0", '"&" works on integers; this is BOOL'],
  ["1 and $.b", '"and" joins conditions; this is INT: the literal 1 is INT: expected BOOL'],
  ["not(5)", "not() takes a condition; this is INT"],
  ["when (1 => 2, default => 3)", "when() takes conditions before =>; this is INT"],
  [
    "when ($.a => 1, default => 'x')",
    "All values of when() must be of one type: the literal 1 is INT; the literal 'x' is STRING",
  ],
  ["$.a.get(type: BLOB) == 'no base64'", "Invalid base64 for BLOB comparison"],
  ["$.a == 9223372036854775808", "Integer literal out of range"],
  ["$.a == -9223372036854775809", "Integer literal out of range"],
  ["$.a == [9223372036854775808]", "Integer literal out of range"],
  ["5 =~ /x/", "A regular expression is looked for in a string; this is INT"],
  // Membership.
  ["$.a in 5", "IN operation requires a List as the right operand, got INT"],
  ["$.a in 'x'", "IN operation requires a List as the right operand, got STRING"],
  ["$.a in $.b", "cannot infer the type of the left operand for IN operation"],
  ["$.a in []", "cannot infer the type of the left operand for IN operation"],
  ["$.a.b in $.c", "add .get(type: STRING)"],
  ["$.a in [1, 'x']", "IN list elements must all be of the same type; found INT and STRING"],
  ["$.a in [1, 2.5]", "IN list elements must all be of the same type; found INT and FLOAT"],
  ["'x' in [1, 2]", "Cannot compare STRING to INT in IN expression"],
  ["$.a.get(type: STRING) in ?0", "Cannot compare STRING to INT in IN expression", [1]],
  // Functions.
  ["foo(1) == 1", "Unknown function: foo"],
  ["mxa($.a, 1) == 1", "Did you mean max?"],
  ["abs() == 1", "Function 'abs' expects 1 argument, got 0"],
  ["abs(1, 2) == 1", "Function 'abs' expects 1 argument, got 2"],
  ["max(1) == 1", "Function 'max' expects at least 2 arguments, got 1"],
  ["log(1) == 1", "Function 'log' expects 2 arguments, got 1"],
  ["exclusive($.a)", "exclusive needs at least 2 arguments, got 1"],
  ["$.a.conut() > 1", "Did you mean count?"],
  ["$.tll() > 1", "Unknown function: tll"],
  ["$.ttl( ) > 1", "takes no arguments and no blanks"],
  ["$.digestModulo(0) == 1", "digestModulo takes a 32-bit integer other than 0"],
  ["$.digestModulo($.a) == 1", "expected the modulus, an integer"],
  ["geoJson($.a) == 1", "geoJson() requires a single string literal argument"],
  ["geoCompare($.a, 'x')", "geoCompare() requires two GEO-typed arguments"],
  [
    "$.h.hllUnionCount(5) > 1",
    "HLL multi-sketch argument must resolve to a list expression or a single HLL bin reference; got INT",
  ],
  ["$.a.get(type: NUMBER) == 1", "expected a type: INT, FLOAT"],
  ["$.a.get(kind: INT) == 1", 'expected "type:" or "return:"'],
  ["$.a.get(return: COUNT) == 1", "needs a step into a list or map before it"],
  ["$.l.[0].get(return: NONE)", "gives nothing that an expression could use"],
  ["$.l.[0].get(return: KEY) == 1", "returnType is 6; expected one of NONE"],
  ["$.l.[1:3].get(type: INT)", "These steps give LIST, not INT"],
  ["$.a.remove()", "remove() would change the record"],
  ["$.a.b.type() == 1", "asks for a bin"],
  // Placeholders.
  ["$.a == ?0", "Placeholder used but no placeholder values provided"],
  ["$.a == ?1", "Missing value for placeholder ?1", 5],
  ["$.a == ?", "expected a value"],
  ["$.a == ?x", "expected a value"],
  // Constants.
  ["$.a == [$.b]", "List and map constants may only contain constants"],
  ["$.a == [-'x']", "Unary minus in list/map constant requires a numeric value"],
  ["$.a == {true: 1}", "A map key is an integer, a string or a blob"],
  ["$.a == {1: 1, 0x1: 2}", "The map has the key 0x1 twice"],
  // Names.
  ["$.null == 1", "Bin name must not contain the reserved word 'null': null"],
  ["$.annulled == 1", 'Quote the name if it is meant: $."annulled"'],
  ["$.abcdefghijklmnop == 1", "longer than 15 bytes"],
  [`\${x} == 1`, `The variable \${x} is not defined`],
  [`let (x = 1) then (\${y} == 1)`, `one of \${x}`],
  [`let (x = 1, x = 2) then (\${x} == 1)`, "The variable x is defined already"],
  [`let ($x = 1) then (\${x} == 1)`, "without $ and braces"],
  [`let (x = \${x}) then (1)`, `The variable \${x} is not defined`],
  [`let (x = 1) (\${x} == 1)`, 'expected "then"'],
  ["when ($.a => 1)", "or default => value"],
  // Paths.
  ["$.m.{a-d}.k == 1", "cannot be used as context"],
  ["$.l.[3:1]", "A range ends after it begins"],
  ["$.l.[9999999999] == 1", "An index or rank must fit 32 bits"],
  ["$.l.[!0] == 1", "expected"],
  ["$.m.{!=5} == 1", '"," and more values'],
  ["@ == 1", "it has a meaning only inside [?(…)]"],
  ["$.l.[?(@ > $.a)]", "A bin is not known inside a path's filter"],
  ["$.l.[?(@ > $.ttl())]", "Metadata is not known inside a path's filter"],
  [`let (x = 1) then ($.l.[?(@ > \${x})].count() > 1)`, "A variable is not known inside a path's filter"],
  ["$.l.[?(@ + 1)]", "A filter is a condition; this is INT"],
  ["$.a + 1 == null", "Only a bin, or an element of one, is compared with null"],
];

describe("messages", () => {
  for (const [text, message, ...params] of MESSAGES) {
    test(text === "" ? "(empty)" : text, () => {
      expect(mistakeIn(text, ...params).message).toContain(message);
    });
  }

  test("bin names are never guessed", () => {
    expect(() => parseAel("$.agee > 1")).not.toThrow();
  });

  test("parameters of no type are a TypeError", () => {
    // @ts-expect-error: a function is no parameter
    expect(() => parseAel("$.a == ?0", () => 1)).toThrow(
      TypeError("Unsupported placeholder value type: ?0 is a function"),
    );
    // @ts-expect-error: nor is a Date
    expect(() => parseAel("$.a == ?0", new Date(0))).toThrow("Unsupported placeholder value type: ?0 is a Date");
    expect(() => parseAel("$.a == ?0", 2n ** 63n)).toThrow("does not fit a 64-bit signed integer");
    expect(() => parseAel("$.a in ?0", [1, "x"])).toThrow(
      "IN list elements must all be of the same type; found INT and STRING",
    );
  });
});

describe("bounds", () => {
  test.each([
    ["parentheses", "(".repeat(10_000)],
    ["closed parentheses", `${"(".repeat(10_000)}1${")".repeat(10_000)}`],
    ["not", `${"not(".repeat(10_000)}$.a`],
    ["lists", `$.a == ${"[".repeat(10_000)}`],
    ["maps", `$.a == ${"{1:".repeat(10_000)}`],
    ["signs", `${"-".repeat(10_000)}$.a == 1`],
    ["a long sum", `${"1 + ".repeat(10_000)}1 == 1`],
    ["a long power", `${"2 ** ".repeat(10_000)}2 == 1`],
    ["let", `${"let (a = ".repeat(10_000)}1`],
    ["filters", `$.a${".[?(@".repeat(10_000)}`],
    ["functions", `${"abs(".repeat(10_000)}1`],
    ["chained functions", `$.a${".orElse(1)".repeat(10_000)} == 1`],
  ])("10,000 %s are an error and no stack overflow", (_name, text) => {
    expect(mistakeIn(text).message).toMatch(/nests deeper than 200 levels/);
  });

  test("10,000 conditions side by side are fine", () => {
    const text = Array.from({ length: 10_000 }, (_, n) => `$.a == ${n}`).join(" or ");
    expect(parseAel(text).packed.length).toBeGreaterThan(90_000);
  });

  test("a text of more than a million characters is refused", () => {
    expect(mistakeIn(`$.a == "${"x".repeat(1_100_000)}"`).message).toContain("allowed are 1048576");
  });

  test("an expression of more than a MiB is refused", () => {
    expect(() => parseAel("$.a == ?0", "x".repeat(1_100_000)).packed).toThrow("servers take 1048576");
  });
});
