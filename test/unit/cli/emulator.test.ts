import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ExitCode } from "../../../cli/exit-code.js";
import { type Cluster, type ConnectOptions, connect, DataSet } from "../../../src/index.js";
import { type CliOutcome, runCli } from "../../support/run-cli.js";

const users = DataSet.of<{ n: number }>("test", "users");

/** Runs `aerowire emulator` on a free port, and ends it when the work with it is done. */
async function emulate(argv: readonly string[], work: (hosts: string) => Promise<void>): Promise<CliOutcome> {
  let hosts = "";
  let done: Promise<void> | undefined;
  const outcome = await runCli(["emulator", "--port", "0", ...argv], {
    onOutput: (text, pressCtrlC) => {
      hosts ||= /^127\.0\.0\.1:\d+.*$/m.exec(text)?.[0] ?? "";
      if (!text.includes("ready;") || done !== undefined) return;
      done = work(hosts).finally(pressCtrlC);
    },
  });
  await done;
  return outcome;
}

async function using(hosts: string, options: ConnectOptions, work: (cluster: Cluster) => Promise<void>): Promise<void> {
  await using cluster = await connect(hosts, options);
  await work(cluster);
}

let folder: string;
let cert: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aerowire-"));
  const extensions = [
    { name: "basicConstraints" as const, cA: true },
    { name: "subjectAltName" as const, altNames: [{ type: 7 as const, ip: "127.0.0.1" }] },
  ];
  const pems = await generate([{ name: "commonName", value: "localhost" }], { extensions });
  cert = pems.cert;
  await writeFile(join(folder, "cert.pem"), pems.cert);
  await writeFile(join(folder, "key.pem"), pems.private);
});
afterAll(() => rm(folder, { recursive: true }));

describe("aerowire emulator", () => {
  test("serves clients until Ctrl-C", async () => {
    const { exitCode, out } = await emulate(["--nodes", "2"], (hosts) =>
      using(hosts, {}, async (cluster) => {
        await cluster.createSession().put(users.id(1), { n: 1 });
      }),
    );
    expect(exitCode).toBe(ExitCode.DONE);
    expect(out).toMatch(/^127\.0\.0\.1:\d+,127\.0\.0\.1:\d+\n$/);
  });

  test("speaks TLS to users who log in", async () => {
    const pems = ["--cert", join(folder, "cert.pem"), "--key", join(folder, "key.pem")];
    const { exitCode, err } = await emulate(
      ["--account", "app:a:b:read-write", "--account", "eve:x:", ...pems],
      (hosts) =>
        using(hosts, { tls: { ca: cert }, user: "app", password: "a:b" }, async (cluster) => {
          await cluster.createSession().put(users.id(1), { n: 1 });
          const eve = connect(hosts, { tls: { ca: cert }, user: "eve", password: "x" });
          await using other = await eve;
          await expect(other.createSession().get(users.id(1))).rejects.toMatchObject({ code: "ROLE_VIOLATION" });
        }),
    );
    expect(exitCode).toBe(ExitCode.DONE);
    expect(err).not.toContain("a:b");
  });

  test.each<[string, string[]]>([
    ["--account: expected name:password:roles", ["--account", "hunter2"]],
    ["--cert and --key need each other", ["--cert", "x.pem"]],
    ["--cert-name: there is no --cert", ["--cert-name", "x"]],
    ["--cert: /nonexistent/x.pem can't be read", ["--cert", "/nonexistent/x.pem", "--key", "/nonexistent/y.pem"]],
    ["--load and --security contradict each other", ["--load", "x.jsonl", "--account", "a:b:read"]],
  ])("refuses: %s", async (message, argv) => {
    const { exitCode, err } = await runCli(["emulator", "--port", "0", ...argv]);
    expect(exitCode).toBe(ExitCode.USAGE);
    expect(err).toContain(message);
    expect(err).not.toContain("hunter2");
  });
});
