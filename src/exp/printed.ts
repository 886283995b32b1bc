/** How tightly what was printed holds together; the precedences of the text language. */
export const Hold = {
  OR: 1,
  AND: 2,
  COMPARISON: 3,
  BITS: 4,
  SHIFT: 5,
  SUM: 6,
  PRODUCT: 7,
  POWER: 8,
  UNARY: 9,
  OPERAND: 10,
} as const;

export interface Printed {
  readonly text: string;
  readonly hold: number;
}

/** Text that holds together by itself. */
export function operand(text: string): Printed {
  return { text, hold: Hold.OPERAND };
}

/** In parentheses when it holds together less tightly than its place asks. */
export function at(least: number, { text, hold }: Printed): string {
  return hold < least ? `(${text})` : text;
}
