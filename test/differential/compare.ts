import type { RecordKey } from "../../protocol/key/record-key.js";
import { keysOf, type Sequence } from "./random-sequence.js";
import { differenceOf, type StepReply } from "./reply.js";
import type { RandomOperation, Step } from "./step.js";

/** What carries steps out in their order. */
export interface Side {
  run(steps: readonly Step[], keys: readonly RecordKey[]): Promise<readonly StepReply[]>;
}

/** The two that have to say the same. */
export interface Sides {
  readonly one: Side;
  readonly other: Side;
}

/** Where the replies to a sequence part. */
export interface Difference {
  readonly sequence: Sequence;
  /** Place of the step; those behind the last are the reads of the whole records. */
  readonly step: number;
  readonly text: string;
}

const WHOLE: RandomOperation = { verb: "read", ops: [], how: {} };

/** Runs a sequence on both sides, reads the records whole afterwards, and says where the first difference is. */
export async function compare(sides: Sides, sequence: Sequence): Promise<Difference | undefined> {
  const steps = [
    ...sequence.steps,
    ...sequence.keys.map((_, record): Step => {
      return { kind: "single", record, operation: WHOLE };
    }),
  ];
  const [mine, its] = await Promise.all([sides.one.run(steps, sequence.keys), sides.other.run(steps, sequence.keys)]);
  return firstDifference(sequence, mine, its);
}

function firstDifference(
  sequence: Sequence,
  mine: readonly StepReply[],
  its: readonly StepReply[],
): Difference | undefined {
  for (let step = 0; step < mine.length; step++) {
    const [one, other] = [mine[step], its[step]];
    const text = one === undefined || other === undefined ? "a reply is missing" : differenceOf(one, other);
    if (text !== undefined) return { sequence, step, text };
  }
  return undefined;
}

/** The same steps on records that no other run has touched. */
export function onFreshRecords(sequence: Sequence, setName: string, name: string): Sequence {
  return { ...sequence, keys: keysOf(setName, name) };
}
