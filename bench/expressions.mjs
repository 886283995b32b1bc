// How long it takes to read a filter and to bind a prepared one, and how large the language is in a bundle.
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { median } from "./statistics.mjs";

const TEXT = '$.age > 30 and $.country == "US"';
const ROOT = fileURLToPath(new URL("..", import.meta.url));
const CALLS = 20_000;
const ROUNDS = 9;

/** @param dist a build of Aerowire @returns by what is done: nanoseconds of CPU, or the size of a bundle in bytes */
export async function runExpressions(dist) {
  const { parseAel, prepareAel } = await import(pathToFileURL(`${dist}/ael.js`).href);
  const prepared = prepareAel("$.age > ?0 and $.country == ?1");
  const contenders = {
    // The packed bytes are made on first use, so each run asks for them.
    [`read and pack ${TEXT}`]: () => parseAel(TEXT).packed.length,
    "bind and pack a prepared filter": () => prepared.bind(30, "US").packed.length,
  };
  const results = [];
  for (const [what, one] of Object.entries(contenders)) {
    const all = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const start = process.cpuUsage();
      for (let i = 0; i < CALLS; i++) one();
      const { user, system } = process.cpuUsage(start);
      // The first round warms up.
      if (round > 0) all.push(((user + system) * 1000) / CALLS);
    }
    results.push({ what, cpuNs: Math.round(median(all)) });
  }
  const code = 'export { Exp } from "./src/index.js";';
  const text = 'export { parseAel } from "./src/ael/index.js";';
  for (const [what, contents] of [
    ["expressions in code and as text, bundled from source and minified", code + text],
    ["expressions in code, bundled from source and minified", code],
  ]) {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: ROOT },
      bundle: true,
      minify: true,
      write: false,
      format: "esm",
      platform: "node",
    });
    results.push({ what, bytes: outputFiles[0].contents.length });
  }
  return results;
}
