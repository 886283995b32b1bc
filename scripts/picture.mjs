// Draws what a program printed as a terminal: npm run -s demo | node scripts/picture.mjs > docs/images/demo.svg
// What comes before the first background task is left out, and of each task's lines of progress all but three.
import { text } from "node:stream/consumers";

const WIDTH = 9.2;
const HEIGHT = 20;
const MARGIN = 20;
const TOP = 44;

const printed = (await text(process.stdin)).split("\n");
const start = printed.findIndex((line) => line.startsWith("update:"));
if (start < 0) throw new Error("the demo printed no background task");
const lines = shortened(printed.slice(start)).map((line) => line.trimEnd());
while (lines.at(-1) === "") lines.pop();
const columns = Math.max(...lines.map((line) => line.length));
const [width, height] = [Math.ceil(columns * WIDTH) + 2 * MARGIN, TOP + lines.length * HEIGHT + MARGIN];
const rows = lines.map((line, i) => {
  const kind = isHeading(line) ? ' class="heading"' : "";
  return `<text${kind} x="${MARGIN}" y="${TOP + (i + 0.75) * HEIGHT}" textLength="${(line.length * WIDTH).toFixed(1)}">${escaped(line)}</text>`;
});
process.stdout.write(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="npm run demo: background tasks on three nodes, each followed to its end, and a table of what they did">
<style>text { font: 15px ui-monospace, Menlo, Consolas, monospace; fill: #d8dee9; white-space: pre; } .heading { font-weight: 700; fill: #8fbcff; }</style>
<rect width="${width}" height="${height}" rx="10" fill="#161b22"/>
<circle cx="24" cy="22" r="6" fill="#ff5f57"/><circle cx="44" cy="22" r="6" fill="#febc2e"/><circle cx="64" cy="22" r="6" fill="#28c840"/>
${rows.filter((row) => !row.endsWith("></text>")).join("\n")}
</svg>
`);

/** Runs of lines of progress, by their first, their middle and their last. */
function shortened(all) {
  const isProgress = (line) => /^\s+\d+% /.test(line ?? "");
  return all.filter((line, i) => {
    if (!isProgress(line)) return true;
    let [first, last] = [i, i];
    while (isProgress(all[first - 1])) first--;
    while (isProgress(all[last + 1])) last++;
    return i === first || i === last || i === (first + last) >> 1;
  });
}

function isHeading(line) {
  return /^\w/.test(line);
}

function escaped(line) {
  return line.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
