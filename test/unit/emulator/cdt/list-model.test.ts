import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BinValue } from "../../../../emulator/record/bin-value.js";
import type { CdtCall } from "../../../../protocol/cdt/call.js";
import { INVERTED, ListReturnType, ListSortFlags, ListWriteFlags } from "../../../../protocol/cdt/flags.js";
import * as list from "../../../../protocol/cdt/list.js";
import * as by from "../../../../protocol/cdt/list-selectors.js";
import { isSingle } from "../../../../protocol/cdt/operations.js";
import { getBy, type ListSelector, removeBy } from "../../../../protocol/cdt/selector.js";
import { ResultCode } from "../../../../protocol/result-code.js";
import { runs } from "../../../support/runs.js";
import { binAfter, contentOf, listBin, run } from "./bins.js";

// Lists of integers and nil beside a model on arrays, which says by plain definition what an operation comes to.

type Element = number | null;

const NOT_APPLICABLE = ResultCode.OP_NOT_APPLICABLE;
const EXISTS = ResultCode.ELEMENT_EXISTS;

function compare(a: Element, b: Element): number {
  if (a === null || b === null) return Number(b === null) - Number(a === null);
  return a - b;
}

function sorted(elements: readonly Element[]): Element[] {
  return elements.toSorted(compare);
}

/** What an operation comes to: a result code, or the list afterwards and the answer. */
type Expected = number | { readonly elements: readonly Element[]; readonly answer?: unknown };

interface Write {
  readonly call: CdtCall;
  readonly expected: (elements: readonly Element[], isOrdered: boolean) => Expected;
}

/** The list with items at an index, padded with nil. */
function inserted(elements: readonly Element[], index: number, items: readonly Element[]): Expected {
  const at = index < 0 ? index + elements.length : index;
  if (items.length === 0) return { elements, answer: elements.length };
  if (at < 0) return NOT_APPLICABLE;
  const padded = [...elements, ...new Array<null>(Math.max(at - elements.length, 0)).fill(null)];
  const grown = padded.toSpliced(at, 0, ...items);
  return { elements: grown, answer: grown.length };
}

function withoutAnswer(expected: Expected): Expected {
  return typeof expected === "number" ? expected : { elements: expected.elements };
}

function appended(elements: readonly Element[], items: readonly Element[], isOrdered: boolean): Expected {
  const grown = [...elements, ...items];
  return { elements: isOrdered ? sorted(grown) : grown, answer: grown.length };
}

/** Cut out from an index on: the places, clipped to the list. */
function stretch(index: number, count: number, size: number): number[] {
  const from = index < 0 ? index + size : index;
  return Array.from({ length: size }, (_, at) => at).filter((at) => at >= from && at < from + count);
}

const element = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: -3, max: 9 }) }, fc.constant(null));
const elements = fc.array(element, { maxLength: 8 });
const index = fc.integer({ min: -9, max: 10 });
const count = fc.nat(9);

const write: fc.Arbitrary<Write> = fc.oneof(
  element.map((item) => ({
    call: list.listAppend(item),
    expected: (old: readonly Element[], isOrdered: boolean) => appended(old, [item], isOrdered),
  })),
  elements.map((items) => ({
    call: list.listAppendItems(items),
    expected: (old: readonly Element[], isOrdered: boolean) => appended(old, items, isOrdered),
  })),
  element.map((item) => ({
    call: list.listAppend(item, { flags: ListWriteFlags.ADD_UNIQUE }),
    expected: (old: readonly Element[], isOrdered: boolean) =>
      old.includes(item) ? EXISTS : appended(old, [item], isOrdered),
  })),
  elements.map((items) => ({
    call: list.listAppendItems(items, {
      flags: ListWriteFlags.ADD_UNIQUE | ListWriteFlags.NO_FAIL | ListWriteFlags.PARTIAL,
    }),
    expected: (old: readonly Element[], isOrdered: boolean) => {
      const added = items.filter((item, i) => !old.includes(item) && items.indexOf(item) === i);
      return appended(old, added, isOrdered);
    },
  })),
  fc.tuple(index, element).map(([at, item]) => ({
    call: list.listInsert(at, item),
    expected: (old: readonly Element[], isOrdered: boolean) => (isOrdered ? NOT_APPLICABLE : inserted(old, at, [item])),
  })),
  fc.tuple(index, elements).map(([at, items]) => ({
    call: list.listInsertItems(at, items),
    expected: (old: readonly Element[], isOrdered: boolean) => (isOrdered ? NOT_APPLICABLE : inserted(old, at, items)),
  })),
  fc.tuple(index, element).map(([at, item]) => ({
    call: list.listInsert(at, item, ListWriteFlags.INSERT_BOUNDED),
    expected: (old: readonly Element[], isOrdered: boolean) =>
      isOrdered || at > old.length ? NOT_APPLICABLE : inserted(old, at, [item]),
  })),
  fc.tuple(index, element).map(([at, item]) => ({
    call: list.listSet(at, item),
    expected: (old: readonly Element[], isOrdered: boolean) => {
      const place = at < 0 ? at + old.length : at;
      if (isOrdered || place < 0) return NOT_APPLICABLE;
      return place < old.length ? { elements: old.with(place, item) } : withoutAnswer(inserted(old, place, [item]));
    },
  })),
  fc.tuple(index, fc.integer({ min: -5, max: 5 })).map(([at, by]) => ({
    call: list.listIncrement(at, by),
    expected: (old: readonly Element[], isOrdered: boolean) => {
      const place = at < 0 ? at + old.length : at;
      if (place < 0 || (isOrdered && place > old.length)) return NOT_APPLICABLE;
      const current = place < old.length ? old[place] : 0;
      if (typeof current !== "number") return ResultCode.PARAMETER_ERROR;
      const sum = current + by;
      if (isOrdered) return { elements: sorted([...old.toSpliced(place, 1), sum]), answer: sum };
      const changed = place < old.length ? { elements: old.with(place, sum) } : inserted(old, place, [sum]);
      return typeof changed === "number" ? changed : { elements: changed.elements, answer: sum };
    },
  })),
  fc.tuple(index, count).map(([at, keep]) => ({
    call: list.listTrim(at, keep),
    expected: (old: readonly Element[]) => {
      const kept = stretch(at, keep, old.length).map((place) => old[place]!);
      return { elements: kept, answer: old.length - kept.length };
    },
  })),
  index.map((at) => ({
    call: list.listPop(at),
    expected: (old: readonly Element[]) => {
      const place = at < 0 ? at + old.length : at;
      if (place < 0 || place >= old.length) return NOT_APPLICABLE;
      // Nil is no value of a bin, so its row has none.
      return { elements: old.toSpliced(place, 1), answer: old[place] ?? undefined };
    },
  })),
  fc.tuple(index, count).map(([at, some]) => ({
    call: list.listPopRange(at, some),
    expected: (old: readonly Element[]) => {
      const places = stretch(at, some, old.length);
      return { elements: old.filter((_, i) => !places.includes(i)), answer: places.map((place) => old[place]) };
    },
  })),
  fc.tuple(index, count).map(([at, some]) => ({
    call: list.listRemoveRange(at, some),
    expected: (old: readonly Element[]) => {
      const places = stretch(at, some, old.length);
      return { elements: old.filter((_, i) => !places.includes(i)), answer: places.length };
    },
  })),
  fc.constantFrom<ListSortFlags>(...Object.values(ListSortFlags)).map((flags) => ({
    call: list.listSort(flags),
    expected: (old: readonly Element[], isOrdered: boolean) => {
      const order = sorted(old);
      if (flags === ListSortFlags.DROP_DUPLICATES) return { elements: [...new Set(order)] };
      return { elements: flags === ListSortFlags.DESCENDING && !isOrdered ? order.reverse() : order };
    },
  })),
  fc.constant({ call: list.listClear(), expected: () => ({ elements: [] }) }),
);

/** What a selector names by definition: all the ways in which equal elements may have been chosen have the same values. */
interface Pick {
  readonly selector: ListSelector;
  /** The places, or undefined when the selector asks for what is not there. */
  readonly places: (elements: readonly Element[]) => readonly number[] | undefined;
}

function byRank(elements: readonly Element[]): number[] {
  return Array.from(elements.keys()).sort((a, b) => compare(elements[a]!, elements[b]!));
}

function one(at: number, places: readonly number[]): number[] | undefined {
  const place = places.at(at);
  return place === undefined ? undefined : [place];
}

const pick: fc.Arbitrary<Pick> = fc.oneof(
  index.map((at) => ({
    selector: by.listByIndex(at),
    places: (all: readonly Element[]) => one(at, Array.from(all.keys())),
  })),
  index.map((rank) => ({
    selector: by.listByRank(rank),
    places: (all: readonly Element[]) => one(rank, byRank(all)),
  })),
  element.map((item) => ({
    selector: by.listByFirstValue(item),
    places: (all: readonly Element[]) => (all.includes(item) ? [all.indexOf(item)] : []),
  })),
  element.map((item) => ({
    selector: by.listByValue(item),
    places: (all: readonly Element[]) => Array.from(all.keys()).filter((place) => all[place] === item),
  })),
  fc.array(element, { minLength: 1, maxLength: 5 }).map((items) => ({
    selector: by.listByValueList([...new Set(items)]),
    places: (all: readonly Element[]) => Array.from(all.keys()).filter((place) => items.includes(all[place]!)),
  })),
  fc.tuple(index, count).map(([at, some]) => ({
    selector: by.listByIndexRange(at, some),
    places: (all: readonly Element[]) => stretch(at, some, all.length),
  })),
  fc.tuple(index, count).map(([rank, some]) => ({
    selector: by.listByRankRange(rank, some),
    places: (all: readonly Element[]) => stretch(rank, some, all.length).map((each) => byRank(all)[each]!),
  })),
  fc.tuple(fc.integer({ min: -4, max: 10 }), fc.integer({ min: -4, max: 10 })).map(([begin, end]) => ({
    selector: by.listByValueRange(begin, end),
    places: (all: readonly Element[]) =>
      Array.from(all.keys()).filter((place) => compare(all[place]!, begin) >= 0 && compare(all[place]!, end) < 0),
  })),
  fc.tuple(element, fc.integer({ min: -5, max: 5 }), count).map(([item, rank, some]) => ({
    selector: by.listByValueRelRankRange(item, rank, some),
    places: (all: readonly Element[]) => {
      const from = all.filter((each) => compare(each, item) < 0).length + rank;
      return byRank(all).filter((_, each) => each >= from && each < from + some);
    },
  })),
);

const lists = fc.tuple(elements, fc.constantFrom(0, 1));

function stored(values: readonly Element[], flags: number): { bin: BinValue; model: readonly Element[] } {
  return { bin: listBin(values, flags), model: flags === 0 ? values : sorted(values) };
}

function asElements(value: unknown): Element[] {
  if (!Array.isArray(value)) throw new Error(`${String(value)} is no list`);
  return value;
}

describe("lists beside a model", () => {
  it("are changed alike", () => {
    fc.assert(
      fc.property(lists, fc.array(write, { maxLength: 8 }), ([values, flags], writes) => {
        let { bin, model } = stored(values, flags);
        for (const { call, expected } of writes) {
          const outcome = run(bin, call);
          const due = expected(model, flags === 1);
          if (typeof due === "number") {
            expect(outcome).toMatchObject({ code: due });
            continue;
          }
          expect(outcome.code).toBe(ResultCode.OK);
          expect(contentOf(outcome.result)).toEqual(due.answer);
          bin = binAfter(bin, outcome) ?? bin;
          model = due.elements;
          expect(bin).toEqual(listBin(model, flags));
        }
      }),
      { numRuns: runs(100) },
    );
  });

  it("hand out and lose what is selected", () => {
    fc.assert(
      fc.property(lists, pick, fc.boolean(), ([values, flags], { selector, places }, inverted) => {
        const { bin, model } = stored(values, flags);
        const found = places(model);
        const isInverted = inverted && !isSingle(selector.kind);
        const type = (kind: number): number => (isInverted ? kind + INVERTED : kind);
        if (found === undefined) {
          expect(run(bin, getBy(selector, ListReturnType.VALUE))).toMatchObject({ code: NOT_APPLICABLE });
          expect(run(bin, removeBy(selector))).toMatchObject({ code: NOT_APPLICABLE });
          return;
        }
        const chosen = isInverted ? [...model.keys()].filter((place) => !found.includes(place)) : found;
        const due = chosen.map((place) => model[place]!);
        expect(contentOf(run(bin, getBy(selector, type(ListReturnType.COUNT))).result)).toBe(due.length);
        const handed = contentOf(run(bin, getBy(selector, type(ListReturnType.VALUE))).result);
        if (isSingle(selector.kind)) expect(handed).toBe(due[0] ?? undefined);
        else expect(sorted(asElements(handed))).toEqual(sorted(due));

        const removal = run(bin, removeBy(selector, type(ListReturnType.INDEX)));
        const answered = contentOf(removal.result);
        const indexes = typeof answered === "number" ? [answered].filter((at) => at >= 0) : asElements(answered);
        expect(sorted(indexes.map((at) => model[at ?? -1]!))).toEqual(sorted(due));
        const left = binAfter(bin, removal);
        expect(left).toEqual(
          listBin(
            model.filter((_, place) => !indexes.includes(place)),
            flags,
          ),
        );
      }),
      { numRuns: runs(200) },
    );
  });

  it("tell ranks and indexes from either end", () => {
    fc.assert(
      fc.property(lists, pick, ([values, flags], { selector, places }) => {
        const { bin, model } = stored(values, flags);
        if (places(model) === undefined) return;
        const numbers = (type: number): number[] => {
          const answered = contentOf(run(bin, getBy(selector, type)).result);
          return (typeof answered === "number" ? [answered] : asElements(answered)).map((each) => each ?? -1);
        };
        const last = model.length - 1;
        const mirrored = (type: number): number[] => numbers(type).map((each) => (each < 0 ? each : last - each));
        expect(sorted(mirrored(ListReturnType.REVERSE_INDEX))).toEqual(sorted(numbers(ListReturnType.INDEX)));
        expect(sorted(mirrored(ListReturnType.REVERSE_RANK))).toEqual(sorted(numbers(ListReturnType.RANK)));
        const order = sorted(model);
        const values_ = places(model)?.map((place) => model[place]!) ?? [];
        const ranked = numbers(ListReturnType.RANK).filter((rank) => rank >= 0);
        expect(sorted(ranked.map((rank) => order[rank]!))).toEqual(sorted(values_));
      }),
      { numRuns: runs(100) },
    );
  });

  it("are made by what writes into a missing bin, and by nothing else", () => {
    const made: readonly CdtCall[] = [
      list.listAppend(1),
      list.listInsert(0, 1),
      list.listSet(0, 1),
      list.listIncrement(0),
    ];
    for (const call of made) expect(binAfter(undefined, run(undefined, call))).toEqual(listBin([1]));
    expect(binAfter(undefined, run(undefined, list.listAppend(1, { order: 1 })))).toEqual(listBin([1], 1));
    for (const call of [list.listPop(0), list.listRemoveRange(0), list.listTrim(0, 1), list.listClear()]) {
      expect(run(undefined, call)).toEqual({ code: ResultCode.OK, result: null });
    }
    expect(run(undefined, list.listSort())).toEqual({ code: ResultCode.BIN_TYPE_ERROR });
  });
});
