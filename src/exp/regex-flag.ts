/**
 * Flags of a regular expression, with the meaning that the server's C library gives them. Other clients name 4 NOSUB and
 * 8 NEWLINE, which is the wrong way round.
 */
export const RegexFlag = {
  /** Basic syntax: `(`, `|`, `+`, `?` and `{` are plain characters. */
  NONE: 0,
  /** Extended syntax, what most people know as regular expressions. */
  EXTENDED: 1,
  /** Letter case does not matter. */
  ICASE: 2,
  /** `.` and `[^…]` do not match a newline; `^` and `$` match at each line. */
  NEWLINE: 4,
  /** No positions of groups are kept. Makes no difference here. */
  NOSUB: 8,
} as const;
