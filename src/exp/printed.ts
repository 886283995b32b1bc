/** How tightly what was printed binds: the precedences of the text language. */
export const Precedence = {
  OR: 1,
  AND: 2,
  COMPARISON: 3,
  BIT_OR: 4,
  BIT_XOR: 5,
  BIT_AND: 6,
  SHIFT: 7,
  SUM: 8,
  PRODUCT: 9,
  POWER: 10,
  UNARY: 11,
  OPERAND: 12,
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
