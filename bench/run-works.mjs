// The rows of the table: all contenders in turn, in short slices, so that whatever else the machine does meets all alike.
import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { median } from "./statistics.mjs";
import { WORKS } from "./works.mjs";

const CERTIFICATES = fileURLToPath(new URL("../test/support/tls/", import.meta.url));
/** What the certificate is for. */
const TLS_NAME = "localhost";

/** The server, and the proxy before it as soon as it is needed. */
export class Targets {
  #plain;
  #tls;
  #proxy;

  constructor(host, port, keys) {
    this.#plain = { host, port, keys };
  }

  async of({ tls }) {
    if (tls === undefined) return this.#plain;
    if (this.#tls === undefined) {
      const { host, port } = this.#plain;
      const files = [`${CERTIFICATES}localhost.pem`, `${CERTIFICATES}localhost.key.pem`];
      this.#proxy = fork(fileURLToPath(new URL("tls-proxy.mjs", import.meta.url)), [host, String(port), ...files]);
      const [proxyPort] = await once(this.#proxy, "message");
      const certificate = { name: TLS_NAME, ca: `${CERTIFICATES}localhost.pem` };
      this.#tls = { ...this.#plain, host: "127.0.0.1", port: proxyPort, tls: certificate };
    }
    return this.#tls;
  }

  close() {
    this.#proxy?.disconnect();
  }
}

/** CPU that the server has used, where it runs on this machine and that is Linux. */
function serverCpuUs(pid) {
  if (pid === undefined) return 0;
  const [, fields] = readFileSync(`/proc/${pid}/stat`, "utf8").split(/\) (.*)/s);
  const [user, system] = fields.split(" ").slice(11, 13).map(Number);
  // In hundredths of a second.
  return (user + system) * 10_000;
}

/**
 * @returns a result for each contender, with the medians of all rounds; `times` compares it with the first: medians of the
 *   ratios of each round, whose slices met the machine in about the same state
 */
export async function runWork(name, inFlight, { contenders, targets, keys, rounds, ms, warmUpMs, serverPid }) {
  const work = WORKS[name];
  const target = await targets.of(work);
  const able = contenders.filter((contender) => contender.can(work));
  await able.at(-1).prepare(work, target);
  const runs = new Map(able.map((contender) => [contender, []]));
  for (let round = 0; round <= rounds; round++) {
    for (let i = 0; i < able.length; i++) {
      const contender = able[(i + round) % able.length];
      const before = serverCpuUs(serverPid);
      const start = performance.now();
      const length = round === 0 ? Math.max(ms, warmUpMs) : ms;
      const result = await contender.run(work, target, { keys, inFlight, ms: length });
      result.serverCores = (serverCpuUs(serverPid) - before) / (performance.now() - start) / 1000;
      // The first round warms up.
      if (round > 0) runs.get(contender).push(result);
    }
  }
  const base = runs.get(able[0]);
  return able.map((contender) => {
    const all = runs.get(contender);
    const of = (field) => median(all.map((run) => run[field]));
    const timesOf = (field) => median(all.map((run, round) => run[field] / base[round][field]));
    const rates = all.map(({ rate }) => rate);
    return {
      work: name,
      inFlight,
      client: contender.name,
      unit: work.unit,
      rate: of("rate"),
      lowest: Math.min(...rates),
      highest: Math.max(...rates),
      cpuUs: of("cpuUs"),
      p50Us: of("p50Us"),
      p99Us: of("p99Us"),
      times: { than: able[0].name, rate: timesOf("rate"), cpuUs: timesOf("cpuUs"), p99Us: timesOf("p99Us") },
      ...(serverPid !== undefined && { serverCores: of("serverCores") }),
      ...(all[0].lateMs !== undefined && { lateMs: of("lateMs") }),
      ...(all[0].sockets !== undefined && { sockets: of("sockets") }),
    };
  });
}

/** Writes all records that works read. */
export async function load(contender, targets, keys) {
  const target = await targets.of({});
  await contender.run({ work: "put" }, target, { keys, inFlight: 128, ms: 3_600_000, operations: keys });
}
