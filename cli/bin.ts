#!/usr/bin/env node
import { processIo } from "./process-io.js";
import { run } from "./run.js";

// A broken pipe is noticed by what writes to stdout; of stderr nobody needs to know.
process.stderr.on("error", () => undefined);

const exitCode = await run(process.argv.slice(2), processIo());
// What was written has to get out first; what is still open, such as a terminal, must not keep the process.
process.stdout.write("", () => process.stderr.write("", () => process.exit(exitCode)));
