/** What the process ends with. */
export const ExitCode = {
  DONE: 0,
  FAILED: 1,
  USAGE: 2,
  UNREACHABLE: 3,
  NOT_CONFIRMED: 4,
  RECORDS_FAILED: 5,
  TASK_ENDED_EARLY: 6,
  IN_DOUBT: 7,
  NOT_FOUND: 8,
  INTERRUPTED: 130,
  PIPE_CLOSED: 141,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** What they mean, for the help. */
export const EXIT_CODE_WORDS: readonly (readonly [ExitCode, string])[] = [
  [ExitCode.DONE, "done"],
  [ExitCode.FAILED, "the cluster refused, or a file could not be read or written"],
  [ExitCode.USAGE, "wrong arguments or a wrong expression; nothing was sent"],
  [ExitCode.UNREACHABLE, "no connection, no login, or no reply in time"],
  [ExitCode.NOT_CONFIRMED, "not confirmed; nothing was changed"],
  [ExitCode.RECORDS_FAILED, "done, but single records failed"],
  [ExitCode.TASK_ENDED_EARLY, "a task was stopped, given up or lost before its end"],
  [ExitCode.IN_DOUBT, "a write may or may not have happened"],
  [ExitCode.NOT_FOUND, "no such record, task, module, index, set, namespace or node"],
  [ExitCode.INTERRUPTED, "interrupted by Ctrl-C"],
  [ExitCode.PIPE_CLOSED, "the reader of the output went away"],
];
