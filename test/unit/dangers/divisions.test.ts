import { describe, expect, test } from "vitest";
import { parseAel, prepareAel } from "../../../src/ael/index.js";
import { Exp, type ExpKind } from "../../../src/index.js";
import { bytes } from "../../support/dangers.js";

describe("the division of -2^63 by -1, over which a node dies, travels guarded", () => {
  // (b == -1 ? -1 : 1) * (a / (b == -1 ? 1 : b)), and a % (b == -1 ? 1 : b)
  const [a, b] = ["935102a161", "935102a162"];
  const quotient = `9316947b9301${b}ffff019317${a}947b9301${b}ff01${b}`;
  const remainder = `931a${a}947b9301${b}ff01${b}`;
  const hex = (exp: Exp<ExpKind>) => Buffer.from(exp.packed).toString("hex");
  const [left, right] = [Exp.intBin("a"), Exp.intBin("b")];

  test.each<readonly [string, Exp<ExpKind>, string]>([
    ["Exp.numDiv", Exp.numDiv([left, right]), quotient],
    ["Exp.numMod", Exp.numMod(left, right), remainder],
    ["the language: /", parseAel<"int">("$.a:INT / $.b"), quotient],
    ["the language: %", parseAel<"int">("$.a % $.b"), remainder],
    ["bytes: /", Exp.fromBytes(bytes(`9317${a}${b}`)), quotient],
    ["bytes: %", Exp.fromBytes(bytes(`931a${a}${b}`)), remainder],
    ["bytes that are guarded", Exp.fromBytes(bytes(quotient)), quotient],
    ["a parameter of -1", parseAel<"int">("$.a / ?0", -1), `9316${a}ff`],
    ["a prepared filter bound to -1", prepareAel("$.a % ?0").bind<"int">(-1), `931a${a}01`],
    [
      "a prepared filter bound to -1n",
      prepareAel("?0 / ?1").bind<"int">(-(2n ** 63n), -1n),
      "9316d38000000000000000ff",
    ],
  ])("%s", (_, exp, due) => {
    expect(hex(exp)).toBe(due);
  });
});
