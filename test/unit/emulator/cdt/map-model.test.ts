import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BinValue } from "../../../../emulator/record/bin-value.js";
import type { CdtCall } from "../../../../protocol/cdt/call.js";
import { INVERTED, MapOrder, MapReturnType, MapWriteFlags } from "../../../../protocol/cdt/flags.js";
import * as map from "../../../../protocol/cdt/map.js";
import * as by from "../../../../protocol/cdt/map-selectors.js";
import { isSingle } from "../../../../protocol/cdt/operations.js";
import { getBy, type MapSelector, removeBy } from "../../../../protocol/cdt/selector.js";
import { ResultCode } from "../../../../protocol/result-code.js";
import { Double } from "../../../../protocol/value/double.js";
import { runs } from "../../../support/runs.js";
import { binAfter, contentOf, listBin, mapBin, run } from "./bins.js";

// Maps beside a model: entries in key order, numbers before texts. Values are integers, so that rank is plain to see.

type Key = number | string;
type Entry = readonly [key: Key, value: number];

const NOT_APPLICABLE = ResultCode.OP_NOT_APPLICABLE;

function compareKeys(a: Key, b: Key): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  return a < b ? -1 : Number(a > b);
}

function inKeyOrder(entries: Iterable<Entry>): Entry[] {
  return [...entries].sort(([a], [b]) => compareKeys(a, b));
}

function put(entries: readonly Entry[], items: readonly Entry[]): Entry[] {
  return inKeyOrder(new Map([...entries, ...items]));
}

/** What an operation comes to: a result code, or the map afterwards and the answer. */
type Expected = number | { readonly entries: readonly Entry[]; readonly answer?: unknown };

interface Write {
  readonly call: CdtCall;
  readonly expected: (entries: readonly Entry[]) => Expected;
}

function sized(entries: readonly Entry[]): Expected {
  return { entries, answer: entries.length };
}

function holds(entries: readonly Entry[], key: Key): boolean {
  return entries.some(([each]) => each === key);
}

const key: fc.Arbitrary<Key> = fc.oneof(fc.integer({ min: -2, max: 5 }), fc.constantFrom("", "a", "ab", "b"));
const value = fc.integer({ min: -3, max: 6 });
const entry = fc.tuple(key, value);
const items = fc.uniqueArray(entry, { maxLength: 7, selector: ([each]) => each });
const keys = fc.uniqueArray(key, { minLength: 1, maxLength: 4 });
const index = fc.integer({ min: -8, max: 8 });
const count = fc.nat(8);
const order = fc.constantFrom(MapOrder.UNORDERED, MapOrder.KEY_ORDERED, MapOrder.KEY_VALUE_ORDERED);

const { CREATE_ONLY, UPDATE_ONLY, NO_FAIL, PARTIAL } = MapWriteFlags;

const write: fc.Arbitrary<Write> = fc.oneof(
  entry.map((each) => ({
    call: map.mapPut(...each),
    expected: (old: readonly Entry[]) => sized(put(old, [each])),
  })),
  items.map((all) => ({
    call: map.mapPutItems(new Map(all)),
    expected: (old: readonly Entry[]) => sized(put(old, all)),
  })),
  entry.map((each) => ({
    call: map.mapPut(...each, { flags: CREATE_ONLY }),
    expected: (old: readonly Entry[]) => (holds(old, each[0]) ? ResultCode.ELEMENT_EXISTS : sized(put(old, [each]))),
  })),
  entry.map((each) => ({
    call: map.mapPut(...each, { flags: UPDATE_ONLY | NO_FAIL }),
    expected: (old: readonly Entry[]) => sized(holds(old, each[0]) ? put(old, [each]) : old),
  })),
  items.map((all) => ({
    call: map.mapPutItems(new Map(all), { flags: CREATE_ONLY | NO_FAIL | PARTIAL }),
    expected: (old: readonly Entry[]) => sized(put(all, old)),
  })),
  items.map((all) => ({
    call: map.mapPutItems(new Map(all), { flags: UPDATE_ONLY }),
    expected: (old: readonly Entry[]) =>
      all.every(([each]) => holds(old, each)) ? sized(put(old, all)) : ResultCode.ELEMENT_NOT_FOUND,
  })),
  fc.tuple(key, value, fc.boolean()).map(([at, by_, negative]) => ({
    call: negative ? map.mapDecrement(at, by_) : map.mapIncrement(at, by_),
    expected: (old: readonly Entry[]) => {
      const sum = (old.find(([each]) => each === at)?.[1] ?? 0) + (negative ? -by_ : by_);
      return { entries: put(old, [[at, sum]]), answer: sum };
    },
  })),
  fc.constant({ call: map.mapClear(), expected: () => ({ entries: [] }) }),
);

interface Pick {
  readonly selector: MapSelector;
  /** What it names, by definition; undefined when it asks for what is not there. */
  readonly chosen: (entries: readonly Entry[]) => readonly Entry[] | undefined;
}

function inValueOrder(entries: readonly Entry[]): Entry[] {
  return entries.toSorted(([, a], [, b]) => a - b);
}

function one(entries: readonly Entry[], at: number): Entry[] | undefined {
  const found = entries.at(at);
  return found === undefined ? undefined : [found];
}

/** Cut out from an index on, clipped to what is there. */
function stretch(entries: readonly Entry[], from: number, some: number): Entry[] {
  return entries.filter((_, at) => at >= from && at < from + some);
}

function fromEnd(at: number, size: number): number {
  return at < 0 ? at + size : at;
}

const pick: fc.Arbitrary<Pick> = fc.oneof(
  key.map((each) => ({
    selector: by.mapByKey(each),
    chosen: (all: readonly Entry[]) => all.filter(([other]) => other === each),
  })),
  index.map((at) => ({ selector: by.mapByIndex(at), chosen: (all: readonly Entry[]) => one(all, at) })),
  index.map((rank) => ({
    selector: by.mapByRank(rank),
    chosen: (all: readonly Entry[]) => one(inValueOrder(all), rank),
  })),
  value.map((each) => ({
    selector: by.mapByValue(each),
    chosen: (all: readonly Entry[]) => all.filter(([, other]) => other === each),
  })),
  keys.map((some) => ({
    selector: by.mapByKeyList(some),
    chosen: (all: readonly Entry[]) => all.filter(([other]) => some.includes(other)),
  })),
  fc.uniqueArray(value, { minLength: 1, maxLength: 4 }).map((some) => ({
    selector: by.mapByValueList(some),
    chosen: (all: readonly Entry[]) => all.filter(([, other]) => some.includes(other)),
  })),
  fc.tuple(key, key).map(([begin, end]) => ({
    selector: by.mapByKeyRange(begin, end),
    chosen: (all: readonly Entry[]) =>
      all.filter(([other]) => compareKeys(other, begin) >= 0 && compareKeys(other, end) < 0),
  })),
  fc.tuple(value, value).map(([begin, end]) => ({
    selector: by.mapByValueRange(begin, end),
    chosen: (all: readonly Entry[]) => all.filter(([, other]) => other >= begin && other < end),
  })),
  fc.tuple(index, count).map(([at, some]) => ({
    selector: by.mapByIndexRange(at, some),
    chosen: (all: readonly Entry[]) => stretch(all, fromEnd(at, all.length), some),
  })),
  fc.tuple(index, count).map(([rank, some]) => ({
    selector: by.mapByRankRange(rank, some),
    chosen: (all: readonly Entry[]) => stretch(inValueOrder(all), fromEnd(rank, all.length), some),
  })),
  fc.tuple(key, fc.integer({ min: -4, max: 4 }), count).map(([each, at, some]) => ({
    selector: by.mapByKeyRelIndexRange(each, at, some),
    chosen: (all: readonly Entry[]) =>
      stretch(all, all.filter(([other]) => compareKeys(other, each) < 0).length + at, some),
  })),
  fc.tuple(value, fc.integer({ min: -4, max: 4 }), count).map(([each, rank, some]) => ({
    selector: by.mapByValueRelRankRange(each, rank, some),
    chosen: (all: readonly Entry[]) =>
      stretch(inValueOrder(all), all.filter(([, other]) => other < each).length + rank, some),
  })),
);

function ask(bin: BinValue, selector: MapSelector, type: number): unknown {
  const { code, result } = run(bin, getBy(selector, type));
  expect(code).toBe(ResultCode.OK);
  return contentOf(result);
}

/** The entries that a reply holds, in key order. */
function entriesOf(reply: unknown): Entry[] {
  const pairs: [unknown, unknown][] =
    reply instanceof Map ? [...reply] : Object.entries(typeof reply === "object" ? (reply ?? {}) : {});
  return inKeyOrder(
    pairs.map(([each, held]) => {
      if (typeof each !== "number" && typeof each !== "string") throw new Error(`${String(each)} is no key`);
      return [each, Number(held)];
    }),
  );
}

describe("maps beside a model", () => {
  it("are changed alike", () => {
    fc.assert(
      fc.property(items, order, fc.array(write, { maxLength: 8 }), (all, flags, writes) => {
        let bin = mapBin(all, flags);
        let model = inKeyOrder(all);
        for (const { call, expected } of writes) {
          const outcome = run(bin, call);
          const due = expected(model);
          if (typeof due === "number") {
            expect(outcome).toMatchObject({ code: due });
            continue;
          }
          expect(outcome.code).toBe(ResultCode.OK);
          expect(contentOf(outcome.result)).toEqual(due.answer);
          bin = binAfter(bin, outcome) ?? bin;
          model = inKeyOrder(due.entries);
          expect(bin).toEqual(mapBin(model, flags));
        }
      }),
      { numRuns: runs(100) },
    );
  });

  it("hand out and lose what is selected", () => {
    fc.assert(
      fc.property(items, order, pick, fc.boolean(), (all, flags, { selector, chosen }, inverted) => {
        const bin = mapBin(all, flags);
        const model = inKeyOrder(all);
        const found = chosen(model);
        const isInverted = inverted && !isSingle(selector.kind);
        const type = (kind: number): number => (isInverted ? kind + INVERTED : kind);
        if (found === undefined) {
          expect(run(bin, getBy(selector, MapReturnType.VALUE))).toMatchObject({ code: NOT_APPLICABLE });
          expect(run(bin, removeBy(selector))).toMatchObject({ code: NOT_APPLICABLE });
          return;
        }
        const due = isInverted ? model.filter((each) => !found.includes(each)) : inKeyOrder(found);
        expect(ask(bin, selector, type(MapReturnType.COUNT))).toBe(due.length);
        for (const kind of [MapReturnType.KEY_VALUE, MapReturnType.UNORDERED_MAP, MapReturnType.ORDERED_MAP]) {
          expect(entriesOf(ask(bin, selector, type(kind)))).toEqual(due);
        }
        if (isSingle(selector.kind)) {
          expect(ask(bin, selector, MapReturnType.KEY)).toBe(due[0]?.[0]);
          expect(ask(bin, selector, MapReturnType.VALUE)).toBe(due[0]?.[1]);
        }
        const removal = run(bin, removeBy(selector, type(MapReturnType.COUNT)));
        expect(contentOf(removal.result)).toBe(due.length);
        expect(binAfter(bin, removal)).toEqual(
          mapBin(
            model.filter((each) => !due.includes(each)),
            flags,
          ),
        );
      }),
      { numRuns: runs(200) },
    );
  });

  it("tell ranks and indexes from either end", () => {
    fc.assert(
      fc.property(items, order, pick, (all, flags, { selector, chosen }) => {
        const bin = mapBin(all, flags);
        const model = inKeyOrder(all);
        const found = chosen(model);
        if (found === undefined) return;
        const last = model.length - 1;
        const indexes = found.map((each) => model.indexOf(each));
        const ranks = found.map((each) => inValueOrder(model).indexOf(each));
        const numbers = (type: number): number[] => {
          const answered = ask(bin, selector, type);
          const list = Array.isArray(answered) ? answered.map(Number) : [Number(answered)].filter((each) => each >= 0);
          return list.sort((a, b) => a - b);
        };
        const ascending = (list: readonly number[]): number[] => list.toSorted((a, b) => a - b);
        expect(numbers(MapReturnType.INDEX)).toEqual(ascending(indexes));
        expect(numbers(MapReturnType.REVERSE_INDEX)).toEqual(ascending(indexes.map((each) => last - each)));
        if (selector.kind === "keyList") return;
        expect(numbers(MapReturnType.RANK)).toEqual(ascending(ranks));
        expect(numbers(MapReturnType.REVERSE_RANK)).toEqual(ascending(ranks.map((each) => last - each)));
      }),
      { numRuns: runs(100) },
    );
  });

  it("tell whether anything is there", () => {
    fc.assert(
      fc.property(items, order, pick, (all, flags, { selector, chosen }) => {
        const found = chosen(inKeyOrder(all));
        if (found === undefined) return;
        expect(ask(mapBin(all, flags), selector, MapReturnType.EXISTS)).toBe(found.length > 0);
      }),
    );
  });

  it("keep the order of the result in a map of pairs", () => {
    const bin = mapBin([
      ["a", 3],
      ["b", 1],
      ["c", 2],
    ]);
    const pairs = run(bin, getBy(by.mapByRankRange(0), MapReturnType.KEY_VALUE)).result;
    expect(Object.entries(Object(contentOf(pairs)))).toEqual([
      ["b", 1],
      ["c", 2],
      ["a", 3],
    ]);
    expect(run(bin, getBy(by.mapByRankRange(0), MapReturnType.KEY)).result).toEqual(listBin(["b", "c", "a"]));
    expect(run(bin, getBy(by.mapByIndexRange(1), MapReturnType.VALUE)).result).toEqual(listBin([1, 2]));
  });

  it("count on in the type of the number that is there", () => {
    const bin = mapBin([
      ["i", 1],
      ["d", new Double(0.5)],
      ["s", "1"],
    ]);
    expect(contentOf(run(bin, map.mapIncrement("i", new Double(2.9))).result)).toBe(3);
    expect(contentOf(run(bin, map.mapIncrement("d", 2)).result)).toBe(2.5);
    expect(contentOf(run(bin, map.mapIncrement("new", new Double(0.25))).result)).toBe(0.25);
    expect(run(bin, map.mapIncrement("s"))).toEqual({ code: ResultCode.PARAMETER_ERROR });
    const edge = mapBin([["i", 2n ** 63n - 1n]]);
    expect(contentOf(run(edge, map.mapIncrement("i")).result)).toBe(-(2n ** 63n));
  });

  it("are made in the order asked for by what writes into a missing bin", () => {
    for (const flags of [MapOrder.UNORDERED, MapOrder.KEY_ORDERED, MapOrder.KEY_VALUE_ORDERED]) {
      const made = mapBin([["a", 1]], flags);
      const calls = [
        map.mapPut("a", 1, { order: flags }),
        map.mapPutItems({ a: 1 }, { order: flags }),
        map.mapIncrement("a", 1, { order: flags }),
      ];
      for (const call of calls) expect(binAfter(undefined, run(undefined, call))).toEqual(made);
      expect(binAfter(made, run(made, map.mapSetOrder(MapOrder.UNORDERED)))).toEqual(mapBin([["a", 1]]));
    }
    expect(run(undefined, map.mapClear())).toEqual({ code: ResultCode.OK, result: null });
    expect(run(undefined, removeBy(by.mapByKey("a")))).toEqual({ code: ResultCode.OK, result: null });
  });
});
