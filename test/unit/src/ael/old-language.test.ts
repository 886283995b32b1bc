import { describe, expect, test } from "vitest";
import { parseAel } from "../../../../src/ael/compile.js";
import { formatAel } from "../../../../src/ael/format.js";
import { explainAel } from "../../../../src/query/explain-ael.js";
import { hex } from "./expected.js";

// Texts of the language before server 8.2, and what became of them.

describe("old spellings", () => {
  test.each<[old: string, now: string]>([
    ["$.a.get(type: FLOAT) > 2.0", "$.a:FLOAT > 2.0"],
    ["$.m.a.get(return: INDEX) == 0", "$.m.a.getIndexes() == 0"],
    ["$.m.a.get(return: RANK) == 0", "$.m.a.getRanks() == 0"],
    ["$.m.a.get(return: REVERSE_INDEX) == 0", "$.m.a.getIndexes():REVERSE == 0"],
    ["$.m.a.get(return: REVERSE_RANK) == 0", "$.m.a.getRanks():REVERSE == 0"],
    ["$.m.{a,b}.get(return: KEY)", "$.m.{@a,b}.getKeys()"],
    ["$.m.{a,b}.get(return: COUNT) == 2", "$.m.{@a,b}.count() == 2"],
    ["$.m.{a,b}.get(return: EXISTS)", "$.m.{@a,b}.exists()"],
    ["$.m.a.get(return: EXISTS)", "$.m.a.exists()"],
    ["$.m.{*}.get(return: KEY_VALUE)", "$.m:MAP.*.getKeyValues()"],
    ["$.m.{a,b}.get(return: ORDERED_MAP)", "$.m.{@a,b}.getMaps()"],
    ["$.m.{a,b}.get(return: UNORDERED_MAP)", "$.m.{@a,b}.getMaps():UNORDERED"],
    ["$.a:FLOAT.asInt() == 5", "$.a:FLOAT.toInt() == 5"],
    ["$.a:INT.asFloat() > 1.0", "$.a:INT.toFloat() > 1.0"],
    ["5.asFloat() > $.f", "5.0 > $.f"],
    ["5.9.asInt() == $.i", "5 == $.i"],
    ["$.m.{a,b}", "$.m.{@a,b}"],
    ["$.m.{!a,b}", "$.m.{!@a,b}"],
    ["$.m.{a} == 1", "$.m.a == 1"],
    ["$.m.{a-c}", "$.m.{@a:c}"],
    ["$.m.{b-}", "$.m.{@b:}"],
    ["$.m.{1-9}", "$.m.{@1:9}"],
    ["$.l.[].count() == 1", "$.l:LIST.count() == 1"],
    ["$.m.{}.count() == 1", "$.m:MAP.count() == 1"],
    ["$.m.a.{}.count() == 1", "$.m.a:MAP.count() == 1"],
    ["$.l.[*]", "$.l:LIST.*"],
    ["$.m.{*}", "$.m:MAP.*"],
    ["$.l.[?(@ > 1)]", "$.l:LIST.*[?(@ > 1)]"],
    ["$.m.{?(@ > 1)}", "$.m:MAP.*[?(@ > 1)]"],
    ["$.s !~ /x/", "not($.s =~ /x/)"],
    ["$.s =~ 're/x'", "$.s =~ /re\\/x/"],
    ["$.a.is(type: INT)", "$.a.type() == INT"],
    ["$.m.mapKeys()", "$.m.{0:}.getKeys()"],
    ["$.m.mapValues()", "$.m.{0:}"],
    ["$.a IN [1]", "$.a in [1]"],
    ["$.a > 1 // c", "$.a > 1\n/* c */"],
    ["$.s == '\\u0041\\u{1F600}'", "$.s == 'A😀'"],
    ["$.s == 'a\nb'", "$.s == 'a\\nb'"],
    [".5 < $.f", "0.5 < $.f"],
    ["$.a in [+5]", "$.a in [5]"],
    ["$.l.[+5]:INT", "$.l.[5]:INT"],
    ["$.lastUpdate() > 5", "$.lastUpdateTime() > 5"],
    ["$.sinceUpdate() > 5", "$.timeSinceLastUpdate() > 5"],
    ["log(8.0, 2.0) > 1.0", "log(value: 8.0, base: 2.0) > 1.0"],
    ["pow($.f, 2.0) > 1.0", "pow(base: $.f, exponent: 2.0) > 1.0"],
    ["findBitLeft($.i, true) == 1", "findBitLeft(x: $.i, value: true) == 1"],
    ["$.b.bitGet(0, 8)", "$.b.bitGet(offset: 0, size: 8)"],
    ["$.b.bitGetInt(8, 8, true) == 1", "$.b.bitGetInt(offset: 8, size: 8, signed: true) == 1"],
  ])("%s is %s", (old, now) => {
    expect(formatAel(old)).toBe(now);
    expect(formatAel(now)).toBe(now);
    expect(hex(parseAel(now))).toBe(hex(parseAel(old)));
    const { notes } = explainAel(old);
    expect(notes.length).toBeGreaterThan(0);
    for (const note of notes) expect(old.slice(note.at, note.end)).toBe(note.old);
    expect(explainAel(now).notes).toEqual([]);
  });

  test.each<[text: string, hint: string]>([
    ["$.x == null", "not($.x.exists())"],
    ["$.m.a != null", "$.m.a.exists()"],
    ["$.x == NIL", "not($.x.exists()), as nothing is ever of the type NIL"],
    ["$.x.orElse(1) > 0", "when ($.x.exists() => $.x, default => 1)"],
    ["$.x between 1 and 5", "($.x >= 1 and $.x <= 5)"],
    ["$.m.{#-1}.get(return: KEY) == 'a'", "getKeys() behind a step that selects several"],
    ["$.m.{a,b}.get(return: KEY_VALUE)", "getMaps()"],
    ["$.l.[=1].get(return: COUNT) == 1", "exists(), or count() behind a step that selects several"],
  ])("%s stays, with a note", (text, hint) => {
    expect(explainAel(text).notes.map(({ now }) => now)).toContain(hint);
    expect(hex(parseAel(formatAel(text)))).toBe(hex(parseAel(text)));
  });

  test.each<[text: string, message: string, hint: string]>([
    ["$.a", "The type of $.a is open", "Write $.a:INT"],
    ["$.a.get(type: FLOAT) > 2", "Cannot compare FLOAT to INT", "Write 2.0"],
    ["$.ttl() > 1.5", "Cannot compare INT to FLOAT", "Write ($.ttl()).toFloat()"],
    ["2 ** 3", '"**" works on FLOAT', "Write 2.0"],
    ["log(8, 2)", "value of log() takes FLOAT", "Write 8.0"],
    ['$.a == "x" or $.a > 5', "Cannot compare STRING to INT", "$.a:LOCAL:INT, $.a:LOCAL:STRING"],
    ["$.a.asInt() == 5", "The type of $.a is open", "Write $.a:INT"],
    ["not $.a > 1", "not has its condition in parentheses", "Write not(…)"],
    ["$.s =~ /re/b", "Unknown letter after a regular expression", "a dot matches line ends"],
    ["$.name@host == 1", "A name holds letters, digits and _", 'Write $."name@host"'],
    ["$.@attr == 1", "expected the name of a bin", 'Write $."@attr"'],
    ["$.true == 1", '"true" is a word of the language', 'Write $."true"'],
    ["$.when == 1", '"when" is a word of the language', 'Write $."when"'],
    ["$.INT == 1", '"INT" is a word of the language', 'Write $."INT"'],
    ["$.h.hllUnion([1]).hllCount() > 1", "hllUnion() takes HLL", "the literal [1] is LIST"],
    ["$.b:BLOB == 'AP8='", "Cannot compare BLOB to STRING", "b64'AP8='"],
    ["$.l.remove()", "remove() needs a step", "to the place that it changes"],
    ["$.m.a.increment(1)", "Unknown function: increment", "add(value)"],
    ["$.m.a.set(1)", "Unknown function: set", "setTo(value)"],
  ])("%s is refused", (text, message, hint) => {
    expect(() => parseAel(text)).toThrow(message);
    expect(() => parseAel(text)).toThrow(hint);
  });

  test.each<[text: string, sameAs: string]>([
    // The end of a relative range belongs to it: three entries, where there were two.
    ["$.m.{0:2~b}", "957f0400956d07a203620003935105a16d"],
    // null in a step is a string like any other word.
    ["$.m.{=null:20}", hex(parseAel("$.m.{='null':20}"))],
    // Three levels of bit operators.
    ["$.a | 1 & 2 == 3", hex(parseAel("$.a | (1 & 2) == 3"))],
    // Escapes don't count in the name of a bin, so another quote is used.
    ["$.'a\"b' == 1", "9301935102a361226201"],
    // Its own operations, not recordSize().
    ["$.deviceSize() > 5", "9303914105"],
    ["$.memorySize() > 5", "9303914905"],
    // The type of the first element.
    ["$.a in [1, 'a']", hex(parseAel("$.a:INT in [1, 'a']"))],
    // A write gives the changed container.
    ["$.m.a.remove()", "957f0540934c00a20361935105a16d"],
  ])("%s means what server 8.2 means by it", (text, bytes) => {
    expect(hex(parseAel(text))).toBe(bytes);
  });
});
