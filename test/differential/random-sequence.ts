import { ResultType } from "../../emulator/exp/result-type.js";
import { ExpOp } from "../../protocol/exp/op-code.js";
import { makeKey } from "../../protocol/key/make-key.js";
import type { RecordKey } from "../../protocol/key/record-key.js";
import type { Op } from "../../protocol/message/op.js";
import { Random } from "../support/random/random.js";
import { RandomExpression, SIZES } from "../support/random/random-expression.js";
import type { How } from "../support/record-commands.js";
import { firstOps, randomOp, randomReadOp, writeOp } from "./random-op.js";
import { SKETCHES } from "./sketches.js";
import { type BatchStepRow, canBeSent, type RandomOperation, type Step } from "./step.js";

/** Commands that belong together: they are about the same few records, one after the other. */
export interface Sequence {
  readonly seed: number;
  readonly keys: readonly RecordKey[];
  readonly steps: readonly Step[];
}

const RECORDS = 3;

export function keysOf(setName: string, name: string | number): RecordKey[] {
  return Array.from({ length: RECORDS }, (_, place) => makeKey("test", setName, `${name}-${place}`));
}

/** The sequence of a seed: the same on every machine. */
export function randomSequence(seed: number, setName: string): Sequence {
  const random = new Random(seed);
  // Nothing depends on when a record was written, nor on what indexes in storage take, of which the emulator keeps none.
  const persists = random.oneIn(3);
  const from = new RandomExpression(random, SKETCHES, persists ? [ExpOp.DEVICE_SIZE] : SIZES);
  const keys = keysOf(setName, seed);
  const steps: Step[] = [];
  for (let record = 0; record < RECORDS; record++) {
    // One in four records is missing at first.
    if (!random.oneIn(4)) steps.push({ kind: "single", record, operation: operate(firstOps(from, persists)) });
  }
  for (let left = random.between(4, 14); left > 0; left--) steps.push(sendable(() => randomStep(from, persists), keys));
  return { seed, keys, steps };
}

/** The first that our client would send: not all that is random goes together. */
function sendable(make: () => Step, keys: readonly RecordKey[]): Step {
  for (;;) {
    const step = make();
    if (canBeSent(step, keys)) return step;
  }
}

function randomStep(from: RandomExpression, persists: boolean): Step {
  const { random } = from;
  if (!random.oneIn(4)) {
    // Most of a sequence happens to one record, so that much comes together in it.
    const record = random.oneIn(3) ? random.below(RECORDS) : 0;
    return { kind: "single", record, operation: randomOperation(from, persists) };
  }
  const rows: BatchStepRow[] = [];
  // A server works on rows in any order, so each is about another record.
  for (let record = 0; record < RECORDS; record++) {
    if (!random.oneIn(4)) rows.push({ record, operation: randomOperation(from, persists) });
  }
  if (rows.length === 0) rows.push({ record: 0, operation: randomOperation(from, persists) });
  // The same operation again travels as a REPEAT row.
  const [first] = rows;
  if (first !== undefined && random.oneIn(4)) {
    return { kind: "batch", rows: rows.map(({ record }) => ({ record, operation: first.operation })), inline: true };
  }
  return { kind: "batch", rows, inline: random.oneIn(2) };
}

function randomOperation(from: RandomExpression, persists: boolean): RandomOperation {
  const { random } = from;
  const verb = random.below(40);
  if (verb < 3) return { verb: "read", ops: [], how: readHow(from), ...someBins(random) };
  if (verb === 3) return { verb: "read header", ops: [], how: readHow(from) };
  if (verb === 4) return { verb: "exists", ops: [], how: readHow(from) };
  if (verb === 5) return { verb: "delete", ops: [], how: writeHow(from) };
  if (verb === 6) return { verb: "touch", ops: [], how: writeHow(from) };
  if (verb < 11) {
    const ops = several(random, () => randomReadOp(from));
    return { verb: "operate", ops, how: readHow(from) };
  }
  if (verb < 14) {
    const bins = ["i", "s", "l", "m", "x", "new"];
    return operate(
      several(random, () => writeOp(from, random.pick(bins))),
      writeHow(from),
    );
  }
  return operate(
    several(random, () => randomOp(from, persists)),
    writeHow(from),
  );
}

function operate(ops: readonly Op[], how: How = {}): RandomOperation {
  return { verb: "operate", ops, how };
}

function several<T>(random: Random, make: () => T): T[] {
  const count = random.oneIn(2) ? 1 : random.between(2, 6);
  return Array.from({ length: count }, make);
}

function someBins(random: Random): { bins?: readonly string[] } {
  if (random.oneIn(2)) return {};
  const names = ["i", "s", "l", "m", "h", "b", "x", "gone", "y"].filter(() => random.oneIn(3));
  return names.length === 0 ? {} : { bins: names };
}

function readHow(from: RandomExpression): How {
  const { random } = from;
  return {
    ...filter(from),
    ...(random.oneIn(8) ? { sendKey: true } : {}),
    ...(random.oneIn(12) ? { readModeAp: "all" } : {}),
    ...(random.oneIn(6) ? { respondAllOps: false } : {}),
  };
}

function writeHow(from: RandomExpression): How {
  const { random } = from;
  const exists = random.oneIn(4)
    ? random.pick(["updateOnly", "createOnly", "replace", "replaceOnly"] as const)
    : undefined;
  return {
    ...filter(from),
    ...(exists === undefined ? {} : { recordExists: exists }),
    ...(random.oneIn(6)
      ? { generation: { expect: random.pick(["equal", "greater"] as const), generation: random.between(0, 8) } }
      : {}),
    ...(random.oneIn(6) ? { ttl: random.pick([-2, -1, 0, 1_000, 100_000]) } : {}),
    ...(random.oneIn(6) ? { sendKey: true } : {}),
    ...(random.oneIn(8) ? { respondAllOps: false } : {}),
    ...(random.oneIn(40) ? { durableDelete: true } : {}),
    ...(random.oneIn(12) ? { commitLevel: "master" } : {}),
  };
}

function filter(from: RandomExpression): { filter?: Uint8Array } {
  if (!from.random.oneIn(6)) return {};
  return { filter: from.expression(ResultType.BOOL, from.random.between(1, 3)) };
}
