import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  BitWriteFlags,
  CTX,
  Exp,
  type ExpKind,
  INVERTED,
  ListOrderType,
  MapOrder,
  MapReturnType,
  type Session,
} from "../../../src/index.js";
import { bin, blob, list, map, untyped } from "../../support/dangers.js";
import { type FakeSession, openFakeSession } from "../../support/fake/session.js";

const { VALUE, KEY } = MapReturnType;
const { PARTIAL } = BitWriteFlags;
const LONG = "x".repeat(31);
const change = (exp: Exp<ExpKind>) => () => Exp.modifyByPath(untyped(exp), list, CTX.allChildren());

describe("what is next to a danger is allowed", () => {
  let fake: FakeSession;

  beforeAll(async () => {
    fake = await openFakeSession({ build: "8.1.2.0" });
  });

  afterAll(() => fake.until(fake.client.close()));

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
