import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import type { EmulatorTlsOptions, UserOptions } from "../../../emulator/index.js";
import { DataSet } from "../../../src/index.js";
import type { Cli } from "../../cli.js";
import { ExitCode } from "../../exit-code.js";
import { CliError, usage } from "../../failure.js";
import { counted } from "../../output/numbers.js";
import { importRecords, openLines, STORES_KEYS } from "../../transfer/import-records.js";
import { parseWhole } from "../../values/parse-value.js";

interface EmulatorFlags {
  readonly nodes: string;
  readonly port: string;
  readonly namespaces: string;
  readonly load?: string | undefined;
  readonly security?: boolean | undefined;
  readonly account?: readonly string[] | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly certName?: string | undefined;
}

const EXAMPLES = `
Examples:
  $ aerowire emulator --nodes 3 --load users.jsonl.gz
  $ aerowire emulator --port 0 --account app:secret:read-write,udf-admin`;

export function addEmulator(program: Command, cli: Cli): void {
  program
    .command("emulator")
    .description("an Aerospike cluster in this process, until Ctrl-C")
    .option("--nodes <n>", "1 to 8; default 1", "1")
    .option("--port <n>", "of the first node, 0 for free ones; default 3000", "3000")
    .option("--namespaces <names>", "with commas between; default test,bar", "test,bar")
    .option("--load <file>", "an export to begin with, into the first namespace")
    .option("--security", "users have to log in; admin, password admin, can")
    .option("--account <user>", "name:password:roles, again for more; and --security", collect)
    .option("--cert <file>", "TLS by this certificate, PEM; with --key")
    .option("--key <file>", "of the certificate, PEM")
    .option("--cert-name <name>", "by which nodes give each other out")
    .addHelpText("after", EXAMPLES)
    .action(
      cli.action(async (flags: EmulatorFlags) => {
        const { io, screen, signal } = cli;
        const nodes = parseWhole("--nodes", flags.nodes, 1, 8);
        const port = parseWhole("--port", flags.port, 0, 65_535 - nodes);
        const namespaces = flags.namespaces.split(",").map((name) => ({ name: name.trim() }));
        const users = usersOf(flags.account ?? []);
        const isSecure = flags.security === true || flags.account !== undefined;
        if (flags.load !== undefined && (isSecure || flags.cert !== undefined)) {
          throw usage(`--load and ${isSecure ? "--security" : "--cert"} contradict each other`);
        }
        const tls = await tlsOf(flags);
        // Only who asks for it waits until it is loaded.
        const { Emulator } = await import("../../../emulator/index.js");
        const ports = Array.from({ length: nodes }, (_, i) => (port === 0 ? 0 : port + i));
        const options = { nodes, ports, namespaces, ...(isSecure && { security: { users } }), ...(tls && { tls }) };
        await using emulator = await Emulator.start(options).catch((error: unknown) => {
          const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
          throw taken
            ? new CliError(ExitCode.FAILED, `a port from ${port} on is taken; choose another with --port`)
            : error;
        });
        if (flags.load !== undefined) {
          await using cluster = await io.connect(emulator.hosts, { signal });
          const target = DataSet.ofNamespace(namespaces[0]?.name ?? "");
          const { written } = await importRecords(
            cluster.createSession(STORES_KEYS),
            target,
            await openLines(flags.load, io.stdin),
            {
              mode: "replace",
              parallel: 100,
              fromLine: 1,
              dryRun: false,
              now: () => io.clock.now(),
              signal,
              onProgress: () => undefined,
            },
          );
          screen.note(`${counted(written, "record")} loaded`);
        }
        await screen.print(emulator.hosts);
        screen.note("ready; Ctrl-C ends it and forgets its data");
        await interrupted(cli);
      }),
    );
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Passwords may hold colons; names and roles can't. */
function usersOf(accounts: readonly string[]): Record<string, UserOptions> {
  return Object.fromEntries(
    accounts.map((account) => {
      const [, name, password, roles] = /^([^:]+):(.+):([^:]*)$/.exec(account) ?? [];
      // What was given may hold a password, so it is not repeated.
      if (name === undefined || password === undefined || roles === undefined) {
        throw usage("--account: expected name:password:roles, such as app:secret:read-write,udf-admin");
      }
      return [name, { password, roles: roles.split(",").filter((role) => role !== "") }];
    }),
  );
}

async function tlsOf({ cert, key, certName }: EmulatorFlags): Promise<EmulatorTlsOptions | undefined> {
  if (cert === undefined && key === undefined) {
    if (certName !== undefined) throw usage("--cert-name: there is no --cert");
    return undefined;
  }
  if (cert === undefined || key === undefined) throw usage("--cert and --key need each other");
  const read = (option: string, path: string): Promise<string> =>
    readFile(path, "utf8").catch(() => {
      throw usage(`${option}: ${path} can't be read`);
    });
  return {
    cert: await read("--cert", cert),
    key: await read("--key", key),
    ...(certName !== undefined && { name: certName }),
  };
}

/** Ctrl-C is how it is meant to end. */
function interrupted({ io, signal }: Cli): Promise<void> {
  return new Promise((resolve) => {
    const stop = io.onInterrupt(() => {
      stop();
      resolve();
    });
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
