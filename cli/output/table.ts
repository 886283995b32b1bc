import Table from "cli-table3";
import stringWidth from "fast-string-width";
import type { Colors } from "./colors.js";
import { printable } from "./printable.js";

/** A column of a table. */
export interface Column {
  readonly head: string;
  readonly align?: "left" | "right" | undefined;
}

const GAP = 2;
/** Narrower than this, a folded column can't be read. */
const LEAST = 12;

const NO_LINES = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: " ".repeat(GAP),
};

/**
 * Rows below their heads, as wide as they need where that fits; else the widest columns are folded; else, where there are
 * too many columns for that, each row is a column beside the heads; else, where there are too many rows for that, a paragraph
 * with a line for each of its values.
 * @param width columns of the terminal; undefined folds nothing
 */
export function renderTable(
  columns: readonly (Column | string)[],
  rows: readonly (readonly string[])[],
  width: number | undefined,
  colors: Colors,
): string {
  const heads = columns.map((column) => (typeof column === "string" ? { head: column } : column));
  const cells = rows.map((row) => heads.map((_, i) => printable(row[i] ?? "")));
  const natural = heads.map(({ head }, i) =>
    Math.max(stringWidth(head), ...cells.map((row) => stringWidth(row[i] ?? ""))),
  );
  const widths = width === undefined ? natural : narrow(natural, width);
  if (widths === undefined) {
    return crosswise(heads, cells, width ?? 80, colors) ?? paragraphs(heads, cells, width ?? 80, colors);
  }
  // Apart, as colours are put on when the folding is done: what folds knows nothing of them.
  const headLines = draw(heads, widths, [heads.map(({ head }) => head)]).split("\n");
  const boldLines = headLines.map((line) => colors.bold(line));
  return [...boldLines, ...(cells.length === 0 ? [] : [draw(heads, widths, cells)])].join("\n");
}

function draw(columns: readonly Column[], widths: readonly number[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    chars: NO_LINES,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    colWidths: [...widths],
    colAligns: columns.map(({ align = "left" }) => align),
    wordWrap: true,
    wrapOnWordBoundary: false,
  });
  for (const row of rows) table.push([...row]);
  return table.toString().replace(/[ \t]+$/gm, "");
}

/** Takes from the widest columns until all fit; undefined when they can't. */
function narrow(natural: readonly number[], width: number): number[] | undefined {
  const widths = [...natural];
  let excess = widths.reduce((sum, one) => sum + one, 0) + GAP * (widths.length - 1) - width;
  while (excess > 0) {
    const widest = Math.max(...widths);
    if (widest <= LEAST) return undefined;
    const second = Math.max(LEAST, ...widths.filter((one) => one < widest));
    const at = widths.flatMap((one, i) => (one === widest ? [i] : []));
    const share = Math.max(1, Math.min(widest - second, Math.ceil(excess / at.length)));
    for (const i of at) widths[i] = Math.max(LEAST, widest - share);
    excess -= at.reduce((sum, i) => sum + widest - (widths[i] ?? 0), 0);
  }
  return widths;
}

/** Undefined when the rows don't fit beside each other. */
function crosswise(
  heads: readonly Column[],
  cells: readonly (readonly string[])[],
  width: number,
  colors: Colors,
): string | undefined {
  const widest = Math.max(...heads.map(({ head }) => stringWidth(head)));
  const widths = [widest, ...cells.map((row) => Math.max(...row.map((cell) => stringWidth(cell))))];
  if (widths.reduce((sum, one) => sum + one, 0) + GAP * cells.length > width) return undefined;
  const columns = widths.map(() => ({ head: "" }));
  const lines = heads.map(({ head }, i) => [head, ...cells.map((row) => row[i] ?? "")]);
  return boldFirst(draw(columns, widths, lines), widest, colors);
}

function boldFirst(text: string, width: number, colors: Colors): string {
  return text
    .split("\n")
    .map((line) => colors.bold(line.slice(0, width)) + line.slice(width))
    .join("\n");
}

function paragraphs(
  heads: readonly Column[],
  cells: readonly (readonly string[])[],
  width: number,
  colors: Colors,
): string {
  const widest = Math.max(...heads.map(({ head }) => stringWidth(head)));
  const valueWidth = Math.max(LEAST, width - widest - GAP);
  const columns = [{ head: "" }, { head: "" }];
  return cells
    .map((row) => {
      const pairs = heads.map(({ head }, i) => [head, row[i] ?? ""]);
      return boldFirst(draw(columns, [widest, valueWidth], pairs), widest, colors);
    })
    .join("\n\n");
}
