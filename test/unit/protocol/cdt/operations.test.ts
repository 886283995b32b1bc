import { describe, expect, it } from "vitest";
import {
  BitOp,
  type CdtOperation,
  ContainerOp,
  HllOp,
  ListOp,
  MapOp,
  operationOf,
  StringOp,
  selectorOperations,
} from "../../../../protocol/cdt/operations.js";

const all: readonly (readonly [string, CdtOperation])[] = [
  ...Object.entries(ListOp).map(([name, op]) => [`list ${name}`, op] as const),
  ...Object.entries(MapOp).map(([name, op]) => [`map ${name}`, op] as const),
  ...Object.entries(BitOp).map(([name, op]) => [`bits ${name}`, op] as const),
  ...Object.entries(HllOp).map(([name, op]) => [`hll ${name}`, op] as const),
  ...Object.entries(ContainerOp).map(([name, op]) => [`container ${name}`, op] as const),
  ...Object.entries(StringOp).map(([name, op]) => [`string ${name}`, op] as const),
];

describe("the table of operations", () => {
  it.each(all)("%s is found by its code", (_, op) => {
    expect(operationOf(op.system, op.code)).toBe(op);
  });

  it("knows no other codes", () => {
    const known = new Set(all.map(([, op]) => `${op.system} ${op.code}`));
    expect(known.size).toBe(all.length);
    for (const system of ["cdt", "bits", "hll", "string"] as const) {
      for (let code = 0; code < 256; code++) {
        if (!known.has(`${system} ${code}`)) expect(operationOf(system, code)).toBeUndefined();
      }
    }
  });

  it.each(all.filter(([, op]) => op.selects !== undefined))("%s has its read and its removal", (_, op) => {
    if ((op.on !== "list" && op.on !== "map") || op.selects === undefined) throw new Error("selects on no container");
    const { read, remove } = selectorOperations(op.on, op.selects);
    expect([read.on, read.selects, read.modifies]).toEqual([op.on, op.selects, false]);
    expect([remove.on, remove.selects, remove.modifies]).toEqual([op.on, op.selects, true]);
    expect(op.returns).toBe("selection");
  });

  it("has no selector by keys for lists", () => {
    expect(() => selectorOperations("list", "keyList")).toThrow("a list has no selector of the kind keyList");
  });

  it("tells lists from maps by the code", () => {
    for (const op of Object.values(ListOp)) expect(op.code).toBeLessThan(64);
    for (const op of Object.values(MapOp)) expect(op.code).toBeGreaterThanOrEqual(64);
  });
});
