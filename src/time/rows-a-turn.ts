/** Rows to work on before the rest of the program has its turn: some milliseconds of work. */
export const ROWS_A_TURN = 5_000;
