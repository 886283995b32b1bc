import fc from "fast-check";
import { INT64_MAX, INT64_MIN } from "../../../../../protocol/limits.js";

// Random conditions as text, over integers a and b, strings s, lists l and maps m; and records to try them on.

const small = fc.integer({ min: -12, max: 12 }).map(String);
const constant = fc.oneof(
  { weight: 5, arbitrary: small },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      String(INT64_MIN),
      String(INT64_MAX),
      String(INT64_MIN + 1n),
      "4294967296",
      "-9007199254740993",
      "1000",
    ),
  },
);
const operator = fc.constantFrom("==", "!=", "<", "<=", ">", ">=");

const number = fc.letrec<{ number: string }>((tie) => ({
  number: fc.oneof(
    { maxDepth: 3, depthIdentifier: "predicate" },
    {
      weight: 4,
      arbitrary: fc.constantFrom(
        "$.a:INT",
        "$.a:INT",
        "$.a:INT",
        "$.b:INT",
        "$.m.k:INT",
        "$.l.[0]:INT",
        "$.l:LIST.count()",
      ),
    },
    {
      weight: 6,
      arbitrary: fc
        .tuple(tie("number"), fc.constantFrom("+", "-", "*", "/", "%", "<<", ">>", ">>>", "&"), constant)
        .map(([a, op, c]) => `(${a} ${op} ${c})`),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(constant, fc.constantFrom("+", "-", "*", "/"), tie("number"))
        .map(([c, op, a]) => `(${c} ${op} ${a})`),
    },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom("-", "~"), tie("number")).map(([op, a]) => `${op}(${a})`) },
    { weight: 1, arbitrary: tie("number").map((a) => `abs(${a})`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom("min", "max"), tie("number"), fc.oneof(constant, tie("number")))
        .map(([name, a, b]) => `${name}(${a}, ${b})`),
    },
  ),
})).number;

const list = fc.array(constant, { minLength: 1, maxLength: 3 }).map((items) => `[${items.join(", ")}]`);
const word = fc.constantFrom('"x"', '"y"', '"z"');

const element = fc.oneof(
  fc.tuple(constant, fc.constantFrom("$.l", "$.m.mapValues()")).map(([value, target]) => `${value} in ${target}`),
  fc
    .tuple(word, fc.constantFrom("$.l", "$.m.mapKeys()", "$.m.mapValues()"))
    .map(([value, target]) => `${value} in ${target}`),
  fc
    .tuple(fc.constantFrom("$.l.[", "$.m.{"), constant, constant)
    .map(([path, a, b]) => `${path}=${a}:${b}${path.includes("[") ? "]" : "}"}.exists()`),
  fc
    .tuple(fc.constantFrom("$.l.[", "$.m.{"), constant, fc.oneof(constant, word))
    .map(([path, a, b]) => `${path}=${a},${b}${path.includes("[") ? "]" : "}"}.count() > 0`),
  fc.tuple(constant, operator, small).map(([value, op, count]) => `$.l.[=${value}].count() ${op} ${count}`),
  fc.constantFrom(
    "$.m.k.exists()",
    "$.m.x.exists()",
    "$.m.{k,x}.exists()",
    "$.m.{k-y}.exists()",
    "$.m.{1-5}.count() >= 1",
    '$.m.k == "x"',
    '"x" == $.l.[1]',
  ),
);

const comparison = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(number, operator, constant).map((parts) => parts.join(" ")) },
  { weight: 2, arbitrary: fc.tuple(constant, operator, number).map((parts) => parts.join(" ")) },
  { weight: 1, arbitrary: fc.tuple(number, operator, number).map((parts) => parts.join(" ")) },
  { weight: 2, arbitrary: fc.tuple(number, list).map(([a, items]) => `${a} + 0 in ${items}`) },
  { weight: 1, arbitrary: fc.tuple(number, small, small).map(([a, low, high]) => `${a} between ${low} and ${high}`) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(number, operator, fc.constantFrom("0.5", "-3.25", "9223372036854775807.0", "4503599627370496.5"))
      .map(([a, op, c]) => `(${a}).asFloat() ${op} ${c}`),
  },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom("==", "!=", "<"), word).map(([op, c]) => `$.s ${op} ${c}`) },
  {
    weight: 1,
    arbitrary: fc.array(word, { minLength: 1, maxLength: 2 }).map((items) => `$.s in [${items.join(", ")}]`),
  },
  { weight: 4, arbitrary: element },
);

export const predicate = fc.letrec<{ predicate: string }>((tie) => ({
  predicate: fc.oneof(
    { maxDepth: 3, depthIdentifier: "condition" },
    { weight: 4, arbitrary: comparison },
    { weight: 4, arbitrary: fc.tuple(tie("predicate"), tie("predicate")).map(([a, b]) => `(${a}) and (${b})`) },
    { weight: 2, arbitrary: fc.tuple(tie("predicate"), tie("predicate")).map(([a, b]) => `(${a}) or (${b})`) },
    { weight: 1, arbitrary: tie("predicate").map((a) => `not(${a})`) },
    {
      weight: 1,
      arbitrary: fc.tuple(tie("predicate"), tie("predicate")).map(([a, b]) => `when (${a} => ${b}, default => false)`),
    },
    { weight: 1, arbitrary: fc.tuple(tie("predicate"), tie("predicate")).map(([a, b]) => `exclusive(${a}, ${b})`) },
  ),
})).predicate;

export const integer: fc.Arbitrary<bigint> = fc.oneof(
  { weight: 4, arbitrary: fc.bigInt({ min: -30n, max: 30n }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      INT64_MIN,
      INT64_MIN + 1n,
      INT64_MAX,
      INT64_MAX - 1n,
      2n ** 62n,
      -(2n ** 62n),
      2n ** 32n,
      2n ** 61n,
    ),
  },
  { weight: 1, arbitrary: fc.bigInt({ min: INT64_MIN, max: INT64_MAX }) },
);
