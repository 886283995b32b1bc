/**
 * Gives a class methods that throw: for callers without a type checker, who would otherwise learn nothing from
 * "is not a function". The types don't have them.
 */
export function refuse(builder: { readonly prototype: object }, reasons: Readonly<Record<string, string>>): void {
  for (const [method, reason] of Object.entries(reasons)) {
    Object.defineProperty(builder.prototype, method, {
      configurable: true,
      value: () => {
        throw new TypeError(`${method}() makes no sense for a background task: ${reason}`);
      },
    });
  }
}

/** What no background task has, whatever its kind. */
export const NEVER_IN_BACKGROUND = {
  failOnFilteredOut: "a record that the filter drops is counted in the progress, it is no error",
  includeMissingKeys: "the server reports counters, not records",
  limit: "the server ignores it; narrow the where clause instead",
  maxRecords: "the server ignores it; narrow the where clause instead",
  ensureGenerationIs: "the server ignores it; test what you need in the where clause",
} as const;

const WRITES_ONLY_IN_UPDATE = "it has no bin operations; use update() to write bins";

/** What a job that does one fixed thing to each record lacks besides. */
export const NO_BIN_OPERATIONS = { bin: WRITES_ONLY_IN_UPDATE } as const;

const NO_TOMBSTONES = "it is no delete; use delete() to delete records";

/** What a job that is not there to delete records lacks. */
export const NO_DURABLE_DELETE = {
  withDurableDelete: NO_TOMBSTONES,
  withoutDurableDelete: NO_TOMBSTONES,
  defaultWithDurableDelete: NO_TOMBSTONES,
  defaultWithoutDurableDelete: NO_TOMBSTONES,
} as const;

/** What a job that deletes its records lacks. */
export const NO_EXPIRY = {
  expireRecordAfterSeconds: "its records are deleted",
  expireRecordAt: "its records are deleted",
  neverExpire: "its records are deleted",
  withNoChangeInExpiration: "its records are deleted",
  expiryFromServerDefault: "its records are deleted",
} as const;
