import { CTX, Exp, type ExpKind, Hll, MapReturnType } from "../../../src/index.js";
import { danger, list, packed, untyped, way } from "../../support/dangers.js";

const { VALUE } = MapReturnType;

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
