import { readFile, writeFile } from "node:fs/promises";
import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import type { PoliteRun, PoliteSecond, PoliteTrial } from "./polite-run.js";

// Draws what `polite.ts` measured: node --import tsx test/campaigns/plot-polite.ts test/campaigns/polite.json docs/polite.svg

const WIDTH = 960;
const HEIGHT = 330;
const MARGIN = { left: 56, right: 16, top: 84, bottom: 44 };
const GAP = 24;
const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1b2430 }
  .title { font-size: 15px; font-weight: 600 }
  .dim { fill: #5a6675 }
  .grid { stroke: #d9dee5 }
  .line { fill: none; stroke: #1f6fd6; stroke-width: 2 }
  .ceiling { stroke: #b3261e; stroke-dasharray: 6 4 }
  .ceiling-name { fill: #b3261e }
  @media (prefers-color-scheme: dark) {
    text { fill: #e4e8ee }
    .dim { fill: #9aa5b4 }
    .grid { stroke: #333b47 }
    .line { stroke: #5aa2ff }
    .ceiling { stroke: #ff8a80 }
    .ceiling-name { fill: #ff8a80 }
  }`;

function draw(run: PoliteRun): string {
  const { trials, maxLatencyMs } = run;
  const width = (WIDTH - MARGIN.left - MARGIN.right - GAP * (trials.length - 1)) / trials.length;
  const most = Math.max(2 * maxLatencyMs, ...trials.flatMap(({ seconds }) => seconds.map(({ p99 }) => p99)));
  const y = scaleLinear([0, most], [HEIGHT - MARGIN.bottom, MARGIN.top]).nice(5);
  const ticks = y.ticks(5);
  const labels = ticks.map((ms) => text(MARGIN.left - 8, y(ms) + 4, `${ms} ms`, 'class="dim" text-anchor="end"'));
  const panels = trials.map((trial, i) => {
    const left = MARGIN.left + i * (width + GAP);
    const x = scaleLinear([0, Math.max(1, trial.seconds.length)], [left, left + width]);
    const path = line<PoliteSecond>()
      .x((_, second) => round(x(second + 1)))
      .y(({ p99 }) => round(y(p99)))([...trial.seconds]);
    return [
      text(left, MARGIN.top - 28, trial.name, 'font-weight="600"'),
      text(left, MARGIN.top - 12, pace(trial), 'class="dim"'),
      ...ticks.map((ms) => across("grid", left, width, y(ms))),
      across("ceiling", left, width, y(maxLatencyMs)),
      `<path class="line" d="${path ?? ""}"/>`,
      ...x.ticks(4).map((s) => text(x(s), HEIGHT - MARGIN.bottom + 18, String(s), 'class="dim" text-anchor="middle"')),
      text(left + width / 2, HEIGHT - 8, "seconds", 'class="dim" text-anchor="middle"'),
    ];
  });
  const name = text(MARGIN.left + 4, y(maxLatencyMs) - 5, "ceiling", 'class="ceiling-name"');
  const title = `99 of 100 of ${run.readsPerSecond.toLocaleString("en-US")} reads a second took no longer than`;
  const about =
    `beside an update of ${run.records.toLocaleString("en-US")} records of ${run.recordBytes.toLocaleString("en-US")} ` +
    `bytes on one node (${run.server}, a file for a device); ceiling ${maxLatencyMs} ms`;
  const all = [text(MARGIN.left, 20, title, 'class="title"'), text(MARGIN.left, 38, about, 'class="dim"')];
  const parts = [...all, ...labels, ...panels.flat(), name];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">
<style>${STYLE}
</style>
${parts.join("\n")}
</svg>
`;
}

function pace({ seconds, changed }: PoliteTrial): string {
  const [reads, above] = [total(seconds, "reads"), total(seconds, "above")];
  const slow = `${((100 * above) / Math.max(1, reads)).toFixed(1)} % of reads above`;
  const perSecond = Math.round(changed / Math.max(1, seconds.length));
  return changed === 0 ? slow : `${perSecond.toLocaleString("en-US")} changed a second, ${slow}`;
}

function total(seconds: readonly PoliteSecond[], what: "reads" | "above"): number {
  return seconds.reduce((sum, one) => sum + one[what], 0);
}

function text(x: number, y: number, content: string, attributes = ""): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${content.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</text>`;
}

function across(kind: string, left: number, width: number, y: number): string {
  return `<line class="${kind}" x1="${round(left)}" x2="${round(left + width)}" y1="${round(y)}" y2="${round(y)}"/>`;
}

function round(value: number): number {
  return Math.round(10 * value) / 10;
}

const [input, output] = process.argv.slice(2);
if (input === undefined || output === undefined) throw new Error("usage: plot-polite.ts <run.json> <plot.svg>");
await writeFile(output, draw(JSON.parse(await readFile(input, "utf8")) as PoliteRun));
