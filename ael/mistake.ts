/** What is wrong with a text, and where. */
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

/** Thrown by everything in this room for text that is no expression; client and emulator each make their own error of it. */
export class AelMistakeError extends Error {
  readonly text: string;
  readonly mistake: AelMistake;

  constructor(text: string, mistake: AelMistake) {
    super(mistake.problem);
    this.name = "AelMistakeError";
    this.text = text;
    this.mistake = mistake;
  }
}

/** Line and column of an offset, both from 1; columns in UTF-16 units. */
export function placeOf(text: string, at: number): { readonly line: number; readonly column: number } {
  const start = text.slice(0, at).lastIndexOf("\n") + 1;
  let line = 1;
  for (let i = text.indexOf("\n"); i >= 0 && i < start; i = text.indexOf("\n", i + 1)) line++;
  return { line, column: at - start + 1 };
}
