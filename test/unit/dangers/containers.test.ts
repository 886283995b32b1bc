import { encodePayload } from "../../../protocol/cdt/call.js";
import * as listCalls from "../../../protocol/cdt/list.js";
import * as mapCalls from "../../../protocol/cdt/map.js";
import { parseAel, prepareAel } from "../../../src/ael/index.js";
import { Exp, type Value, WILDCARD } from "../../../src/index.js";
import { bin, bytes, danger, KEYS, key, list, map, packed, set, untyped, way } from "../../support/dangers.js";

const twice = untyped<Value>(
  new Map<number | bigint, string>([
    [1, "a"],
    [1n, "b"],
  ]),
);
const badKey = untyped<Value>(new Map<unknown, number>([[1.5, 1]]));
const blobsTwice = new Map([
  [bytes("01"), 1],
  [bytes("01"), 2],
]);
const nilKey = untyped<Value>(new Map<unknown, number>([[null, 1]]));
const deep: Value = [{ a: [twice] }];
const TWICE = "has the key 1n twice";
const STORED = "they can't be stored";

danger("a list or map that no server can hold: the bin is damaged, or the node aborts", [
  way("listAppend", (s) => bin(s).listAppend(twice), TWICE),
  way("listAppend of one deep inside", (s) => bin(s).listAppend(deep), TWICE),
  way("listAppend of two equal blobs as keys", (s) => bin(s).listAppend(blobsTwice), "twice"),
  way("listAdd", (s) => bin(s).listAdd(badKey), KEYS),
  way("listAppendItems", (s) => bin(s).listAppendItems([nilKey]), KEYS),
  way("listAddItems", (s) => bin(s).listAddItems([twice]), TWICE),
  way("listInsert", (s) => bin(s).listInsert(0, twice), TWICE),
  way("listInsertItems", (s) => bin(s).listInsertItems(0, [badKey]), KEYS),
  way("listSet", (s) => bin(s).listSet(0, twice), TWICE),
  way("onListIndex().setTo", (s) => bin(s).onListIndex(0).setTo(twice), TWICE),
  way("onMapKey().listAppend", (s) => bin(s).onMapKey("k", { createType: 1 }).listAppend(badKey), KEYS),
  way("mapPut", (s) => bin(s).mapPut("k", twice), TWICE),
  way("mapPut under a wrong key", (s) => bin(s).mapPut(untyped<string>(true), 1), KEYS),
  way(
    "mapUpsertItems",
    (s) =>
      bin(s).mapUpsertItems([
        ["k", 1],
        ["k", 2],
      ]),
    "twice",
  ),
  way("setTo", (s) => bin(s).setTo(twice), TWICE),
  way("setTo of a wildcard", (s) => bin(s).setTo(untyped([WILDCARD])), STORED),
  way("put", (s) => s.put(key, { b: twice }), TWICE),
  way("put of a batch's segment", (s) => s.upsert(key).put({ b: badKey }), KEYS),
  way("hllAdd", (s) => bin(s).hllAdd(untyped([new Map()])), "can't be counted"),
  way("in the background", (s) => s.backgroundTask().update(set).bin("b").listAppend(twice), TWICE),
  way("argument of a function", (s) => s.backgroundTask().executeUdf(set).function("m", "f").passing(twice), TWICE),
  way("op maker: list append", () => encodePayload(listCalls.listAppend(twice)), TWICE),
  way("op maker: map put", () => encodePayload(mapCalls.mapPutItems(untyped(badKey))), KEYS),
  way("Exp.listAppend", () => Exp.listAppend(undefined, twice, list), TWICE),
  way("Exp.listAppendItems", () => Exp.listAppendItems(undefined, [badKey], list), KEYS),
  way("Exp.listInsert", () => Exp.listInsert(undefined, 0, twice, list), TWICE),
  way("Exp.listSet", () => Exp.listSet(undefined, 0, twice, list), TWICE),
  way("Exp.mapPut", () => Exp.mapPut(undefined, "k", twice, map), TWICE),
  way("Exp.val", () => Exp.val([untyped<never>(twice)]), TWICE),
  way("Exp.listVal", () => Exp.listVal([twice]), TWICE),
  way("Exp.mapVal", () => Exp.mapVal(untyped(badKey)), KEYS),
  way(
    "Exp.listAppend of a wildcard",
    () => Exp.listAppend(undefined, untyped(Exp.wildcard()), list).packed,
    "stands only inside",
  ),
  way("a map literal in the language", () => parseAel('$.m == {"a": 1, "a": 2}'), "twice"),
  way("a parameter of the language", () => parseAel("$.m == ?0", twice), TWICE),
  way("a parameter of a prepared filter", () => prepareAel("$.m == ?0").bind(badKey), KEYS),
  way("where", (s) => s.upsert(key).bin("a").setTo(1).where("$.m == ?0", twice).execute(), TWICE),
  ...packed("a key twice", "957f0440920182a2036101a2036102935104a16c", "a map literal has a key twice"),
  ...packed("nil as key", "957f0440920181c001935104a16c", KEYS),
  ...packed("a blob of another type as key", "957f0440920181a2070101935104a16c", "a blob of another type"),
  ...packed("a list that claims to be ordered", "957f04409201927e93c700010301935104a16c", "claims to be ordered"),
]);

const NO_TYPE = "has no Aerospike type";

danger("arguments of a function that can't be read back: whatever is behind them in memory", [
  way("nothing", (s) => s.backgroundTask().executeUdf(set).function("m", "f").passing(untyped(undefined)), NO_TYPE),
  way(
    "a function",
    (s) =>
      s
        .backgroundTask()
        .executeUdf(set)
        .function("m", "f")
        .passing(untyped(() => 1)),
    NO_TYPE,
  ),
  way(
    "a Date inside",
    (s) =>
      s
        .backgroundTask()
        .executeUdf(set)
        .function("m", "f")
        .passing(untyped([new Date()])),
    NO_TYPE,
  ),
  way("a wildcard", (s) => s.backgroundTask().executeUdf(set).function("m", "f").passing(untyped(WILDCARD)), STORED),
]);
