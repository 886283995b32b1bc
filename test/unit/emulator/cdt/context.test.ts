import { describe, expect, it } from "vitest";
import type { BinValue } from "../../../../emulator/record/bin-value.js";
import { inContext } from "../../../../protocol/cdt/call.js";
import { CTX } from "../../../../protocol/cdt/context.js";
import { ListOrderType, MapOrder, MapReturnType } from "../../../../protocol/cdt/flags.js";
import { listAppend, listClear, listSet, listSize, listSort } from "../../../../protocol/cdt/list.js";
import { mapIncrement, mapPut, mapSize } from "../../../../protocol/cdt/map.js";
import { mapByKey } from "../../../../protocol/cdt/map-selectors.js";
import { getBy, removeBy } from "../../../../protocol/cdt/selector.js";
import { ResultCode } from "../../../../protocol/result-code.js";
import type { SearchValue } from "../../../../protocol/value/pack.js";
import { WILDCARD } from "../../../../protocol/value/special.js";
import { binAfter, contentOf, listBin, mapBin, packed, packedList, packedMap, run, runRaw } from "./bins.js";

const NOT_APPLICABLE = { code: ResultCode.OP_NOT_APPLICABLE };
const PARAMETER_ERROR = { code: ResultCode.PARAMETER_ERROR };
const TYPE_ERROR = { code: ResultCode.BIN_TYPE_ERROR };

const APPEND = 1;
const PUT = 67;
const CONTEXT_EVAL = 0xff;

const tree = mapBin(
  [
    ["list", [30, 10, 20]],
    ["map", { a: { x: 1 }, b: { x: 2 } }],
    ["scalar", 5],
  ],
  1,
);

/** Appends 9 to the list at the end of a context that is packed by hand. */
function append(bin: BinValue | undefined, ...context: readonly SearchValue[]) {
  return runRaw(bin, true, [CONTEXT_EVAL, [...context], [APPEND, 9]]);
}

describe("a context", () => {
  it.each([
    ["a key", [CTX.mapKey("map"), CTX.mapKey("b")], { x: 2 }],
    ["an index", [CTX.mapIndex(1), CTX.mapIndex(0)], { x: 1 }],
    ["a rank", [CTX.mapRank(-1), CTX.mapRank(-1)], { x: 2 }],
    ["a value", [CTX.mapKey("map"), CTX.mapValue({ x: 2 })], { x: 2 }],
  ])("leads by %s", (_, context, found) => {
    const value = Object.values(found)[0];
    expect(contentOf(run(tree, inContext(getBy(mapByKey("x"), MapReturnType.VALUE), context)).result)).toBe(value);
  });

  it.each([
    [
      "an index",
      CTX.listIndex(-1),
      [
        [5, 9],
        [7, 3],
        [1, 1, 4],
      ],
    ],
    [
      "a rank",
      CTX.listRank(-1),
      [
        [5, 9],
        [7, 3, 4],
        [1, 1],
      ],
    ],
    [
      "a value",
      CTX.listValue([5, 9]),
      [
        [5, 9, 4],
        [7, 3],
        [1, 1],
      ],
    ],
  ])("leads into a list by %s", (_, step, changed) => {
    const bin = listBin([
      [5, 9],
      [7, 3],
      [1, 1],
    ]);
    expect(run(bin, inContext(listAppend(4), [step])).bin).toEqual(listBin(changed));
  });

  it("leads by a value with a wildcard, but not to a write", () => {
    const bin = listBin([[1], [5, 9, 9]]);
    const step = CTX.listValue([5, WILDCARD]);
    expect(contentOf(run(bin, inContext(listSize(), [step])).result)).toBe(3);
    expect(run(bin, inContext(listAppend(4), [step]))).toEqual(PARAMETER_ERROR);
  });

  it("leads from a change back to the whole bin", () => {
    const changed = run(tree, inContext(mapIncrement("x", 5), [CTX.mapKey("map"), CTX.mapKey("a")]));
    expect(contentOf(changed.result)).toBe(6);
    expect(contentOf(changed.bin)).toEqual({ list: [30, 10, 20], map: { a: { x: 6 }, b: { x: 2 } }, scalar: 5 });
  });

  it("puts what it changed in an ordered list into its new place", () => {
    const bin = listBin([[1], [2], [3]], 1);
    expect(run(bin, inContext(listSet(0, 9), [CTX.listIndex(0)])).bin).toEqual(listBin([[2], [3], [9]], 1));
  });

  it("does not move what an operation left as it was", () => {
    // Equal to the empty list but longer, so that only a look at the marker tells the two apart.
    const twins = [packedList(0), packedList(1), packedList(0, packed(1))];
    const bin: BinValue = { ...listBin([]), bytes: packedList(1, ...twins) };
    const sorted = run(bin, inContext(listSort(), [CTX.listIndex(0)]));
    expect(binAfter(bin, sorted)).toEqual(bin);
  });

  it("ends where nothing is", () => {
    expect(run(tree, inContext(listSize(), [CTX.mapKey("none")]))).toEqual(NOT_APPLICABLE);
    expect(run(tree, inContext(listSize(), [CTX.mapIndex(9)]))).toEqual(NOT_APPLICABLE);
    expect(run(tree, inContext(listSize(), [CTX.mapKey("list"), CTX.listIndex(3)]))).toEqual(NOT_APPLICABLE);
    expect(run(tree, inContext(listAppend(1), [CTX.mapKey("none")]))).toEqual(NOT_APPLICABLE);
    expect(run(undefined, inContext(listAppend(1), [CTX.mapKey("none")]))).toEqual(NOT_APPLICABLE);
    expect(run(undefined, inContext(listSize(), [CTX.mapKey("none")]))).toEqual({ code: ResultCode.OK });
  });

  it("ends where something else is", () => {
    expect(run(tree, inContext(listSize(), [CTX.listIndex(0)]))).toEqual(NOT_APPLICABLE);
    expect(run(tree, inContext(mapSize(), [CTX.mapKey("list")]))).toEqual(TYPE_ERROR);
    expect(run(tree, inContext(listSize(), [CTX.mapKey("scalar")]))).toEqual(TYPE_ERROR);
    expect(run(tree, inContext(listSize(), [CTX.mapKey("scalar"), CTX.listIndex(0)]))).toEqual(NOT_APPLICABLE);
    const scalar = { type: 1, bytes: new Uint8Array(8) };
    expect(run(scalar, inContext(listSize(), [CTX.listIndex(0)]))).toEqual(PARAMETER_ERROR);
  });

  it("is refused when it is none", () => {
    expect(append(tree)).toEqual(PARAMETER_ERROR);
    expect(append(tree, 0x22)).toEqual(PARAMETER_ERROR);
    expect(append(tree, "list", 0x22)).toEqual(PARAMETER_ERROR);
    expect(runRaw(tree, true, [CONTEXT_EVAL, [0x22, "list"], APPEND, 9])).toEqual(PARAMETER_ERROR);
    for (const type of [0x04, 0x12, 0x1a, 0x2a, 0x204]) expect(append(tree, type, "list")).toEqual(NOT_APPLICABLE);
  });
});

describe("a context that creates", () => {
  it("makes the whole way into a missing bin, its lower levels even without a flag", () => {
    const way = [CTX.mapKeyCreate("a", MapOrder.KEY_ORDERED), CTX.mapKey("b"), CTX.listIndex(0)];
    const outcome = run(undefined, inContext(mapPut("c", 1), way));
    expect(contentOf(outcome.bin)).toEqual({ a: { b: [{ c: 1 }] } });
  });

  it.each([
    ["unordered", MapOrder.UNORDERED],
    ["ordered by key", MapOrder.KEY_ORDERED],
    ["ordered by key and value", MapOrder.KEY_VALUE_ORDERED],
  ])("makes a map %s", (_, order) => {
    const outcome = run(undefined, inContext(listAppend(1), [CTX.mapKeyCreate("a", order)]));
    expect(outcome.bin).toEqual(mapBin([["a", [1]]], order));
  });

  it("makes the map that holds the place, and the operation the one in it", () => {
    const outcome = run(
      mapBin([["z", 1]], 1),
      inContext(mapPut("k", 1, { order: MapOrder.KEY_VALUE_ORDERED }), [CTX.mapKeyCreate("a", MapOrder.UNORDERED)]),
    );
    const inner = packedMap(3, [packed("k"), packed(1)]);
    expect(outcome.bin?.bytes).toEqual(packedMap(1, [packed("a"), inner], [packed("z"), packed(1)]));
  });

  it("adds at the end of a list, and behind nils when padded", () => {
    const bin = listBin([0]);
    const at = (index: number, order: ListOrderType, pad?: boolean) =>
      run(bin, inContext(listAppend(1), [CTX.listIndexCreate(index, order, pad)]));
    expect(at(1, ListOrderType.UNORDERED).bin).toEqual(listBin([0, [1]]));
    expect(at(2, ListOrderType.UNORDERED)).toEqual(NOT_APPLICABLE);
    expect(at(3, ListOrderType.UNORDERED, true).bin).toEqual(listBin([0, null, null, [1]]));
    expect(at(0, ListOrderType.UNORDERED)).toEqual(TYPE_ERROR);
  });

  it("adds to an ordered list wherever it belongs", () => {
    const bin = listBin([[1], [5]], 1);
    const outcome = run(bin, inContext(listAppend(3), [CTX.listIndexCreate(7, ListOrderType.ORDERED)]));
    expect(outcome.bin).toEqual(listBin([[1], [3], [5]], 1));
  });

  it("takes the last place of an empty list for its first", () => {
    const way = [CTX.listIndexCreate(-1, ListOrderType.UNORDERED)];
    expect(run(listBin([]), inContext(listAppend(1), way)).bin).toEqual(listBin([[1]]));
    expect(run(undefined, inContext(listAppend(1), way)).bin).toEqual(listBin([[1]]));
  });

  it("leaves nothing behind when the operation puts nothing there", () => {
    const way = [CTX.mapKeyCreate("a", MapOrder.KEY_ORDERED)];
    expect(run(undefined, inContext(removeBy(mapByKey("k")), way))).toEqual({ code: ResultCode.OK, result: null });
    expect(run(tree, inContext(listClear(), way))).toEqual({ code: ResultCode.OK, result: null });
    expect(run(tree, inContext(listSort(), way))).toEqual({ code: ResultCode.OK, result: null });
  });

  it("refuses flags where they mean nothing, and keys that may be none", () => {
    for (const type of [0x11 | 0x40, 0x13 | 0x40, 0x20 | 0x40, 0x21 | 0x80, 0x23 | 0x40]) {
      expect(append(undefined, type, 0)).toEqual(NOT_APPLICABLE);
    }
    expect(append(tree, 0x22 | 0x40, WILDCARD)).toEqual(NOT_APPLICABLE);
    expect(append(tree, 0x22 | 0x40, "a", 0x22 | 0x140, "b")).toEqual(NOT_APPLICABLE);
    expect(append(undefined, 0x22 | 0x140, "a").bin).toEqual(mapBin([["a", [9]]]));
  });

  it.each([
    ["nil", null],
    ["a boolean", true],
    ["a double", 0.5],
    ["a list", []],
    ["a map", {}],
  ])("refuses %s as a key, which a real node stores out of reach", (_, key) => {
    expect(append(undefined, 0x22 | 0x80, key)).toEqual(PARAMETER_ERROR);
    expect(append(tree, 0x22 | 0x80, key)).toEqual(PARAMETER_ERROR);
  });

  it("refuses places before the start, which take a real node down", () => {
    expect(append(listBin([[1]], 1), 0x10 | 0xc0, -2)).toEqual(PARAMETER_ERROR);
    expect(append(listBin([[1]]), 0x10 | 0x80, -2)).toEqual(PARAMETER_ERROR);
    expect(append(listBin([[1]]), 0x10 | 0x40, -2)).toEqual(NOT_APPLICABLE);
    expect(append(listBin([[1]], 1), 0x11 | 0xc0, 3, 0x10, 0)).toEqual(PARAMETER_ERROR);
  });

  it("pads no more than a record holds, however many levels do", () => {
    const most = 8 * 1024 * 1024;
    expect(append(undefined, 0x10 | 0x80, most + 1)).toEqual({ code: ResultCode.RECORD_TOO_BIG });
    expect(append(listBin([]), 0x10 | 0x80, most + 1)).toEqual({ code: ResultCode.RECORD_TOO_BIG });
    const levels = Array.from({ length: 1000 }, () => [0x10 | 0x80, most / 4]).flat();
    expect(append(undefined, ...levels)).toEqual({ code: ResultCode.RECORD_TOO_BIG });
  });

  it("finds the operation refused as it would be without a context", () => {
    expect(runRaw(tree, true, [CONTEXT_EVAL, [0x22, "list"], [PUT, 1, 2]])).toEqual(TYPE_ERROR);
    expect(runRaw(tree, true, [CONTEXT_EVAL, [0x22, "list"], [APPEND]])).toEqual(PARAMETER_ERROR);
    expect(runRaw(tree, false, [CONTEXT_EVAL, [0x22, "list"], [APPEND, 1]])).toEqual(PARAMETER_ERROR);
  });
});
