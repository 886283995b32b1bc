import fc from "fast-check";

// Random right texts of every type, from the grammar. Bins are named after their type, so that a record can have them.

const int = fc.oneof(
  fc.integer({ min: -5, max: 20 }).map(String),
  fc.constantFrom("9223372036854775807", "-9223372036854775808", "0xFF", "0b101", "4294967296"),
);
const float = fc.oneof(
  fc.integer({ min: -50, max: 50 }).map((value) => (value / 4).toFixed(2)),
  fc.constantFrom(".5", "-0.0", "3.0", "1000000000000.5"),
);
const string = fc.oneof(
  fc.constantFrom('"a"', "'hello'", '"it\\"s"', "'//'", '"/* no */"', '""', "'Grüße 😀'"),
  fc.stringMatching(/^[a-z ]{0,5}$/).map((text) => `"${text}"`),
);
const blob = fc.constantFrom("X'00ff10'", "b64'AP8Q'", "X''");
const bool = fc.constantFrom("true", "false");
const scalar = fc.oneof(int, float, string, bool, blob);
const intList = fc.array(int, { minLength: 1, maxLength: 4 }).map((items) => `[${items.join(", ")}]`);
const stringList = fc.array(string, { minLength: 1, maxLength: 3 }).map((items) => `[${items.join(", ")}]`);
const anyList = fc.array(scalar, { maxLength: 4 }).map((items) => `[${items.join(", ")}]`);

/** Steps to one element, into lists and maps, without the dot. */
const listStep = fc.constantFrom("[0]", "[-1]", "[2]", "[#0]", "[#-1]", "[=5]", "[7]");
const mapStep = fc.constantFrom("a", "b", "5", '"5"', "n", "{0}", "{-1}", "{#0}", "{#-1}", "{=1}", "missing");
const listSteps = fc.constantFrom(
  "[0:2]",
  "[!0:2]",
  "[1:]",
  "[=1,5]",
  "[!=1,5]",
  "[=1:6]",
  "[=1:]",
  "[#0:2]",
  "[#-2:]",
  "[#0:2~3]",
  "[#-1:~5]",
  '[="a":"z"]',
);
const mapSteps = fc.constantFrom(
  "{a,b}",
  "{!@a,b}",
  "{@a,}",
  "{@a:c}",
  "{b-}",
  "{@1:9}",
  "{0:2}",
  "{-2:}",
  "{=1,2}",
  "{!=1,2}",
  "{=1:9}",
  "{#0:2}",
  "{#0:2~1}",
  "{0:1~b}",
  "{-1:~a}",
  "{@5,a}",
);

/** Lists whose elements no text shows. */
const storedList = fc.constantFrom(
  "$.m.b.[]",
  "$.l.[4].[]",
  "$.m.mapKeys()",
  "$.nm.x.mapValues()",
  "$.l.[*]",
  "$.m.{*}",
  "$.nm.{*}.y",
  "$.nums.[?(@ > 2)]",
  "$.m.{?(@key == 'a')}",
  "$.l.[?(@ == 5)]",
  "$.nums.[?(@index < 2)]",
  "$.m.{*}.get(return: KEY)",
);

/** Without those that are inverted, which can't be asked whether there is any. */
const plain = (steps: fc.Arbitrary<string>) => steps.filter((step) => !step.includes("!"));

export interface AelTexts {
  readonly bool: fc.Arbitrary<string>;
  readonly int: fc.Arbitrary<string>;
  readonly float: fc.Arbitrary<string>;
  readonly string: fc.Arbitrary<string>;
  readonly list: fc.Arbitrary<string>;
}

type Texts = { bool: string; int: string; float: string; string: string; list: string; map: string; blob: string };

/** Texts that read bins, the key and metadata; `depth` bounds how deep they nest. */
export function aelTexts(depth: number): AelTexts {
  return fc.letrec<Texts>((tie) => ({
    int: fc.oneof(
      { maxDepth: depth, depthIdentifier: "ael" },
      int,
      fc.constantFrom(
        "$.i:INT",
        "$.j:INT",
        "$.z:INT",
        "$.lo:INT",
        "$.none:LOCAL:INT",
        "$.s:LOCAL:INT.orElse(1)",
        "$.i.type()",
        "$.digestModulo(7)",
        "$.ttl()",
        "$.voidTime()",
      ),
      fc
        .tuple(tie("int"), fc.constantFrom("+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", ">>>"), tie("int"))
        .map(([a, op, b]) => `(${a}) ${op} (${b})`),
      fc.tuple(fc.constantFrom("-", "~"), tie("int")).map(([op, a]) => `${op}(${a})`),
      fc.tuple(fc.constantFrom("abs", "countOneBits"), tie("int")).map(([name, a]) => `${name}(${a})`),
      fc
        .tuple(fc.constantFrom("findBitLeft", "findBitRight"), tie("int"), tie("bool"))
        .map(([name, a, b]) => `${name}(${a}, ${b})`),
      fc
        .tuple(fc.constantFrom("min", "max"), fc.array(tie("int"), { minLength: 2, maxLength: 3 }))
        .map(([name, args]) => `${name}(${args.join(", ")})`),
      tie("float").map((a) => `(${a}).asInt()`),
      fc.tuple(fc.constantFrom("$.l", "$.nums"), listStep).map((parts) => `${parts.join(".")}:INT`),
      mapStep.map((step) => `$.m.${step}.get(type: INT)`),
      fc.tuple(tie("list"), listSteps).map(([list, step]) => `(${list}).${step}.count()`),
      fc.tuple(tie("map"), mapSteps).map(([map, step]) => `(${map}).${step}.count()`),
      fc.tuple(tie("map"), mapStep).map(([map, step]) => `(${map}).${step}:LIST.count()`),
      tie("list").map((list) => `(${list}).count()`),
      tie("map").map((map) => `(${map}).count()`),
      fc
        .tuple(listStep, fc.constantFrom("INDEX", "RANK", "REVERSE_RANK", "COUNT"))
        .map(([step, what]) => `$.nums.${step}.get(return: ${what})`),
      tie("blob").map((value) => `(${value}).bitCount(0, 8)`),
      fc
        .tuple(tie("bool"), tie("int"), tie("int"))
        .map(([when, then, other]) => `when (${when} => ${then}, default => ${other})`),
      fc
        .tuple(tie("int"), fc.constantFrom("+", "*"))
        .map(([a, op]) => `let (v = ${a}) then (\${v} ${op} \${v})`)
        .filter((text) => !text.slice(5).includes("let (v")),
    ),
    float: fc.oneof(
      { maxDepth: depth, depthIdentifier: "ael" },
      float,
      fc.constantFrom("$.d.get(type: FLOAT)", "$.e.get(type: FLOAT)", "$.none:LOCAL:FLOAT", "$.d.orElse(1.5)"),
      fc
        .tuple(tie("float"), fc.constantFrom("+", "-", "*", "/"), tie("float"))
        .map(([a, op, b]) => `(${a}) ${op} (${b})`),
      fc.tuple(fc.constantFrom("abs", "floor", "ceil"), tie("float")).map(([name, a]) => `${name}(${a})`),
      fc.tuple(tie("float"), tie("int")).map(([a, b]) => `(${a}) * (${b}).toFloat()`),
      tie("int").map((a) => `(${a}).asFloat()`),
      tie("float").map((a) => `-(${a})`),
    ),
    string: fc.oneof(
      { maxDepth: depth, depthIdentifier: "ael" },
      string,
      fc.constantFrom(
        "$.s:LOCAL:STRING",
        "$.u.get(type: STRING)",
        "$.setName()",
        "$.key().get(type: STRING)",
        "$.m.s.get(type: STRING)",
        "$.none:LOCAL:STRING.orElse('x')",
      ),
      fc
        .tuple(tie("bool"), tie("string"), tie("string"))
        .map(([when, then, other]) => `when (${when} => ${then}, default => ${other})`),
    ),
    blob: fc.oneof(
      { maxDepth: depth, depthIdentifier: "ael" },
      blob,
      fc.constant("$.bl.get(type: BLOB)"),
      fc.constant("$.bl.bitGet(0, 12)"),
    ),
    list: fc.oneof(
      { maxDepth: depth, depthIdentifier: "ael" },
      anyList,
      intList,
      fc.constantFrom("$.l.[]", "$.nums.[]", "$.tags.[]", "$.none:LOCAL:LIST", "$.i:LOCAL:LIST"),
      fc.tuple(fc.constantFrom("$.l", "$.nums", "$.tags"), listSteps).map((parts) => parts.join(".")),
      fc.tuple(fc.constantFrom("$.m", "$.nm"), mapSteps).map((parts) => parts.join(".")),
      mapSteps.map((step) => `$.m.${step}.get(return: KEY)`),
      storedList,
    ),
    map: fc.oneof(
      { maxDepth: depth, depthIdentifier: "ael" },
      fc.constantFrom("$.m.{}", "$.nm.{}", "$.nm.x.{}", "$.none:LOCAL:MAP"),
      mapSteps.map((step) => `$.m.${step}.get(return: ORDERED_MAP)`),
      fc
        .array(fc.tuple(fc.constantFrom("'a'", "2", "X'00'"), scalar), { maxLength: 1 })
        .map((entries) => `{${entries.map((entry) => entry.join(": ")).join(", ")}}`),
    ),
    bool: fc.oneof(
      { maxDepth: depth, depthIdentifier: "ael" },
      bool,
      fc.constantFrom(
        "$.t.get(type: BOOL)",
        "$.f.get(type: BOOL)",
        "$.none:LOCAL:BOOL",
        "$.i.exists()",
        "$.none.exists()",
        "$.keyExists()",
        "$.isTombstone()",
        "unknown",
      ),
      fc.constantFrom(
        "$.i == null",
        "$.m.a != null",
        "$.m.x.y == null",
        "$.l.[9] == null",
        "$.s.is(type: STRING)",
        "$.s.is(type: INT)",
      ),
      fc
        .tuple(tie("int"), fc.constantFrom("==", "!=", "<", "<=", ">", ">="), tie("int"))
        .map(([a, op, b]) => `(${a}) ${op} (${b})`),
      fc
        .tuple(tie("float"), fc.constantFrom("==", "!=", "<", ">="), tie("float"))
        .map(([a, op, b]) => `(${a}) ${op} (${b})`),
      fc
        .tuple(tie("string"), fc.constantFrom("==", "!=", "<", ">="), tie("string"))
        .map(([a, op, b]) => `(${a}) ${op} (${b})`),
      fc.tuple(tie("blob"), fc.constantFrom("==", "<"), tie("blob")).map(([a, op, b]) => `(${a}) ${op} (${b})`),
      fc
        .tuple(tie("list"), fc.constantFrom("==", "!=", "<", ">"), tie("list"))
        .map(([a, op, b]) => `(${a}) ${op} (${b})`),
      fc.tuple(tie("map"), fc.constantFrom("==", "!="), tie("map")).map(([a, op, b]) => `(${a}) ${op} (${b})`),
      fc.tuple(tie("bool"), fc.constantFrom("and", "or"), tie("bool")).map(([a, op, b]) => `(${a}) ${op} (${b})`),
      tie("bool").map((a) => `not(${a})`),
      fc.array(tie("bool"), { minLength: 2, maxLength: 3 }).map((args) => `exclusive(${args.join(", ")})`),
      fc.tuple(tie("int"), intList).map(([a, list]) => `(${a}) in ${list}`),
      fc.tuple(tie("string"), stringList).map(([a, list]) => `(${a}) in ${list}`),
      fc.tuple(tie("string"), storedList).map(([a, list]) => `(${a}) in (${list})`),
      fc.tuple(tie("int"), storedList).map(([a, list]) => `(${a}) + 0 in (${list})`),
      fc.tuple(tie("int"), int, int).map(([a, low, high]) => `(${a}) between ${low} and ${high}`),
      fc
        .tuple(
          tie("string"),
          fc.constantFrom("=~", "!~"),
          fc.constantFrom("/^h/", "/E/i", "/l+o$/", "'[a-m]'", "/a\\.b/"),
        )
        .map((parts) => parts.join(" ").replace(/^(.*) ([=!]~)/, "($1) $2")),
      fc
        .tuple(fc.constantFrom("$.l", "$.nums", "$.tags"), fc.oneof(listStep, plain(listSteps)))
        .map((parts) => `${parts.join(".")}.exists()`),
      fc
        .tuple(fc.constantFrom("$.m", "$.nm"), fc.oneof(mapStep, plain(mapSteps)))
        .map((parts) => `${parts.join(".")}.exists()`),
    ),
  }));
}
