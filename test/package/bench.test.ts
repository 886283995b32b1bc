import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { Emulator } from "../../emulator/index.js";
import { runToEnd } from "../support/run.js";

// The benchmark on the package and an emulator: it runs, and checks what it reads. What it measures is no matter here.

const MAIN = fileURLToPath(new URL("../../bench/main.mjs", import.meta.url));
const WORKS = "get,put,operate,update,batch,scan,background,get-1000,put-1000,get-map,put-map,tls-get,get-2-threads";

let folder: string;
let emulator: Emulator;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aerowire-bench-"));
  emulator = await Emulator.start({ udf: "none" });
});

afterAll(async () => {
  await emulator.close();
  await rm(folder, { recursive: true });
});

test("the benchmark compares a build with a program and writes results and plots", async () => {
  const peer = join(folder, "peer.mjs");
  await writeFile(peer, 'console.log("RESULT ops_s=1000 cpu_us=2.5 p50_us=10 p99_us=20 errors=0");\n');
  const out = join(folder, "results.json");
  const build = join(inject("plainProject"), "node_modules/aerowire/dist/index.js");
  const { exitCode, stdout, stderr } = await runToEnd(process.execPath, [
    MAIN,
    ...["--host", emulator.hosts, "--build", `aerowire=${build}`],
    ...["--peers", "other", "--peer", `other=${process.execPath} ${peer}`],
    ...[
      "--works",
      WORKS,
      "--keys",
      "100",
      "--rounds",
      "1",
      "--ms",
      "20",
      "--warm-up",
      "20",
      "--in-flight",
      "2,4",
      "--out",
      out,
    ],
  ]);
  expect({ exitCode, stderr }, `${stdout}\n${stderr}`).toEqual({ exitCode: 0, stderr: "" });
  const { rows } = JSON.parse(await readFile(out, "utf8"));
  const measured = rows.map(({ work, client }: { work: string; client: string }) => `${work} by ${client}`);
  for (const work of WORKS.split(",")) expect(measured).toContain(`${work} by aerowire`);
  expect(measured).toContain("get by other");
  expect(measured).not.toContain("tls-get by other");
  for (const { rate, cpuUs } of rows) expect(Math.min(rate, cpuUs)).toBeGreaterThan(0);
  expect(await readdir(folder)).toContain("results-depth-memory.svg");
});

test("the benchmark says what it was not told right", async () => {
  const { exitCode, stderr } = await runToEnd(process.execPath, [MAIN, "--works", "gets"]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain("--works: there is no gets");
});
