import { describe, expect, it } from "vitest";
import { Emulator } from "../../emulator/index.js";
import { packedEnd } from "../../emulator/packed/size.js";
import {
  BitOp,
  CdtForm,
  type CdtOperation,
  type CdtSystem,
  HllOp,
  ListOp,
  MapOp,
} from "../../protocol/cdt/operations.js";
import { ExpOp } from "../../protocol/exp/op-code.js";
import { type Op, OpCode } from "../../protocol/message/op.js";
import { integerOf, PackedHead, PackedType } from "../../protocol/value/packed-head.js";
import { compare, type Side } from "../differential/compare.js";
import { describeStep } from "../differential/describe.js";
import { randomSequence, type Sequence } from "../differential/random-sequence.js";
import { shrink } from "../differential/shrink.js";
import { rowsOf, type Step } from "../differential/step.js";
import { Wire } from "../differential/wire.js";
import { runs } from "../support/runs.js";

// The differential test itself, on two emulators: `npm run test:differential` is what compares one with a real server.

const SET = "diff";

describe("random sequences", () => {
  const sequences = Array.from({ length: runs(300) }, (_, seed) => randomSequence(seed, SET));
  const ops = sequences.flatMap(({ steps }) => steps.flatMap(opsOf));

  it("are the same for the same seed", () => {
    const describe = ({ steps }: Sequence): string => steps.map(describeStep).join("\n");
    expect(describe(randomSequence(7, SET))).toBe(describe(randomSequence(7, SET)));
    expect(describe(randomSequence(7, SET))).not.toBe(describe(randomSequence(8, SET)));
  });

  // What only 8.2 knows can't be compared with a server of 8.1: newer-server.test.ts holds what that answers to it.
  it("try every op of a command that 8.1 knows", () => {
    const newer: readonly number[] = [OpCode.STRING_READ, OpCode.STRING_MODIFY, OpCode.TO_STRING];
    const known = Object.values(OpCode).filter((code) => !newer.includes(code));
    expect(new Set(ops.map(({ code }) => code))).toEqual(new Set(known));
  });

  it("try every operation on lists, maps, bits and sketches that 8.1 knows", () => {
    const tried = new Set(ops.flatMap(operationsOf));
    const all: CdtOperation[] = [ListOp, MapOp, BitOp, HllOp].flatMap((table) => Object.values(table));
    const missing = all.filter(({ system, code, since }) => since !== "8.2" && !tried.has(`${system} ${code}`));
    expect(missing).toEqual([]);
    expect(tried).toContain(`cdt ${CdtForm.SELECT}`);
  });

  it("try every operation of expressions that 8.1 knows", () => {
    const tried = new Set(ops.flatMap(listCodes));
    // What depends on when a record was written can't be compared.
    const timed: readonly number[] = [ExpOp.LAST_UPDATE, ExpOp.SINCE_UPDATE, ExpOp.VOID_TIME, ExpOp.TTL];
    const newer: readonly number[] = [ExpOp.BIN_EXISTS, ExpOp.TO_STRING, ExpOp.TEXT];
    const missing = Object.entries(ExpOp).filter(
      ([, code]) => !tried.has(code) && !timed.includes(code) && !newer.includes(code),
    );
    expect(missing).toEqual([]);
  });
});

describe("the comparison", () => {
  it("finds nothing between two emulators", async () => {
    await using one = await Emulator.start();
    await using other = await Emulator.start();
    const sides = { one: await wireTo(one), other: await wireTo(other) };
    for (let seed = 0; seed < runs(30); seed++) expect(await compare(sides, randomSequence(seed, SET))).toBeUndefined();
    sides.one.close();
    sides.other.close();
  });

  it("finds a server that is wrong, and makes the case small", async () => {
    await using right = await Emulator.start();
    await using wrong = await Emulator.start();
    const sides = { one: await wireTo(right), other: await wireTo(wrong) };
    const found: Sequence[] = [];
    for (let seed = 0; found.length < runs(1); seed++) {
      const difference = await compare({ one: sides.one, other: sortingTwice(sides.other) }, randomSequence(seed, SET));
      if (difference === undefined) continue;
      const small = await shrink({ one: sides.one, other: sortingTwice(sides.other) }, difference, SET);
      expect(small.text).toMatch(/generations \d+ and \d+/);
      found.push(small.sequence);
    }
    // The sort, and at most what makes the list.
    for (const { steps } of found) {
      expect(steps.flatMap(opsOf).length, steps.map(describeStep).join("\n")).toBeLessThanOrEqual(2);
      expect(steps.flatMap(opsOf).some(isSort)).toBe(true);
    }
    sides.one.close();
    sides.other.close();
  });
});

/** A side that counts a successful sort of a list as two changes of the record. */
function sortingTwice(side: Side): Side {
  return {
    async run(steps, keys) {
      const replies = await side.run(steps, keys);
      return replies.map((reply, i) => {
        const rows = reply.rows.map((row, place) => {
          const sorts = rowsOf(steps[i]!)[place]?.operation.ops.some(isSort) ?? false;
          return row?.resultCode === 0 && sorts ? { ...row, generation: row.generation + 1 } : row;
        });
        return { ...reply, rows };
      });
    },
  };
}

async function wireTo(emulator: Emulator): Promise<Wire> {
  const [host = "", port] = emulator.hosts.split(":");
  return Wire.open(host, Number(port));
}

function opsOf(step: Step): readonly Op[] {
  return rowsOf(step).flatMap(({ operation }) => operation.ops);
}

const SYSTEMS = new Map<number, CdtSystem>([
  [OpCode.CDT_READ, "cdt"],
  [OpCode.CDT_MODIFY, "cdt"],
  [OpCode.BITS_READ, "bits"],
  [OpCode.BITS_MODIFY, "bits"],
  [OpCode.HLL_READ, "hll"],
  [OpCode.HLL_MODIFY, "hll"],
]);

function isSort(op: Op): boolean {
  return operationsOf(op).includes(`cdt ${ListOp.SORT.code}`);
}

/** System and code of a collection operation, also of the one that stands inside of a context. */
function operationsOf(op: Op): string[] {
  const system = SYSTEMS.get(op.code);
  if (system === undefined || !("payload" in op)) return [];
  const outer = codeAt(op.payload, 0);
  const isInside = outer.code === CdtForm.IN_CONTEXT && system === "cdt";
  const { code } = isInside ? codeAt(op.payload, packedEnd(op.payload, outer.next, op.payload.length)) : outer;
  return [`${system} ${code}`];
}

/** The integer that a list begins with; -1 where there is none. */
function codeAt(bytes: Uint8Array, at: number): { readonly code: number; readonly next: number } {
  const head = new PackedHead();
  const isList = head.read(bytes, at, bytes.length) && head.type === PackedType.LIST && head.count > 0;
  if (!isList || !head.read(bytes, head.next, bytes.length) || head.type !== PackedType.INTEGER) {
    return { code: -1, next: at };
  }
  return { code: Number(integerOf(head)), next: head.next };
}

/** The integers that lists anywhere in a packed expression begin with. */
function listCodes(op: Op): number[] {
  if (!("payload" in op) || (op.code !== OpCode.EXP_READ && op.code !== OpCode.EXP_MODIFY)) return [];
  const codes: number[] = [];
  for (let at = 0; at < op.payload.length; ) {
    codes.push(codeAt(op.payload, at).code);
    const head = new PackedHead();
    if (!head.read(op.payload, at, op.payload.length)) break;
    at = head.next;
  }
  return codes;
}
