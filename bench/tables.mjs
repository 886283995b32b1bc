// Results as tables, for terminals and for documents.
import { WORKS } from "./works.mjs";

const count = (value) => (value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString("en"));
const micros = (value) => (value < 10 ? value.toFixed(2) : Math.round(value).toLocaleString("en"));
const millis = (us) => (us < 10_000 ? (us / 1000).toFixed(2) : (us / 1000).toFixed(0));
const times = (value) => (Number.isFinite(value) ? value.toFixed(2) : "");

/** @param rows of one work and one number in flight: the first is what the others are compared with */
export function printTable(rows) {
  const [base] = rows;
  const { work, inFlight, unit } = base;
  console.log(`\n${work}, ${inFlight} in flight`);
  console.table(
    Object.fromEntries(
      rows.map((row) => [
        row.client,
        {
          [`${unit}s/s`]: count(row.rate),
          lowest: count(row.lowest),
          highest: count(row.highest),
          [`x ${base.client}`]: times(row.times.rate),
          "CPU us": micros(row.cpuUs),
          "p50 us": micros(row.p50Us),
          "p99 us": micros(row.p99Us),
          ...(row.serverCores !== undefined && { "server cores": row.serverCores.toFixed(2) }),
          ...(row.lateMs !== undefined && { "late ms": row.lateMs.toFixed(1) }),
          ...(row.sockets !== undefined && { sockets: row.sockets }),
        },
      ]),
    ),
  );
}

const line = (cells) => `| ${cells.join(" | ")} |`;
const markdown = (head, rows) => [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");

/** Works in the order of the list, with what they are about for readers. */
const order = Object.keys(WORKS);

/** A line for each work and number in flight; a client's cell has rate, CPU and 99th percentile, the last three the ratios to the native client. */
export function comparisonOf(results, storage, ...works) {
  const rows = results.rows.filter((row) => row.storage === storage && works.includes(row.work));
  const clients = [...new Set(rows.map(({ client }) => client))].sort((a, b) => rank(a) - rank(b));
  const keys = [...new Set(rows.map(({ work, inFlight }) => `${work} ${inFlight}`))];
  keys.sort((a, b) => {
    const [[aWork, aDepth], [bWork, bDepth]] = [a.split(" "), b.split(" ")];
    return order.indexOf(aWork) - order.indexOf(bWork) || aDepth - bDepth;
  });
  const lines = keys.map((key) => {
    const own = rows.filter(({ work, inFlight }) => `${work} ${inFlight}` === key);
    const of = (client) => own.find((row) => row.client === client);
    const [work, inFlight] = key.split(" ");
    const cell = (row) =>
      row === undefined ? "–" : `${count(row.rate)} · ${micros(row.cpuUs)} µs · ${millis(row.p99Us)} ms`;
    const { than, ...ratios } = of("aerowire").times;
    const ratio = (field) => (than === "native" ? times(ratios[field]) : "");
    return [
      work,
      inFlight,
      ...clients.map((client) => cell(of(client))),
      ratio("rate"),
      ratio("cpuUs"),
      ratio("p99Us"),
    ];
  });
  return markdown(["work", "in flight", ...clients, "rate", "CPU", "p99"], lines);
}

/** This client and the native one before the others. */
const rank = (client) => ["aerowire", "native"].indexOf(client) + 1 || 3;

export function nodesOf({ nodes }) {
  return markdown(
    ["nodes", "tend, CPU ms a second", "get, CPU µs"],
    nodes.map((each) => [each.nodes, each.tendMs.toFixed(2), each.getUs.toFixed(2)]),
  );
}

/** What needs no server. */
export function costOf({ builders, expressions }) {
  const nanos = (row) =>
    row.cpuNs === undefined ? `${(row.bytes / 1024).toFixed(1)} KiB` : `${row.cpuNs.toLocaleString("en")} ns`;
  return markdown(
    ["what", "cost"],
    [...builders, ...expressions].map((row) => [row.what, nanos(row)]),
  );
}

export const machineOf = ({ machine, node, server }) =>
  [machine, `Node.js ${node}`, server].filter((each) => each !== undefined).join("; ");
