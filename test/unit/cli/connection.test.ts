import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Emulator } from "../../../emulator/index.js";
import { type CliWorld, runCli } from "../../support/run-cli.js";

let emulator: Emulator;
let secured: Emulator;
let folder: string;
let config: string;
beforeAll(async () => {
  emulator = await Emulator.start();
  secured = await Emulator.start({ security: true });
  folder = await mkdtemp(join(tmpdir(), "aerowire-cli-"));
  config = join(folder, "config.toml");
  await writeFile(join(folder, "password"), "admin\nsecond line\n");
  await writeFile(
    config,
    `default = "local"
[clusters.local]
hosts = "${emulator.hosts}"
[clusters.prod]
hosts = ["${emulator.hosts}"]
production = true
[clusters.secured]
hosts = "${secured.hosts}"
user = "admin"
password-file = "password"
`,
  );
});
afterAll(async () => {
  await emulator.close();
  await secured.close();
  await rm(folder, { recursive: true });
});

const cli = (argv: readonly string[], world: CliWorld = {}) => runCli(argv, world);

test("the first that says where counts: flags, environment, config file", async () => {
  const build = ["info", "build"];
  const refused = "127.0.0.1:1";
  expect((await cli([...build, "--host", emulator.hosts], { hosts: refused })).out).toBe("8.1.2.0\n");
  expect((await cli(["--host", emulator.hosts, ...build], { hosts: refused })).exitCode).toBe(0);
  expect((await cli(build, { hosts: emulator.hosts })).exitCode).toBe(0);
  expect((await cli([...build, "--config", config, "-c", "local"], { hosts: refused })).exitCode).toBe(0);
  expect((await cli(build, { env: { AEROWIRE_CONFIG: config } })).exitCode).toBe(0);
  expect((await cli(build, { env: { AEROWIRE_CONFIG: config, AEROWIRE_CLUSTER: "prod" } })).err).toContain(
    "in production",
  );
});

test("no connection is an exit code of its own", async () => {
  const outcome = await cli(["info", "build", "--host", "127.0.0.1:1", "--timeout", "1000"]);
  expect(outcome.exitCode).toBe(3);
  expect(outcome.err).toContain("127.0.0.1:1");
});

test.each([
  ["two places", ["-H", "h", "-c", "local"], "--host and --cluster contradict each other"],
  ["an unknown cluster", ["-c", "nope"], 'There is no cluster "nope"'],
  ["hosts that are none", ["-H", "a:99999"], "1 to 65535, got 99999"],
  ["a time that is none", ["-H", "h", "--timeout", "5"], "--timeout: expected 1000 to 600000 milliseconds"],
  ["a certificate without its key", ["-H", "h", "--tls-cert", "x"], "--tls-cert and --tls-key belong together"],
  ["a config file that is not there", ["--config", "/nonexistent/x.toml"], "there is no such config file"],
])("%s: exit code 2", async (_name, flags, words) => {
  const outcome = await cli(["info", "build", ...flags]);
  expect(outcome.exitCode).toBe(2);
  expect(outcome.err).toContain(words);
});

test.each([
  ["hosts = 1", "clusters.a.hosts: expected hosts such as"],
  ['hosts = "h"\nproduktion = true', "clusters.a.produktion: there is no such key; known: hosts, production,"],
  ['hosts = "h"\npassword = "x"', "passwords don't belong into this file"],
  ['hosts = "h"\nproduction = "yes"', "clusters.a.production: expected true or false"],
  ['hosts = "h', "config.toml: line 2:"],
])("a config file with %j is refused", async (text, words) => {
  const path = join(folder, "wrong-config.toml");
  await writeFile(path, `[clusters.a]\n${text}\n`);
  const outcome = await cli(["info", "build", "--config", path]);
  expect(outcome.exitCode).toBe(2);
  expect(outcome.err).toContain(words);
});

test("a password on the command line is refused, and not repeated", async () => {
  const outcome = await cli(["info", "build", "--host", "aerospike://admin:hunter2@h1"]);
  expect(outcome.exitCode).toBe(2);
  expect(outcome.err).toContain("a password on the command line is seen by every user");
  expect(outcome.err).not.toContain("hunter2");
});

test("users log in by a file, by the environment, or by what they type", async () => {
  const users = ["info", "build"];
  expect((await cli([...users, "--config", config, "-c", "secured"])).exitCode).toBe(0);
  const host = [...users, "-H", secured.hosts, "-U", "admin"];
  expect((await cli(host, { env: { AEROSPIKE_PASSWORD: "admin" } })).exitCode).toBe(0);
  expect((await cli(host, { columns: 80, answers: ["admin"] })).exitCode).toBe(0);
  expect((await cli([...host, "--password-file", join(folder, "password")])).exitCode).toBe(0);
  const wrong = await cli(host, { env: { AEROSPIKE_PASSWORD: "hunter2" } });
  expect(wrong.exitCode).toBe(3);
  expect(wrong.err).not.toContain("hunter2");
  const nobody = await cli(host);
  expect(nobody.exitCode).toBe(2);
  expect(nobody.err).toContain('user "admin" has no password: set AEROSPIKE_PASSWORD or --password-file');
});

test("a cluster in production is asked for twice, whatever names it", async () => {
  const put = ["put", "test.p", "1", "a=1", "--config", config];
  for (const place of [["-c", "prod"]]) {
    const twice = await cli([...put, ...place], { columns: 80, answers: [true, "prod"] });
    expect(twice.asked).toEqual([
      "Write record 1 of test.p on cluster prod (1 node)?",
      "This is production. Type the name of the cluster to go on (prod)",
    ]);
    expect(twice.exitCode).toBe(0);
    expect((await cli([...put, ...place], { columns: 80, answers: [true, "local"] })).exitCode).toBe(4);
    expect((await cli([...put, ...place, "--yes"])).exitCode).toBe(4);
    expect((await cli([...put, ...place, "--yes", "--production", "other"])).exitCode).toBe(4);
    expect((await cli([...put, ...place, "--yes", "--production", "prod"])).exitCode).toBe(0);
  }
});

test("hosts of a production cluster are production, also when a flag names them", async () => {
  const only = join(folder, "only.toml");
  await writeFile(only, `[clusters.prod]\nhosts = "${emulator.hosts},h2:3000"\nproduction = true\n`);
  const outcome = await cli(["delete", "test.p", "1", "--config", only, "--host", emulator.hosts, "--yes"]);
  expect(outcome.exitCode).toBe(4);
  expect(outcome.err).toContain("--production prod has to say that it is meant");
});

test("no colours without a terminal, and none with NO_COLOR", async () => {
  const argv = ["info", "build", "-H", "127.0.0.1:1", "--timeout", "1000"];
  expect((await cli(argv, { columns: 80 })).err).toContain("\u001b[31m");
  expect((await cli(argv)).err).not.toContain("\u001b");
  expect((await cli(argv, { columns: 80, env: { NO_COLOR: "1" } })).err).not.toContain("\u001b");
  expect((await cli(argv, { columns: 80, env: { TERM: "dumb" } })).err).not.toContain("\u001b");
});
