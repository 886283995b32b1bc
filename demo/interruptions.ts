/** Exit codes as shells know them: 128 and the number of the signal. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** What may end the demo before its time. */
export interface Interruption {
  /** Fires when the demo is to stop and clean up. */
  readonly signal: AbortSignal;
  /** What it was; undefined as long as nothing has happened. */
  readonly by: "SIGINT" | "SIGTERM" | "EPIPE" | undefined;
  /** Says that the demo was interrupted, and sets the exit code. Call it when everything is cleaned up. */
  end(): void;
}

/**
 * Listens for Ctrl-C, for the request to end, and for a reader of the output that has gone (`npm run demo | head`). The
 * first one asks the demo to clean up; a second Ctrl-C ends the process at once.
 */
export function interruptions(): Interruption {
  const stop = new AbortController();
  let by: Interruption["by"];
  const interrupt = (reason: NonNullable<Interruption["by"]>): void => {
    by = reason;
    stop.abort(new Error(reason));
  };
  process.on("SIGINT", () => {
    if (by === "SIGINT") process.exit(EXIT_CODES.SIGINT);
    console.error("\nCleaning up; Ctrl-C once more ends at once");
    interrupt("SIGINT");
  });
  // npm passes it on to a process that has had it already when it went to the whole group: the second one says nothing.
  process.on("SIGTERM", () => {
    if (by === undefined) interrupt("SIGTERM");
  });
  for (const out of [process.stdout, process.stderr]) {
    out.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      if (by === undefined) interrupt("EPIPE");
    });
  }
  return {
    signal: stop.signal,
    get by() {
      return by;
    },
    end() {
      // Whoever closed the pipe has seen enough: that is no failure.
      if (by === undefined || by === "EPIPE") return;
      console.error("Interrupted.");
      process.exitCode = EXIT_CODES[by];
    },
  };
}
