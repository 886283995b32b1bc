import { type AelMistake, AelMistakeError, placeOf } from "../../ael/index.js";
import type { ErrorCode } from "../errors/error-code.js";
import { AerospikeError, mark } from "../errors/errors.js";

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
    const { line, column } = placeOf(text, mistake.at);
    const start = mistake.at - column + 1;
    const stop = text.indexOf("\n", mistake.at);
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

/** Does something with text; what the compiler has against it becomes an error of the client's. */
export function readingText<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof AelMistakeError ? new AelParseError(error.text, error.mistake) : error;
  }
}
