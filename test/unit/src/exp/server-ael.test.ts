import { describe, expect, test } from "vitest";
import { double } from "../../../../protocol/value/double.js";
import { GeoJson } from "../../../../protocol/value/geojson.js";
import { Hll } from "../../../../protocol/value/hll.js";
import { Exp } from "../../../../src/exp/exp.js";
import { printNode } from "../../../../src/exp/print.js";
import { serverAel, serverAelOf } from "../../../../src/exp/server-ael.js";
import type { TextParam } from "../../../../src/exp/text-params.js";

const point = new GeoJson({ type: "Point", coordinates: [1, 2] });

describe("a text for the server", () => {
  test("travels as it is", () => {
    const exp = serverAel("$.a > 1");
    expect(Buffer.from(exp.packed).toString("hex")).toBe("92cc80a7242e61203e2031");
    expect([exp.type, exp.minVersion, printNode(exp.node)]).toEqual(["bool", "8.2", "$.a > 1"]);
    expect(serverAelOf("string", "$.s.upper()").type).toBe("string");
  });

  test.each<[string, readonly TextParam[], string]>([
    ["$.a > ?0", [-3], "$.a > -3"],
    ["$.a > ?0", [1.5], "$.a > 1.5"],
    ["$.a > ?0", [double(2)], "$.a > 2.0"],
    ["$.a > ?0", [double(-0)], "$.a > -0.0"],
    ["$.a > ?0", [1e21], "$.a > 1000000000000000000000.0"],
    ["$.a > ?0", [1.25e-7], "$.a > 0.000000125"],
    ["$.a > ?0", [9007199254740993n], "$.a > 9007199254740993"],
    ["$.a == ?0", ['it\'s "x"\n\u0001\\'], '$.a == "it\'s \\"x\\"\\n\\x01\\\\"'],
    ["$.a == ?0", [true], "$.a == true"],
    ["$.a == ?0", [Uint8Array.of(0, 255)], "$.a == x'00ff'"],
    ["$.a in ?0", [[1, "a"]], '$.a in [1, "a"]'],
    ["$.a == ?0", [{ k: [null] }], '$.a == {"k": [NIL]}'],
    ["$.a == ?0", [new Map([[1, 2]])], "$.a == {1: 2}"],
    ["geoCompare($.a, ?0)", [point], `geoCompare($.a, geoJson('${point.text}'))`],
    ["$.a == ?1 or $.b == ?0 or $.c == ?1", [1, 2], "$.a == 2 or $.b == 1 or $.c == 2"],
    ["$.\"?0\" == ?0 and $.s == '?1' /* ?1 */", [1], "$.\"?0\" == 1 and $.s == '?1' /* ?1 */"],
    ["$.s =~ /a?0/i and $.a == ?0", [1], "$.s =~ /a?0/i and $.a == 1"],
    ["$.l:LIST.*[?(@ > ?0)].count() > 0", [5], "$.l:LIST.*[?(@ > 5)].count() > 0"],
  ])("%s with values, number %#", (text, params, bound) => {
    expect(printNode(serverAel(text, ...params).node)).toBe(bound);
  });

  test.each<[string, readonly unknown[], string]>([
    ["$.a > ?1", [1], "the text has ?1, but there are 1 values"],
    ["$.a > 1", [1], "the text has no ?0"],
    ["$.a > ?0", [Number.NaN], "?0 is NaN"],
    ["$.a > ?0", [Number.POSITIVE_INFINITY], "?0 is Infinity"],
    ["$.a > ?0", [2n ** 63n], "expected a 64-bit integer"],
    ["$.a > ?0", ["\ud800"], "half a surrogate pair"],
    ["$.a > ?0", [undefined], "a text can't say"],
    ["$.a > ?0", [new Date(0)], "a text can't say"],
    ["$.a > ?0", [new Hll(Uint8Array.of(0, 4, 0, ...new Array(20).fill(0)))], "a text can't say"],
    ["$.a > ?0", [new GeoJson('{"type":"Point","coordinates":[0,0],"n":"it\'s"}')], "an apostrophe"],
    ["$.a in ?0", [[point]], "a text can't say"],
    ["  ", [], "text is empty"],
  ])("%s with %o is refused", (text, params, message) => {
    expect(() => serverAel(text, ...(params as TextParam[]))).toThrow(message);
  });

  test("is never part of another expression", () => {
    expect(() => Exp.and([serverAel("$.a > 1"), Exp.boolBin("b")])).toThrow("a whole expression and never part of one");
  });
});
