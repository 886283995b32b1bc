import type { Colors } from "./colors.js";
import { count, duration, rate } from "./numbers.js";
import type { Reading } from "./progress-meter.js";

/** The words beside a bar, the most important first: what does not fit is left out. */
export interface BarWords {
  readonly label: string;
  readonly state: string;
}

const LABEL_WIDTH = 16;
const LEAST_BAR = 8;
const MOST_BAR = 40;

/** One line of progress that fits into `width` columns. */
export function barLine({ label, state }: BarWords, reading: Reading, width: number, colors: Colors): string {
  const percent = reading.percent === null ? "   ?%" : `${reading.percent.toFixed(0).padStart(4)}%`;
  const words =
    state === "active" ? activeWords(reading) : [state, `${count(reading.changed)} changed`, ...failedWords(reading)];
  const labelWidth = Math.min(LABEL_WIDTH, Math.max(6, Math.floor(width / 4)));
  const head = `${label.slice(0, labelWidth).padEnd(labelWidth)} `;
  let left = width - 1 - head.length - percent.length - LEAST_BAR;
  const shown: string[] = [];
  for (const word of words) {
    if (word.length + 2 > left) break;
    shown.push(word);
    left -= word.length + 2;
  }
  const bar = drawBar(reading.percent ?? 0, Math.min(MOST_BAR, LEAST_BAR + Math.max(0, left)), colors);
  return `${head}${bar}${percent}${shown.map((word) => `  ${paint(word, colors)}`).join("")}`;
}

function activeWords(reading: Reading): string[] {
  const left = reading.msLeft === null ? [] : [`${duration(reading.msLeft)} left`];
  return [rate(reading.perSecond), ...left, ...failedWords(reading), `${count(reading.changed)} changed`];
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
