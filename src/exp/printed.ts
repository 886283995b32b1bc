/** How tightly what was printed binds: the precedences of the text language. */
export const Precedence = {
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
  readonly precedence: number;
}

/** Text that needs no parentheses anywhere. */
export function operand(text: string): Printed {
  return { text, precedence: Precedence.OPERAND };
}

/** In parentheses when it binds less tightly than its place asks. */
export function parenthesized(least: number, { text, precedence }: Printed): string {
  return precedence < least ? `(${text})` : text;
}
