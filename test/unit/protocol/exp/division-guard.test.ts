import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile } from "../../../../emulator/exp/index.js";
import { childrenOf, type ExpNode } from "../../../../protocol/exp/node.js";
import { resolveExpression } from "../../../../protocol/exp/resolve.js";
import { INT64_MAX, INT64_MIN } from "../../../../protocol/limits.js";
import { Exp } from "../../../../src/exp/exp.js";
import { printNode } from "../../../../src/exp/print.js";
import { runs } from "../../../support/runs.js";

// A server dies of −2^63 / −1 and of −2^63 % −1. No expression may come to that, and none may mean anything else for it.

const x = Exp.intBin("x");
const y = Exp.intBin("y");
const hex = (exp: Exp): string => Buffer.from(exp.packed).toString("hex");
const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);

interface Division {
  readonly dividend: ExpNode;
  readonly divisors: readonly ExpNode[];
}

/** Every division that would really be sent. */
function divisionsIn(node: ExpNode): Division[] {
  const inside = childrenOf(node).flatMap(divisionsIn);
  if (node.kind !== "op" || (node.code !== 23 && node.code !== 26)) return inside;
  const [dividend, ...divisors] = node.args;
  return dividend === undefined || divisors.length === 0 ? inside : [...inside, { dividend, divisors }];
}

/** Whether the product of divisors can't be −1 by its form: constants, or `d == −1 ? 1 : d`. */
function isSafe(divisors: readonly ExpNode[]): boolean {
  if (divisors.length === 1 && divisors[0]?.kind === "cond") return true;
  if (divisors.some(({ kind }) => kind !== "const")) return false;
  const product = divisors.reduce(
    (all, one) => wrap(all * (one.kind === "const" ? BigInt(String(one.value)) : 0n)),
    1n,
  );
  return product !== -1n;
}

const binExpression = fc.constantFrom(x, y);
const constant = fc.oneof(
  fc.integer({ min: -3, max: 3 }).map((value) => Exp.intVal(value)),
  fc.constantFrom(INT64_MIN, INT64_MAX).map((value) => Exp.intVal(value)),
);

type Made = { readonly exp: Exp<"int">; readonly value: (x: bigint, y: bigint) => bigint | undefined };

const made: fc.Arbitrary<Made> = fc.letrec<{ made: Made }>((tie) => ({
  made: fc.oneof(
    { maxDepth: 4, depthIdentifier: "guard" },
    binExpression.map((exp): Made => ({ exp, value: exp === x ? (a) => a : (_, b) => b })),
    constant.map(
      (exp): Made => ({ exp, value: () => (exp.node.kind === "const" ? BigInt(String(exp.node.value)) : undefined) }),
    ),
    fc.tuple(tie("made"), tie("made")).map(
      ([a, b]): Made => ({
        exp: Exp.numDiv([a.exp, b.exp]),
        value: both(a, b, (m, n) => (n === 0n ? undefined : wrap(m / n))),
      }),
    ),
    fc.tuple(tie("made"), tie("made")).map(
      ([a, b]): Made => ({
        exp: Exp.numMod(a.exp, b.exp),
        value: both(a, b, (m, n) => (n === 0n ? undefined : m % n)),
      }),
    ),
    fc.tuple(tie("made"), tie("made"), tie("made")).map(([a, b, c]): Made => {
      const product = both(b, c, (m, n) => wrap(m * n));
      return {
        exp: Exp.numDiv([a.exp, b.exp, c.exp]),
        value: both(a, { value: product }, (m, n) => (n === 0n ? undefined : wrap(m / n))),
      };
    }),
    fc
      .tuple(tie("made"), tie("made"))
      .map(([a, b]): Made => ({ exp: Exp.numSub([a.exp, b.exp]), value: both(a, b, (m, n) => wrap(m - n)) })),
    tie("made")
      .map(
        (a): Made => ({
          exp: Exp.let([Exp.def("_d0", a.exp), Exp.numDiv([x, Exp.var<"int">("_d0")])]),
          value: both({ value: (m) => m }, a, (m, n) => (n === 0n ? undefined : wrap(m / n))),
        }),
      )
      .filter(({ exp }) => isBuildable(exp)),
  ),
})).made;

function isBuildable(exp: Exp): boolean {
  try {
    return exp.packed.length > 0;
  } catch {
    // A variable of this name further in.
    return false;
  }
}

function both(
  a: Pick<Made, "value">,
  b: Pick<Made, "value">,
  work: (m: bigint, n: bigint) => bigint | undefined,
): Made["value"] {
  return (m, n) => {
    const left = a.value(m, n);
    const right = b.value(m, n);
    return left === undefined || right === undefined ? undefined : work(left, right);
  };
}

const integer = fc.oneof(
  fc.constantFrom(INT64_MIN, INT64_MIN + 1n, -2n, -1n, 0n, 1n, 2n, INT64_MAX),
  fc.bigInt({ min: INT64_MIN, max: INT64_MAX }),
);

function evaluate(exp: Exp, a: bigint, b: bigint): unknown {
  const bins = new Map([
    ["x", a],
    ["y", b],
  ]);
  const expression = compile(exp.packed);
  return expression?.evaluate({
    namespace: "test",
    setName: "",
    digest: new Uint8Array(20),
    generation: 1,
    voidTime: 0,
    lastUpdate: 0,
    now: 0,
    size: 0,
    isKeyStored: false,
    userKey: undefined,
    hasBins: true,
    bin: (name) => {
      const value = bins.get(name);
      if (value === undefined) return undefined;
      const bytes = new Uint8Array(8);
      new DataView(bytes.buffer).setBigInt64(0, value);
      return { type: 1, bytes };
    },
    binNames: () => [...bins.keys()],
  });
}

describe("division and modulo", () => {
  test("never meet −1 unguarded, and come out as if they did", () => {
    fc.assert(
      fc.property(made, integer, integer, ({ exp, value }, a, b) => {
        for (const { dividend, divisors } of divisionsIn(resolveExpression(exp.node))) {
          const isFixed = dividend.kind === "const" && BigInt(String(dividend.value)) !== INT64_MIN;
          expect(isFixed || isSafe(divisors)).toBe(true);
        }
        expect(hex(Exp.fromBytes(exp.packed))).toBe(hex(exp));
        const expected = value(a, b);
        const actual = evaluate(exp, a, b);
        if (expected === undefined) expect(typeof actual).not.toBe("bigint");
        else expect(actual).toBe(expected);
      }),
      { numRuns: runs(300) },
    );
  });

  test("are sent as written where nothing can happen", () => {
    expect(hex(Exp.numDiv([x, Exp.intVal(10)]))).toBe("9317935102a1780a");
    expect(hex(Exp.numMod(x, Exp.intVal(10)))).toBe("931a935102a1780a");
    expect(hex(Exp.numDiv([Exp.intVal(10), x]))).toBe("93170a935102a178");
    expect(hex(Exp.numDiv([Exp.ttl(), x]))).toBe("93179145935102a178");
    expect(hex(Exp.numDiv([Exp.floatBin("x"), Exp.floatBin("y")]))).toBe("9317935107a178935107a179");
    expect(hex(Exp.numDiv([x]))).toBe("9217935102a178");
  });

  test("by the constant −1 become what they mean", () => {
    expect(hex(Exp.numDiv([x, Exp.intVal(-1)]))).toBe(hex(Exp.numMul([x, Exp.intVal(-1)])));
    expect(hex(Exp.numMod(x, Exp.intVal(-1)))).toBe(hex(Exp.numMod(x, Exp.intVal(1))));
    expect(hex(Exp.numDiv([x, Exp.intVal(1), Exp.intVal(-1)]))).not.toBe("94" + "17935102a17801ff");
  });

  test("of a divisor that is more than a bin work it out once", () => {
    const exp = Exp.numMod(x, Exp.numAdd([y, Exp.intVal(1)]));
    expect(hex(exp).split("14935102a179").length - 1).toBe(1);
    const deep = [1, 2, 3, 4, 5, 6, 7, 8].reduce(
      (inner: Exp<"int">, n) => Exp.numDiv([x, Exp.numAdd([inner, Exp.intVal(n)])]),
      y,
    );
    expect(deep.packed.length).toBeLessThan(800);
  });

  test("read back are what they were before the guard", () => {
    for (const exp of [Exp.numDiv([x, y]), Exp.numMod(x, y), Exp.numDiv([x, Exp.numAdd([y, Exp.intVal(1)])])]) {
      const again = Exp.fromBytes(exp.packed);
      expect(printNode(again.node)).toBe(printNode(exp.node));
      expect(hex(again)).toBe(hex(exp));
    }
    expect(printNode(Exp.fromBytes(Exp.numDiv([x, y]).packed).node)).toBe("$.x:INT / $.y");
  });

  test("read back are not guarded twice", () => {
    const exp = Exp.gt(Exp.numDiv([x, y]), Exp.intVal(1));
    const again = Exp.fromBytes(exp.packed);
    expect(hex(again)).toBe(hex(exp));
    expect(hex(Exp.fromBytes(again.packed))).toBe(hex(exp));
  });

  test("of another client are guarded when they are read", () => {
    const foreign = Uint8Array.from(Buffer.from("9317935102a178935102a179", "hex"));
    expect(hex(Exp.fromBytes(foreign))).toBe(hex(Exp.numDiv([x, y])));
  });
});
