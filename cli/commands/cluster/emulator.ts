import type { Command } from "commander";
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
}

const EXAMPLES = `
Examples:
  $ aerowire emulator --nodes 3 --load users.jsonl.gz
  $ aerowire emulator --port 0`;

export function addEmulator(program: Command, cli: Cli): void {
  program
    .command("emulator")
    .description("an Aerospike cluster in this process, until Ctrl-C")
    .option("--nodes <n>", "1 to 8; default 1", "1")
    .option("--port <n>", "of the first node, the others follow; 0 for free ones; default 3000", "3000")
    .option("--namespaces <names>", "with commas between; default test,bar", "test,bar")
    .option("--load <file>", "an export to begin with, into the first namespace")
    .option("--security", "users have to log in; the first one is admin, password admin")
    .addHelpText("after", EXAMPLES)
    .action(
      cli.action(async (flags: EmulatorFlags) => {
        const { io, screen, signal } = cli;
        const nodes = parseWhole("--nodes", flags.nodes, 1, 8);
        const port = parseWhole("--port", flags.port, 0, 65_535 - nodes);
        const namespaces = flags.namespaces.split(",").map((name) => ({ name: name.trim() }));
        if (flags.load !== undefined && flags.security === true)
          throw usage("--load and --security contradict each other");
        // Only who asks for it waits until it is loaded.
        const { Emulator } = await import("../../../emulator/index.js");
        const ports = Array.from({ length: nodes }, (_, i) => (port === 0 ? 0 : port + i));
        const options = { nodes, ports, namespaces, ...(flags.security === true && { security: true }) };
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
