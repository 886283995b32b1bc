import * as listCalls from "../../../protocol/cdt/list.js";
import { CTX, Exp, GeoJson, ListOrderType, MapOrder } from "../../../src/index.js";
import { bin, danger, KEYS, list, map, packed, untyped, way } from "../../support/dangers.js";

danger("a context that creates a map entry under a key that no other path can write", [
  way("CTX.mapKeyCreate", () => CTX.mapKeyCreate(untyped(1.5), MapOrder.UNORDERED), KEYS),
  way("CTX.mapKey().creating", () => CTX.mapKey(untyped(null)).creating(), KEYS),
  way(
    "onMapKey",
    (s) =>
      bin(s)
        .onMapKey(untyped<string>([1]), { createType: MapOrder.KEY_ORDERED })
        .mapClear(),
    KEYS,
  ),
  way("onMapKey().mapCreate", (s) => bin(s).onMapKey(untyped<string>(true)).mapCreate(MapOrder.UNORDERED), KEYS),
  way(
    "Exp in a context",
    () => Exp.mapPut(undefined, "k", 1, map, CTX.mapKeyCreate(untyped(new GeoJson("{}")), MapOrder.UNORDERED)),
    KEYS,
  ),
  ...packed("double", "957f054093ccff92cca2cb3ff80000000000009443010100935105a16d", KEYS),
  ...packed("nil", "957f054093ccff9262c09443010100935105a16d", KEYS),
  ...packed("with an index to be kept", "957f054093ccff92cd01a2cb3ff80000000000009443010100935105a16d", KEYS),
  ...packed("below one that is created", "957f054093ccff9462a2036122cb3ff80000000000009443010100935105a16d", KEYS),
]);

const CREATED = "index of a list to create is -2; expected an integer from -1";
const PADDED = "index of a padded list is -1; expected an integer from 0 to 8388607";

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
  way("listInsert", (s) => bin(s).listInsert(2 ** 23, 1), "to 8388607"),
  way("listSet", (s) => bin(s).listSet(2n ** 40n, 1), "index is 1099511627776"),
  way(
    "onListIndex().setTo, padded",
    (s) =>
      bin(s)
        .onListIndex(2 ** 23, { pad: true })
        .setTo(1),
    "to 8388607",
  ),
  way("op maker", () => listCalls.listIncrement(2 ** 23), "to 8388607"),
  way("Exp.listInsertItems", () => Exp.listInsertItems(undefined, Exp.intVal(2 ** 23), [1], list), "to 8388607"),
  ...packed("list insert", "957f04409303ce7fffffff01935104a16c", "at most 8388607 is allowed"),
]);
