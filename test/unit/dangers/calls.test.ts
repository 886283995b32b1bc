import { BitWriteFlags, Exp, MapReturnType } from "../../../src/index.js";
import { bin, blob, danger, list, packed, set, untyped, way } from "../../support/dangers.js";

const { VALUE } = MapReturnType;
const { PARTIAL } = BitWriteFlags;

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
  ...packed("another system", "957f02059110c0", "there is no call system 5"),
]);

const REMOVE = "removeResult is the change of a path and nothing else";

danger("a removal that is compared or handed to a call: abort", [
  way(
    "Exp.eq",
    () => Exp.eq(untyped<typeof list>(Exp.removeResult()), untyped<typeof list>(Exp.removeResult())),
    "remove values can't be compared",
  ),
  way("Exp.inList", () => Exp.inList(untyped(Exp.removeResult()), list), "got remove"),
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
  ...packed("in a list", "93099164935104a16c", "got remove"),
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
