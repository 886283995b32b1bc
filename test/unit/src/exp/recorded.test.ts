import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Exp } from "../../../../src/exp/exp.js";
import { build } from "./vector-intent.js";
import { carriedBy, expressionIn } from "./vector-message.js";

// Expressions as the native client sent them to a real server, beside what Exp makes of the same intent.

interface Entry {
  readonly id: string;
  readonly title: string;
  readonly origin: string;
  readonly intent: {
    readonly policy?: { readonly filter?: unknown };
    readonly ops?: readonly { readonly op: string; readonly exp?: unknown; readonly noFlags?: boolean }[];
  };
  readonly request: string;
}

const entries: readonly Entry[] = JSON.parse(
  readFileSync(new URL("../../../vectors/expressions.json", import.meta.url), "utf8"),
);

interface Recorded {
  readonly id: string;
  readonly title: string;
  readonly intent: unknown;
  readonly bytes: Uint8Array;
}

const short = (id: string): string => id.replace("expressions/", "");

function recorded(): Recorded[] {
  const found: Recorded[] = [];
  for (const { id, title, intent, request } of entries) {
    const carried = carriedBy(request);
    if (intent.policy?.filter !== undefined && carried.filter !== undefined) {
      found.push({ id: short(id), title, intent: intent.policy.filter, bytes: carried.filter });
    }
    const ops = (intent.ops ?? []).filter((op) => op.op === "exp.read" || op.op === "exp.write");
    ops.forEach((op, i) => {
      const payload = carried.ops[i]?.payload;
      if (payload !== undefined) found.push({ id: short(id), title, intent: op.exp, bytes: expressionIn(payload) });
    });
  }
  return found;
}

/** What Exp refuses before it is sent: all of it the server answers with 4, save the last, whose end it ignores. */
const REFUSED: Record<string, RegExp> = {
  "metadata/020": /other than 0, got 0/,
  "compare/028": /cannot compare int to string/,
  "compare/029": /cannot compare int to float; convert/,
  "compare/031": /geo values can't be compared; use geoCompare/,
  "compare/032": /hll values can't be compared/,
  "compare/051": /expected argument 2 to be list, got map/,
  "logic/026": /needs at least 2 arguments, has 0/,
  "logic/027": /needs at least 2 arguments, has 1/,
  "logic/028": /expected argument 1 to be bool, got int/,
  "arithmetic/003": /argument 2 is float where the others are int/,
  "arithmetic/032": /expected argument 1 to be float, got int/,
  "control/005": /one value is int, another string/,
  "control/006": /cond has 2 arguments/,
  "control/009": /no such variable is defined here/,
  "control/011": /this name is taken/,
  "control/012": /no digit first, got "1x"/,
  "list-read/026": /a list or map operation can't work on int/,
  "write-ops/036": /there is no operation 10/,
  "write-ops/037": /there is no operation 42/,
  "write-ops/038": /toString has 0 arguments/,
  "write-ops/040": /there is no call system 5/,
  "write-ops/041": /bin has 1 arguments; expected 2/,
  "write-ops/042": /there is no such type/,
  "write-ops/044": /only a list is quoted/,
  "write-ops/043": /1 bytes follow the end/,
};

/** Where Exp sends other bytes than the native client, and why. */
const BETTER: Record<string, string> = {
  "constants/021": "the shortest form of what the number means on the server",
  "constants/024": "a map literal is sorted and says that it is",
  "logic/022": "and of one is that one; the server refuses the other form",
  "logic/023": "or of one is that one; the server refuses the other form",
  "arithmetic/014": "a divisor that may be −1 is guarded",
  "map-modify/001": "map writes always name the order",
  "map-modify/003": "map writes always name the order",
  "map-modify/004": "map writes always name the order",
  "map-modify/022": "map writes always name the order",
  "bits/005": "unsigned is the default and is not sent",
  "hll/006": "minhash bits that are not given are not given, instead of 0 in the place of the flags",
};

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("recorded expressions", () => {
  for (const { id, title, intent, bytes } of recorded()) {
    const refused = REFUSED[id];
    test(`${id} ${title}`, () => {
      if (refused !== undefined) {
        expect(() => build(intent).packed).toThrow(refused);
        return;
      }
      const packed = build(intent).packed;
      if (BETTER[id] === undefined) expect(hex(packed)).toBe(hex(bytes));
      else expect(hex(packed), BETTER[id]).not.toBe(hex(bytes));
      expect(hex(Exp.fromBytes(packed).packed)).toBe(hex(packed));
    });
  }

  test("of the native client come back as they are from their bytes", () => {
    const others = recorded().filter(({ id }) => REFUSED[id] === undefined && BETTER[id] === undefined);
    expect(others.length).toBeGreaterThan(350);
    for (const { id, bytes } of others) expect(hex(Exp.fromBytes(bytes).packed), id).toBe(hex(bytes));
  });
});
