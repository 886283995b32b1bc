import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CTX, DataSet, Exp, PathSelectFlags, type Session } from "../../src/index.js";
import { type FakeSession, openFakeSession } from "./fake/session.js";

// Requests that took a real node of 8.1.2 down or damaged its data, one row for each way in. All are refused before a
// byte leaves, and the client is as good as before.

export const set = DataSet.of("test", "dangers");
export const key = set.id(1);
export const list = Exp.listBin("l");
export const map = Exp.mapBin("m");
export const blob = Exp.blobBin("b");
/** What is said of wrong keys of maps. */
export const KEYS = "keys are 64-bit integers, strings and blobs";

/** The errors of wrong use; the last one is of bytes that are none of a context. */
const ERRORS = ["TypeError", "RangeError", "AelParseError", "ProtocolError"];

export interface Way {
  readonly by: string;
  readonly act: (session: Session) => unknown;
  readonly message: string;
}

export function way(by: string, act: Way["act"], message: string): Way {
  return { by, act, message };
}

/** Tests that each way to do what is dangerous is refused. */
export function danger(name: string, ways: readonly Way[]): void {
  describe(name, () => {
    let fake: FakeSession;

    beforeAll(async () => {
      fake = await openFakeSession({ build: "8.1.2.0" });
    });

    afterAll(() => fake.until(fake.client.close()));

    test.each(ways)("$by", async ({ act, message }) => {
      const [node] = fake.world.fake.nodes;
      const sent = () => [node?.requests.length, node?.asked.length];
      const before = sent();
      const failure: unknown = await fake
        .until(Promise.resolve().then(() => act(fake.session)))
        .catch((error: unknown) => error);
      if (!(failure instanceof Error)) throw new Error("nothing was refused");
      expect(failure.message).toContain(message);
      expect(ERRORS).toContain(failure.name);
      expect(sent()).toEqual(before);
      await fake.until(fake.session.put(key, { alive: true }));
    });
  });
}

/** The writes and reads of one bin, on the way to one record. */
export function bin(session: Session) {
  return session.upsert(key).bin("b");
}

/** What the types do not let through, as plain JavaScript would. */
export function untyped<T>(value: unknown): T {
  return value as T;
}

export function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, "hex"));
}

/** The ways of an expression that another maker has packed: base64, bytes, a foreign object, the filter of a path. */
export function packed(what: string, hex: string, message: string): Way[] {
  const foreign = { packed: bytes(hex) };
  const ways: Record<string, Way["act"]> = {
    "Exp.fromBytes": () => Exp.fromBytes(bytes(hex)),
    "Exp.fromBase64": () => Exp.fromBase64(Buffer.from(hex, "hex").toString("base64")),
    upsertFrom: (s) => bin(s).upsertFrom(foreign),
    selectFrom: (s) => bin(s).selectFrom(foreign),
    "updateFrom in the background": (s) => s.backgroundTask().update(set).bin("b").updateFrom(foreign),
    onExpression: (s) => s.index(set).onExpression(untyped(foreign)),
    "a path's filter": () =>
      Exp.selectByPath("list", PathSelectFlags.VALUES, list, CTX.allChildrenWithFilter(foreign)).packed,
  };
  return Object.entries(ways).map(([by, act]) => way(`${by}, packed: ${what}`, act, message));
}
