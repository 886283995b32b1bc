import type { ErrorCode } from "../errors/error-code.js";
import { AerospikeError, mark } from "../errors/errors.js";

/** What an {@link AelParseError} knows about a mistake. */
export interface AelMistake {
  /** What is wrong, one sentence without a full stop. */
  readonly problem: string;
  /** Where, as offsets into the text. */
  readonly at: number;
  readonly end: number;
  readonly found?: string | undefined;
  readonly expected?: string | undefined;
  /** What was probably meant. */
  readonly suggestion?: string | undefined;
}

const EXCERPT = 100;

/**
 * Text that is no expression. The message shows the place:
 *
 * ```text
 * line 1:9: "&&" is no operator
 *   $.a > 1 && $.b < 2
 *           ^^
 * Did you mean "and"?
 * ```
 */
export class AelParseError extends AerospikeError {
  static override readonly defaultCode: ErrorCode = "AEL_PARSE";
  static {
    mark(AelParseError, "AelParseError");
  }

  /** What is wrong, without its place. */
  readonly problem: string;
  /** Where it begins and ends, as offsets into the text. */
  readonly at: number;
  readonly end: number;
  /** Line of the mistake, from 1. */
  readonly line: number;
  /** Column of the mistake in UTF-16 units, from 1. */
  readonly column: number;
  /** The line of the text and, below it, carets under the mistake. */
  readonly excerpt: string;
  /** What stands there. */
  readonly found: string | undefined;
  /** What could stand there. */
  readonly expected: string | undefined;
  /** What was probably meant. */
  readonly suggestion: string | undefined;

  /** @internal */
  constructor(text: string, mistake: AelMistake) {
    const start = text.slice(0, mistake.at).lastIndexOf("\n") + 1;
    const stop = text.indexOf("\n", mistake.at);
    const line = text.slice(0, start).split("\n").length;
    const column = mistake.at - start + 1;
    const excerpt = draw(text.slice(start, stop < 0 ? undefined : stop), column - 1, mistake.end - mistake.at);
    const { problem, found, expected, suggestion } = mistake;
    const detail = `${expected === undefined ? "" : `: expected ${expected}`}${found === undefined ? "" : `, got ${found}`}`;
    const hint = suggestion === undefined ? "" : `\n${suggestion}`;
    super(`line ${line}:${column}: ${problem}${detail}\n${excerpt}${hint}`);
    this.problem = problem;
    this.at = mistake.at;
    this.end = mistake.end;
    this.line = line;
    this.column = column;
    this.excerpt = excerpt;
    this.found = found;
    this.expected = expected;
    this.suggestion = suggestion;
  }
}

/** The line with carets below, cut to a width that fits a terminal. */
function draw(line: string, column: number, width: number): string {
  const from = column > EXCERPT - 20 ? column - 40 : 0;
  const shown = line.slice(from, from + EXCERPT);
  const head = from > 0 ? "…" : "";
  const tail = from + EXCERPT < line.length ? "…" : "";
  const at = column - from + head.length;
  const carets = Math.max(1, Math.min(width, shown.length - (column - from)));
  // Tabs stay tabs, so that the carets stand below what they mean.
  const indent = (head + shown).slice(0, at).replace(/[^\t]/g, " ");
  return `  ${head}${shown}${tail}\n  ${indent}${"^".repeat(carets)}`;
}
