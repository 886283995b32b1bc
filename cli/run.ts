import { CommanderError } from "commander";
import { Cli } from "./cli.js";
import type { OpenCluster } from "./connection/open-cluster.js";
import { ExitCode } from "./exit-code.js";
import { ClosedPipe, failureOf } from "./failure.js";
import type { Io } from "./io.js";
import { createProgram } from "./program.js";

/**
 * Carries a command line out.
 * @param argv the words behind `aerowire`
 * @param shared a cluster that is open already
 * @returns what the process has to end with. It never rejects.
 */
export async function run(argv: readonly string[], io: Io, shared?: OpenCluster): Promise<number> {
  const cli = new Cli(io, shared);
  const onOutputError = (error: Error): void => {
    cli.screen.close();
    cli.abort(new ClosedPipe(error));
  };
  io.stdout.on("error", onOutputError);
  let giveUp: (exitCode: number) => void = () => undefined;
  const givenUp = new Promise<number>((resolve) => {
    giveUp = resolve;
  });
  const stopListening = io.onInterrupt(() => {
    // What does not end after the second one is left alone.
    if (cli.interrupt() >= 2) giveUp(ExitCode.INTERRUPTED);
  });
  try {
    return await Promise.race([carryOut(argv, cli), givenUp]);
  } finally {
    stopListening();
    io.stdout.off("error", onOutputError);
  }
}

async function carryOut(argv: readonly string[], cli: Cli): Promise<number> {
  try {
    await createProgram(cli, run).parseAsync([...argv], { from: "user" });
    return cli.result ?? ExitCode.DONE;
  } catch (error) {
    const isClosed = cli.signal.aborted && cli.signal.reason instanceof ClosedPipe;
    const { exitCode, text } = failureOf(isClosed ? cli.signal.reason : error);
    if (text !== "") cli.screen.note(`${cli.screen.noteColors.red("error:")} ${text}`);
    if (cli.io.env["AEROWIRE_DEBUG"] !== undefined && !(error instanceof CommanderError)) {
      cli.screen.note(error instanceof Error ? (error.stack ?? "") : String(error));
    }
    return exitCode;
  } finally {
    await cli.close();
  }
}
