// Puts the results into docs/performance.md, between <!-- NAME … --> and <!-- end -->, and draws its plots: no figure is
// copied by hand.
//   node report.mjs [--check]      with --check nothing is written, and what is out of date is an error
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { curvesOf } from "./curves.mjs";
import { comparisonOf, costOf, machineOf, nodesOf } from "./tables.mjs";

const RESULTS = new URL("results.json", import.meta.url);
const DOCUMENT = new URL("../docs/performance.md", import.meta.url);
const PLOTS = new URL("../docs/performance/", import.meta.url);

/** By the first word of a mark; the others are passed on. */
const BLOCKS = { machine: machineOf, compare: comparisonOf, nodes: nodesOf, cost: costOf };

function fill(document, results) {
  return document.replace(/<!-- (\w+)((?: [\w-]+)*) -->\n[\s\S]*?<!-- end -->/g, (_, name, words) => {
    const block = BLOCKS[name];
    if (block === undefined)
      throw new Error(`docs/performance.md asks for ${name}, which is none of ${Object.keys(BLOCKS)}`);
    const [, ...args] = words.split(" ");
    return `<!-- ${name}${words} -->\n${block(results, ...args)}\n<!-- end -->`;
  });
}

const results = JSON.parse(readFileSync(RESULTS, "utf8"));
const document = readFileSync(DOCUMENT, "utf8");
const files = [
  [DOCUMENT, fill(document, results)],
  ...curvesOf(results).map(({ name, svg }) => [new URL(`${name}.svg`, PLOTS), svg]),
];
if (process.argv.includes("--check")) {
  const stale = files.filter(([url, content]) => readFileSync(url, "utf8") !== content);
  for (const [url] of stale) console.error(`${url.pathname} is out of date: node bench/report.mjs`);
  if (stale.length > 0) process.exitCode = 1;
} else {
  mkdirSync(PLOTS, { recursive: true });
  for (const [url, content] of files) writeFileSync(url, content);
}
