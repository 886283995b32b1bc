/** Kinds of tokens; punctuation and operators are their own kind, `"=="`, `"("`, … */
export type TokenKind = "end" | "int" | "float" | "string" | "blob" | "name" | "placeholder" | "variable" | string;

/** A piece of the text. `value` is what a literal means: bigint, number, string, bytes; the word of a name. */
export interface Token {
  readonly kind: TokenKind;
  readonly at: number;
  readonly end: number;
  readonly value: unknown;
}
