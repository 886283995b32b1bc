import { describe, expect, test } from "vitest";
import type { AelParam } from "../../../../ael/params.js";
import { AelParseError } from "../../../../src/ael/ael-parse-error.js";
import { parseAel, parseFilter } from "../../../../src/ael/compile.js";
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

function mistakeInFilter(text: string, ...params: readonly AelParam[]): AelParseError {
  try {
    parseFilter(text, params);
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

const ALLOWED = "null, a boolean, number, bigint, string, Uint8Array, array, Map, plain object, GeoJson or Hll";

/** Text, its message with its place, its hint, parameters. */
const MESSAGES: readonly (readonly [text: string, message: string, hint: string, ...params: AelParam[]])[] = [
  [
    "$.price > 5.5 and $.price == 10",
    "1:19: Cannot compare FLOAT to INT: $.price is FLOAT, as is 5.5 (1:11); the literal 10 is INT",
    "Write 10.0; if price holds both kinds, compare it as $.price:NUMBER",
  ],
  [
    "$.price > 5 and $.price < 9.5",
    "1:17: Cannot compare INT to FLOAT: $.price is INT, as is 5 (1:11); the literal 9.5 is FLOAT",
    "If price holds both, compare it as $.price:NUMBER",
  ],
  [
    '$.price == "x" or $.price > 5',
    '1:19: Cannot compare STRING to INT: $.price is STRING, as is "x" (1:12); the literal 5 is INT',
    "If price holds both, give each mention its own type: $.price:LOCAL:INT, $.price:LOCAL:STRING",
  ],
  [
    "$.score:FLOAT > 2",
    "1:1: Cannot compare FLOAT to INT: $.score:FLOAT is FLOAT: its type says (1:9); the literal 2 is INT",
    "Write 2.0; if score holds both kinds, compare it as $.score:NUMBER",
  ],
  ["$.email exists", '1:9: Syntax error: expected the end, or an operator, got "exists"', "Write $.email.exists()"],
  [
    "$.ttl() > 1.5",
    "1:1: Cannot compare INT to FLOAT: $.ttl() is INT; the literal 1.5 is FLOAT",
    "Write ($.ttl()).toFloat()",
  ],
  ["2 ** 3 > 1.0", '1:1: "**" works on FLOAT; the literal 2 is INT', "Write 2.0"],
  ["log(8, 2) > 1.0", "1:5: value of log() takes FLOAT; the literal 8 is INT", "Write 8.0"],
  [
    "$.a is null",
    '1:5: Syntax error: expected the end, or an operator, got "is"',
    "For a bin that is missing write not($.a.exists()), or $.a == null",
  ],
  [
    "$.a is not null",
    '1:5: Syntax error: expected the end, or an operator, got "is"',
    "For a bin that is missing write not($.a.exists()), or $.a == null",
  ],
  [
    "$.name like 'x%'",
    '1:8: Syntax error: expected the end, or an operator, got "like"',
    "Write $.s =~ /pattern/, or $.s.contains(needle: 'x'), startsWith, endsWith",
  ],
  ["$.a in (1, 2)", "1:8: A list stands in brackets", "Write [1, 2]"],
  ['$.a in ("x")', "1:8: A list stands in brackets", 'Write ["x"]'],
  [
    "$.a not in [1]",
    '1:5: Syntax error: expected the end, or an operator, got "not"',
    "not(…) stands before it: not($.a in [1, 2])",
  ],
  [
    "$.tags.contains(needle: 'x') and 'y' in $.tags",
    "1:41: in looks into a LIST; $.tags is STRING: contains() works on STRING; a list is asked with in: 'x' in $.list (1:8)",
    "",
  ],
  [
    "$.tags:LIST.contains(needle: 'x')",
    "1:1: contains() works on STRING; a list is asked with in: 'x' in $.list; $.tags:LIST is LIST: its type says (1:8)",
    "",
  ],
  [
    "$.tags:LIST.contains('x')",
    "1:1: contains() works on STRING; a list is asked with in: 'x' in $.list; $.tags:LIST is LIST: its type says (1:8)",
    "",
  ],
  [
    "$.name.length() > 3",
    "1:8: Unknown function: length",
    "strlen() counts characters of a string, count() elements of a list or map",
  ],
  ["$.list[0] == 1", '1:7: Each step of a path has a dot before it: expected "."', "Write $.list.[0]"],
  ["$.m.list[0] == 1", '1:9: Each step of a path has a dot before it: expected "."', "Write $.m.list.[0]"],
  ["$.m{a} == 1", '1:4: Each step of a path has a dot before it: expected "."', "Write $.m.{a}"],
  ["$['age'] > 3", "1:1: A bin is no key in brackets", "Write $.age"],
  ['$["my bin"] > 3', "1:1: A bin is no key in brackets", 'Write $."my bin"'],
  ["$.a == 1 && $.b == 2", '1:10: "&&" is no operator', 'Did you mean "and"?'],
  ["$.a == 1 || $.b == 2", '1:10: "||" is no operator', 'Did you mean "or"?'],
  [
    "$.a == 1 or or $.b == 2",
    '1:13: Syntax error: expected a value, got "or"',
    '"or" joins or ends something; a value is missing before it',
  ],
  [
    "$.a == 1 and and $.b == 2",
    '1:14: Syntax error: expected a value, got "and"',
    '"and" joins or ends something; a value is missing before it',
  ],
  [
    "$.ts < now()",
    "1:8: Unknown function: now",
    "There is no clock: give the time as a parameter (?0), or use $.timeSinceLastUpdate()",
  ],
  ["lower($.name) == 'x'", "1:1: Unknown function: lower", "Write $.s.lower()"],
  [
    "$.name.lenght() > 3",
    "1:8: Unknown function: lenght",
    "strlen() counts characters of a string, count() elements of a list or map",
  ],
  ["$.name.toUpperCase() == 'X'", "1:8: Unknown function: toUpperCase", "upper() makes capitals"],
  ["concat($.a, $.b) == 'x'", "1:1: Unknown function: concat", "Strings are joined with +"],
  ["strlen($.a) > 3", "1:1: Unknown function: strlen", "strlen() stands behind what it works on: $.a.strlen()"],
  ["ttl() > 5", "1:1: Unknown function: ttl", "Write $.ttl()"],
  ["countOneBit($.a) == 1", "1:1: Unknown function: countOneBit", "Did you mean countOneBits()?"],
  ["$.tll() > 4", "1:3: Unknown function: tll", "Did you mean ttl?"],
  ["$.a.ttl() > 4", "1:5: Unknown function: ttl", "Did you mean $.ttl()? It asks for the record, not for a bin"],
  [
    "$.m.*.getKeys() == ['a']",
    "1:1: The type of $.m is open: it may be LIST or MAP",
    "Write $.m:LIST, or whatever type it has",
  ],
  ["$.a = 5", '1:5: "=" is no operator', 'Did you mean "=="?'],
  ["$.a === 5", '1:5: "===" is no operator', 'Did you mean "=="?'],
  ["!$.active", '1:1: "!" is no operator', 'Did you mean "not(…)"?'],
  ["not $.active", '1:5: not has its condition in parentheses: expected "("', "Write not(…)"],
  [
    "$.a == 1e5",
    '1:8: This is no number: expected digits, 0x and hex digits, or 0b and bits, got "1e5"',
    "Exponents are not part of the language: write the number out",
  ],
  [
    "$.a == 0XFF",
    '1:8: This is no number: expected digits, 0x and hex digits, or 0b and bits, got "0XFF"',
    "Did you mean 0xFF?",
  ],
  [
    "$.a == 'it''s'",
    "1:12: Syntax error: expected the end, or an operator, got \"'s'\"",
    "A quote inside of a string has a backslash before it",
  ],
  ["$.name == Ada", "1:11: The word Ada has no meaning by itself", 'Did you mean the bin $.Ada or the string "Ada"?'],
  ["$.name == 'Ada", "1:11: The string is not closed: expected a '", ""],
  ["age > 30", "1:1: The word age has no meaning by itself", 'Did you mean the bin $.age or the string "age"?'],
  ["$age > 30", '1:1: "$" stands before a dot: expected "$." and the name of a bin', 'Did you mean "$."?'],
  [
    "$.a > 1 AND $.b > 2",
    '1:9: Syntax error: expected the end, or an operator, got "AND"',
    'Did you mean "and"? Keywords are lower case',
  ],
  ["$.a > 1 then", '1:9: Syntax error: expected the end, or an operator, got "then"', ""],
  ["$.in == 1", '1:1: "in" is a word of the language', 'Write $."in" for a bin of this name'],
  ["$.m.in == 1", '1:5: "in" is a word of the language', 'Write "in" for a key of this name'],
  ["$.my-bin == 1", "1:6: The word bin has no meaning by itself", 'For a bin with a dash in its name write $."my-bin"'],
  ["$.name@host == 1", "1:7: A name holds letters, digits and _", 'Write $."name@host"'],
  ["$.1st == 1", "1:1: The name of a bin starts with a letter or _", 'Write $."1st"'],
  [
    "$.m.1.1 == 1",
    '1:5: Syntax error: expected a map key, {…}, […], *, or a function, got "1.1"',
    'Integer keys one after the other are written {@1}.{@1}, or in quotes: "1"."1"',
  ],
  ["$.m.{a,1} == 1", "1:1: Cannot compare LIST to INT: $.m.{a,1} is LIST; the literal 1 is INT", ""],
  ["$.m.{1,2} == 1", '1:7: Several indexes can\'t be listed: expected ":" and the end of a range', ""],
  ["$.m.{a:c} == 1", "1:7: A range of keys starts with @", "Write {@a:…}"],
  [
    "$.l.[-2:1] == 1",
    "1:6: Both ends of a range count from the same end",
    "Give both signs alike, or leave the end out",
  ],
  [
    "$.l.[:-1] == [1]",
    "1:7: A range from the start ends at 0 or later",
    "Write both ends, counted from the end: [-3:-1]",
  ],
  ["$.l.[3:1] == [1]", "1:5: A range ends after it begins", "Its end does not belong to it"],
  ["$.l.[!0] == 1", "1:5: One element can't be inverted", "Ranges and lists can be turned round"],
  ["$.m.{!=5} == 1", "1:5: One element can't be inverted", "All others than one value: {!=5,}"],
  [
    "$.l.[=[1,2]].exists()",
    "1:7: A list or a map can't be looked for in a step",
    "Compare it in a condition: *[?(@ == [1, 2])]",
  ],
  ["$.l.[0:2~v] == 1", '1:9: A list has no keys to count from: expected "]"', "Ranks count from a value: [#0:1~v]"],
  ["$.l.[#~v] == 1", '1:7: Syntax error: expected a rank, an integer, got "~"', ""],
  [
    "$.l.{0} == 1 and $.l.[0] == 1",
    "1:18: […] looks into a LIST; $.l is MAP: A key or {…} looks into a MAP (1:5)",
    "If l holds both, give each mention its own type: $.l:LOCAL:MAP, $.l:LOCAL:LIST",
  ],
  [
    "$.l:LIST.*[?(@ > $.a)].count() > 1",
    "1:18: A bin is not known inside a path's condition or change",
    "Known are @, @key, @index and what lies below them",
  ],
  [
    "$.l:LIST.*[?(@ > 1)]&[?(@ < 5)].count() > 1",
    "1:21: A further condition does not go with a wildcard",
    "Join the two conditions with and",
  ],
  [
    "$.l:LIST.*[?(@.*[?(@ > 1)].count() > 1)].count() > 1",
    "1:20: A path's condition has no other conditions or changes inside",
    "",
  ],
  ["@ == 1", "1:1: @ is the element that a path looks at: it has a meaning only inside *[?(…)] and modify(…)", ""],
  [
    "$.l:LIST.*[?(@ > 1 or @ == 'x')].count() > 0",
    "1:23: Cannot compare INT to STRING: @ is INT, as is 1 (1:18); the literal 'x' is STRING",
    "",
  ],
  ["$.l:LIST.*[?(@index:INT > 1)].count() > 0", "1:21: @index is INT already: it takes no type", ""],
  ["$.a:INT:INT == 1", "1:9: :INT stands here twice", ""],
  [
    "$.a:INT:FLOAT == 1",
    "1:9: $.a:INT:FLOAT is FLOAT here; $.a:INT:FLOAT is INT: its type says (1:5)",
    "If a holds both, write $.a:LOCAL:FLOAT here",
  ],
  [
    "$.a:LOCAL == 1",
    '1:11: Syntax error: expected ":" and a type, got "=="',
    "LOCAL gives this mention of a bin a type of its own: $.a:LOCAL:INT",
  ],
  [
    "$.a:LOCAL:NO_FAIL == 1",
    '1:11: Syntax error: expected a type: INT, FLOAT, STRING, BOOL, BLOB, LIST, MAP, GEO or HLL, got "NO_FAIL"',
    "",
  ],
  [
    "$.a:int == 1",
    '1:5: Syntax error: expected a type (INT, FLOAT, STRING, BOOL, BLOB, LIST, MAP, GEO, HLL) or a property, got "int"',
    "Did you mean INT?",
  ],
  [
    "$.a.exists():INT == 1",
    "1:14: What exists() gives has its type already",
    "Types stand behind bins and steps: $.a:INT",
  ],
  ["$.a == 'x':STRING", '1:11: Syntax error: expected the end, or an operator, got ":"', ""],
  [
    "$.a =~ 'x' and $.b =~ $.c",
    '1:23: Syntax error: expected a pattern such as /^a.*z$/i, a string or a placeholder, got "$"',
    "",
  ],
  [
    "$.a =~ /x/g",
    '1:11: Unknown letter after a regular expression: expected i (ignore case), m (lines), s (a dot matches line ends, too), got "g"',
    "",
  ],
  ["$.a =~ /x", '1:8: The regular expression is not closed: expected "/"', ""],
  ["5 =~ /x/", "1:1: A regular expression is looked for in a STRING; the literal 5 is INT", ""],
  ["$.a == X'0'", "1:8: Invalid hex digits in a blob literal: expected an even number of hex digits", ""],
  ["$.a == b64'?'", "1:8: Invalid base64 in a blob literal: expected standard base64 with its padding", ""],
  [
    "$.a == '\\q'",
    '1:9: The string has an unknown escape: expected \\\\, \\", \\\', \\n, \\r, \\t, \\0 or \\xHH, got "\\\\q"',
    "For a backslash itself, write \\\\",
  ],
  ["$.a == '\\xff'", "1:9: These bytes are no UTF-8: expected the UTF-8 of whole characters, or a blob x'…'", ""],
  ["$.a == {a: 1, a: 2}", "1:15: The map has the key a twice", ""],
  ["$.a == [1,]", '1:11: Syntax error: expected a constant, got "]"', ""],
  ["$.a == {b: $.c}", "1:12: Lists and maps in a text hold constants only", ""],
  ["$.a == {true: 1}", "1:9: A map key is an integer, a string or a blob", ""],
  [
    "$.l == [2, 1]:SORTED",
    "1:8: The elements of a SORTED list ascend, and are numbers, strings, booleans or blobs of one type",
    "",
  ],
  [
    "$.m == {a: 1}:KEY_ORDERED",
    '1:15: Syntax error: expected UNORDERED, got "KEY_ORDERED"',
    "A map literal is in key order without saying so",
  ],
  [
    "$.a == 9223372036854775808",
    "1:8: Integer literal out of range: expected -9223372036854775808 to 9223372036854775807",
    "",
  ],
  ["$.a == ?0", "1:8: Placeholder used but no placeholder values provided", ""],
  ["$.a == ?1", "1:8: Missing value for placeholder ?1: 1 given, the first is ?0", "", 5],
  ["$.a == 5", "1:1: The value of ?0 is not used: the text has no placeholder ?0", "", 5],
  [
    "$.a == '%s'",
    "1:8: The value of ?0 is not used: the text has no placeholder ?0: expected ?0, got '%s'",
    "Placeholders are ?0, ?1, …, without quotes",
    5,
  ],
  ["$.a in ?0", "1:8: The elements of ?0 must be of one type; found INT and STRING", "", [1, "x"]],
  [
    "$.a:STRING in ?0",
    "1:15: Cannot compare STRING to INT in a list: $.a:STRING is STRING: its type says (1:5); ?0 holds INT",
    "",
    [1],
  ],
  ["'x' in [1, 2]", "1:1: None of the list can be equal: the literal 'x' is STRING; the literal 1 is INT", ""],
  ["$.a in 5", "1:8: in looks into a LIST; the literal 5 is INT", "Write [5], or =="],
  ["$.a in $.b", "1:1: The type of $.a is open: nothing says which", "Write $.a:INT, or whatever type it has"],
  [`let (x = 1) then (\${y} == 1)`, `1:19: The variable \${y} is not defined`, `Defined are \${x}`],
  [`let (x = 1, x = 2) then (\${x} == 1)`, "1:13: The variable x is defined already, here or further out", ""],
  [
    `let ($x = 1) then (\${x} == 1)`,
    '1:6: Syntax error: expected the name of a variable, got "$"',
    "Where it is defined a variable stands without $ and braces",
  ],
  ["let (in = 1) then (1 == 1)", '1:6: "in" is a word of the language, and no name of a variable', ""],
  [
    "when ($.a => 1) == 1",
    '1:15: Syntax error: expected "," and another condition => value, or default => value, got ")"',
    "",
  ],
  [
    "when ($.a => 1, default => 'x') == 1",
    "1:28: All values of when() are of one type, not INT and STRING: the literal 1 is INT; the literal 'x' is STRING",
    "",
  ],
  [
    "when ($.a => 1, default => 2.5) == 1",
    "1:28: All values of when() are of one type, not INT and FLOAT: the literal 1 is INT; the literal 2.5 is FLOAT",
    "Write 1.0",
  ],
  ["$.a.setTo(5) == 1", "1:5: setTo() needs a step to the place that it changes", ""],
  [
    "$.m.a.update(1) == 5",
    "1:1: Cannot compare MAP to INT: $.m.a.update(1) is MAP: A key or {…} looks into a MAP (1:5); the literal 5 is INT",
    "",
  ],
  ["$.l.[0].update(5).count() == 1", "1:5: update() changes a key of a map", "Write setTo(value)"],
  [
    "$.l:LIST.*.setTo(5).count() == 1",
    "1:12: setTo() works on one place; with wildcards and several places go modify() and remove()",
    "",
  ],
  ["$.m.{#0}.setTo(1).count() == 1", "1:5: setTo() changes an index of a list or a key of a map", ""],
  ["$.m.k.setTo(1):ADD_UNIQUE.count() == 1", "1:16: ADD_UNIQUE is for lists", ""],
  ["$.m.k.setTo(1):REVERSE.count() == 1", "1:16: setTo() does not take REVERSE; it takes NO_FAIL, ADD_UNIQUE", ""],
  ["$.l.[0].add('x').count() == 1", "1:13: add() takes INT or FLOAT; the literal 'x' is STRING", ""],
  [
    "$.m.k.add(1):NO_FAIL.count() == 1",
    "1:14: add() has no flags, and no steps before the place that may be missing",
    "",
  ],
  [
    "$.m.k.bitSet(offset: 0, size: 8, value: x'00') == x'00'",
    "1:7: bitSet() changes a bin or a value, not a place in a path",
    "Write ($.m.k).bitSet(…) for the changed BLOB",
  ],
  ["$.b.bitSet(0, 8) == x'00'", "1:5: bitSet() takes offset: …, size: …, value: …; got 2", ""],
  [
    "$.b.bitSet(offset: 0, size: 8, val: x'00') == x'00'",
    "1:32: bitSet() has no argument val; it takes offset: …, size: …, value: …",
    "Did you mean value?",
  ],
  ["$.b.bitSet(offset: 0, offset: 8, value: x'00') == x'00'", "1:29: bitSet() has offset twice", ""],
  [
    "$.s.startsWith(prefix: 'x')",
    "1:16: The argument of startsWith() has no name",
    'Write startsWith(…) without "prefix:"',
  ],
  ["$.s.substr(to: 3) == 'x'", "1:5: substr() takes from: …, [to: …]; got 1", ""],
  [
    "$.m.city.upper() == 'X'",
    "1:1: Cannot compare MAP to STRING: $.m.city.upper() is MAP: A key or {…} looks into a MAP (1:5); the literal 'X' is STRING",
    "Write ($.m.city).upper()",
  ],
  ["$.home == $.b and geoCompare($.home, $.b)", "1:30: geoCompare() takes GEO; $.home is of open type", ""],
  ["geoCompare($.a, 'x')", "1:17: geoCompare() takes GEO; the literal 'x' is STRING", ""],
  ["geoJson('nonsense') == $.a", "1:1: GEO values can't be compared", "Write geoCompare(a, b)"],
  [
    "geoCompare($.a, geoJson('nonsense'))",
    "1:25: This is no GeoJSON",
    'Write geoJson(\'{"type":"Point","coordinates":[0.0,0.0]}\')',
  ],
  [
    `geoCompare($.a, geoJson('{"type":"Point","coordinates":[1,91]}'))`,
    "1:25: This is no GeoJSON",
    'Write geoJson(\'{"type":"Point","coordinates":[0.0,0.0]}\')',
  ],
  [
    "geoCompare($.a, geoJson($.b))",
    "1:17: geoJson() takes one string literal: what is between its quotes as it stands",
    "",
  ],
  [
    "$.a + 1",
    "1:1: A filter is a condition, BOOL; the result of $.a + 1 is INT, as is 1 (1:7)",
    "Compare it with something",
  ],
  ["$.a", "1:1: A filter is a condition, BOOL; the type of this is open", "Write $.a:BOOL"],
  ["$.m.k", "1:1: A filter is a condition, BOOL; the type of this is open", "Write $.m.k:BOOL"],
  ["$.digestModulo(0) == 1", "1:16: digestModulo takes a 32-bit integer other than 0", ""],
  ["$.key():FLOAT == 1.0", "1:9: $.key():FLOAT is FLOAT here; $.key():FLOAT is INT, STRING or BLOB", ""],
  [
    "$.m.{@a,b}.getRanks() == [1]",
    "1:12: Servers have no ranks for a list of keys",
    "Ask for each key: $.m.a.getRanks()",
  ],
  [
    "$.m.a.getKeys() == ['x']",
    "1:7: getKeys() needs a step that selects several elements",
    "A range of one gives a list of one: {#-1:}, {0:1}, {@a,}",
  ],
  ["$.l.[0:2].getKeys() == ['x']", "1:11: getKeys() asks for keys, and a list has none", ""],
  ["$.h.hllUnion(5).hllCount() == 1", "1:14: hllUnion() takes HLL; the literal 5 is INT", ""],
  [
    "$.a.get(type: NUMBER) == 1",
    '1:15: Syntax error: expected a type: INT, FLOAT, STRING, BOOL, BLOB, LIST, MAP, GEO or HLL, got "NUMBER"',
    "",
  ],
  ["$.a.get(kind: INT) == 1", '1:9: Syntax error: expected "type:" or "return:", got "kind"', ""],
  ["$.a.get(return: KEY) == 1", "1:5: return: KEY needs a step into a list or map before it", ""],
  ["$.l.[0].get(return: NONE) == 1", "1:21: return: NONE gives nothing that an expression could use", ""],
  ["$.l.[1:3]:INT == 1", "1:11: $.l.[1:3]:INT is INT here; $.l.[1:3]:INT is LIST", ""],
  ["$.abcdefghijklmnop == 1", "1:3: The bin name abcdefghijklmnop is longer than 15 bytes", ""],
  ["VECTOR == 1", "1:1: VECTOR is reserved, and no type yet", ""],
  ["$.a.b.type() == 1", "1:7: type() asks for a bin, not for what is in it or worked out", ""],
  ["$.a + 1 == null", "1:1: Only a bin, or an element of one, is compared with null", ""],
];

describe("messages", () => {
  for (const [text, message, hint, ...params] of MESSAGES) {
    test(text, () => {
      const { line, column, message: said, suggestion } = mistakeInFilter(text, ...params);
      const [first = ""] = said.split("\n");
      expect(first.replace(/^line /, "")).toBe(message);
      expect(`${line}:${column}`).toBe(/^\d+:\d+/.exec(message)?.[0]);
      expect(suggestion ?? "").toBe(hint);
    });
  }

  test("bin names are never guessed", () => {
    expect(() => parseAel("$.agee > 1")).not.toThrow();
  });

  test("parameters of no type are a TypeError", () => {
    // @ts-expect-error: a function is no parameter
    expect(() => parseAel("$.a == ?0", () => 1)).toThrow(TypeError(`?0: expected ${ALLOWED}, got a function`));
    // @ts-expect-error: nor is a Date
    expect(() => parseAel("$.a == ?0", new Date(0))).toThrow(`?0: expected ${ALLOWED}, got a Date; give the number`);
    expect(() => parseAel("$.a == ?0", 2n ** 63n)).toThrow("does not fit a 64-bit signed integer");
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
    ["remainders", `${"1 % ".repeat(10_000)}1 == 1`],
    ["changes of sign", `${"1 + 1 - ".repeat(10_000)}1 == 1`],
    ["a long power", `${"2 ** ".repeat(10_000)}2 == 1`],
    ["let", `${"let (a = ".repeat(10_000)}1`],
    ["steps in parentheses", `${"(".repeat(10_000)}$.a${").b".repeat(10_000)} == 1`],
    ["functions", `${"abs(".repeat(10_000)}1`],
    ["chained functions", `$.a${".orElse(1)".repeat(10_000)} == 1`],
  ])("10,000 %s are an error and no stack overflow", (_name, text) => {
    expect(mistakeIn(text).message).toMatch(/nests deeper than 512 levels/);
  });

  test("what is deep in less than 512 levels is fine", () => {
    expect(parseAel(`${"not(".repeat(500)}$.a${")".repeat(500)}`).packed.length).toBeGreaterThan(1000);
    expect(parseAel(`${"(".repeat(500)}$.a == 1${")".repeat(500)}`).packed.length).toBe(8);
  });

  test("257 steps, 1025 variables and a condition in a condition are refused", () => {
    expect(parseAel(`$.a${".b".repeat(256)} == 1`).node.type).toBe("bool");
    expect(mistakeIn(`$.a${".b".repeat(257)} == 1`).message).toContain("at most 256 steps");
    const names = Array.from({ length: 1025 }, (_, n) => `v${n} = 1`);
    expect(mistakeIn(`let (${names.join(", ")}) then (true)`).message).toContain("More than 1024 variables");
    expect(mistakeIn(`$.a${".[?(@".repeat(10_000)}`).message).toContain("has no other conditions");
  });

  test("10,000 terms of a sum are fine", () => {
    expect(parseAel(`${"1 + ".repeat(10_000)}1 == 1`).packed.length).toBeGreaterThan(10_000);
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
