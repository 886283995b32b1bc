// What the rows of a chain hold, as types: builders gather them call by call.

/** What operations returned, in the order of the calls. */
export type Results = readonly unknown[];

/** What a function returned. */
export type UdfResults = readonly [unknown];

/** Operations in the order of the calls, each as the bin's name and the type of what it returns. */
export type Operations = readonly (readonly [bin: string, result: unknown])[];

/** What operations returned, in the order of the calls. */
export type OperationResults<Ops extends Operations> = { readonly [I in keyof Ops]: Ops[I][1] };

/** What operations returned, by bin; of several on one bin, the last that had a value to give. */
export type OperationBins<Ops extends Operations = Operations> = {
  readonly [N in SureBin<Ops[number]>]: BinResult<Ops[number], N>;
} & {
  readonly [N in Exclude<ReturningBin<Ops[number]>, SureBin<Ops[number]>>]?: BinResult<Ops[number], N>;
} extends infer Bins
  ? { [N in keyof Bins]: Bins[N] } // shown as one object
  : never;

type BinResult<Op, N> = Op extends readonly [N, infer R] ? Exclude<R, null> : never;

/** Bins of which an operation returns something. */
type ReturningBin<Op> = Op extends readonly [infer N extends string, infer R]
  ? [Exclude<R, null>] extends [never]
    ? never
    : N
  : never;

/** Bins of which an operation returns something in any case. */
type SureBin<Op> = Op extends readonly [infer N extends string, infer R] ? (null extends R ? never : N) : never;
