import { describe, expect, it } from "vitest";
import { applyCdt, type LoopVariables, type PathEvaluator, REMOVE } from "../../../../emulator/cdt/index.js";
import type { BinValue } from "../../../../emulator/record/bin-value.js";
import type { OpOutcome } from "../../../../emulator/record/op-outcome.js";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { ResultCode } from "../../../../protocol/result-code.js";
import type { SearchValue } from "../../../../protocol/value/pack.js";
import { WILDCARD } from "../../../../protocol/value/special.js";
import { unpackValue } from "../../../../protocol/value/unpack.js";
import { contentOf, listBin, mapBin, packed, packedList, packedMap } from "./bins.js";

// Paths with a tiny language in the place of expressions: ["above", n], ["key", k], ["index", i], ["unknown"] and, to replace,
// ["plus", n], ["wildcard"], ["remove"].

const evaluator: PathEvaluator = {
  release: "8.1",
  compile(bytes) {
    const expression: unknown = unpackValue(new Reader(bytes));
    if (!Array.isArray(expression) || expression[0] === "invalid") return undefined;
    const [word, operand] = expression;
    return {
      matches: (variables) => matches(word, operand, variables),
      replace: (variables) => replace(word, operand, variables),
    };
  },
};

function matches(word: unknown, operand: unknown, { key, index, value }: LoopVariables): boolean | undefined {
  switch (word) {
    case "above": {
      const number: unknown = value === undefined ? undefined : unpackValue(new Reader(value));
      return typeof number === "number" ? number > Number(operand) : undefined;
    }
    case "key":
      return key === undefined ? undefined : unpackValue(new Reader(key)) === operand;
    case "index":
      return index === undefined ? undefined : index === operand;
    default:
      return undefined;
  }
}

function replace(word: unknown, operand: unknown, { value }: LoopVariables): Uint8Array | typeof REMOVE | undefined {
  switch (word) {
    case "plus": {
      const number: unknown = value === undefined ? undefined : unpackValue(new Reader(value));
      return typeof number === "number" ? packed(number + Number(operand)) : undefined;
    }
    case "wildcard":
      return packed([WILDCARD]);
    case "remove":
      return REMOVE;
    default:
      return undefined;
  }
}

const SELECT = 0xfe;
const Kind = { TREE: 0, VALUES: 1, KEYS: 2, KEYS_AND_VALUES: 3, APPLY: 4 } as const;
const NO_FAIL = 0x10;

function path(bin: BinValue | undefined, flags: number, ...levels: readonly SearchValue[]): OpOutcome {
  return applyCdt(bin, packed([SELECT, [...levels], flags]), false, evaluator);
}

function apply(bin: BinValue | undefined, replacement: SearchValue, flags: number, ...levels: readonly SearchValue[]) {
  return applyCdt(bin, packed([SELECT, [...levels], flags | Kind.APPLY, replacement]), true, evaluator);
}

function answer(bin: BinValue, flags: number, ...levels: readonly SearchValue[]): unknown {
  const outcome = path(bin, flags, ...levels);
  return outcome.code === ResultCode.OK ? contentOf(outcome.result) : outcome.code;
}

const EXPRESSION = 0x04;
const AND = 0x204;
const ALL = [EXPRESSION, true] as const;

const books = mapBin(
  [
    ["a", { price: 5, tags: [1, 2] }],
    ["b", { price: 9, tags: [3] }],
    ["c", 7],
  ],
  1,
);
const numbers = listBin([4, 1, 3, 2]);

describe("a path", () => {
  it("selects children of all kinds", () => {
    expect(answer(numbers, Kind.VALUES, ...ALL)).toEqual([4, 1, 3, 2]);
    expect(answer(numbers, Kind.VALUES, EXPRESSION, ["above", 2])).toEqual([4, 3]);
    expect(answer(numbers, Kind.VALUES, EXPRESSION, ["index", 1])).toEqual([1]);
    expect(answer(numbers, Kind.VALUES, 0x10, -1)).toEqual([2]);
    expect(answer(numbers, Kind.VALUES, 0x11, 0)).toEqual([1]);
    expect(answer(numbers, Kind.VALUES, 0x13, 3)).toEqual([3]);
    expect(answer(books, Kind.VALUES, 0x22, "c")).toEqual([7]);
    expect(answer(books, Kind.VALUES, 0x2a, ["c", "x"])).toEqual([7]);
    expect(answer(books, Kind.VALUES, EXPRESSION, ["key", "c"])).toEqual([7]);
    expect(answer(books, Kind.KEYS, 0x20, -1)).toEqual(["c"]);
  });

  it("goes on below what it selected, and past scalars", () => {
    expect(answer(books, Kind.VALUES, ...ALL, 0x22, "price")).toEqual([5, 9]);
    expect(answer(books, Kind.VALUES, ...ALL, 0x22, "tags", ...ALL)).toEqual([1, 2, 3]);
    expect(answer(books, Kind.KEYS_AND_VALUES, ...ALL, 0x22, "price")).toEqual(["price", 5, "price", 9]);
  });

  it("keeps the shape in a tree, without the order", () => {
    const tree = path(books, Kind.TREE, ...ALL, 0x22, "price").result;
    const price = (value: number) => packedMap(0, [packed("price"), packed(value)]);
    expect(tree?.bytes).toEqual(
      packedMap(0, [packed("a"), price(5)], [packed("b"), price(9)], [packed("c"), packed(7)]),
    );
    expect(answer(numbers, Kind.TREE, EXPRESSION, ["above", 9])).toEqual([]);
    expect(path(listBin([1, 2], 1), Kind.TREE, 0x10, 1).result).toEqual(listBin([2]));
  });

  it("selects nothing where nothing is", () => {
    expect(answer(numbers, Kind.VALUES, 0x10, 9)).toEqual([]);
    expect(answer(books, Kind.VALUES, 0x22, "x")).toEqual([]);
    expect(path(undefined, Kind.VALUES, ...ALL)).toEqual({ code: ResultCode.OK });
  });

  it("filters a second time", () => {
    expect(answer(books, Kind.VALUES, 0x2a, ["a", "c"], AND, ["key", "c"])).toEqual([7]);
    expect(answer(books, Kind.KEYS, 0x22, "c", AND, ["above", 7])).toEqual([]);
    expect(answer(books, Kind.KEYS, 0x22, "c", AND, true)).toEqual(["c"]);
  });

  it("fails over the unknown, unless told not to", () => {
    expect(answer(books, Kind.VALUES, EXPRESSION, ["above", 1])).toBe(ResultCode.PARAMETER_ERROR);
    expect(answer(books, Kind.VALUES | NO_FAIL, EXPRESSION, ["above", 1])).toEqual([7]);
    expect(answer(numbers, Kind.VALUES, EXPRESSION, ["key", "a"])).toBe(ResultCode.PARAMETER_ERROR);
    expect(answer(numbers, Kind.KEYS, ...ALL)).toBe(ResultCode.BIN_TYPE_ERROR);
    expect(answer(numbers, Kind.KEYS | NO_FAIL, ...ALL)).toEqual([]);
  });

  it.each([
    ["no levels", []],
    ["half a level", [0x10]],
    ["65 levels", Array.from({ length: 65 }, () => ALL).flat()],
    ["a level for maps on a list", [0x20, 0]],
    ["an unknown base", [0x15, 0]],
    ["an index that is none", [0x10, "a"]],
    ["an expression that is none", [EXPRESSION, 5]],
    ["false as an expression", [EXPRESSION, false]],
    ["an expression that is invalid", [EXPRESSION, ["invalid"]]],
    ["a second filter in front", [AND, true]],
    ["a third filter", [0x10, 0, AND, true, AND, true]],
    ["a second filter on an expression", [...ALL, AND, true]],
  ])("is refused with %s", (_, levels) => {
    expect(answer(numbers, Kind.VALUES, ...levels)).toBe(ResultCode.PARAMETER_ERROR);
  });

  it("is refused with a level that creates in a map", () => {
    expect(answer(books, Kind.VALUES, 0x22 | 0x40, "a")).toBe(ResultCode.PARAMETER_ERROR);
  });

  it("is refused with unknown kinds, and for bins without children", () => {
    expect(answer(numbers, 5, ...ALL)).toBe(ResultCode.PARAMETER_ERROR);
    expect(answer(numbers, Kind.APPLY, ...ALL)).toBe(ResultCode.PARAMETER_ERROR);
    const integer = { type: 1, bytes: new Uint8Array(8) };
    expect(path(integer, Kind.VALUES, ...ALL)).toEqual({ code: ResultCode.BIN_TYPE_ERROR });
    expect(apply(undefined, ["plus", 1], 0, ...ALL)).toEqual({ code: ResultCode.BIN_TYPE_ERROR });
  });

  it("needs an evaluator for expressions alone", () => {
    const all = packed([SELECT, [...ALL], Kind.VALUES]);
    const filtered = packed([SELECT, [EXPRESSION, ["above", 1]], Kind.VALUES]);
    expect(contentOf(applyCdt(numbers, all, false).result)).toEqual([4, 1, 3, 2]);
    expect(applyCdt(numbers, filtered, false)).toEqual({ code: ResultCode.PARAMETER_ERROR });
  });
});

describe("a path that changes what it reaches", () => {
  it("replaces and removes", () => {
    expect(contentOf(apply(numbers, ["plus", 10], 0, EXPRESSION, ["above", 2]).bin)).toEqual([14, 1, 13, 2]);
    expect(contentOf(apply(numbers, ["remove"], 0, EXPRESSION, ["above", 2]).bin)).toEqual([1, 2]);
    expect(contentOf(apply(books, ["plus", 1], 0, ...ALL, 0x22, "price").bin)).toEqual({
      a: { price: 6, tags: [1, 2] },
      b: { price: 10, tags: [3] },
      c: 7,
    });
    expect(apply(books, ["remove"], 0, 0x22, "c").bin).toEqual(
      mapBin(
        [
          ["a", { price: 5, tags: [1, 2] }],
          ["b", { price: 9, tags: [3] }],
        ],
        1,
      ),
    );
  });

  it("answers nothing", () => {
    expect(apply(numbers, ["plus", 1], 0, ...ALL).result).toBeUndefined();
  });

  it("keeps an ordered list in order", () => {
    expect(apply(listBin([1, 5, 9], 1), ["plus", 10], 0, 0x10, 0).bin).toEqual(listBin([11, 5, 9], 1));
    const nested: BinValue = { ...numbers, bytes: packedList(0, packedList(1, packed(1), packed(5))) };
    expect(apply(nested, ["plus", 10], 0, ...ALL, 0x10, 0).bin?.bytes).toEqual(
      packedList(0, packedList(1, packed(5), packed(11))),
    );
  });

  it("fails over the unknown, unless told to leave it", () => {
    expect(apply(books, ["plus", 1], 0, ...ALL)).toEqual({ code: ResultCode.SERVER_ERROR });
    expect(contentOf(apply(books, ["plus", 1], NO_FAIL, 0x22, "a").bin)).toEqual(contentOf(books));
  });

  it("stores no wildcard", () => {
    expect(apply(numbers, ["wildcard"], 0, 0x10, 0)).toEqual({ code: ResultCode.BIN_TYPE_ERROR });
  });

  it("needs what to put there", () => {
    expect(applyCdt(numbers, packed([SELECT, [...ALL], Kind.APPLY]), true, evaluator)).toEqual({
      code: ResultCode.PARAMETER_ERROR,
    });
    expect(apply(numbers, ["invalid"], 0, ...ALL)).toEqual({ code: ResultCode.PARAMETER_ERROR });
  });
});
