import { describe, expect, test } from "vitest";
import { packedContext } from "../../../../protocol/cdt/context-bytes.js";
import { AelParseError } from "../../../../src/ael/ael-parse-error.js";
import { parseAel } from "../../../../src/ael/compile.js";
import { parseCtx } from "../../../../src/ael/context.js";
import { formatAel } from "../../../../src/ael/format.js";
import { explainAel } from "../../../../src/query/explain-ael.js";
import { CTX, hex } from "./expected.js";

describe("parseCtx", () => {
  test.each([
    ["$.m.a", [CTX.mapKey("a")]],
    ['$.m."a b".5', [CTX.mapKey("a b"), CTX.mapKey(5)]],
    ["$.m.{0}.{#-1}.{=x}", [CTX.mapIndex(0), CTX.mapRank(-1), CTX.mapValue("x")]],
    ["$.l.[0].[#-1].[=5]", [CTX.listIndex(0), CTX.listRank(-1), CTX.listValue(5)]],
    ["$.l.[-1].name.[=true]", [CTX.listIndex(-1), CTX.mapKey("name"), CTX.listValue(true)]],
    ["$.m.X'00ff'", [CTX.mapKey(Uint8Array.of(0, 255))]],
  ])("%s", (path, expected) => {
    expect(packedContext(parseCtx(path))).toEqual(packedContext(expected));
  });

  test.each([
    ["", "Path must not be null or empty"],
    ["  ", "Path must not be null or empty"],
    ["$.a", "CDT context is not provided"],
    ["$.a.b.count()", "Path function is unsupported, please provide only path to convert to CTX[]"],
    ["$.a.get(type: INT)", "CDT context is not provided"],
    ["$.a > 1", "Unsupported input expression type 'EXPRESSION_CONTAINER', please provide only path"],
    ["5", "Unsupported input expression type 'EXPRESSION_CONTAINER'"],
    ["$.a.[1:3]", "Unsupported CDT part type"],
    ["$.a.{a,b}", "Unsupported CDT part type"],
    ["$.a.{*}", "Unsupported CDT part type"],
    ["$.a.", "Could not parse the given AEL path input"],
    ["a.b", "Could not parse the given AEL path input"],
    ["$.a.[?0]", "Placeholder used but no placeholder values provided"],
  ])("%s is refused", (path, message) => {
    expect(() => parseCtx(path)).toThrow(AelParseError);
    expect(() => parseCtx(path)).toThrow(message);
  });

  test("no path at all", () => {
    // @ts-expect-error: null is no path
    expect(() => parseCtx(null)).toThrow("Path must not be null or empty");
  });
});

describe("formatAel", () => {
  test.each([
    ["$.a>1 and($.b==2)", "$.a > 1 and $.b == 2"],
    ["(($.a > 1)) or not(($.b))", "$.a > 1 or not($.b)"],
    ["($.a or $.b) and $.c", "($.a or $.b) and $.c"],
    ["( $.a+1 ) *2-( 3-$.b )>=0xFF", "($.a + 1) * 2 - (3 - $.b) >= 0xFF"],
    ["2**3**2==(2**3)**2", "2 ** 3 ** 2 == (2 ** 3) ** 2"],
    ["- $.a > -5", "-$.a > -5"],
    ["- 5 == $.a", "-(5) == $.a"],
    ["$.m.{ ! a , 'b' }.count( )".replace("( )", "()"), "$.m.{!@a,'b'}.count()"],
    ["$.m . k.[ # -3 : ~ 5 ].get( return : COUNT , type:INT )==1", "$.m.k.[#-3:~5].count() == 1"],
    ["$.'a b' == [ 1,2 , {'k':NIL} ]", "$.'a b' == [1, 2, {'k': NIL}]"],
    ["$.a=~/x y\\/z/i", "$.a =~ /x y\\/z/i"],
    ["$.a between 1 and 2*3", "$.a between 1 and 2 * 3"],
    [`let(x=$.a,y=\${x}+1)then(\${y}>?0)`, `let (x = $.a, y = \${x} + 1) then (\${y} > ?0)`],
    ["when($.a==1=>'x',default=>unknown)=='x'", "when ($.a == 1 => 'x', default => unknown) == 'x'"],
    ["exclusive($.a,$.b)", "exclusive($.a, $.b)"],
    ["$.l.[?( @.p<1 )].*.{*}", "$.l:LIST.*[?(@.p < 1)].*.*"],
    ["($.m.k.get(type:MAP)).j.count()", "($.m.k:MAP).j.count()"],
    ["($.m.k).j", "($.m.k).j"],
    ["5 .asFloat()>$.a".replace("5 .", "5."), "5.0 > $.a"],
    ["$.a IN [1]", "$.a in [1]"],
    ["$.digestModulo( 3 )==0", "$.digestModulo(3) == 0"],
  ])("%s", (text, expected) => {
    expect(formatAel(text)).toBe(expected);
    expect(formatAel(expected)).toBe(expected);
  });

  test("breaks long conditions at their joints and indents what is inside", () => {
    const long = Array.from({ length: 6 }, (_, n) => `$.someBinName${n} == "a long enough value"`);
    const text = `${long.slice(0, 3).join(" and ")} or (${long.slice(3).join(" and ")})`;
    expect(formatAel(text)).toMatchInlineSnapshot(`
      "$.someBinName0 == "a long enough value"
        and $.someBinName1 == "a long enough value"
        and $.someBinName2 == "a long enough value"
      or $.someBinName3 == "a long enough value"
        and $.someBinName4 == "a long enough value"
        and $.someBinName5 == "a long enough value""
    `);
    expect(formatAel(formatAel(text))).toBe(formatAel(text));
    expect(hex(parseAel(formatAel(text)))).toBe(hex(parseAel(text)));
  });

  test("keeps comments, in front of the condition they stood in", () => {
    const text = '$.a > 1 // adults\n and /* of the */ $.b == "//" // states\n or $.c';
    expect(formatAel(text)).toMatchInlineSnapshot(`
      "$.a > 1
        /* adults */
        /* of the */
        and $.b == "//"
      /* states */
      or $.c"
    `);
    expect(formatAel(formatAel(text))).toBe(formatAel(text));
    expect(hex(parseAel(formatAel(text)))).toBe(hex(parseAel(text)));
  });

  test("refuses what is no expression", () => {
    expect(() => formatAel("$.a >")).toThrow(AelParseError);
  });
});

describe("explainAel", () => {
  test("refuses options that there are not", () => {
    const options: object = { param: [1] };
    expect(() => explainAel("$.age > ?0", options)).toThrow('explainAel: there is no option "param"');
  });

  test("shows parts, types, bins and the server", () => {
    const explanation = explainAel('$.age>30 and "x" in $.tags.mapKeys() and $.tags:MAP.*.exists()');
    expect(explanation.formatted).toBe('$.age > 30 and "x" in $.tags.{0:}.getKeys() and $.tags:MAP.*.exists()');
    expect(explanation.notes).toEqual([{ at: 27, end: 36, old: "mapKeys()", now: "{0:}.getKeys()" }]);
    expect(explanation.type).toBe("BOOL");
    expect(explanation.minVersion).toBe("8.1.1");
    expect(explanation.needs).toEqual([
      { version: "6.1", feature: "return type EXISTS" },
      { version: "8.1.1", feature: "path expressions" },
    ]);
    expect(explanation.bins).toEqual([
      { name: "age", types: ["INT"] },
      { name: "tags", types: ["MAP"] },
    ]);
    expect(String(explanation)).toMatchInlineSnapshot(`
      "$.age > 30 and "x" in $.tags.{0:}.getKeys() and $.tags:MAP.*.exists()

      BOOL  $.age > 30 and "x" in $.tags.{0:}.getKeys() and $.tags:MAP.*.count() > 0
      ├─ BOOL  $.age > 30
      │  └─ INT  $.age:INT
      ├─ BOOL  "x" in $.tags.{0:}.getKeys()
      │  └─ LIST  $.tags.{0:}.getKeys()
      │     └─ MAP  $.tags:MAP
      └─ BOOL  $.tags:MAP.*.count() > 0
         └─ INT  $.tags:MAP.*.count()
            └─ LIST  $.tags:MAP.*
               └─ MAP  $.tags:MAP

      gives    BOOL
      reads    age INT, tags MAP
      server   8.1.1 and later
               return type EXISTS needs 6.1
               path expressions needs 8.1.1
      spelling mapKeys() is written {0:}.getKeys()"
    `);
  });

  test("takes parameters", () => {
    expect(explainAel("$.a == ?0", { params: ["x"] }).tree).toBe('BOOL  $.a == "x"\n└─ STRING  $.a:STRING');
  });

  test("says which of some indexes would help, and why not the others", () => {
    const base = {
      namespace: "test",
      setName: undefined,
      type: "integer",
      collection: "default",
      context: undefined,
      expression: undefined,
      readable: true,
    } as const;
    const indexes = [
      { ...base, indexName: "age_idx", bin: "age" },
      { ...base, indexName: "size_idx", bin: "size" },
      { ...base, indexName: "new_idx", bin: "age", readable: false },
    ];
    const explanation = explainAel("$.age between ?0 and 40 and $.name =~ /x/", { params: [30], indexes });
    expect(explanation.indexUse?.choice?.index.indexName).toBe("age_idx");
    expect(String(explanation).split("\n").slice(-3)).toEqual([
      "index    age_idx: bin age from 30 to 40",
      "         not size_idx: nothing in the condition narrows it",
      "         not new_idx: it is still being built",
    ]);
    expect(explainAel("$.age > 1").indexUse).toBeUndefined();
    expect(String(explainAel("$.other > 1", { indexes: [] }))).toContain("index    none");
  });
});
