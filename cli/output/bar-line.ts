import type { Colors } from "./colors.js";
import { count, duration, rate } from "./numbers.js";
import type { Reading } from "./progress-meter.js";

/** A line of progress. */
export interface BarRow {
  readonly label: string;
  /** `active`, or a word for what it is instead. */
  readonly state: string;
  readonly reading: Reading;
}

const LABEL_WIDTH = 16;
const LEAST_BAR = 8;
const MOST_BAR = 40;
const PERCENT_WIDTH = 5;

/** Lines of progress that fit into `width` columns, their bars below each other. */
export function barLines(rows: readonly BarRow[], width: number, colors: Colors): string[] {
  const labelWidth = Math.min(LABEL_WIDTH, Math.max(6, Math.floor(width / 4)));
  const room = width - 1 - (labelWidth + 1) - PERCENT_WIDTH - LEAST_BAR;
  // The words beside a bar, the most important first: what does not fit is left out.
  const words = rows.map((row) => fitting(wordsOf(row), room));
  const longest = Math.max(0, ...words.map((shown) => shown.reduce((sum, word) => sum + word.length + 2, 0)));
  const barWidth = Math.min(MOST_BAR, LEAST_BAR + Math.max(0, room - longest));
  return rows.map(({ label, reading: { percent } }, i) => {
    const head = `${label.slice(0, labelWidth).padEnd(labelWidth)} `;
    const part = (percent === null ? "?%" : `${percent.toFixed(0)}%`).padStart(PERCENT_WIDTH);
    const shown = (words[i] ?? []).map((word) => `  ${paint(word, colors)}`).join("");
    return `${head}${drawBar(percent ?? 0, barWidth, colors)}${part}${shown}`;
  });
}

function fitting(words: readonly string[], room: number): string[] {
  let left = room;
  const end = words.findIndex((word) => {
    left -= word.length + 2;
    return left < 0;
  });
  return words.slice(0, end < 0 ? undefined : end);
}

function wordsOf({ state, reading }: BarRow): string[] {
  const { perSecond, msLeft, changed } = reading;
  if (state !== "active") return [state, `${count(changed)} changed`, ...failedWords(reading)];
  return [rate(perSecond), ...leftWords(msLeft), ...failedWords(reading), `${count(changed)} changed`];
}

function leftWords(ms: number | null): string[] {
  if (ms === null) return [];
  return [ms < 1_000 ? "<1 s left" : `${duration(ms)} left`];
}

function failedWords({ failed }: Reading): string[] {
  return failed === 0 ? [] : [`${count(failed)} failed`];
}

function paint(word: string, colors: Colors): string {
  return word.endsWith(" failed") ? colors.red(word) : word;
}

function drawBar(percent: number, width: number, colors: Colors): string {
  const full = Math.round((Math.min(100, Math.max(0, percent)) / 100) * width);
  return colors.cyan("█".repeat(full)) + colors.dim("░".repeat(width - full));
}
