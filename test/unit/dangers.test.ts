import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CdtCall, encodePayload } from "../../protocol/cdt/call.js";
import { contextFromBase64 } from "../../protocol/cdt/context-bytes.js";
import * as listCalls from "../../protocol/cdt/list.js";
import * as mapCalls from "../../protocol/cdt/map.js";
import * as mapSelectors from "../../protocol/cdt/map-selectors.js";
import { Computed } from "../../protocol/cdt/param.js";
import { getBy, removeBy } from "../../protocol/cdt/selector.js";
import {
  BitWriteFlags,
  CTX,
  DataSet,
  Exp,
  type ExpKind,
  GeoJson,
  Hll,
  INVERTED,
  ListOrderType,
  MapOrder,
  MapReturnType,
  PathSelectFlags,
  parseAel,
  prepareAel,
  type Session,
  type Value,
  WILDCARD,
} from "../../src/index.js";
import { type FakeSession, openFakeSession } from "../support/fake/session.js";

// Requests that took a real node of 8.1.2 down or damaged its data, one row for each way in. All are refused before a
// byte leaves, and the connection is as good as before.

const set = DataSet.of("test", "dangers");
const key = set.id(1);
const list = Exp.listBin("l");
const map = Exp.mapBin("m");
const blob = Exp.blobBin("b");
const { VALUE, KEY } = MapReturnType;
const { PARTIAL } = BitWriteFlags;

let fake: FakeSession;

beforeAll(async () => {
  fake = await openFakeSession({ build: "8.1.2.0" });
});

afterAll(() => fake.until(fake.client.close()));

interface Way {
  readonly by: string;
  readonly act: (session: Session) => unknown;
  readonly message: string;
}

function way(by: string, act: Way["act"], message: string): Way {
  return { by, act, message };
}

function danger(name: string, ways: readonly Way[]): void {
  describe(name, () => {
    test.each(ways)("$by", async ({ act, message }) => {
      const [node] = fake.world.fake.nodes;
      const before = [node?.requests.length, node?.asked.length];
      const failure: unknown = await fake
        .until(Promise.resolve().then(() => act(fake.session)))
        .catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(Error);
      expect(["TypeError", "RangeError", "AelParseError", "ProtocolError"]).toContain((failure as Error).name);
      expect((failure as Error).message).toContain(message);
      expect([node?.requests.length, node?.asked.length]).toEqual(before);
      await fake.until(fake.session.put(key, { alive: true }));
    });
  });
}

/** The writes and reads of one bin, on the way to one record. */
function bin(session: Session) {
  return session.upsert(key).bin("b");
}

/** What the types do not let through, as plain JavaScript would. */
function untyped<T>(value: unknown): T {
  return value as T;
}

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, "hex"));
}

/** An expression in packed bytes comes in as base64, as bytes, as a foreign object, and as the filter of a path. */
function packed(what: string, hex: string, message: string): Way[] {
  const foreign = { packed: bytes(hex) };
  return [
    way(`Exp.fromBytes: ${what}`, () => Exp.fromBytes(bytes(hex)), message),
    way(`Exp.fromBase64: ${what}`, () => Exp.fromBase64(Buffer.from(hex, "hex").toString("base64")), message),
    way(`upsertFrom(packed): ${what}`, (s) => bin(s).upsertFrom(foreign), message),
    way(`selectFrom(packed): ${what}`, (s) => bin(s).selectFrom(foreign), message),
    way(
      `updateFrom(packed) in the background: ${what}`,
      (s) => s.backgroundTask().update(set).bin("b").updateFrom(foreign),
      message,
    ),
    way(`onExpression(packed): ${what}`, (s) => s.index(set).onExpression(untyped(foreign)), message),
    way(
      `a path's filter (packed): ${what}`,
      () => Exp.selectByPath("list", PathSelectFlags.VALUES, list, CTX.allChildrenWithFilter(foreign)).packed,
      message,
    ),
  ];
}

const payload = (call: CdtCall) => encodePayload(call);

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
const KEYS = "keys are 64-bit integers, strings and blobs";
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
  way("mapPut under a wrong key", (s) => bin(s).mapPut(untyped(true), 1), KEYS),
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
  way("op maker: list append", () => payload(listCalls.listAppend(twice)), TWICE),
  way("op maker: map put", () => payload(mapCalls.mapPutItems(untyped(badKey))), KEYS),
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

const EMPTY = "can bring the server down";

danger("an empty list of keys or values with INVERTED on a map: segmentation fault", [
  way("onMapKeyList([]).removeAllOthers", (s) => bin(s).onMapKeyList([]).removeAllOthers(), EMPTY),
  way(
    "onMapValueList([]).removeAllOthers",
    (s) => bin(s).onMapValueList([]).removeAllOthers({ returnType: VALUE }),
    EMPTY,
  ),
  way("onMapKeyList([]).getAllOtherKeys", (s) => bin(s).onMapKeyList([]).getAllOtherKeys(), EMPTY),
  way("onMapValueList([]).getAllOtherValues", (s) => bin(s).onMapValueList([]).getAllOtherValues(), EMPTY),
  way(
    "inside of a bin, in the background",
    (s) => s.backgroundTask().update(set).bin("b").onMapKey("k").onMapKeyList([]).removeAllOthers(),
    EMPTY,
  ),
  way(
    "an inverted return type",
    (s) =>
      bin(s)
        .onMapKeyList([])
        .remove({ returnType: untyped(KEY | INVERTED) }),
    "all others",
  ),
  way("op maker: get", () => payload(getBy(mapSelectors.mapByKeyList([]), KEY | INVERTED)), EMPTY),
  way("op maker: remove", () => payload(removeBy(mapSelectors.mapByValueList([]), VALUE | INVERTED)), EMPTY),
  way(
    "op maker: computed",
    () => getBy(mapSelectors.mapByKeyList(new Computed({ packed: bytes("935104a16c") })), KEY | INVERTED),
    EMPTY,
  ),
  way("Exp.mapGetByKeyList", () => Exp.mapGetByKeyList(VALUE | INVERTED, [], map), EMPTY),
  way("Exp.mapGetByValueList", () => Exp.mapGetByValueList(KEY | INVERTED, Exp.listVal([]), map), EMPTY),
  way("Exp.mapGetByKeyList of a list of the record", () => Exp.mapGetByKeyList(KEY | INVERTED, list, map), EMPTY),
  way("Exp.mapRemoveByKeyList", () => Exp.mapRemoveByKeyList(INVERTED, [], map), EMPTY),
  way("Exp.mapRemoveByValueList", () => Exp.mapRemoveByValueList(INVERTED, list, map), EMPTY),
  way("the language", () => parseAel("$.m.{!}.count() > 0"), "Syntax error"),
  ...packed("keys", "957f0400936bce00010007927e90935105a16d", EMPTY),
  ...packed("keys of the record", "957f0400936bce00010007935104a16c935105a16d", EMPTY),
  ...packed("values", "957f0400936cce00010007927e90935105a16d", EMPTY),
  ...packed("a removal", "957f05409351ce00010000927e90935105a16d", EMPTY),
  ...packed("a return type of 64 bits", "957f0400936bcf0000000100010007927e90935105a16d", EMPTY),
]);

danger("a context that creates a map entry under a key that no other path can write", [
  way("CTX.mapKeyCreate", () => CTX.mapKeyCreate(untyped(1.5), MapOrder.UNORDERED), KEYS),
  way("CTX.mapKey().creating", () => CTX.mapKey(untyped(null)).creating(), KEYS),
  way(
    "onMapKey",
    (s) =>
      bin(s)
        .onMapKey(untyped([1]), { createType: MapOrder.KEY_ORDERED })
        .mapClear(),
    KEYS,
  ),
  way("onMapKey().mapCreate", (s) => bin(s).onMapKey(untyped(true)).mapCreate(MapOrder.UNORDERED), KEYS),
  way(
    "Exp in a context",
    () => Exp.mapPut(undefined, "k", 1, map, CTX.mapKeyCreate(untyped(new GeoJson("{}")), MapOrder.UNORDERED)),
    KEYS,
  ),
  way("a context in base64", () => contextFromBase64(Buffer.from("9222c3", "hex").toString("base64")), KEYS),
  ...packed("double", "957f054093ccff92cca2cb3ff80000000000009443010100935105a16d", KEYS),
  ...packed("nil", "957f054093ccff9262c09443010100935105a16d", KEYS),
  ...packed("with an index to be kept", "957f054093ccff92cd01a2cb3ff80000000000009443010100935105a16d", KEYS),
  ...packed("below one that is created", "957f054093ccff9462a2036122cb3ff80000000000009443010100935105a16d", KEYS),
]);

const CREATED = "index of a list to create is -2; an integer from -1";
const PADDED = "index of a padded list is -1; an integer from 0 to 8388607";

danger("a context that creates a list element at an index below: abort, or a write beyond the memory", [
  way("CTX.listIndexCreate", () => CTX.listIndexCreate(-2, ListOrderType.UNORDERED), CREATED),
  way("CTX.listIndexCreate, ordered", () => CTX.listIndexCreate(-2n, ListOrderType.ORDERED), CREATED),
  way("CTX.listIndexCreate, padded", () => CTX.listIndexCreate(-1, ListOrderType.UNORDERED, true), PADDED),
  way(
    "CTX.listIndexCreate, padded far out",
    () => CTX.listIndexCreate(2 ** 31 - 1, ListOrderType.UNORDERED, true),
    "index of a padded list is 2147483647",
  ),
  way("CTX.listIndex().creating", () => CTX.listIndex(-2).creating(), CREATED),
  way("CTX.listIndex().creating, padded", () => CTX.listIndex(-1).creating(true), PADDED),
  way("onListIndex", (s) => bin(s).onListIndex(-2, { order: ListOrderType.ORDERED }).listAppend(1), CREATED),
  way("onListIndex, padded", (s) => bin(s).onListIndex(-1, { pad: true }).listAppend(1), PADDED),
  way("onListIndex().listCreate", (s) => bin(s).onListIndex(-2).listCreate(ListOrderType.UNORDERED), CREATED),
  way("onListIndex().mapCreate", (s) => bin(s).onListIndex(-2).mapCreate(MapOrder.UNORDERED), CREATED),
  way("Exp in a context", () => Exp.listAppend(undefined, 1, list, CTX.listIndexCreate(-2, 0)), CREATED),
  ...packed("unordered", "957f044093ccff9250fe920105935104a16c", CREATED),
  ...packed("ordered", "957f044093ccff92ccd0fe920105935104a16c", CREATED),
  ...packed("padded", "957f044093ccff92cc90ff920105935104a16c", PADDED),
  ...packed("padded, with an index to be kept", "957f044093ccff92cd0190ff920105935104a16c", PADDED),
  ...packed("with an index to be kept", "957f044093ccff92cd0150fe920105935104a16c", CREATED),
  ...packed("a step of no known type", "957f044093ccff92cd0450fe920105935104a16c", "leads to no one place"),
]);

danger("a list write far beyond the end: the server pads up to it in memory", [
  way("listInsert", (s) => bin(s).listInsert(2 ** 23, 1), "to 8388607 is due"),
  way("listSet", (s) => bin(s).listSet(2n ** 40n, 1), "index is 1099511627776"),
  way(
    "onListIndex().setTo, padded",
    (s) =>
      bin(s)
        .onListIndex(2 ** 23, { pad: true })
        .setTo(1),
    "to 8388607 is due",
  ),
  way("op maker", () => listCalls.listIncrement(2 ** 23), "to 8388607 is due"),
  way("Exp.listInsertItems", () => Exp.listInsertItems(undefined, Exp.intVal(2 ** 23), [1], list), "to 8388607 is due"),
  ...packed("list insert", "957f04409303ce7fffffff01935104a16c", "at most 8388607 is allowed"),
]);

const SHIFT = "with the flag PARTIAL can take a server down: allowed are shifts by less than 8 bits";

danger("a bit shift with PARTIAL that goes beyond the end of the blob: segmentation fault", [
  way("bitLshift", (s) => bin(s).bitLshift(19, 8, 8, { partial: true }), "A shift by 8 of 8 bits from 19 on"),
  way("bitRshift", (s) => bin(s).bitRshift(19n, 8n, 20n, { partial: true, noFail: true }), SHIFT),
  way("bitRshift by less than the size", (s) => bin(s).bitRshift(16, 40, 20, { partial: true }), SHIFT),
  way("bitLshift from the end, beyond it", (s) => bin(s).bitLshift(-8, 9, 8, { partial: true }), SHIFT),
  way(
    "bitLshift in the background",
    (s) => s.backgroundTask().update(set).bin("b").bitLshift(19, 8, 9, { partial: true }),
    SHIFT,
  ),
  way("Exp.bitLshift", () => Exp.bitLshift(PARTIAL, 8, 8, 8, blob), SHIFT),
  way("Exp.bitRshift of constants", () => Exp.bitRshift(PARTIAL, 8, Exp.intVal(8), Exp.intVal(9), blob), SHIFT),
  way("Exp.bitLshift by a bin", () => Exp.bitLshift(PARTIAL, 8, 8, Exp.intBin("n"), blob), SHIFT),
  way("Exp.bitLshift from a bin on", () => Exp.bitLshift(PARTIAL, Exp.intBin("n"), 8, 8, blob), SHIFT),
  way("Exp.bitLshift of a size in a bin", () => Exp.bitLshift(PARTIAL, -8, Exp.intBin("n"), 8, blob), SHIFT),
  ...packed("left", "957f0641950813080808935106a162", SHIFT),
  ...packed("right", "957f0641950913081408935106a162", SHIFT),
  ...packed("all flags", "957f06419508130808ff935106a162", SHIFT),
]);

danger("a read of bits or of a sketch on nothing: abort", [
  way("Exp.bitGet", () => Exp.bitGet(0, 8, untyped(Exp.nil())), "a blob operation can't work on nil"),
  way(
    "Exp.bitCount of a cond",
    () => Exp.bitCount(0, 8, untyped(Exp.cond([Exp.boolVal(true), Exp.nil(), Exp.nil()]))),
    "can't work on nil",
  ),
  way(
    "Exp.bitGet of a variable",
    () => Exp.let([Exp.def("x", Exp.nil()), Exp.bitGet(0, 8, Exp.var<"blob">("x"))]).packed,
    "can't work on nil",
  ),
  way("Exp.hllGetCount", () => Exp.hllGetCount(untyped(Exp.nil())), "a HyperLogLog operation can't work on nil"),
  ...packed("bits", "957f060193320008c0", "can't work on nil"),
  ...packed("a sketch", "957f02029132c0", "can't work on nil"),
  ...packed("bits of a variable", "947da178c0957f060193320008927ca178", "can't work on nil"),
  ...packed("bits of a cond", "957f060193320008947bc3c0c0", "can't work on nil"),
  ...packed("another system", "957f02039110c0", "there is no call system 3"),
]);

const LONG = "x".repeat(31);
const inList = Exp.listGetByIndex(VALUE, "string", 0, Exp.listLoopVar("value"));
const change = (exp: Exp<ExpKind>) => () => Exp.modifyByPath(untyped(exp), list, CTX.allChildren());
const gives = (what: string) => `the change of a path gives ${what}; servers of 8.1.2 abort`;
/** modifyByPath in bytes: all elements of a list, by what follows. */
const changing = (apply: string) => `957f044094ccfe9204c304${apply}935104a16c`;

danger("a path that puts text, blobs or sketches of unknown size in an element's place: abort", [
  way("text from a call", change(inList), gives("a string from a call")),
  way("a blob from a call", change(Exp.bitGet(0, 8, Exp.blobLoopVar("value"))), gives("a blob from a call")),
  way("a changed blob", change(Exp.bitNot(0, 0, 8, Exp.blobLoopVar("value"))), gives("a blob from a call")),
  way("a refreshed sketch", change(Exp.hllRefreshCount(Exp.hllLoopVar("value"))), gives("a hll from a call")),
  way(
    "GeoJSON from a call, which would be stored as text",
    change(Exp.listGetByIndex(VALUE, "geo", 0, Exp.listLoopVar("value"))),
    gives("a geo from a call"),
  ),
  way("text of the element", change(Exp.stringLoopVar("value")), gives("a string of the element")),
  way("the key of the element", change(Exp.stringLoopVar("key")), gives("a string of the element")),
  way("a blob of the element", change(Exp.blobLoopVar("value")), gives("a blob of the element")),
  way("a sketch of the element", change(Exp.hllLoopVar("value")), gives("a hll of the element")),
  way("text of 31 bytes", change(Exp.stringVal(LONG)), gives("a string of 31 bytes")),
  way("text of 31 bytes in 16 letters", change(Exp.stringVal(`${"é".repeat(15)}x`)), gives("a string of 31 bytes")),
  way("a blob of 31 bytes", change(Exp.blobVal(new Uint8Array(31))), gives("a blob of 31 bytes")),
  way("a sketch of 31 bytes", change(Exp.hllVal(new Hll(new Uint8Array(31)))), gives("a hll of 31 bytes")),
  way("text of the record", change(Exp.setName()), gives("a string of the record")),
  way("a bin", change(Exp.stringBin("s")), gives("a string of the record")),
  way(
    "one branch of a cond",
    change(Exp.cond([Exp.boolVal(true), Exp.stringVal("a"), Exp.stringVal(LONG)])),
    gives("a string of 31 bytes"),
  ),
  way("a variable", change(Exp.let([Exp.def("x", inList), Exp.var<"string">("x")])), gives("a string from a call")),
  way(
    "a variable of a variable",
    change(
      Exp.let([
        Exp.def("x", Exp.stringVal(LONG)),
        Exp.def("y", Exp.var<"string">("x")),
        Exp.cond([Exp.boolVal(true), Exp.var<"string">("y"), Exp.unknown()]),
      ]),
    ),
    gives("a string of 31 bytes"),
  ),
  ...packed(
    "text from a call",
    changing("957f0300931307 00 937a0401".replaceAll(" ", "")),
    gives("a string from a call"),
  ),
  ...packed("text of the element", changing("937a0301"), gives("a string of the element")),
  ...packed("text of 31 bytes", changing(`d92003${"78".repeat(31)}`), gives("a string of 31 bytes")),
  ...packed("in a cond", changing("947bc3937a03019100"), gives("a string of the element")),
]);

const REMOVE = "removeResult is the change of a path and nothing else";

danger("a removal that is compared or handed to a call: abort", [
  way(
    "Exp.eq",
    () => Exp.eq(untyped<typeof list>(Exp.removeResult()), untyped<typeof list>(Exp.removeResult())),
    "remove values can't be compared",
  ),
  way("Exp.inList", () => Exp.inList(untyped(Exp.removeResult()), list), "argument 1 is remove"),
  way("Exp.listGetByValue", () => Exp.listGetByValue(VALUE, untyped(Exp.removeResult()), list), REMOVE),
  way("Exp.listAppend", () => Exp.listAppend(undefined, untyped(Exp.removeResult()), list), REMOVE),
  way(
    "a variable, compared",
    () => Exp.let([Exp.def("x", Exp.removeResult()), Exp.eq(Exp.var("x"), Exp.var("x"))]).packed,
    "remove values can't be compared",
  ),
  way(
    "a variable in a call",
    () => Exp.let([Exp.def("x", Exp.removeResult()), Exp.listAppend(undefined, Exp.var("x"), list)]).packed,
    REMOVE,
  ),
  ...packed("compared", "930191649164", "remove values can't be compared"),
  ...packed("in a list", "93099164935104a16c", "argument 1 is remove"),
  ...packed("in a call", "957f02009316059164935104a16c", REMOVE),
  ...packed("a variable in a call", "947da1789164957f0200931605927ca178935104a16c", REMOVE),
]);

danger("a wildcard or infinity as a value: abort", [
  way(
    "Exp.cond",
    () => Exp.cond([Exp.boolVal(true), Exp.wildcard(), Exp.wildcard()]).packed,
    "stands only inside a list or a collection call",
  ),
  ...packed("cond", "947bc3d4ff00d4ff00", "stands only inside a list or a collection call"),
  ...packed("compared", "9301d4ff00d4ff00", "special values can't be compared"),
]);

danger("more parameters to work out than a call has room for: a write beyond it", [
  ...packed("nine", `957f04409a10${"935104a16c".repeat(9)}935104a16c`, "more than 8 computed parameters"),
]);

danger("a UDF file without a name: abort", [
  way("getUdf of nothing", (s) => s.getUdf(""), "The file name is empty"),
  way("getUdf of a dot", (s) => s.getUdf("."), 'The file name "." is none'),
  way("getUdf of a directory", (s) => s.getUdf("../udf"), 'The file name "../udf" is none'),
  way("registerUdf", (s) => s.registerUdf("return", "."), 'The file name "." is none'),
  way("removeUdf", (s) => s.removeUdf(".."), 'The file name ".." is none'),
  way("a function's package", (s) => s.backgroundTask().executeUdf(set).function("", "f"), "The package is empty"),
  way("info", (s) => s.info().info("udf-get:filename="), "can take a node down. The file name is empty"),
  way("info, with slashes", (s) => s.info().info("udf-get/filename=."), "can take a node down"),
  way("info, a directory", (s) => s.info().info("udf-get:filename=../udf"), "can take a node down"),
  way("infoOnAllNodes", (s) => s.info().infoOnAllNodes("udf-get:x=1;filename=./"), "can take a node down"),
]);

const HALF = "half a surrogate pair";

danger("a name that is no UTF-8: abort", [
  way("a set", () => DataSet.of("test", "\ud800"), HALF),
  way("a namespace", () => DataSet.of("\udfff", "s"), HALF),
  way("an index", (s) => s.index(set).named("i\ud800"), HALF),
  way("an indexed bin", (s) => s.index(set).onBin("\ud800b"), HALF),
  way("a bin", (s) => s.upsert(key).bin("\ud800").setTo(1).execute(), HALF),
  way("info", (s) => s.info().info("sindex-create:namespace=test;set=\ud800;indexname=i;bin=b;type=numeric"), HALF),
  way("infoOnAllNodes", (s) => s.info().infoOnAllNodes("sindex-create:namespace=test;set=\udc00"), HALF),
]);

const NO_TYPE = "is of no Aerospike type";

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

describe("the division of -2^63 by -1, over which a node dies, travels guarded", () => {
  // (b == -1 ? -1 : 1) * (a / (b == -1 ? 1 : b)), and a % (b == -1 ? 1 : b)
  const [a, b] = ["935102a161", "935102a162"];
  const quotient = `9316947b9301${b}ffff019317${a}947b9301${b}ff01${b}`;
  const remainder = `931a${a}947b9301${b}ff01${b}`;
  const hex = (exp: Exp<ExpKind>) => Buffer.from(exp.packed).toString("hex");
  const [left, right] = [Exp.intBin("a"), Exp.intBin("b")];

  test.each<readonly [string, Exp<ExpKind>, string]>([
    ["Exp.numDiv", Exp.numDiv([left, right]), quotient],
    ["Exp.numMod", Exp.numMod(left, right), remainder],
    ["the language: /", parseAel<"int">("$.a / $.b"), quotient],
    ["the language: %", parseAel<"int">("$.a % $.b"), remainder],
    ["bytes: /", Exp.fromBytes(bytes(`9317${a}${b}`)), quotient],
    ["bytes: %", Exp.fromBytes(bytes(`931a${a}${b}`)), remainder],
    ["bytes that are guarded", Exp.fromBytes(bytes(quotient)), quotient],
    ["a parameter of -1", parseAel<"int">("$.a / ?0", -1), `9316${a}ff`],
    ["a prepared filter bound to -1", prepareAel("$.a % ?0").bind<"int">(-1), `931a${a}01`],
    [
      "a prepared filter bound to -1n",
      prepareAel("?0 / ?1").bind<"int">(-(2n ** 63n), -1n),
      "9316d38000000000000000ff",
    ],
  ])("%s", (_, exp, due) => {
    expect(hex(exp)).toBe(due);
  });
});

describe("what is next to a danger is allowed", () => {
  test.each<readonly [string, (session: Session) => unknown]>([
    ["a shift with PARTIAL by less than a byte", (s) => bin(s).bitLshift(100, 8, 7, { partial: true })],
    ["a shift with PARTIAL from the first byte on", (s) => bin(s).bitRshift(7, 800, 99, { partial: true })],
    ["a shift with PARTIAL that ends at the end", (s) => bin(s).bitLshift(-16, 16, 16, { partial: true })],
    [
      "a shift with PARTIAL by a bin, from the first byte on",
      () => Exp.bitLshift(PARTIAL, 0, 8, Exp.intBin("n"), blob),
    ],
    ["a shift without PARTIAL by more", (s) => bin(s).bitRshift(0, 8, 9)],
    ["a shift without PARTIAL by a bin", () => Exp.bitLshift(0, 0, 8, Exp.intBin("n"), blob).packed],
    ["text of 30 bytes in a path's place", change(Exp.stringVal(LONG.slice(1)))],
    ["a list of long text in a path's place", change(Exp.listVal([LONG]))],
    ["a list of the element", change(Exp.listLoopVar("value"))],
    ["GeoJSON of the element", change(Exp.geoLoopVar("value"))],
    ["a number from a call", change(Exp.listSize(Exp.listLoopVar("value")))],
    ["a removal", change(Exp.removeResult())],
    [
      "another value here, the same there",
      () =>
        Exp.modifyByPath(
          Exp.cond([Exp.eq(Exp.stringLoopVar("value"), Exp.stringVal("new")), Exp.stringVal("old"), Exp.unknown()]),
          list,
          CTX.allChildren(),
          { noFail: true },
        ).packed,
    ],
    ["a created key", (s) => bin(s).onMapKey("a", { createType: MapOrder.UNORDERED }).mapPut(1, 2)],
    ["a created element at the end", (s) => bin(s).onListIndex(-1, { order: ListOrderType.UNORDERED }).listAppend(1)],
    ["some keys, inverted", () => Exp.mapGetByKeyList(KEY | INVERTED, ["a"], map).packed],
    ["no values of a list, inverted", () => Exp.listGetByValueList(VALUE | INVERTED, [], list).packed],
  ])("%s", (_, act) => {
    expect(() => act(fake.session)).not.toThrow();
  });
});
