import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile } from "../../../../emulator/exp/index.js";
import { integerValue } from "../../../../emulator/record/bin-value.js";
import { Exp } from "../../../../src/exp/exp.js";
import { printNode } from "../../../../src/exp/print.js";
import { Random } from "../../../support/random/random.js";
import { RandomExpression } from "../../../support/random/random-expression.js";
import { randomList, randomMap } from "../../../support/random/random-value.js";
import { runs } from "../../../support/runs.js";
import { viewWith } from "../../emulator/exp/tiny-view.js";
import { carriedBy, expressionIn } from "./vector-message.js";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const fromHex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));

const recorded = JSON.parse(readFileSync(new URL("../../../vectors/expressions.json", import.meta.url), "utf8"))
  .flatMap(({ request }: { request: string }) => {
    const { filter, ops } = carriedBy(request);
    return [...(filter === undefined ? [] : [filter]), ...ops.map(({ payload }) => expressionIn(payload))];
  })
  .filter((bytes: Uint8Array) => bytes.length > 0) as Uint8Array[];

/** Reads bytes if they are an expression; any error but a TypeError with a name in front is a fault. */
function tryRead(bytes: Uint8Array): Exp | undefined {
  try {
    return Exp.fromBytes(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    expect(error instanceof Error ? error.message : "").toMatch(/^Exp\.fromBytes: /);
    return undefined;
  }
}

function checkRead(exp: Exp | undefined): void {
  if (exp === undefined) return;
  // Read again it is the same, and it can be printed.
  expect(hex(Exp.fromBytes(exp.packed).packed)).toBe(hex(exp.packed));
  expect(printNode(exp.node).length).toBeGreaterThan(0);
  expect(exp.minVersion).toMatch(/^\d/);
}

/** What servers let pass and Exp does not. */
const ALLOWED_REASONS =
  /claims to be ordered|a map literal has a key twice|can't be a map key|only compare; they can't be stored|stands only inside|can bring the server down|map(Keys|Values): expected argument 1 to be /;

describe("bytes from anywhere", () => {
  test("random ones", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => checkRead(tryRead(bytes))),
      { numRuns: runs(400) },
    );
  });

  test("recorded ones with a byte changed, dropped or put in", () => {
    const change = fc.tuple(fc.constantFrom(...recorded), fc.nat(), fc.nat({ max: 255 }), fc.constantFrom(0, 1, 2));
    let read = 0;
    fc.assert(
      fc.property(change, ([bytes, at, byte, kind]) => {
        const from = at % bytes.length;
        const changed = [...bytes];
        changed.splice(from, kind === 2 ? 0 : 1, ...(kind === 1 ? [] : [byte]));
        const exp = tryRead(Uint8Array.from(changed));
        if (exp !== undefined) read++;
        checkRead(exp);
      }),
      { numRuns: runs(250) },
    );
    expect(read).toBeGreaterThan(runs(10));
  });

  test("recorded ones cut off", () => {
    for (const bytes of recorded) {
      for (let end = 0; end < bytes.length; end++) tryRead(bytes.subarray(0, end));
    }
  });

  test("lengths that lie, and nesting without end", () => {
    expect(() => Exp.fromBytes(fromHex("ddffffffff10"))).toThrow("announces 4294967294 arguments");
    expect(() => Exp.fromBytes(fromHex("927eddffffffff"))).toThrow("announces 4294967295 entries");
    expect(() => Exp.fromBytes(fromHex("dfffffffff"))).toThrow("announces 4294967295 entries");
    expect(() => Exp.fromBytes(fromHex("dbffffffff03"))).toThrow("does not end by byte 6");
    expect(() => Exp.fromBytes(fromHex("9212".repeat(20_000)))).toThrow("nests deeper than 1000 levels");
    expect(() => Exp.fromBytes(fromHex(`927e${"91".repeat(20_000)}`))).toThrow("nests deeper than 64 levels");
    expect(() => Exp.fromBytes(new Uint8Array(0))).toThrow("Exp.fromBytes: no packed value starts at byte 0");
    expect(() => Exp.fromBytes(fromHex("90"))).toThrow("an empty list is no expression");
    expect(() => Exp.fromBytes(fromHex("0101"))).toThrow("1 bytes follow the end");
  });
});

test("a list that claims to be ordered and is", () => {
  const sorted = Exp.fromBytes(fromHex("927e93c700010103"));
  expect(printNode(sorted.node)).toBe("[1, 3]:SORTED");
  expect(sorted.packed).toEqual(fromHex("927e93c700010103"));
});

describe("what must not be sent is refused, whoever packed it", () => {
  test.each([
    // A list constant that claims to be ordered: [3, 1] with marker 01.
    ["927e93c700010301", "claims to be ordered"],
    ["927e93c70001029101", "claims to be ordered"],
    // Map literals: the same key twice; nil, bool, double, list and map as keys.
    ["82a2036101a2036102", "a map literal has a key twice"],
    ["81c001", "can't be a map key"],
    ["81c301", "can't be a map key"],
    ["81cb3ff000000000000001", "can't be a map key"],
    ["81ca5b69019001", "can't be a map key"],
    ["81910101", "can't be a map key"],
    ["81d4ff0001", "can't be a map key"],
    // mapGetByKeyList(VALUE | INVERTED, [], map); the same with a list that is only known when it runs; by values; as removal.
    ["957f0400936bce00010007927e90935105a16d", "can bring the server down"],
    ["957f0400936bce00010007935104a16c935105a16d", "can bring the server down"],
    ["957f0400936cce00010007927e90935105a16d", "can bring the server down"],
    ["957f05409351ce00010000927e90935105a16d", "can bring the server down"],
    // listAppend of the wildcard, alone and inside a list.
    ["957f04409201d4ff00935104a16c", "stands only inside"],
    ["957f04409201927e91d4ff00935104a16c", "can't be stored"],
    // listInsert at an index that would be padded up to.
    ["957f04409303ce7fffffff01935104a16c", "the server pads up to it"],
    // A context that pads: negative, and far out. A context that creates a map entry under a nil key.
    ["957f044093ccff92cc90ff920101935104a16c", "index of a padded list is -1"],
    ["957f044093ccff92cc90ce7fffffff920101935104a16c", "index of a padded list is 2147483647"],
    ["957f054093ccff92cca2c093430101935105a16d", "keys are 64-bit integers, strings and blobs"],
    // More computed parameters than the server has room for.
    [`957f04409a10${"935104a16c".repeat(9)}935104a16c`, "more than 8 computed parameters"],
    ["924000", "no 32-bit integer other than 0"],
  ])("%s", (packed, message) => {
    expect(() => Exp.fromBytes(fromHex(packed))).toThrow(message);
  });

  test("a bare division of −2^63 by −1 is guarded, not refused", () => {
    const exp = Exp.fromBytes(fromHex("9317935102a178ff"));
    expect(hex(exp.packed)).toBe("9316935102a178ff");
  });
});

describe("what other clients write differently", () => {
  test("longer numbers and headers become the shortest", () => {
    const long = "dc0003cc10" + "93cc01cd0001d10001" + "dd0000000301ce00000001d30000000000000001";
    expect(hex(Exp.fromBytes(fromHex(long)).packed)).toBe("931093010101" + "93010101");
  });

  test("unsorted maps are sorted and keep saying that they are unordered", () => {
    const exp = Exp.fromBytes(fromHex("82a2036201a2036102"));
    expect(hex(exp.packed)).toBe("82a2036102a2036201");
    expect(printNode(exp.node)).toBe('{"a": 2, "b": 1}:UNORDERED');
  });

  test("a key-and-value-ordered map stays one, and other flags are dropped", () => {
    expect(hex(Exp.fromBytes(fromHex("82c70003c0a2036101")).packed)).toBe("82c70003c0a2036101");
    expect(hex(Exp.fromBytes(fromHex("82c70009c0a2036101")).packed)).toBe("82c70001c0a2036101");
  });

  test("float32 becomes float64, uint64 wraps around, bin headers become str headers", () => {
    expect(hex(Exp.fromBytes(fromHex("ca3fc00000")).packed)).toBe("cb3ff8000000000000");
    expect(hex(Exp.fromBytes(fromHex("cfffffffffffffffff")).packed)).toBe("ff");
    expect(hex(Exp.fromBytes(fromHex("c4020461")).packed)).toBe("a20461");
  });

  test("a pattern's NUL at the end is no part of it", () => {
    expect(hex(Exp.fromBytes(fromHex("940701a26100935103a173")).packed)).toBe("940701a161935103a173");
  });

  test("text that is no UTF-8 is refused, a replacement character is not", () => {
    expect(() => Exp.fromBytes(fromHex("a203ff"))).toThrow("a string is not UTF-8");
    expect(hex(Exp.fromBytes(fromHex("a403efbfbd")).packed)).toBe("a403efbfbd");
  });
});

describe("base64", () => {
  test("there and back", () => {
    const exp = Exp.gt(Exp.intBin("a"), Exp.intVal(1));
    expect(exp.toBase64()).toBe("kwOTUQKhYQE=");
    expect(hex(Exp.fromBase64("kwOTUQKhYQE=").packed)).toBe(hex(exp.packed));
  });

  test.each(["kwOTUQKhYQE", "kwOTUQKhYQE =", "k", "====", "kwOTUQKhYQE=\n"])("%j is none", (text) => {
    expect(() => Exp.fromBase64(text)).toThrow("Exp.fromBase64: expected base64");
  });
});

describe("random expressions as servers build them", () => {
  const sketch = Uint8Array.from({ length: 11 + 12 }, (_, i) => (i === 1 ? 4 : 0));

  test("are read, or refused for a reason, and mean the same when they are packed again", () => {
    let read = 0;
    const reasons = new Set<string>();
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const random = new Random(seed);
        const maker = new RandomExpression(random, [sketch]);
        const packed = maker.expression(maker.anyType(), 4);
        const record = viewWith({
          i: integerValue(random.between(-9, 9)),
          l: { type: 20, bytes: randomList(random) },
          m: { type: 19, bytes: randomMap(random) },
          t: { type: 17, bytes: Uint8Array.of(random.below(2)) },
        });
        let again: Uint8Array;
        try {
          again = Exp.fromBytes(packed).packed;
        } catch (error) {
          reasons.add(error instanceof TypeError ? error.message : String(error));
          return;
        }
        read++;
        expect(compile(again)?.evaluate(record)).toEqual(compile(packed)?.evaluate(record));
      }),
      { numRuns: runs(250) },
    );
    expect(read).toBeGreaterThan(runs(150));
    for (const reason of reasons) expect(reason).toMatch(ALLOWED_REASONS);
  });
});
