import { compare, type Difference, onFreshRecords, type Sides } from "./compare.js";
import { canBeSent, type RandomOperation, type Step } from "./step.js";

/** Makes a difference smaller as long as it stays one: fewer steps, rows, ops and conditions. */
export async function shrink(sides: Sides, difference: Difference, setName: string): Promise<Difference> {
  let smallest = difference;
  let tries = 0;
  for (;;) {
    const smaller = await firstSmaller();
    if (smaller === undefined) return smallest;
    smallest = smaller;
  }

  async function firstSmaller(): Promise<Difference | undefined> {
    for (const steps of candidates(smallest)) {
      const sequence = onFreshRecords({ ...smallest.sequence, steps }, setName, `${smallest.sequence.seed}s${tries++}`);
      if (!steps.every((step) => canBeSent(step, sequence.keys))) continue;
      const found = await compare(sides, sequence);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function* candidates({ sequence, step: at }: Difference): Generator<readonly Step[]> {
  const { steps } = sequence;
  // Nothing behind the difference plays a part in it.
  if (at + 1 < steps.length) yield steps.slice(0, at + 1);
  for (let size = steps.length >> 1; size >= 1; size >>= 1) {
    for (let i = 0; i + size <= steps.length; i += size) yield [...steps.slice(0, i), ...steps.slice(i + size)];
  }
  for (let i = 0; i < steps.length; i++) {
    for (const smaller of smallerSteps(steps[i]!)) yield steps.with(i, smaller);
  }
}

function* smallerSteps(step: Step): Generator<Step> {
  if (step.kind === "single") {
    for (const operation of smallerOperations(step.operation)) yield { ...step, operation };
    return;
  }
  for (const row of step.rows) yield { kind: "single", ...row };
  for (let i = 0; i < step.rows.length; i++) {
    const row = step.rows[i]!;
    if (step.rows.length > 1) yield { ...step, rows: step.rows.toSpliced(i, 1) };
    for (const operation of smallerOperations(row.operation)) {
      yield { ...step, rows: step.rows.with(i, { ...row, operation }) };
    }
  }
}

function* smallerOperations(operation: RandomOperation): Generator<RandomOperation> {
  const { ops, how } = operation;
  for (let size = ops.length >> 1; size >= 1; size >>= 1) {
    for (let i = 0; i + size <= ops.length; i += size) {
      if (ops.length > size) yield { ...operation, ops: ops.toSpliced(i, size) };
    }
  }
  for (const name of Object.keys(how)) {
    yield { ...operation, how: Object.fromEntries(Object.entries(how).filter(([key]) => key !== name)) };
  }
}
