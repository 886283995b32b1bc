import { describe, expect, test } from "vitest";
import { parseAel, prepareAel } from "../../../../src/ael/index.js";
import { CTX, DataSet, double, Exp } from "../../../../src/index.js";
import { openFakeSession } from "../../../support/fake/session.js";

const users = DataSet.of("test", "users");
const NANOSECONDS = Date.UTC(2030, 0) * 1e6;
const MESSAGE = `${NANOSECONDS} is beyond the integers that a number holds exactly; use BigInt(…) for an integer, double(…) for a double`;

const { session, until } = await openFakeSession();
const bin = (name = "at") => session.update(users.id(1)).bin(name);

describe("a whole number beyond 2^53 given as number", () => {
  test("is refused by put, which names the bin and the path", async () => {
    await expect(until(session.put(users.id(1), { at: NANOSECONDS }))).rejects.toThrow(`bin "at": ${MESSAGE}`);
    await expect(until(session.put(users.id(1), { at: [{ ns: NANOSECONDS }] }))).rejects.toThrow(
      `bin "at"[0].ns: ${MESSAGE}`,
    );
    await until(session.put(users.id(1), { at: BigInt(NANOSECONDS), about: double(NANOSECONDS), far: 2 ** 63 }));
  });

  test.each<[string, () => unknown]>([
    ["setTo", () => bin().setTo(NANOSECONDS)],
    ["add", () => bin().add(NANOSECONDS)],
    ["an argument of a list operation", () => bin().listAppend(NANOSECONDS)],
    ["a value to search for", () => CTX.listValue(NANOSECONDS)],
    ["background writes", () => session.backgroundTask().update(users).bin("at").setTo(NANOSECONDS)],
    [
      "arguments of functions",
      () => session.backgroundTask().executeUdf(users).function("m", "f").passing(NANOSECONDS),
    ],
    ["Exp.val", () => Exp.val(NANOSECONDS)],
    ["Exp.listVal", () => Exp.listVal([NANOSECONDS])],
    ["Exp.mapVal", () => Exp.mapVal({ at: NANOSECONDS })],
    ["AEL", () => parseAel("$.at > ?0", NANOSECONDS)],
    ["AEL, in a list", () => parseAel("$.at in ?0", [NANOSECONDS])],
    ["prepared AEL", () => prepareAel("$.at > ?0").bind(NANOSECONDS)],
    ["a condition", () => session.update(users.id(1)).where("$.at > ?0", NANOSECONDS)],
  ])("is refused by %s", (_, call) => {
    expect(call).toThrow(MESSAGE);
    expect(call).toThrow(TypeError);
  });

  test("is taken where the type is said", () => {
    expect(() => Exp.floatVal(NANOSECONDS)).not.toThrow();
    expect(() => Exp.intVal(NANOSECONDS)).toThrow("use BigInt(…) beyond 2^53");
    expect(() => parseAel("$.at > ?0 and $.seen < ?1", BigInt(NANOSECONDS), double(NANOSECONDS))).not.toThrow();
    expect(() => parseAel(`$.at > ${NANOSECONDS} and $.x == ${NANOSECONDS}.0`)).not.toThrow();
  });
});
