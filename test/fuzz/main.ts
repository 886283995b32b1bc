import { spawnSync } from "node:child_process";
import { bundleWhole } from "../support/bundle.js";

// npm run fuzz:replies, npm run fuzz:requests: the program as one file, for a module that is loaded when it is needed is
// asked for in each case, and out of the sources that takes longer than the case.

const [name = "", ...words] = process.argv.slice(2);
await using program = await bundleWhole(`test/fuzz/${name}.ts`);
const profiling = process.execArgv.filter((word) => word.startsWith("--cpu-prof"));
const { status } = spawnSync(process.execPath, [...profiling, program.file(name), ...words], { stdio: "inherit" });
process.exitCode = status ?? 1;
