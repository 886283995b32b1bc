/** Flags of a regular expression: those of glibc's regcomp, which the server hands them to. */
export const RegexFlag = {
  /** ERE instead of BRE. */
  EXTENDED: 1,
  ICASE: 2,
  /** A newline ends a line for `^` and `$`, and neither `.` nor `[^…]` matches it. */
  NEWLINE: 4,
} as const;
