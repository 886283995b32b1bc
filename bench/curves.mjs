// Which curves results are drawn as.
import { plot } from "./plot.mjs";
import { WORKS } from "./works.mjs";

/** A line for each client that has more than one point. */
function seriesOf(rows, xOf, yOf) {
  return [...byClient(rows)]
    .map(([name, own]) => ({ name, points: own.map((row) => [xOf(row), yOf(row)]).sort(([a], [b]) => a - b) }))
    .filter(({ points }) => points.length > 1);
}

function byClient(rows) {
  const groups = new Map();
  for (const row of rows) groups.set(row.client, [...(groups.get(row.client) ?? []), row]);
  return groups;
}

const inFlight = (row) => row.inFlight;
const rate = (row) => row.rate;
const sizeOf = (row) => WORKS[row.work].size;

function panels(rows, label, xOf, drawn) {
  return drawn
    .map(([title, y, yOf]) => ({ title, x: label, y, series: seriesOf(rows, xOf, yOf) }))
    .filter(({ series }) => series.length > 0);
}

/** @returns names and SVG documents of the curves that there are results for */
export function curvesOf({ rows, nodes }) {
  const curves = [];
  const add = (name, drawn) => {
    if (drawn.length > 0) curves.push({ name, svg: plot(drawn) });
  };
  for (const storage of ["memory", "device"]) {
    const gets = rows.filter((row) => row.storage === storage && row.work === "get");
    add(
      `depth-${storage}`,
      panels(gets, "in flight", inFlight, [
        [`Gets, ${storage}`, "a second", rate],
        ["99th percentile", "µs", (row) => row.p99Us],
        ["CPU of the client", "µs a get", (row) => row.cpuUs],
      ]),
    );
    const sized = (work) => rows.filter((row) => row.storage === storage && WORKS[row.work].work === work);
    add(`size-${storage}`, [
      ...panels(sized("getBytes"), "bytes of a value", sizeOf, [[`Gets, ${storage}, 16 in flight`, "a second", rate]]),
      ...panels(sized("putBytes"), "bytes of a value", sizeOf, [[`Puts, ${storage}, 16 in flight`, "a second", rate]]),
    ]);
  }
  if (nodes !== undefined) {
    const line = (name, of) => [{ name, points: nodes.map((each) => [each.nodes, of(each)]) }];
    add("nodes", [
      { title: "CPU of the tend", x: "nodes", y: "ms a second", series: line("aerowire", (each) => each.tendMs) },
      { title: "CPU of a get", x: "nodes", y: "µs", series: line("aerowire", (each) => each.getUs) },
    ]);
  }
  return curves;
}
