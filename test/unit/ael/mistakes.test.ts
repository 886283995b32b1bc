import { describe, expect, test } from "vitest";
import type { AelParam } from "../../../ael/params.js";
import { AelParseError } from "../../../src/ael/ael-parse-error.js";
import { parseFilter } from "../../../src/ael/compile.js";

// What people write who come from SQL, JavaScript, JSONPath, or the language before server 8.2: the caret stands below
// what is wrong, and the rewrite that is suggested for it compiles.

function mistake(text: string, params: readonly AelParam[] = []): AelParseError {
  try {
    parseFilter(text, params);
  } catch (error) {
    if (error instanceof AelParseError) return error;
    throw error;
  }
  throw new Error(`${text} was taken`);
}

/** What a suggestion says to write: `Write X`, `Write X; if …`, `Did you mean "X"?`. */
function written(suggestion: string): string | undefined {
  const found =
    /^Write (.+?)(?:; if .*|, or .*| for .*)?$/.exec(suggestion) ??
    /^Did you mean (?:the bin )?"?(.+?)"?(?: or .*)?\?/.exec(suggestion);
  return found?.[1]?.replace(/\(\)$/, "");
}

/** The text, where the caret is, and the text with what is suggested in the caret's place. */
const REWRITTEN: readonly (readonly [text: string, caret: string, rewritten: string])[] = [
  ["age > 30", "age", "$.age > 30"],
  ["$.a > 30 && $.b < 2", "&&", "$.a > 30 and $.b < 2"],
  ["$.a > 30 AND $.b < 2", "AND", "$.a > 30 and $.b < 2"],
  ["$.a >= 18 || $.vip", "||", "$.a >= 18 or $.vip"],
  ["$.a > 30 Or $.b < 2", "Or", "$.a > 30 or $.b < 2"],
  ["$.name = 'Ada'", "=", "$.name == 'Ada'"],
  ["$.name === 'Ada'", "===", "$.name == 'Ada'"],
  ["$.name !== 'Ada'", "!==", "$.name != 'Ada'"],
  ["$.name <> 'Ada'", "<>", "$.name != 'Ada'"],
  ["NOT($.active)", "NOT", "not($.active)"],
  ["$.x == TRUE", "TRUE", "$.x == true"],
  ["$.x == undefined", "undefined", "$.x == null"],
  ["$.x == None", "None", "$.x == null"],
  ["$.x != NULL", "NULL", "$.x != null"],
  ["$.age in 1", "1", "$.age in [1]"],
  ["$.age in (1, 2)", "(1, 2)", "$.age in [1, 2]"],
  ["$.age IN (1,2)", "(1,2)", "$.age IN [1,2]"],
  ["$['age'] > 30", "$['age']", "$.age > 30"],
  ['$["my age"] > 30', '$["my age"]', '$."my age" > 30'],
  ["$['in'] > 30", "$['in']", '$."in" > 30'],
  ["$.active", "$.active", "$.active:BOOL"],

  ["$.a == $.b", "$.a", "$.a:INT == $.b"],
  ["$.l.*.a.exists()", "$.l", "$.l:LIST.*.a.exists()"],
  ["$.a.type() == STR", "STR", "$.a.type() == STRING"],
  ["$.a.type() == Integer", "Integer", "$.a.type() == INT"],
  ["let (x = 1) then (x > 1)", "x", `let (x = 1) then (\${x} > 1)`],
  [`let (x = $.a) then (\${x} > 1)`, "$.a", `let (x = $.a:INT) then (\${x} > 1)`],
  ["$.a ** 2 > 4.0", "2", "$.a ** 2.0 > 4.0"],
  ["$.a % 2.0 == 0", "2.0", "$.a % 2 == 0"],
  ["$.a ** 0x10 > 4.0", "0x10", "$.a ** 16.0 > 4.0"],
  ["log(value: 8, base: 2.0) > 1.0", "8", "log(value: 8.0, base: 2.0) > 1.0"],
  [
    'geoCompare($.loc, \'{"type":"Point","coordinates":[0.0,0.0]}\')',
    '\'{"type":"Point","coordinates":[0.0,0.0]}\'',
    'geoCompare($.loc, geoJson(\'{"type":"Point","coordinates":[0.0,0.0]}\'))',
  ],
  ["$.s.startswith('a')", "startswith", "$.s.startsWith('a')"],
  ["$.a:INTEGER > 1", "INTEGER", "$.a:INT > 1"],
  ["$.a:STRNG == $.b", "STRNG", "$.a:STRING == $.b"],
  ["$.1a > 1", "$.1a", '$."1a" > 1'],
  ["$.when > 1", "$.when", '$."when" > 1'],
  ["$.m.in > 1", "in", '$.m."in" > 1'],
];

/** The text, where the caret is, what is said, and a text that is right. */
const HINTED: readonly (readonly [text: string, caret: string, says: string | RegExp, right: string])[] = [
  ["$.a.exists", "$.a.exists", "Write $.a.exists()", "$.a.exists()"],
  ["$.s.isNumeric", "$.s.isNumeric", "Write $.s.isNumeric()", "$.s.isNumeric()"],
  ["$.s =~ /\ud800/", "/\ud800/", "half a surrogate pair", "$.s =~ /x/"],
  [
    "$.price > 5.5 and $.price < 10",
    "$.price < 10",
    /FLOAT to INT: \$\.price is FLOAT, as is 5\.5 \(1:11\); the literal 10 is INT.*Write 10\.0/s,
    "$.price > 5.5 and $.price < 10.0",
  ],
  [
    "$.a == 1 or $.a == 'x'",
    "$.a == 'x'",
    /\$\.a is INT, as is 1 \(1:8\); the literal 'x' is STRING.*\$\.a:LOCAL:STRING, \$\.a:LOCAL:INT/s,
    "$.a:LOCAL:INT == 1 or $.a:LOCAL:STRING == 'x'",
  ],
  ["$.x > 5 and $.x =~ /a/", "$.x", /\$\.x is INT, as is 5 \(1:7\)/, "$.x:LOCAL:INT > 5 and $.x:LOCAL:STRING =~ /a/"],
  [
    "$.a.b > 1 and $.a.[0] == 2",
    "$.a",
    /looks into a LIST; \$\.a is MAP: A key or \{…\} looks into a MAP \(1:5\)/,
    "$.a:LOCAL:MAP.b > 1 and $.a:LOCAL:LIST.[0] == 2",
  ],
  ["$.ttl() > 1.5", "$.ttl() > 1.5", /INT to FLOAT.*Write \(\$\.ttl\(\)\)\.toFloat\(\)/s, "($.ttl()).toFloat() > 1.5"],
  [
    "$.m.city:STRING.upper() == 'X'",
    "$.m.city:STRING.upper() == 'X'",
    "Write ($.m.city:STRING).upper()",
    "($.m.city:STRING).upper() == 'X'",
  ],
  ["$.m.city.trim().upper() == 'X'", "$.m.city.trim()", "Write ($.m.city).trim()", "($.m.city).trim().upper() == 'X'"],
  ["$.a.type() == 'string'", "$.a.type() == 'string'", "Write STRING", "$.a.type() == STRING"],
  ["'a' + 1 == 'a1'", "'a' + 1", /the literal 'a' is STRING; the literal 1 is INT/, "'a' + '1' == 'a1'"],
  ["$.age == '30' and $.age > 3", "$.age > 3", /STRING to INT.*/, "$.age == 30 and $.age > 3"],
  ["$.name is null", "is", "not($.a.exists()), or $.a == null", "not($.name.exists())"],
  ["$.name like 'A%'", "like", "$.s =~ /pattern/", "$.name =~ /^A/"],
  ["$.tags.length() > 3", "length", "count()", "$.tags:LIST.count() > 3"],
  ["$.list[0] == 1", "[", "Write $.list.[0]", "$.list.[0] == 1"],
  ["$.list[*].a.exists()", "[", ":LIST.* for all elements", "$.list:LIST.*.a.exists()"],
  ["$.list[?(@.a > 5)].exists()", "[", ":LIST.*[?(…)]", "$.list:LIST.*[?(@.a > 5)].exists()"],
  ["$.a > 1 or or $.b > 2", "or", "a value is missing before it", "$.a > 1 or $.b > 2"],
  ["$.ts > now()", "now", "There is no clock", "$.ts > 5"],
  ["not $.active", "$", "Write not(…)", "not($.active)"],
  ["!$.active", "!", "not(…)", "not($.active)"],
  ["1 < $.a < 5", "<", 'Join two comparisons with "and"', "1 < $.a and $.a < 5"],
  ["$.a > 1e5", "1e5", "write the number out", "$.a > 100000"],
  ["$.a == 'it's'", "s", "backslash", "$.a == 'it\\'s'"],
  ["$.a == ‘x’", "‘", "plain quote", "$.a == 'x'"],
  ["$.my-bin > 1", "bin", '$."my-bin"', '$."my-bin" > 1'],
  ["$.cnt.add(1) > 2", "add(1)", "Write $.cnt + …", "$.cnt + 1 > 2"],
  ["SELECT * FROM users WHERE age > 3", "SELECT", "Only the condition is written", "$.age > 3"],
  ["$.a.1.1 == 2", "1.1", "{@1}", "$.a.{@1}.{@1} == 2"],
  ["$.m..x == 1", "..", "one dot before each step", "$.m.x == 1"],
  ["$.l.[-2:1].count() > 1", "-2:1", "Give both signs alike", "$.l.[-2:].count() > 1"],
  ["$.m.k.getKeys() == []", "getKeys()", "a list of one: {#-1:}, {0:1}, {@a,}", "$.m.{@k,}.getKeys() == []"],
  ["$.loc == $.home:GEO", "$.loc == $.home:GEO", "geoCompare(a, b)", "geoCompare($.loc, $.home)"],
  ["$.b:BLOB == 'AP8='", "$.b:BLOB == 'AP8='", "b64'AP8='", "$.b:BLOB == b64'AP8='"],
  [
    "coalesce($.a, 0) > 1",
    "coalesce",
    "when ($.a.exists() => $.a:INT, default => 0)",
    "when ($.a.exists() => $.a:INT, default => 0) > 1",
  ],
  [
    "when ($.a > 1 => 1, default => 'x') == 1",
    "'x'",
    /not INT and STRING: the literal 1 is INT; the literal 'x' is STRING/,
    "when ($.a > 1 => 1, default => 2) == 1",
  ],
  [`let (x = 1) then (\${y} > 1)`, `\${y}`, `Defined are \${x}`, `let (x = 1) then (\${x} > 1)`],
  ["$.a == 'x", "'x", "not closed", "$.a == 'x'"],
  ["$.a == 'x\\", "'x\\", "not closed", "$.a == 'x'"],
  ["$.l:LIST.append([1, INF]).count() > 1", "INF", "only compare", "$.l:LIST.append([1]).count() > 1"],
  ["$.l.[=1:INF].remove() == *", "*", "expected a value", "$.l.[=1:INF].remove() == []"],
];

describe("what people write who come from elsewhere", () => {
  test.each(REWRITTEN)("%s", (text, caret, rewritten) => {
    const { at, end, suggestion } = mistake(text);
    expect(text.slice(at, end)).toBe(caret);
    expect(text.slice(0, at) + written(suggestion ?? "") + text.slice(end)).toBe(rewritten);
    expect(() => parseFilter(rewritten, [])).not.toThrow();
  });

  test.each(HINTED)("%s", (text, caret, says, right) => {
    const { at, end, message } = mistake(text);
    expect(text.slice(at, end)).toBe(caret);
    expect(message).toMatch(says);
    expect(() => parseFilter(right, [])).not.toThrow();
  });
});
