import { describe, expect, it } from "vitest";
import { callOp, encodePayload } from "../../../../protocol/cdt/call.js";
import { callOf, type RecordedOp, recordedOps } from "../../../support/cdt-intents.js";

const FILES = ["lists", "maps", "bits", "hll"];

/** Where our functions part from what was recorded, on purpose. */
function deviation({ intent, payload }: RecordedOp): Deviation | undefined {
  if (intent.returnType === "EXISTS" && intent.inverted) return "exists-inverted";
  if (intent.end?.nil) return "nil-end";
  if (intent.policy?.writeMode !== undefined && !/^..4[34]/.test(payload)) return "write-mode";
  if (intent.op === "map.putItems" && intent.items?.order === undefined) return "unmarked-map";
  if (intent.op === "bit.add" && Number(intent.value) < 0) return "negative-bits";
  if (intent.op === "list.sort" && Number(intent.flags) > 3) return "unknown-flags";
  if (intent.op.startsWith("list.") && Number(intent.policy?.writeFlags) > 15) return "unknown-flags";
  if (
    intent.op.startsWith("map.get") &&
    [intent.key, ...(intent.keys ?? [])].some((key) => key?.double || key?.wildcard)
  ) {
    return "odd-key";
  }
  return undefined;
}

type Deviation =
  | "exists-inverted"
  | "nil-end"
  | "write-mode"
  | "unmarked-map"
  | "negative-bits"
  | "unknown-flags"
  | "odd-key";

function hex(op: RecordedOp): string {
  return Buffer.from(encodePayload(callOf(op.intent))).toString("hex");
}

/** The payload, or the error's name when our functions refuse. */
function outcome(op: RecordedOp): string {
  try {
    return hex(op);
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

const all = FILES.flatMap((file) => recordedOps(file).map((op) => ({ file, ...op })));
const deviating = (kind: Deviation) => all.filter((op) => deviation(op) === kind);

describe.each(FILES)("recorded operations: %s", (file) => {
  const ops = all.filter((op) => op.file === file && deviation(op) === undefined);
  const groups = [...new Set(ops.map((op) => op.group))];

  it.each(groups)("%s: the recorded bytes, and refused only what the server refused", (group) => {
    for (const op of ops.filter((each) => each.group === group)) {
      const made = outcome(op);
      if (made === "TypeError" || made === "RangeError") {
        expect(op.resultCode, `${op.id} ${JSON.stringify(op.intent)} refused`).not.toBe(0);
      } else {
        expect(made, `${op.id} ${JSON.stringify(op.intent)}`).toBe(op.payload);
      }
    }
  });

  it("travels under the recorded op code", () => {
    for (const op of ops.filter((each) => outcome(each) === each.payload)) {
      expect(callOp("b", callOf(op.intent)).code, op.id).toBe(op.code);
    }
  });
});

describe("recorded operations that our functions send in another form", () => {
  it("map write modes: PUT with flags, where the native client sends ADD and REPLACE", () => {
    const ops = deviating("write-mode");
    expect(ops.length).toBeGreaterThan(10);
    for (const op of ops) {
      const createOnly = op.intent.policy?.writeMode === "CREATE_ONLY";
      const items = op.intent.op === "map.putItems";
      const key = op.payload.slice(4);
      // ADD ends with the order, REPLACE has none; both lack the flags.
      const body = createOnly ? key : `${key}01`;
      expect(hex(op), op.id).toBe(`${items ? "9444" : "9543"}${body}${createOnly ? "01" : "02"}`);
    }
  });

  it("map items: sorted and with the order marker, where a recording has neither", () => {
    expect(deviating("unmarked-map").map(hex)).toContain("934484c70001c00003a2037902a2037a0100");
  });

  it("negative values of bit additions: as signed integers, where the native client sends them unsigned", () => {
    const [op] = deviating("negative-bits");
    expect(op?.payload).toBe("960a0008cffffffffffffffffd0001");
    expect(op && hex(op)).toBe("960a0008fd0001");
  });

  it("a nil end of a range: open, where a recording sends the nil and finds nothing", () => {
    const ops = deviating("nil-end");
    expect(ops.length).toBeGreaterThan(0);
    for (const op of ops) expect(hex(op).slice(2), op.id).toBe(op.payload.slice(2, -2));
  });
});

describe("recorded operations that are refused although the server answered", () => {
  it.each<[Deviation, string]>([
    ["exists-inverted", "its answer does not say whether something is left"],
    ["unknown-flags", "it ignores flags that mean nothing"],
    ["odd-key", "no map holds such a key"],
  ])("%s: %s", (kind) => {
    const ops = deviating(kind);
    expect(ops.length).toBeGreaterThan(0);
    for (const op of ops) expect(outcome(op), op.id).toMatch(/^(Type|Range)Error$/);
  });
});
