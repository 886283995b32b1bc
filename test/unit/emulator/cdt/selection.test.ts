import { describe, expect, it } from "vitest";
import type { BinValue } from "../../../../emulator/record/bin-value.js";
import { INVERTED, MapReturnType as ReturnType } from "../../../../protocol/cdt/flags.js";
import { ResultCode } from "../../../../protocol/result-code.js";
import type { SearchValue } from "../../../../protocol/value/pack.js";
import { INFINITY, WILDCARD } from "../../../../protocol/value/special.js";
import { binAfter, contentOf, listBin, mapBin, runRaw } from "./bins.js";

// The corners of selections: what clients refuse to send, and what a server answers though one would not expect it.

const NOT_APPLICABLE = { code: ResultCode.OP_NOT_APPLICABLE };
const PARAMETER_ERROR = { code: ResultCode.PARAMETER_ERROR };

const list = listBin([30, 10, 20, 10]);
const sorted = listBin([30, 10, 20, 10], 1);
const map = mapBin([
  ["a", 30],
  ["b", 10],
  ["c", 20],
]);
const ordered = mapBin(
  [
    ["a", 30],
    ["b", 10],
    ["c", 20],
  ],
  1,
);
const SORTS = [
  ["list", list],
  ["sorted list", sorted],
  ["map", map],
  ["ordered map", ordered],
] as const;

const ALL_TYPES = [...Array.from({ length: 18 }, (_, type) => type), 99];
const LIST_OPS = { index: 24, value: 22, values: 23, interval: 25, rank: 26, from: 27, oneIndex: 19, oneValue: 20 };
const MAP_OPS = {
  index: 104,
  value: 102,
  values: 108,
  interval: 105,
  rank: 106,
  from: 110,
  oneIndex: 98,
  oneValue: 99,
};

/** Removals by the code of the read that selects alike. */
const REMOVALS: Readonly<Record<number, number>> = {
  ...{ 22: 35, 23: 36, 24: 37, 25: 38, 26: 39, 27: 40 },
  ...{ 102: 82, 104: 85, 105: 86, 106: 87, 108: 83, 110: 89 },
};

function opsOf(bin: BinValue): typeof LIST_OPS {
  return bin === map || bin === ordered ? MAP_OPS : LIST_OPS;
}

function ask(bin: BinValue, code: number, type: number, ...params: readonly SearchValue[]) {
  return runRaw(bin, false, [code, type, ...params]);
}

function answer(bin: BinValue, code: number, type: number, ...params: readonly SearchValue[]): unknown {
  const outcome = ask(bin, code, type, ...params);
  return outcome.code === ResultCode.OK ? contentOf(outcome.result) : outcome.code;
}

describe.each(SORTS)("a selection of the %s", (_, bin) => {
  const ops = opsOf(bin);
  const isMap = ops === MAP_OPS;

  it("answers no return type that there is none of", () => {
    for (const type of [14, 15, 18, 99, -1, -3]) expect(ask(bin, ops.index, type, 0)).toEqual(NOT_APPLICABLE);
  });

  it("answers what only a map has for maps alone", () => {
    for (const type of [ReturnType.KEY, ReturnType.KEY_VALUE, ReturnType.UNORDERED_MAP, ReturnType.ORDERED_MAP]) {
      expect(ask(bin, ops.rank, type, 0).code).toBe(isMap ? ResultCode.OK : ResultCode.OP_NOT_APPLICABLE);
    }
  });

  it("is not inverted when it names one element", () => {
    for (const type of [ReturnType.VALUE, ReturnType.COUNT, ReturnType.INDEX]) {
      expect(ask(bin, ops.oneIndex, type + INVERTED, 0)).toEqual(NOT_APPLICABLE);
      expect(ask(bin, ops.oneValue, type + INVERTED, 10)).toEqual(NOT_APPLICABLE);
    }
  });

  it("has no range when it names values one by one", () => {
    for (let type: number = ReturnType.INDEX_RANGE; type <= ReturnType.REVERSE_RANK_RANGE; type++) {
      expect(ask(bin, ops.values, type, [10, 20])).toEqual(NOT_APPLICABLE);
    }
  });

  it("answers some code for every return type, inverted or not, and removes alike", () => {
    for (const type of ALL_TYPES.flatMap((each) => [each, each + INVERTED])) {
      for (const [code, ...params] of [
        [ops.value, 10],
        [ops.values, [10, 30]],
        [ops.interval, 10, 20],
        [ops.index, 1, 1],
        [ops.rank, 1, 1],
        [ops.from, 10, 1, 1],
      ] as const) {
        const read = ask(bin, code, type, ...params);
        const removed = runRaw(bin, true, [REMOVALS[code]!, type, ...params]);
        expect([code, type, removed.code]).toEqual([code, type, read.code]);
        if (read.code === ResultCode.OK) expect(removed.result ?? null).toEqual(read.result ?? null);
        else expect(binAfter(bin, removed)).toBe(bin);
      }
    }
  });

  it("takes any count, and all for -1", () => {
    expect(answer(bin, ops.index, ReturnType.COUNT, 1, -1)).toBe(isMap ? 2 : 3);
    expect(answer(bin, ops.index, ReturnType.COUNT, 1, 2n ** 62n)).toBe(isMap ? 2 : 3);
    expect(answer(bin, ops.index, ReturnType.COUNT, -(2n ** 63n), 2n ** 62n)).toBe(0);
    expect(answer(bin, ops.index, ReturnType.COUNT, 2n ** 63n - 1n, -1)).toBe(0);
    expect(answer(bin, ops.from, ReturnType.COUNT, 10, 2n ** 63n - 1n)).toBe(0);
    expect(answer(bin, ops.from, ReturnType.COUNT, 10, -(2n ** 63n), 2n ** 62n)).toBe(0);
  });

  it("cuts off what a start before the first element hangs over", () => {
    const size = isMap ? 3 : 4;
    expect(answer(bin, ops.index, ReturnType.COUNT, -size - 2, 3)).toBe(1);
    expect(answer(bin, ops.rank, ReturnType.COUNT, -size - 2, 2)).toBe(0);
  });

  it("finds values by wildcard, and up to infinity", () => {
    expect(answer(bin, ops.value, ReturnType.COUNT, WILDCARD)).toBe(isMap ? 3 : 4);
    expect(answer(bin, ops.interval, ReturnType.COUNT, 20, INFINITY)).toBe(2);
    expect(answer(bin, ops.interval, ReturnType.COUNT, 20)).toBe(2);
    expect(answer(bin, ops.interval, ReturnType.COUNT, null, null)).toBe(0);
    expect(answer(bin, ops.interval, ReturnType.COUNT, 30, 10)).toBe(0);
  });
});

describe("ranges", () => {
  it("are answered from either end, where the selection is a run", () => {
    expect(answer(list, 24, ReturnType.INDEX_RANGE, 1, 2)).toEqual([1, 2]);
    expect(answer(list, 24, ReturnType.REVERSE_INDEX_RANGE, 0, 1)).toEqual([3, 1]);
    expect(answer(list, 26, ReturnType.RANK_RANGE, -1, 1)).toEqual([3, 1]);
    expect(answer(list, 26, ReturnType.REVERSE_RANK_RANGE, -1, 1)).toEqual([0, 1]);
    expect(answer(map, 97, ReturnType.INDEX_RANGE, "b")).toEqual([1, 1]);
    expect(answer(map, 97, ReturnType.INDEX_RANGE, "x")).toEqual([-1, 0]);
    expect(answer(map, 99, ReturnType.RANK_RANGE, 25)).toEqual([2, 0]);
    expect(ask(list, 24, ReturnType.RANK_RANGE, 1, 2)).toEqual(NOT_APPLICABLE);
    expect(answer(sorted, 24, ReturnType.RANK_RANGE, 1, 2)).toEqual([1, 2]);
  });

  it("are not inverted in lists", () => {
    for (const bin of [list, sorted]) {
      expect(ask(bin, 24, ReturnType.INDEX_RANGE + INVERTED, 1, 2)).toEqual(NOT_APPLICABLE);
    }
  });
});

describe("lists of values or keys", () => {
  it("that are empty select nothing", () => {
    expect(answer(list, 23, ReturnType.VALUE, [])).toEqual([]);
    expect(answer(map, 107, ReturnType.COUNT, [])).toBe(0);
    expect(answer(map, 108, ReturnType.EXISTS, [])).toBe(false);
  });

  it("that are empty and inverted select everything of a list", () => {
    expect(answer(list, 23, ReturnType.VALUE + INVERTED, [])).toEqual([30, 10, 20, 10]);
  });

  it.each([ReturnType.KEY, ReturnType.VALUE, ReturnType.KEY_VALUE, ReturnType.UNORDERED_MAP, ReturnType.ORDERED_MAP])(
    "that are empty and inverted are refused for return type %i of a map, which takes a real node down",
    (type) => {
      for (const bin of [map, ordered]) {
        for (const code of [107, 108]) expect(ask(bin, code, type + INVERTED, [])).toEqual(PARAMETER_ERROR);
        for (const code of [81, 83]) expect(runRaw(bin, true, [code, type + INVERTED, []])).toEqual(PARAMETER_ERROR);
      }
    },
  );

  it("that are empty and inverted are counted in a map", () => {
    for (const bin of [map, ordered]) {
      expect(answer(bin, 107, ReturnType.COUNT + INVERTED, [])).toBe(3);
      expect(answer(bin, 108, ReturnType.INDEX + INVERTED, [])).toEqual([0, 1, 2]);
    }
  });

  it("answer a sorted list item by item, repeats included", () => {
    expect(answer(sorted, 23, ReturnType.VALUE, [30, 10, 30])).toEqual([30, 10, 10, 30]);
    expect(answer(list, 23, ReturnType.VALUE, [30, 10, 30])).toEqual([30, 10, 10]);
  });

  it("are refused when their repeats come to more than a reply holds", () => {
    const many = listBin(new Array(3000).fill(1), 1);
    expect(ask(many, 23, ReturnType.VALUE, new Array(3000).fill(1))).toEqual(PARAMETER_ERROR);
    expect(answer(many, 23, ReturnType.COUNT, new Array(2000).fill(1))).toBe(3000);
  });

  it("must be lists", () => {
    expect(ask(list, 23, ReturnType.VALUE, 10)).toEqual(PARAMETER_ERROR);
    expect(ask(map, 107, ReturnType.VALUE, "a")).toEqual(PARAMETER_ERROR);
  });

  it("of keys have no ranks", () => {
    for (const type of [ReturnType.RANK, ReturnType.REVERSE_RANK]) {
      expect(ask(map, 107, type, ["a"])).toEqual(NOT_APPLICABLE);
    }
  });
});

describe("EXISTS", () => {
  it("asks the selection itself when inverted, not what is left", () => {
    expect(answer(list, 22, ReturnType.EXISTS + INVERTED, 10)).toBe(false);
    expect(answer(list, 22, ReturnType.EXISTS + INVERTED, 11)).toBe(true);
    expect(answer(sorted, 22, ReturnType.EXISTS + INVERTED, 10)).toBe(true);
  });
});

describe("operations", () => {
  it("are refused on the other kind of op", () => {
    expect(runRaw(list, true, [16])).toEqual(PARAMETER_ERROR);
    expect(runRaw(list, false, [1, 5])).toEqual(PARAMETER_ERROR);
    expect(runRaw(list, false, [32, 0, 0])).toEqual(PARAMETER_ERROR);
    expect(runRaw(list, true, [19, 0, 0])).toEqual(PARAMETER_ERROR);
  });

  it("find a bin of another type before they look at their code", () => {
    expect(runRaw(list, false, [111])).toEqual({ code: ResultCode.BIN_TYPE_ERROR });
    expect(runRaw(map, false, [63])).toEqual({ code: ResultCode.BIN_TYPE_ERROR });
    expect(runRaw(list, false, [63])).toEqual(PARAMETER_ERROR);
  });

  it("take as many parameters as they know, but SIZE and CLEAR any", () => {
    expect(runRaw(list, false, [19, 7])).toEqual(PARAMETER_ERROR);
    expect(runRaw(list, false, [19, 7, 0, 0])).toEqual(PARAMETER_ERROR);
    expect(answer(list, 16, 0, 0, 0)).toBe(4);
    expect(runRaw(list, true, [11, 0, 0]).bin).toEqual(listBin([]));
  });

  it("hear nothing of a missing bin when they read", () => {
    expect(runRaw(undefined, false, [19, 7, 0])).toEqual({ code: ResultCode.OK });
    expect(runRaw(undefined, false, [])).toEqual({ code: ResultCode.OK });
  });
});
