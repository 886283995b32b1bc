// Whom the benchmark compares: clients for Node.js in processes of their own, which stay while it runs, and programs
// that are started for each slice.
import { fork, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { OF_PROGRAMS } from "./works.mjs";

const SERVE = fileURLToPath(new URL("serve.mjs", import.meta.url));
/** A program has to get warm in every slice. */
const PROGRAM_WARM_UP_S = 2;

/** A client for Node.js: `kind` is "native" or "aerowire". */
export class NodeContender {
  #options;
  /** One for each way in: plain, and through TLS. */
  #children = new Map();

  constructor(name, options) {
    this.name = name;
    this.#options = options;
  }

  can({ threads }) {
    return threads === undefined || this.#options.kind === "aerowire";
  }

  prepare({ work, size }, target) {
    return this.#ask(target, { do: "prepare", work, size });
  }

  run({ work, size, threads }, target, slice) {
    return this.#ask(target, { do: "run", work, size, threads, ...slice });
  }

  close() {
    for (const child of this.#children.values()) child.send({ do: "close" });
  }

  #ask(target, job) {
    let child = this.#children.get(target);
    if (child === undefined) {
      child = fork(SERVE, [JSON.stringify({ ...this.#options, ...target })], {
        execArgv: this.#options.execArgv ?? [],
      });
      this.#children.set(target, child);
    }
    return new Promise((resolve, reject) => {
      const onExit = (code) => reject(new Error(`${this.name} has ended with code ${code}`));
      child.once("exit", onExit);
      child.once("message", (message) => {
        child.off("exit", onExit);
        if (message.error === undefined) resolve(message);
        else reject(new Error(`${this.name}: ${message.error}`));
      });
      child.send(job);
    });
  }
}

/**
 * A program, in whatever language: it is called with host, port, work, requests in flight and seconds, has KEYS and WARMUP
 * (seconds) in its environment, and writes a line that begins with RESULT and has ops_s=, cpu_us=, p50_us= and p99_us=.
 */
export class ProgramContender {
  #command;

  constructor(name, command) {
    this.name = name;
    this.#command = command.split(" ");
  }

  can({ work, tls, threads }) {
    return OF_PROGRAMS[work] !== undefined && tls === undefined && threads === undefined;
  }

  async prepare() {
    // Programs read what others have written.
  }

  run({ work }, { host, port, keys }, { inFlight, ms }) {
    const [file, ...args] = this.#command;
    return new Promise((resolve, reject) => {
      const child = spawn(file, [...args, host, port, OF_PROGRAMS[work], inFlight, ms / 1000], {
        env: { ...process.env, KEYS: keys, WARMUP: PROGRAM_WARM_UP_S },
        stdio: ["ignore", "pipe", "inherit"],
      });
      let output = "";
      child.stdout.on("data", (bytes) => {
        output += bytes;
      });
      child.once("error", reject);
      child.once("close", () => {
        const line = output.split("\n").find((each) => each.startsWith("RESULT"));
        const of = (name) => Number(line?.match(new RegExp(` ${name}=(\\S+)`))?.[1]);
        const result = { rate: of("ops_s"), cpuUs: of("cpu_us"), p50Us: of("p50_us"), p99Us: of("p99_us") };
        if (Object.values(result).some(Number.isNaN) || Number(of("errors")) > 0) {
          reject(new Error(`${this.name}: no result in ${JSON.stringify(output)}`));
        } else resolve(result);
      });
    });
  }

  close() {
    // Each run has ended.
  }
}
