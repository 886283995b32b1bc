import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { type CdtCall, encodePayload, inContext } from "../../../../protocol/cdt/call.js";
import { CTX } from "../../../../protocol/cdt/context.js";
import { MapReturnType } from "../../../../protocol/cdt/flags.js";
import { listAppend, listAppendItems, listInsert, listSet } from "../../../../protocol/cdt/list.js";
import { listByValue, listByValueList, listByValueRange } from "../../../../protocol/cdt/list-selectors.js";
import { mapPut, mapPutItems } from "../../../../protocol/cdt/map.js";
import { mapByKeyList, mapByValueRelRankRange } from "../../../../protocol/cdt/map-selectors.js";
import { getBy, removeBy } from "../../../../protocol/cdt/selector.js";
import { unpackValue } from "../../../../protocol/value/unpack.js";
import type { Value } from "../../../../protocol/value/value.js";
import { packedCall } from "../../../support/packed-call.js";
import { runs } from "../../../support/runs.js";

const scalar = fc.oneof(fc.maxSafeInteger(), fc.string({ unit: "grapheme" }), fc.boolean(), fc.constant(null));
const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    scalar,
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 5, noNullPrototype: true }),
  ),
})).value;
const index = fc.integer({ min: -1000, max: 1000 });
const key = fc.oneof(fc.string(), fc.maxSafeInteger());

/** A call, and its parameters as they should read. */
const calls: fc.Arbitrary<readonly [CdtCall, readonly Value[]]> = fc.oneof(
  value.map((v) => [listAppend(v), [v]] as const),
  fc.array(value).map((vs) => [listAppendItems(vs), [vs]] as const),
  fc.tuple(index, value).map(([i, v]) => [listInsert(i, v, 1), [i, v, 1]] as const),
  fc.tuple(index, value).map(([i, v]) => [listSet(i, v), [i, v]] as const),
  value.map((v) => [getBy(listByValue(v), 7), [7, v]] as const),
  fc.array(value).map((vs) => [removeBy(listByValueList(vs)), [0, vs]] as const),
  fc
    .tuple(
      value,
      scalar.filter((v) => v !== null),
    )
    .map(([b, e]) => [getBy(listByValueRange(b, e), 5), [5, b, e]] as const),
  fc.tuple(key, value).map(([k, v]) => [mapPut(k, v), [k, v, 0]] as const),
  fc.dictionary(fc.string(), value, { noNullPrototype: true }).map((m) => [mapPutItems(m), [m, 0]] as const),
  fc.array(key).map((ks) => [getBy(mapByKeyList(ks), MapReturnType.VALUE), [7, ks]] as const),
  fc.tuple(value, index).map(([v, i]) => [removeBy(mapByValueRelRankRange(v, i, 3)), [0, v, i, 3]] as const),
);

function read(bytes: Uint8Array): unknown {
  const r = new Reader(bytes);
  const answer = unpackValue(r);
  expect(r.left).toBe(0);
  return answer;
}

describe("any call", () => {
  it("reads as its op code and parameters", () => {
    fc.assert(
      fc.property(calls, ([call, params]) => {
        expect(read(encodePayload(call))).toEqual([call.operation.code, ...params]);
      }),
      { numRuns: runs(100) },
    );
  });

  it("reads the same inside of an expression, save that lists are quoted", () => {
    fc.assert(
      fc.property(calls, ([call, params]) => {
        const quoted = params.map((param) => (Array.isArray(param) ? [126, param] : param));
        expect(read(packedCall(call).call)).toEqual([call.operation.code, ...quoted]);
      }),
      { numRuns: runs(100) },
    );
  });

  it("is unchanged by its context, which comes before it", () => {
    const step = fc.oneof(
      index.map((i) => CTX.listIndex(i)),
      key.map((k) => CTX.mapKey(k)),
      value.map((v) => CTX.mapValue(v)),
    );
    fc.assert(
      fc.property(calls, fc.array(step, { minLength: 1, maxLength: 20 }), ([call, params], context) => {
        const steps = context.flatMap((each) => [each.type, each.value]);
        expect(read(encodePayload(inContext(call, context)))).toEqual([255, steps, [call.operation.code, ...params]]);
      }),
      { numRuns: runs(60) },
    );
  });
});
