import { readFile } from "node:fs/promises";
import type { Cli } from "../cli.js";
import type { OpenCluster } from "../connection/open-cluster.js";
import { ExitCode } from "../exit-code.js";
import { CliError } from "../failure.js";
import { WatchModel } from "./watch-model.js";
import { WatchServer } from "./watch-server.js";

/** Serves the page until Ctrl-C. */
export async function servePage(cli: Cli, open: OpenCluster, port: number): Promise<ExitCode> {
  const { io, screen } = cli;
  const model = new WatchModel(open, io.clock);
  const server = await WatchServer.start(await html(), model, port).catch((error: unknown) => {
    const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
    throw taken ? new CliError(ExitCode.FAILED, `port ${port} is taken; choose another with --port`) : error;
  });
  const over = new AbortController();
  const stopListening = io.onInterrupt(() => over.abort());
  try {
    await screen.print(server.url);
    screen.note("only this machine can open it, and only with this address; Ctrl-C ends it");
    await model.watch(over.signal, (data) => server.publish(data));
  } finally {
    stopListening();
    await server.close();
    for (const id of await model.close())
      screen.note(`campaign ${id} is paused; to go on: aerowire campaigns resume ${id}`);
  }
  return ExitCode.DONE;
}

/** It stands beside the bundle. */
async function html(): Promise<string> {
  try {
    return await readFile(new URL("./watch.html", import.meta.url), "utf8");
  } catch {
    throw new CliError(ExitCode.FAILED, "the page is made when the package is built: npm run build");
  }
}
