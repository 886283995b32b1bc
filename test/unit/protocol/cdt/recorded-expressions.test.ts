import { describe, expect, it } from "vitest";
import type { CdtCall } from "../../../../protocol/cdt/call.js";
import { callOf, recordedCalls } from "../../../support/cdt-intents.js";
import { packedCall } from "../../../support/packed-call.js";

/** System and call as they stand in an expression, in hex. */
function systemAndCall(call: CdtCall): string {
  const { system, call: bytes } = packedCall(call);
  return Buffer.from([system, ...bytes]).toString("hex");
}

/** Calls that the native client shortens by a default at their end, and our form of them. */
const SPELLED_OUT: Readonly<Record<string, { readonly ours: string; readonly recorded: string }>> = {
  "expressions/map-modify/001": { ours: "409443a2037a1a00", recorded: "409343a2037a1a" },
  "expressions/map-modify/003": {
    ours: "40934483c70001c0a2036100a203791900",
    recorded: "40924483c70001c0a2036100a2037919",
  },
  "expressions/map-modify/004": { ours: "409449a203610a00", recorded: "409349a203610a" },
  "expressions/map-modify/022": {
    ours: "4093ccff9222a203789443a203770100",
    recorded: "4093ccff9222a203789343a2037701",
  },
  "expressions/bits/005": { ours: "0193360808", recorded: "019436080800" },
};

describe("recorded calls inside of expressions", () => {
  const calls = recordedCalls();
  const same = calls.filter(({ id }) => !(id in SPELLED_OUT));

  it("are many", () => {
    expect(calls.length).toBeGreaterThan(110);
    expect(calls.length - same.length).toBe(Object.keys(SPELLED_OUT).length);
  });

  it.each(same.map((call) => [call.id, call] as const))("%s: system and call as recorded", (_, { intent, request }) => {
    // What follows is the bin, [81, type, name].
    expect(request).toContain(`${systemAndCall(callOf(intent))}9351`);
  });

  it.each(calls.filter(({ id }) => id in SPELLED_OUT).map((call) => [call.id, call] as const))(
    "%s: the same with the default at its end sent, or not",
    (id, { intent, request }) => {
      expect(request).toContain(`${SPELLED_OUT[id]?.recorded}9351`);
      expect(systemAndCall(callOf(intent))).toBe(SPELLED_OUT[id]?.ours);
    },
  );
});
