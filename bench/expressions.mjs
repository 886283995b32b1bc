// How long it takes to read a filter, to bind a prepared one, and how large the language is in a bundle.
//   node expressions.mjs
import { parseAel, prepareAel } from "aerowire";
import { build } from "esbuild";
import { bench, run, summary } from "mitata";

const TEXT = '$.age > 30 and $.country == "US"';
const prepared = prepareAel("$.age > ?0 and $.country == ?1");

summary(() => {
  // The packed bytes are made on first use, so each run asks for them.
  bench(`read and pack ${TEXT}`, () => parseAel(TEXT).packed.length);
  bench("bind and pack a prepared filter", () => prepared.bind(30, "US").packed.length);
});
await run();

for (const [what, entry] of [
  ["expressions in code and as text", 'export { Exp, parseAel } from "aerowire";'],
  ["expressions in code", 'export { Exp } from "aerowire";'],
]) {
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "node",
  });
  console.log(`${what}: ${(outputFiles[0].contents.length / 1024).toFixed(1)} KiB minified`);
}
