import { encodePayload } from "../../../protocol/cdt/call.js";
import * as mapSelectors from "../../../protocol/cdt/map-selectors.js";
import { Computed } from "../../../protocol/cdt/param.js";
import { getBy, removeBy } from "../../../protocol/cdt/selector.js";
import { parseAel } from "../../../src/ael/index.js";
import { Exp, INVERTED, MapReturnType } from "../../../src/index.js";
import { bin, danger, list, map, packed, set, untyped, way } from "../../support/dangers.js";

const { VALUE, KEY } = MapReturnType;

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
        .remove({ returnType: untyped<typeof KEY>(KEY | INVERTED) }),
    "which is inverted: use removeAllOthers()",
  ),
  way("op maker: get", () => encodePayload(getBy(mapSelectors.mapByKeyList([]), KEY | INVERTED)), EMPTY),
  way("op maker: remove", () => encodePayload(removeBy(mapSelectors.mapByValueList([]), VALUE | INVERTED)), EMPTY),
  way("op maker: computed", () => getBy(mapSelectors.mapByKeyList(new Computed()), KEY | INVERTED), EMPTY),
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
