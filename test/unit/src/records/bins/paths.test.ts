import { describe, expect, it } from "vitest";
import { MapOrder } from "../../../../../protocol/cdt/flags.js";
import type { Op } from "../../../../../protocol/message/op.js";
import type { Value } from "../../../../../protocol/value/value.js";
import { Exp } from "../../../../../src/index.js";
import type { NextIs, ReadBin } from "../../../../../src/records/bins/index.js";
import { operateBin } from "../../../../../src/records/bins/operate-bin.js";
import { readBin } from "../../../../../src/records/bins/read-bin.js";
import { binOf, shapeOf } from "../../../../support/bin-writes.js";

type Bin = ReadBin<NextIs<Op>, Value>;

const toOp = { addOp: (op: Op) => op };
const readsOf = (): Bin => readBin<NextIs<Op>, Value>("b", toOp);
const writesOf = () => binOf<Value>();
const value = Exp.intLoopVar("value");
const above5 = Exp.gt(value, Exp.intVal(5));
/** `value > 5` */
const ABOVE_5 = "9303937a020105";

describe("a path that reads", () => {
  it.each<[string, (b: Bin) => Op, string]>([
    ["all", (b) => b.onEachChild().collectValues(), "93ccfe9204c301"],
    ["some", (b) => b.onEachChild({ where: above5 }).collectKeys(), `93ccfe9204${ABOVE_5}02`],
    ["several keys", (b) => b.onMapKeysIn(["a", 1]).collectEntries(), "93ccfe922a92a203610103"],
    ["a tree", (b) => b.onEachChild().onMapKey("k").collectTree(), "93ccfe9404c322a2036b00"],
    ["what can't be worked out passed over", (b) => b.onEachChild().collectValues({ noFail: true }), "93ccfe9204c311"],
    [
      "narrowed down",
      (b) => b.onMapKeysIn(["a"]).andWhere(above5).collectKeys(),
      `93ccfe942a91a20361cd0204${ABOVE_5}02`,
    ],
    [
      "behind the way to a place",
      (b) => b.onMapKey("a").onListIndex(-1).onEachChild().collectValues(),
      "93ccfe9622a2036110ff04c301",
    ],
    [
      "every step",
      (b) =>
        b
          .onEachChild()
          .onMapIndex(0)
          .onMapRank(1)
          .onMapValue("v")
          .onListIndex(2)
          .onListRank(3)
          .onListValue("w")
          .onMapKeysIn(["k"])
          .onEachChild()
          .collectValues(),
      "93ccfedc0012" +
        "04c3" +
        "2000" +
        "2101" +
        "23a20376" +
        "1002" +
        "1103" +
        "13a20377" +
        "2a91a2036b" +
        "04c3" +
        "01",
    ],
  ])("%s", (_, add, payload) => {
    expect(shapeOf(add(readsOf()))).toEqual(["CDT_READ", payload]);
    expect(shapeOf(add(operateBin<NextIs<Op>, Value>("b", toOp)))).toEqual(["CDT_READ", payload]);
  });
});

describe("a path that writes", () => {
  const plus1 = Exp.numAdd([value, Exp.intVal(1)]);

  it.each<[string, (b: ReturnType<typeof writesOf>) => Op, string]>([
    ["a change", (b) => b.onEachChild().modifyBy(plus1), "94ccfe9204c3049314937a020101"],
    [
      "a change where it goes",
      (b) => b.onEachChild().modifyBy(plus1, { noFail: true }),
      "94ccfe9204c3149314937a020101",
    ],
    ["a removal", (b) => b.onEachChild({ where: above5 }).removeMatches(), `94ccfe9204${ABOVE_5}049164`],
    [
      "a removal in a place",
      (b) => b.onMapKey("k").onEachChild().removeMatches({ noFail: true }),
      "94ccfe9422a2036b04c3149164",
    ],
  ])("%s", (_, add, payload) => {
    expect(shapeOf(add(writesOf()))).toEqual(["CDT_MODIFY", payload]);
    expect(shapeOf(add(operateBin<NextIs<Op>, Value>("b", toOp)))).toEqual(["CDT_MODIFY", payload]);
  });

  it("is not there where only reads are, nor the other way round", () => {
    expect(readsOf().onEachChild()).not.toHaveProperty("modifyBy");
    expect(readsOf().onMapKeysIn(["a"])).not.toHaveProperty("removeMatches");
    expect(writesOf().onEachChild()).not.toHaveProperty("collectValues");
  });
});

describe("the server that a path takes", () => {
  const minVersion = (op: Op) => ("payload" in op ? op.minVersion : undefined);

  it.each<[string, Op, string]>([
    ["8.1.1 for any", readsOf().onEachChild().collectValues(), "8.1.1"],
    ["8.1.2 for several keys", readsOf().onMapKeysIn(["a"]).collectValues(), "8.1.2"],
    ["8.1.2 for andWhere", writesOf().onEachChild().onMapKey("a").andWhere(above5).removeMatches(), "8.1.2"],
    [
      "what its conditions take",
      readsOf()
        .onEachChild({ where: Exp.inList(value, Exp.listVal([1])) })
        .collectValues(),
      "8.1.2",
    ],
  ])("%s", (_, op, version) => {
    expect(minVersion(op)).toBe(version);
  });
});

describe("a path that is refused", () => {
  const untyped = <T>(given: unknown): T => given as T;

  it.each<[string, () => unknown, string]>([
    [
      "a condition that is no bool",
      () => readsOf().onEachChild({ where: value }),
      'bin "b": expected where to be a bool expression, got one that is int',
    ],
    [
      "a condition that got lost",
      () => writesOf().onEachChild({ where: untyped(undefined) }),
      'bin "b": expected where to be an Exp, got undefined',
    ],
    [
      "text as a condition",
      () => readsOf().onEachChild({ where: untyped("$.a > 1") }),
      'expected where to be an Exp, got "$.a > 1"',
    ],
    ["another option", () => readsOf().onEachChild(untyped({ filter: above5 })), "filter"],
    ["no keys", () => readsOf().onMapKeysIn([]), 'bin "b": keys is empty; expected at least one map key'],
    ["a key that is none", () => readsOf().onMapKeysIn(untyped<number[]>([1.5])), "1.5 can't be a map key"],
    [
      "a way that creates",
      () => writesOf().onMapKey("a", { createType: MapOrder.UNORDERED }).onEachChild(),
      'bin "b": A path operation creates nothing',
    ],
    [
      "a change that is none",
      () => writesOf().onEachChild().modifyBy(untyped(5)),
      'bin "b": expected modifyBy to be an Exp, got 5',
    ],
    [
      "text of unknown length",
      () => writesOf().onEachChild().modifyBy(Exp.stringLoopVar("value")),
      'bin "b": the change of a path gives a string of the element; servers of 8.1.2 abort',
    ],
    [
      "text that is too long",
      () =>
        writesOf()
          .onEachChild()
          .modifyBy(Exp.stringVal("x".repeat(31))),
      "a string of 31 bytes",
    ],
    ["an unknown variable", () => writesOf().onEachChild().modifyBy(Exp.var<"int">("x")), 'bin "b": Exp.var("x")'],
    [
      "andWhere after onEachChild",
      () => untyped<{ andWhere(c: unknown): unknown }>(readsOf().onEachChild()).andWhere(above5),
      'bin "b": CTX.andFilter narrows',
    ],
    [
      "andWhere twice",
      () => untyped<{ andWhere(c: unknown): unknown }>(readsOf().onMapKeysIn(["a"]).andWhere(above5)).andWhere(above5),
      "CTX.andFilter narrows",
    ],
    [
      "more steps than servers take",
      () =>
        Array.from({ length: 64 }).reduce<Bin>(
          (b) => untyped<Bin>(b.onEachChild()),
          untyped<Bin>(readsOf().onEachChild()),
        ),
      "at most 64",
    ],
    [
      "a range before it",
      () => untyped<Bin>(readsOf().onListIndexRange(0, 2)).onEachChild(),
      "onEachChild() has no one place to work on after a selector of several",
    ],
    [
      "several keys after a range",
      () => untyped<Bin>(readsOf().onMapKeyRange("a", "b")).onMapKeysIn(["a"]),
      "onMapKeysIn() has no one place",
    ],
    [
      "an option of a terminal",
      () =>
        readsOf()
          .onEachChild()
          .collectValues(untyped({ nofail: true })),
      "nofail",
    ],
  ])("%s", (_, call, message) => {
    expect(call).toThrow(message);
    expect(call).toThrow(expect.objectContaining({ name: expect.stringMatching(/^(Type|Range)Error$/) }));
  });

  it("has no operations but its own: none is done to all of the bin", () => {
    const path = readsOf().onEachChild();
    for (const method of ["listSize", "get", "onMapKeyRange", "getValues"]) expect(path).not.toHaveProperty(method);
    const change = writesOf().onEachChild();
    for (const method of ["listClear", "mapClear", "setTo", "remove", "listAppend"])
      expect(change).not.toHaveProperty(method);
  });

  it("is told when it is awaited without a terminal", async () => {
    await expect(async () => await untyped<Promise<void>>(readsOf().onEachChild())).rejects.toThrow(
      "was awaited without an operation",
    );
  });
});
